"""What policies close to clients outside of the cluster: the pods of Ingresses, and of Services that are exposed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from k8snetlint.connectivity.services import ingress_targets, targets
from k8snetlint.evidence.ingress_classes import controller_of
from k8snetlint.evidence.openings import openings
from k8snetlint.evidence.sealed import sealed_namespace
from k8snetlint.model.ingress import Ingress
from k8snetlint.model.namespace import NAME_LABEL
from k8snetlint.model.service import Service
from k8snetlint.model.tables.ingress_controllers import CILIUM

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from k8snetlint.connectivity.services import IngressTarget, Target
    from k8snetlint.evidence.openings import Admits
    from k8snetlint.model import ports
    from k8snetlint.model.cluster import Cluster
    from k8snetlint.model.networkpolicy import NetworkPolicy, Peer, PolicyRule
    from k8snetlint.model.workload import Workload

_CONTROLLERS = (
    "caddy",
    "contour",
    "envoy",
    "gateway",
    "haproxy",
    "ingress",
    "istio",
    "kong",
    "proxy",
    "router",
    "traefik",
)
"""Parts of the labels of pods that serve Ingresses."""
_NAMES = (*_CONTROLLERS, "nginx")
"""Parts of what selectors ask for that are to match such pods."""


class _PodPort(Protocol):
    """A port of the pods of a workload."""

    @property
    def workload(self) -> Workload: ...

    @property
    def protocol(self) -> ports.Protocol: ...

    @property
    def number(self) -> int: ...


def may_admit_controller(cluster: Cluster, policy: NetworkPolicy, policy_rule: PolicyRule) -> bool:
    """Tell whether a rule may let the pods in that serve Ingresses: they may be in any other namespace, or on nodes."""
    return not policy_rule.peers or any(_may_be_controller(cluster, policy, each) for each in policy_rule.peers)


def is_for_others(cluster: Cluster, policy: NetworkPolicy, peer: Peer) -> bool:
    """Tell whether a peer may match addresses, or pods of another namespace than that of the policy."""
    if peer.ip_block is not None or peer.namespace_selector is None:
        return peer.ip_block is not None
    own, selector = cluster.known_namespace_of(policy), peer.namespace_selector
    if own is not None and (selector.match_labels or {}).get(NAME_LABEL) == own:
        return False
    expressions = selector.match_expressions or ()
    return not any(each.key == NAME_LABEL and each.operator == "In" and {*each.values} == {own} for each in expressions)


def is_every_pod(peer: Peer) -> bool:
    """Tell whether a peer matches the pods of its namespaces, but for some that it names."""
    selector = peer.pod_selector
    if selector is None or selector.is_empty:
        return True
    expressions = selector.match_expressions or ()
    return not selector.match_labels and all(each.operator in ("NotIn", "DoesNotExist") for each in expressions)


def _may_be_controller(cluster: Cluster, policy: NetworkPolicy, peer: Peer) -> bool:
    if is_for_others(cluster, policy, peer):
        return True
    texts = " ".join(peer.pod_selector.texts()) if peer.pod_selector is not None else ""
    if any(map(texts.__contains__, _NAMES)):
        return True
    # All pods of the namespace: the controller may be one of them.
    return is_every_pod(peer) and has_controller(cluster, cluster.known_namespace_of(policy))


def has_controller(cluster: Cluster, namespace: str | None) -> bool:
    """Tell whether pods of a namespace seem to serve Ingresses."""
    answers, key = cluster.index.answers, (has_controller, namespace)
    known: bool | None = answers.get(key)
    if known is None:
        workloads = cluster.index.workloads
        here = workloads.of(workloads.by_namespace.get(namespace, 0))
        texts = (" ".join((each.name or "", *each.pod_labels.values(), *each.images)) for each in here)
        known = answers[key] = any(part in text for text in texts for part in _CONTROLLERS)
    return known


def closed_ingresses(cluster: Cluster) -> dict[NetworkPolicy, list[IngressTarget]]:
    """Return what policies close to the pods that serve Ingresses, by the policy that is to let them in."""
    answers = cluster.index.answers
    known: dict[NetworkPolicy, list[IngressTarget]] | None = answers.get(closed_ingresses)
    if known is None:
        known = answers[closed_ingresses] = {}
        found = list(ingress_targets(cluster))
        asked = workloads_of(cluster, (each.target for each in found))
        for each in found:
            policy = closing_policy(cluster, each.target, may_admit_controller, asked=asked)
            if policy is not None:
                known.setdefault(policy, []).append(each)
    return known


def closed_cilium_ingresses(cluster: Cluster) -> dict[NetworkPolicy, list[IngressTarget]]:
    """Return what policies close to Cilium's proxy, which no selector matches, as `closed_ingresses`."""
    answers = cluster.index.answers
    known: dict[NetworkPolicy, list[IngressTarget]] | None = answers.get(closed_cilium_ingresses)
    if known is None:
        known = answers[closed_cilium_ingresses] = {}
        by_cilium = {each for each in cluster.known(Ingress) if controller_of(each, cluster) == CILIUM}
        for each in ingress_targets(cluster) if by_cilium else ():
            # With which addresses Cilium compares an ipBlock depends on its version and settings.
            policy = closing_policy(cluster, each.target, may_admit_addresses) if each.ingress in by_cilium else None
            if policy is not None:
                known.setdefault(policy, []).append(each)
    return known


