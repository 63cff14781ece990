"""Metadata that manifests hardly ever have: owners and finalizers.

`managedFields` are not validated: when an object is created, the server drops those that it cannot read and takes its
fields from the other managers, before it validates.

Source: https://github.com/kubernetes/apimachinery/blob/v0.37.2/pkg/api/validation/objectmeta.go and, of managers,
https://github.com/kubernetes/apimachinery/blob/v0.37.2/pkg/util/managedfields/internal/fieldmanager.go
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from k8snetlint.validation.names import label_key

if TYPE_CHECKING:
    from collections.abc import Sequence

    from k8snetlint.model.environment import Version
    from k8snetlint.source.paths import FieldPath
    from k8snetlint.validation.causes import Causes

_ORPHAN, _FOREGROUND = "orphan", "foregroundDeletion"
_STANDARD = (_ORPHAN, _FOREGROUND, "kubernetes")
_NO_OWNER = "/v1, Kind=Event is disallowed from being an owner"
_OWNERS_ARE_COUNTED = (1, 37)
_SHORT_WORDS = (1, 34)


def rare(meta: dict[str, Any], version: Version, causes: Causes) -> None:
    """Check what is rare in an object's metadata."""
    _owners(meta.get("ownerReferences") or (), ("metadata", "ownerReferences"), version, causes)
    _finalizers(meta.get("finalizers") or (), ("metadata", "finalizers"), causes)


def _owners(value: Sequence[Any], path: FieldPath, version: Version, causes: Causes) -> None:
    check = _owner if version >= _OWNERS_ARE_COUNTED else _owner_before
    first = ""
    for index, each in enumerate(value):
        owner = each or {}
        check(owner, (*path, index), version, causes)
        if owner.get("controller"):
            name = f"{owner.get('kind') or ''}/{owner.get('name') or ''}"
            if first:
                detail = 'Only one reference can have Controller set to true. Found "true" in references for'
                causes.invalid(path, [_as_printed(one or {}) for one in value], f"{detail} {first} and {name}")
            else:
                first = name


def _owner(owner: dict[str, Any], path: FieldPath, version: Version, causes: Causes) -> None:
    del version
    api = owner.get("apiVersion") or ""
    if not api:
        causes.required((*path, "apiVersion"), "must not be empty")
    elif not _has_version(api):
        causes.invalid((*path, "apiVersion"), api, "must be <group>/<version> or <version>")
    for field in ("kind", "name", "uid"):
        if not owner.get(field):
            causes.required((*path, field), "must not be empty")
    if _is_event(owner):
        causes.invalid(path, _as_printed(owner), _NO_OWNER)


def _owner_before(owner: dict[str, Any], path: FieldPath, version: Version, causes: Causes) -> None:
    """Check an owner as it was before Kubernetes 1.37: without saying which one."""
    api, field = owner.get("apiVersion") or "", "metadata.ownerReferences"
    if not _has_version(api):
        causes.invalid((*path, "apiVersion"), api, "version must not be empty", field=f"{field}.apiVersion")
    for each in ("kind", "name", "uid"):
        if not owner.get(each):
            detail = "must not be empty" if version >= _SHORT_WORDS else f"{each} must not be empty"
            causes.invalid((*path, each), "", detail, field=f"{field}.{each}")
    if _is_event(owner):
        causes.invalid(path, _as_printed(owner), _NO_OWNER, field=field)


def _has_version(api: str) -> bool:
    return bool(api) and api.count("/") <= 1 and not api.endswith("/")


def _is_event(owner: dict[str, Any]) -> bool:
    return owner.get("apiVersion") in ("v1", "/v1") and owner.get("kind") == "Event"


def _as_printed(owner: dict[str, Any]) -> dict[str, Any]:
    """Return an owner with its fields in the order of Go, which leaves out only what is optional."""
    shown: dict[str, Any] = {field: owner.get(field) or "" for field in ("apiVersion", "kind", "name", "uid")}
    optional = ("controller", "blockOwnerDeletion")
    return shown | {field: owner[field] for field in optional if owner.get(field) is not None}


def _finalizers(value: Sequence[Any], path: FieldPath, causes: Causes) -> None:
    for index, each in enumerate(value):
        causes.each_invalid((*path, index), each or "", label_key(each or ""), field="metadata.finalizers")
    if _ORPHAN in value and _FOREGROUND in value:
        detail = f"finalizer {_ORPHAN} and {_FOREGROUND} cannot be both set"
        causes.invalid(path, [each or "" for each in value], detail)
    for index, each in enumerate(value):
        standard(each or "", (*path, index), causes)


def standard(name: str, path: FieldPath, causes: Causes, *, field: str = "") -> None:
    """Check that a finalizer is one that Kubernetes has, or somebody's own."""
    if "/" not in name and name not in _STANDARD:
        detail = "name is neither a standard finalizer name nor is it fully qualified"
        causes.invalid(path, name, detail, field=field)
