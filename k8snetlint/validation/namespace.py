"""Namespaces, as the API server validates them: their metadata.

Sources: https://github.com/kubernetes/kubernetes/blob/v1.37.2/pkg/apis/core/validation/validation.go and
https://github.com/kubernetes/kubernetes/blob/v1.37.2/pkg/apis/core/v1/defaults.go
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from k8snetlint.source.paths import MapKey
from k8snetlint.validation.metadata import metadata
from k8snetlint.validation.names import label, label_key, label_value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.validation.causes import ApiWarning, Causes
    from k8snetlint.validation.server import Server

_NAME = "kubernetes.io/metadata.name"


def validate(value: dict[str, Any], server: Server, causes: Causes) -> None:
    """Add the causes for which the server rejects a Namespace."""
    metadata(value, causes, name=label, namespaced=False, keeps_generation=True, server=server)
    if causes:
        _name_label(value, causes)
    finalizers = (value.get("spec") or {}).get("finalizers")
    if not finalizers:
        return
    from k8snetlint.validation.metadata_rare import standard  # noqa: PLC0415 - hardly any manifest has them

    for index, each in enumerate(finalizers):
        path = ("spec", "finalizers", index)
        causes.each_invalid(path, each or "", label_key(each or ""), field="spec.finalizers")
        standard(each or "", path, causes, field="spec.finalizers")


def _name_label(value: dict[str, Any], causes: Causes) -> None:
    """Put in what is wrong with the label that the server makes of the name, for what is wrong with the written one."""
    name = (value.get("metadata") or {}).get("name")
    if not name:
        return
    path = ("metadata", "labels", MapKey(_NAME))
    causes[:] = [each for each in causes if each.path != path]
    causes.each_invalid(("metadata", "name"), name, label_value(name), field="metadata.labels")


def warnings(value: dict[str, Any], server: Server) -> Iterator[ApiWarning]:
    """Yield what the server warns of in a Namespace that it takes: nothing."""
    del value, server
    yield from ()
