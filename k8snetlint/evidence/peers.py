"""Where a peer of a policy looks for pods, and which pods of a run are there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.model.bitsets import positions
from k8snetlint.model.namespace import NAME_LABEL
from k8snetlint.model.selectors import LabelSelector
from k8snetlint.model.tables.controllers import DNS_NAMESPACE, DNS_PODS
from k8snetlint.source.templates import is_placeholder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.model.cluster import Cluster
    from k8snetlint.model.networkpolicy import Peer
    from k8snetlint.model.workload import Workload


def matching(selector: LabelSelector, cluster: Cluster) -> Iterator[tuple[Workload, str | None]]:
    """Yield the workloads of the run whose pods a selector matches, with their namespaces, None where open."""
    index = cluster.index
    for each in index.workloads.of(index.pod_labels.matching(selector)):
        yield each, cluster.known_namespace_of(each)
    yield from ((each, each.namespace) for each in index.elsewhere.workloads(selector))


def homes(labels: dict[str, str], cluster: Cluster) -> set[str | None]:
    """Return the namespaces of all pods that carry labels."""
    answers, key = cluster.index.answers, ("homes", *labels.items())
    if key not in answers:
        answers[key] = {namespace for _, namespace in matching(LabelSelector({"matchLabels": labels}), cluster)}
    found: set[str | None] = answers[key]
    return found


def namespaces_of(peer: Peer, named: tuple[str, ...], own: str, cluster: Cluster) -> set[str]:
    """Return the namespaces that a peer is known to look into."""
    selector = peer.namespace_selector
    if selector is None:
        return {own}
    if named and {*selector.keys()} <= {NAME_LABEL}:
        return {*named}
    index = cluster.index
    here = (
        index.known_namespaces.names[position]
        for position in positions(index.known_namespaces.labels.matching(selector))
    )
    return {*named, *here, *(each.name or "" for each in index.elsewhere.namespaces(selector))}


def named_namespaces(peer: Peer, before: LabelSelector) -> tuple[str, ...]:
    """Return the names of the namespaces that a peer asks for by name, or by the pods of the cluster's DNS."""
    selector = peer.namespace_selector
    if selector is None:
        return ()
    if selector.is_empty:
        return () if (before.match_labels or {}).items().isdisjoint(DNS_PODS) else (DNS_NAMESPACE,)
    name = (selector.match_labels or {}).get(NAME_LABEL)
    wanted = (each for each in selector.match_expressions or () if (each.key, each.operator) == (NAME_LABEL, "In"))
    return (name,) if name else next((each.values for each in wanted), ())


def looks_away(peer: Peer, named: tuple[str, ...], own: str, cluster: Cluster) -> bool:
    """Tell whether a peer looks into other namespaces than this one, and all that may be there is known."""
    selector = peer.namespace_selector
    if selector is None or cluster.doubts or is_placeholder(own):
        return False
    pairs = selector.match_labels or {}
    # Of other expressions nobody knows that they do not mean this namespace.
    asks = named or (pairs and not selector.match_expressions)
    return bool(asks) and not any(map(is_placeholder, (*named, *pairs.values())))
