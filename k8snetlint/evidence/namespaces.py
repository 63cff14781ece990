"""Which namespaces a selector matches; those that are only named count by their names."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from k8snetlint.evidence.answers import CannotKnow, Match, NoMatch
from k8snetlint.model.index import NamespaceSet
from k8snetlint.model.namespace import Namespace
from k8snetlint.source.templates import is_placeholder

if TYPE_CHECKING:
    from collections.abc import Callable

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
        answer = index.answers[key] = _no_namespaces()(cluster, selector, subject)
    return answer


@functools.cache
def _no_namespaces() -> Callable[[Cluster, LabelSelector, Resource], NoMatch | CannotKnow]:
    """Return the function for a selector that matches nothing; an import statement for each of them would be slow."""
    from k8snetlint.evidence.no_namespaces import no_namespaces  # noqa: PLC0415 - only where nothing matches

    return no_namespaces


def has_explicit_namespace(cluster: Cluster, resource: Resource) -> bool:
    """Tell whether a resource's namespace is written, or given by an option."""
    return bool(resource.namespace or cluster.environment.namespace)


def written_namespace(cluster: Cluster, resource: Resource) -> str | None:
    """Return the namespace that is written for a resource, None where it is only concluded, or a placeholder."""
    namespace = resource.namespace or cluster.environment.namespace
    return None if namespace is None or is_placeholder(namespace) else namespace


def renamed_namespaces(cluster: Cluster) -> dict[str, str]:
    """Return the namespaces from which a kustomization moves all objects of the manifests, and where they go."""
    answers = cluster.index.answers
    known: dict[str, str] | None = answers.get("renamed namespaces")
    if known is None:
        known = answers["renamed namespaces"] = _find_renamed(cluster)
    return known


def _find_renamed(cluster: Cluster) -> dict[str, str]:
    moves: dict[str, str] = {}
    for each in cluster.resources:
        if each.origin is None:
            continue
        is_namespace = isinstance(each, Namespace)
        old, new = (each.origin.name, each.name) if is_namespace else (each.origin.namespace, each.namespace)
        if old and new and old != new:
            moves.setdefault(old, new)
    if not moves:
        return moves
    used = {each.namespace for each in (*cluster.resources, *cluster.present)}
    used |= {each.name for each in cluster.known(Namespace)}
    elsewhere = cluster.index.elsewhere
    return {old: new for old, new in moves.items() if old not in used and not elsewhere.uses(old)}
