"""Pods that no policy isolates for ingress, in namespaces where policies isolate nearly all others."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from k8snetlint.evidence.policies import isolating_policies
from k8snetlint.evidence.subjects import subjects
from k8snetlint.model.aspects import NAME, SELECTORS
from k8snetlint.model.bitsets import bits_of
from k8snetlint.model.namespace import BUILT_IN_NAMESPACES
from k8snetlint.model.networkpolicy import Direction
from k8snetlint.model.service import Service
from k8snetlint.model.workload import Workload
from k8snetlint.source.templates import is_placeholder

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from k8snetlint.model.cluster import Cluster
    from k8snetlint.model.networkpolicy import NetworkPolicy

_APPLICATION = ("app.kubernetes.io/name", "app", "k8s-app")
"""Labels of pods that tell which application they are of, the first one counts."""
_TIMES = 2
"""So many times as many workloads of the namespace are isolated: the others were forgotten rather than left out."""


class NotIsolated(NamedTuple):
    """The workloads of one application that no policy isolates for ingress.

    Attributes:
        workloads: these, in the order of the manifests.
        isolated: how many other workloads of the namespace policies isolate.
        policy: the first policy that isolates any of them.
        example: the first workload that this policy isolates.
    """

    workloads: tuple[Workload, ...]
    isolated: int
    policy: NetworkPolicy
    example: Workload


def isolates_ingress(policy: NetworkPolicy) -> bool:
    """Tell whether a policy isolates the pods that it selects for ingress."""
    return policy.isolates(Direction.INGRESS)


def not_isolated(cluster: Cluster) -> Iterator[NotIsolated]:
    """Yield the applications that were probably forgotten; only workloads of the scope itself.

    There are none unless policies isolate at least two workloads of the namespace, and twice as many as they do not.
    Only workloads count whose pods accept connections, as far as manifests show it, and not only from outside.
    """
    for namespace, policies in isolating_policies(cluster, Direction.INGRESS).items():
        if namespace and (namespace not in BUILT_IN_NAMESPACES or namespace == "default"):
            yield from _forgotten(cluster, namespace, policies)


def _forgotten(cluster: Cluster, namespace: str, policies: list[NetworkPolicy]) -> Iterator[NotIsolated]:
    if any(policy.selects_every_pod for policy in policies):
        # It is for the pods that no other policy isolates.
        return
    index = cluster.index
    pods = index.workloads.by_namespace.get(namespace, 0) & index.seen & ~index.on_host_network & ~index.jobs
    certain = possible = together = 0
    first: NetworkPolicy | None = None
    for policy in policies:
        found = subjects(cluster, policy)
        if not found.matching or not policy.knows(SELECTORS, NAME):
            # It may be for the pods that no other policy isolates.
            return
        possible |= found.possible
        if found.certain & pods:
            first = first or policy
            certain |= found.certain & pods
            together |= index.workloads.same_application(policy, named=bool(policy.namespace))
    left = pods & together & index.plain & ~possible & ~_isolated_anywhere(cluster)
    forgotten = [each for each in index.workloads.of(left) if _accepts_connections(cluster, each)]
    if first is None or certain.bit_count() < _TIMES * max(1, len(forgotten)):
        return
    example = index.workloads.first(subjects(cluster, first).certain & certain)
    judged = frozenset(cluster.of(Workload)) if forgotten else frozenset()
    for each in _by_application(each for each in forgotten if each in judged):
        yield NotIsolated(tuple(each), certain.bit_count(), first, example)


def _isolated_anywhere(cluster: Cluster) -> int:
    """Return which workloads policies may isolate whose namespace is not known."""
    index, answers = cluster.index, cluster.index.answers
    known: int | None = answers.get(_isolated_anywhere)
    if known is None:
        known = 0
        for namespace, policies in isolating_policies(cluster, Direction.INGRESS).items():
            for each in policies if namespace is None or is_placeholder(namespace) else ():
                selector = each.pod_selector if each.knows(SELECTORS) else None
                known |= index.workloads.everything if selector is None else index.pod_labels.matching(selector)
        answers[_isolated_anywhere] = known
    return known


def _accepts_connections(cluster: Cluster, workload: Workload) -> bool:
    """Tell whether pods of the cluster connect to a workload, and no clients outside of it."""
    index = cluster.index
    services = index.selecting.services_of(workload) & index.namespace_set_of(workload).selecting
    return not services & _exposed(cluster) and (bool(services) or any(workload.ports))


def _exposed(cluster: Cluster) -> int:
    """Return the Services that clients outside of the cluster use; no policy is expected for their pods."""
    answers, members = cluster.index.answers, cluster.index.selecting.members
    known: int | None = answers.get(_exposed)
    if known is None:
        every = enumerate(members.every)
        known = answers[_exposed] = bits_of(
            position
            for position, each in every
            if isinstance(each, Service) and each.type in ("LoadBalancer", "NodePort")
        )
    return known


def _by_application(workloads: Iterable[Workload]) -> list[list[Workload]]:
    found: dict[object, list[Workload]] = {}
    for each in workloads:
        names = (each.pod_labels.get(key) for key in _APPLICATION)
        found.setdefault(next((name for name in names if name), each), []).append(each)
    return list(found.values())
