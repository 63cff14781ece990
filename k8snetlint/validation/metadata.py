"""`metadata`, as the API server validates that of every kind.

Source: https://github.com/kubernetes/apimachinery/blob/v0.37.2/pkg/api/validation/objectmeta.go
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from k8snetlint.source.paths import MapKey
from k8snetlint.validation.causes import server_field
from k8snetlint.validation.names import label, label_key, prefix_of, size
from k8snetlint.validation.selectors import labels
from k8snetlint.validation.server import Server

if TYPE_CHECKING:
    from collections.abc import Callable

    from k8snetlint.source.paths import FieldPath
    from k8snetlint.validation.causes import Causes

_DOTTED_I = "\u0130"
"""The capital I with a dot: in lower case it is one letter to Go, two to Python."""
_ANNOTATIONS_LIMIT = 256 * 1024
_GENERATED = "xxxxx"
"""The server adds five random letters to `generateName`."""
_NEWEST = Server()


def metadata(
    value: dict[str, Any],
    causes: Causes,
    *,
    name: Callable[[str], list[str]],
    namespaced: bool = True,
    keeps_generation: bool = False,
    server: Server = _NEWEST,
) -> None:
    """Check an object's metadata.

    Args:
        value: an object.
        causes: what is added to.
        name: checks what it is called.
        namespaced: whether it is in a namespace; the server drops the namespace of one that is not.
        keeps_generation: whether the server takes its `generation` as it is written, and does not begin with 1.
        server: the API server.
    """
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
    generation = meta.get("generation") or 0
    if keeps_generation and generation < 0:
        causes.invalid(("metadata", "generation"), generation, "must be greater than or equal to 0")
    labels(meta.get("labels"), ("metadata", "labels"), causes)
    object_annotations(meta.get("annotations"), ("metadata", "annotations"), causes)
    if "ownerReferences" in meta or "finalizers" in meta:
        from k8snetlint.validation.metadata_rare import rare  # noqa: PLC0415 - hardly any manifest has them

        rare(meta, server.version, causes)


def object_annotations(value: dict[str, Any] | None, path: FieldPath, causes: Causes, *, field: str = "") -> None:
    """Check annotations: their keys, and how much they are together."""
    if not value:
        return
    total = 0
    for key, text in value.items():
        wrong = label_key(key.lower())
        if wrong and _DOTTED_I in key:
            wrong = label_key(key.replace(_DOTTED_I, "i").lower())
        if wrong:
            causes.each_invalid((*path, MapKey(key)), key, wrong, field=field or server_field(path))
        total += len(key) + len(text or "")
    # A letter has at most four bytes.
    if total * 4 > _ANNOTATIONS_LIMIT and sum(map(size, (*value, *filter(None, value.values())))) > _ANNOTATIONS_LIMIT:
        causes.too_long(path, _ANNOTATIONS_LIMIT, field=field)
