"""Metadata that manifests hardly ever have: owners, finalizers, managed fields.

Source: https://github.com/kubernetes/apimachinery/blob/v0.37.2/pkg/api/validation/objectmeta.go
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from k8snetlint.validation.names import label_key

if TYPE_CHECKING:
    from collections.abc import Sequence

    from k8snetlint.source.paths import FieldPath
    from k8snetlint.validation.causes import Causes

_ORPHAN, _FOREGROUND = "orphan", "foregroundDeletion"
_STANDARD = (_ORPHAN, _FOREGROUND, "kubernetes")


def rare(meta: dict[str, Any], causes: Causes) -> None:
    """Check what is rare in an object's metadata."""
    _owners(meta.get("ownerReferences") or (), ("metadata", "ownerReferences"), causes)
    _finalizers(meta.get("finalizers") or (), ("metadata", "finalizers"), causes)


def _owners(value: Sequence[Any], path: FieldPath, causes: Causes) -> None:
    first = ""
    for index, each in enumerate(value):
        owner = each or {}
        _owner(owner, (*path, index), causes)
        if owner.get("controller"):
            name = f"{owner.get('kind') or ''}/{owner.get('name') or ''}"
            if first:
                detail = 'Only one reference can have Controller set to true. Found "true" in references for'
                causes.invalid(path, [_printed(one or {}) for one in value], f"{detail} {first} and {name}")
            else:
                first = name


def _owner(owner: dict[str, Any], path: FieldPath, causes: Causes) -> None:
    version = owner.get("apiVersion") or ""
    if not version:
        causes.required((*path, "apiVersion"), "must not be empty")
    elif version.count("/") > 1 or version.endswith("/"):
        causes.invalid((*path, "apiVersion"), version, "must be <group>/<version> or <version>")
    for field in ("kind", "name", "uid"):
        if not owner.get(field):
            causes.required((*path, field), "must not be empty")
    if version == "v1" and owner.get("kind") == "Event":
        causes.invalid(path, _printed(owner), "/v1, Kind=Event is disallowed from being an owner")


def _printed(owner: dict[str, Any]) -> dict[str, Any]:
    """Return an owner with its fields in the order of Go, which leaves out only what is optional."""
    shown: dict[str, Any] = {field: owner.get(field) or "" for field in ("apiVersion", "kind", "name", "uid")}
    optional = ("controller", "blockOwnerDeletion")
    return shown | {field: owner[field] for field in optional if owner.get(field) is not None}


def _finalizers(value: Sequence[Any], path: FieldPath, causes: Causes) -> None:
    for index, each in enumerate(value):
        causes.each_invalid((*path, index), each or "", label_key(each or ""), field="metadata.finalizers")
    if _ORPHAN in value and _FOREGROUND in value:
        detail = f"finalizer {_ORPHAN} and {_FOREGROUND} cannot be both set"
        causes.invalid(path, value, detail)
    for index, each in enumerate(value):
        standard(each or "", (*path, index), causes)


def standard(name: str, path: FieldPath, causes: Causes, *, field: str = "") -> None:
    """Check that a finalizer is one that Kubernetes has, or somebody's own."""
    if "/" not in name and name not in _STANDARD:
        detail = "name is neither a standard finalizer name nor is it fully qualified"
        causes.invalid(path, name, detail, field=field)
