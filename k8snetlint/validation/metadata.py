"""`metadata`, as the API server validates that of every kind.

Source: https://github.com/kubernetes/apimachinery/blob/v0.37.2/pkg/api/validation/objectmeta.go
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from k8snetlint.source.paths import MapKey
from k8snetlint.validation.causes import server_field
from k8snetlint.validation.names import label, label_key, prefix_of, size
from k8snetlint.validation.selectors import labels

if TYPE_CHECKING:
    from collections.abc import Callable

    from k8snetlint.source.paths import FieldPath
    from k8snetlint.validation.causes import Causes

_ANNOTATIONS_LIMIT = 256 * 1024
_GENERATED = "xxxxx"
"""The server adds five random letters to `generateName`."""


def metadata(
    value: dict[str, Any],
    causes: Causes,
    *,
    name: Callable[[str], list[str]],
    namespaced: bool = True,
) -> None:
    """Check an object's metadata; `name` checks what it is called."""
    meta = value.get("metadata") or {}
    text, generate = meta.get("name") or "", meta.get("generateName") or ""
    if generate:
        causes.each_invalid(("metadata", "generateName"), generate, prefix_of(name)(generate))
    if text or generate:
        called = text or generate[:58] + _GENERATED
        wrong = name(called)
        if wrong:
            causes.each_invalid(("metadata", "name" if text else "generateName"), called, wrong, field="metadata.name")
    else:
        causes.required(("metadata", "name"), "name or generateName is required")
    namespace = meta.get("namespace")
    if namespace and namespaced:
        causes.each_invalid(("metadata", "namespace"), namespace, label(namespace))
    labels(meta.get("labels"), ("metadata", "labels"), causes)
    annotated(meta.get("annotations"), ("metadata", "annotations"), causes)
    if "ownerReferences" in meta or "finalizers" in meta or "managedFields" in meta:
        from k8snetlint.validation.metadata_rare import rare  # noqa: PLC0415 - hardly any manifest has them

        rare(meta, causes)


def annotated(value: dict[str, Any] | None, path: FieldPath, causes: Causes, *, field: str = "") -> None:
    """Check annotations: their keys, and how much they are together."""
    if not value:
        return
    total = 0
    for key, text in value.items():
        wrong = label_key(key.lower())
        if wrong:
            causes.each_invalid((*path, MapKey(key)), key, wrong, field=field or server_field(path))
        total += size(key) + size(text or "")
    if total > _ANNOTATIONS_LIMIT:
        causes.too_long(path, _ANNOTATIONS_LIMIT, field=field)
