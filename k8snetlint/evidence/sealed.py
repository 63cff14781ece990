"""Namespaces whose pods accept no connection: a policy isolates all of them, and no policy has an ingress rule."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from k8snetlint.evidence.policies import isolating_policies
from k8snetlint.model.networkpolicy import Direction, NetworkPolicy
from k8snetlint.model.service import Service

if TYPE_CHECKING:
    from k8snetlint.model.cluster import Cluster


class Sealed(NamedTuple):
    """A sealed namespace.

    Attributes:
        policy: the first one that isolates all of its pods.
        services: the Services in front of these pods.
    """

    policy: NetworkPolicy
    services: tuple[Service, ...]


def allows_ingress(policy: NetworkPolicy) -> bool:
    """Tell whether a policy allows any ingress."""
    return bool(policy.ingress) and policy.isolates(Direction.INGRESS)


def allows_egress(policy: NetworkPolicy) -> bool:
    """Tell whether a policy allows any egress."""
    return bool(policy.egress) and policy.isolates(Direction.EGRESS)


def sealed_namespace(cluster: Cluster, namespace: str | None) -> Sealed | None:
    """Return how a namespace is sealed, None if it is not."""
    answers, key = cluster.index.answers, ("sealed", namespace)
    if key not in answers:
        answers[key] = _sealed(cluster, namespace)
    found: Sealed | None = answers[key]
    return found


def _sealed(cluster: Cluster, namespace: str | None) -> Sealed | None:
    policies = isolating_policies(cluster, Direction.INGRESS)
    here = policies.get(namespace, [])
    if any(map(allows_ingress, here)) or any(map(allows_ingress, policies.get(None, ()))):
        return None
    sealing = next((each for each in here if each.selects_every_pod), None)
    return None if sealing is None else Sealed(sealing, _services(cluster, sealing, namespace))


def _services(cluster: Cluster, policy: NetworkPolicy, namespace: str | None) -> tuple[Service, ...]:
    """Return the Services of a namespace with pods that manifests show and that are not on the network of nodes."""
    index, selecting = cluster.index, cluster.index.selecting
    members = selecting.members
    here = members.by_namespace.get(namespace, 0) & members.same_application(policy, named=bool(policy.namespace))
    workloads = index.workloads.by_namespace.get(namespace, 0)
    found = []
    for each in members.of(here & selecting.services):
        pods = selecting.selected_by(each) & workloads & index.seen & ~index.on_host_network
        if pods and isinstance(each, Service) and each.type != "ExternalName":
            found.append(each)
    return tuple(found)
