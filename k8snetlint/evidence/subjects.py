"""Which pods of its namespace a policy selects, as far as manifests show it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from k8snetlint.model.aspects import NAME, SELECTORS
from k8snetlint.model.tables.controllers import ADDED_LABELS

if TYPE_CHECKING:
    from k8snetlint.model.cluster import Cluster
    from k8snetlint.model.networkpolicy import NetworkPolicy


class Subjects(NamedTuple):
    """Workloads of the namespace of a policy, as sets.

    Attributes:
        matching: those whose pods have the labels, as far as they are written.
        certain: those of which it certainly selects all pods. A label that a controller adds tells one pod of a
            workload from another, so nothing is certain for a selector that asks for one.
        possible: those of which it may select a pod. Like `certain` without the pods on the network of their node,
            where most plugins ignore policies.
    """

    matching: int
    certain: int
    possible: int


def subjects(cluster: Cluster, policy: NetworkPolicy) -> Subjects:
    """Return which pods a policy selects; always the same object for the same policy."""
    answers, key = cluster.index.answers, (subjects, policy)
    known: Subjects | None = answers.get(key)
    if known is None:
        known = answers[key] = _subjects(cluster, policy)
    return known


def _subjects(cluster: Cluster, policy: NetworkPolicy) -> Subjects:
    index, selector = cluster.index, policy.pod_selector
    here, isolable, changed = _pods_of(cluster, cluster.known_namespace_of(policy))
    matching = here if selector is None else here & index.pod_labels.matching(selector)
    if not policy.knows(SELECTORS, NAME):
        return Subjects(matching, 0, isolable)
    found = matching & isolable
    certain = found & index.workloads.same_application(policy, named=bool(policy.namespace))
    if selector is None or selector.is_empty:
        return Subjects(matching, certain, found)
    if changed:
        certain, found = certain & ~changed, found | changed
    return Subjects(matching, certain if ADDED_LABELS.isdisjoint(selector.keys()) else 0, found)


def _pods_of(cluster: Cluster, namespace: str | None) -> tuple[int, int, int]:
    """Return the workloads of a namespace, those not on the network of their node, and those of unknown labels."""
    answers, key = cluster.index.answers, (_pods_of, namespace)
    known: tuple[int, int, int] | None = answers.get(key)
    if known is None:
        index = cluster.index
        here = index.workloads.by_namespace.get(namespace, 0) & index.seen
        isolable = here & ~index.on_host_network
        known = answers[key] = here, isolable, isolable & ~index.plain
    return known
