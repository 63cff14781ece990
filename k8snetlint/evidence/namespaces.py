"""Which namespaces a selector matches; those that are only named count by their names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.evidence.answers import CannotKnow, Match, NoMatch
from k8snetlint.evidence.reasons import unknown_namespaces, unseen_namespaces
from k8snetlint.evidence.suggested_namespaces import near_namespace
from k8snetlint.model.index import NamespaceSet
from k8snetlint.model.namespace import Namespace
from k8snetlint.source.templates import is_placeholder

if TYPE_CHECKING:
    from k8snetlint.model.cluster import Cluster
    from k8snetlint.model.resource import Resource
    from k8snetlint.model.selectors import LabelSelector

NamespaceAnswer = Match[NamespaceSet] | NoMatch | CannotKnow


def namespaces(cluster: Cluster, selector: LabelSelector, subject: Resource) -> NamespaceAnswer:
    """Return which namespaces a selector of a resource matches."""
    index = cluster.index
    found = index.known_namespaces.labels.matching(selector)
    if found:
        return Match(index.namespace_set(found))
    key = "namespaces", selector, subject
    answer: NamespaceAnswer | None = index.answers.get(key)
    if answer is None:
        answer = index.answers[key] = _none(cluster, selector, subject)
    return answer


def _none(cluster: Cluster, selector: LabelSelector, subject: Resource) -> NoMatch | CannotKnow:
    for why in unknown_namespaces(cluster, selector, subject):
        return CannotKnow(why)
    near = near_namespace(cluster, selector)
    counted = None if near else cluster.index.run.asked.unanswered(selector)
    if not near and not counted:
        for why in unseen_namespaces(cluster, selector, subject):
            return CannotKnow(why)
    return NoMatch(near, cluster.index.known_namespaces.defined.bit_count(), counted)


def says_namespace(cluster: Cluster, resource: Resource) -> bool:
    """Tell whether a resource's namespace is written, and not only concluded."""
    return bool(resource.namespace or cluster.environment.namespace)


def written_namespace(cluster: Cluster, resource: Resource) -> str | None:
    """Return the namespace that is written for a resource, None where it is only concluded, or a placeholder."""
    namespace = resource.namespace or cluster.environment.namespace
    return None if namespace is None or is_placeholder(namespace) else namespace


def left_namespaces(cluster: Cluster) -> dict[str, str]:
    """Return which namespaces all objects of the manifests have left by a kustomization, and where they went."""
    answers = cluster.index.answers
    known: dict[str, str] | None = answers.get("left namespaces")
    if known is None:
        known = answers["left namespaces"] = _left(cluster)
    return known


def _left(cluster: Cluster) -> dict[str, str]:
    moved: dict[str, str] = {}
    for each in cluster.resources:
        if each.origin is None:
            continue
        is_space = isinstance(each, Namespace)
        old, new = (each.origin.name, each.name) if is_space else (each.origin.namespace, each.namespace)
        if old and new and old != new:
            moved.setdefault(old, new)
    if not moved:
        return moved
    used = {each.namespace for each in (*cluster.resources, *cluster.present)}
    used |= {each.name for each in cluster.known(Namespace)}
    elsewhere = cluster.index.elsewhere
    return {old: new for old, new in moved.items() if old not in used and not elsewhere.uses(old)}
