"""What it means that a selector matches no namespace: it is wrong, or what it matches is not among the manifests."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.evidence.answers import CannotKnow, NoMatch
from k8snetlint.evidence.reasons import missing_namespaces, unknown_namespaces
from k8snetlint.evidence.suggested_namespaces import suggest_namespace

if TYPE_CHECKING:
    from k8snetlint.model.cluster import Cluster
    from k8snetlint.model.resource import Resource
    from k8snetlint.model.selectors import LabelSelector


def no_namespaces(cluster: Cluster, selector: LabelSelector, subject: Resource) -> NoMatch | CannotKnow:
    """Return what it means that a selector matches none of the known namespaces."""
    for why in unknown_namespaces(cluster, selector, subject):
        return CannotKnow(why)
    suggestion = suggest_namespace(cluster, selector)
    counted = None if suggestion else cluster.index.run.namespace_requests.unanswered(selector)
    if not suggestion and not counted:
        for why in missing_namespaces(cluster, selector, subject):
            return CannotKnow(why)
    return NoMatch(suggestion, cluster.index.known_namespaces.defined.bit_count(), counted)
