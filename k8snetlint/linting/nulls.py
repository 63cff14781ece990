"""How a null is spelled, which plain values do not tell: `podSelector: null` is meant so, `podSelector:` may be not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.model.networkpolicy import NetworkPolicy

if TYPE_CHECKING:
    from k8snetlint.model.resource import Resource
    from k8snetlint.source.document import Document


def note_null(view: Resource, document: Document) -> None:
    """Note at a policy that its podSelector is spelled `null` or `~`."""
    if not isinstance(view, NetworkPolicy) or view.pod_selector is not None:
        return
    if "podSelector" in (view.spec_fields or ()):
        path = (*view.root, "spec", "podSelector")
        # An empty value has no place but that of its key.
        view.selects_by_null = document.locate(path) != document.locate(path, key=True)
