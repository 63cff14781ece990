"""Namespaces, as the API server validates them: their metadata.

Source: https://github.com/kubernetes/kubernetes/blob/v1.37.2/pkg/apis/core/validation/validation.go
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from k8snetlint.validation.metadata import metadata
from k8snetlint.validation.names import label, label_key

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.validation.causes import Causes, Warned
    from k8snetlint.validation.server import Server


def validate(value: dict[str, Any], server: Server, causes: Causes) -> None:
    """Add the causes for which the server rejects a Namespace."""
    metadata(value, causes, name=label, namespaced=False, keeps_generation=True, server=server)
    finalizers = (value.get("spec") or {}).get("finalizers")
    if not finalizers:
        return
    from k8snetlint.validation.metadata_rare import standard  # noqa: PLC0415 - hardly any manifest has them

    for index, each in enumerate(finalizers):
        path = ("spec", "finalizers", index)
        causes.each_invalid(path, each or "", label_key(each or ""), field="spec.finalizers")
        standard(each or "", path, causes, field="spec.finalizers")


def warnings(value: dict[str, Any], server: Server) -> Iterator[Warned]:
    """Yield what the server warns of in a Namespace that it takes: nothing."""
    del value, server
    yield from ()