def may_admit_addresses(_: Cluster, __: NetworkPolicy, policy_rule: PolicyRule) -> bool:
    """Tell whether a rule may let addresses in."""
    return not policy_rule.peers or any(peer.ip_block is not None for peer in policy_rule.peers)


def closed_services(cluster: Cluster) -> dict[NetworkPolicy, list[tuple[Service, Target]]]:
    """Return what policies close to addresses although a Service is for them, by the policy that is to let them in."""
    answers = cluster.index.answers
    known: dict[NetworkPolicy, list[tuple[Service, Target]]] | None = answers.get(closed_services)
    if known is None:
        known = answers[closed_services] = {}
        for service in _exposed_services(cluster):
            for target in targets(cluster, service):
                policy = closing_policy(cluster, target, may_admit_addresses)
                if policy is not None:
                    known.setdefault(policy, []).append((service, target))
    return known


def _exposed_services(cluster: Cluster) -> Iterator[Service]:
    """Yield the Services with an address for clients outside of the cluster; node ports of Ingresses are for these."""
    exposed = [each for each in cluster.known(Service) if each.type in ("LoadBalancer", "NodePort")]
    if any(each.type == "NodePort" for each in exposed):
        ingresses = ((cluster.known_namespace_of(each), each) for each in cluster.known(Ingress))
        behind = {(namespace, backend.service_name) for namespace, each in ingresses for backend in each.backends()}
        exposed = [
            each
            for each in exposed
            if each.type == "LoadBalancer" or (cluster.known_namespace_of(each), each.name) not in behind
        ]
    yield from exposed


def workloads_of(cluster: Cluster, ports: Iterable[_PodPort]) -> int:
    """Return the workloads whose ports they are."""
    asked = 0
    for each in ports:
        asked |= cluster.index.workloads.bit_of(each.workload)
    return asked


def closing_policy(cluster: Cluster, target: _PodPort, admits: Admits, *, asked: int = -1) -> NetworkPolicy | None:
    """Return the policy that closes a target, None if it is open, or if its whole namespace is closed.

    Args:
        cluster: the scope.
        target: the pods and the port.
        admits: what opens it; always the same for the same question.
        asked: the workloads of all targets of the question.
    """
    namespace = cluster.known_namespace_of(target.workload)
    found = openings(cluster, namespace, admits, asked=asked)
    if not found.is_closed(target.workload, target.protocol, target.number):
        return None
    sealed = sealed_namespace(cluster, namespace)
    return None if sealed and sealed.services else found.responsible(target.workload)
