"""What pods declare about their ports, where it is certain that this is all they declare."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from k8snetlint.model.evidence import Match, peer_pods, pods
from k8snetlint.model.index import index_of
from k8snetlint.model.networkpolicy import Direction
from k8snetlint.model.ports import NamedPort, PortRange, Protocol
from k8snetlint.model.selectors import LabelSelector
from k8snetlint.model.tables.kinds import POD_GROUPS
from k8snetlint.source.templates import is_placeholder

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from k8snetlint.model.cluster import Cluster
    from k8snetlint.model.networkpolicy import NetworkPolicy, Peer, PolicyRule, Port
    from k8snetlint.model.resource import Resource
    from k8snetlint.model.service import Service
    from k8snetlint.model.workload import ContainerPort, Workload

_INJECTED = (
    "http-envoy-",  # https://istio.io/latest/docs/ops/deployment/application-requirements/
    "linkerd-",  # https://linkerd.io/2/reference/cli/inject/
)
_EMPTY = LabelSelector({})


def receivers(cluster: Cluster, policy: NetworkPolicy, policy_rule: PolicyRule) -> tuple[Workload, ...]:
    """Return the pods whose ports a rule names: those of the policy, for egress those of all its peers.

    It is empty where others may be among them, or where not all their ports are written.
    """
    answers = index_of(cluster).answers
    answer: tuple[Workload, ...] | None = answers.get((policy_rule, policy))
    if answer is None:
        answer = answers[policy_rule, policy] = _receivers(cluster, policy, policy_rule)
    return answer


def _receivers(cluster: Cluster, policy: NetworkPolicy, policy_rule: PolicyRule) -> tuple[Workload, ...]:
    if policy.patched or not policy.isolates(policy_rule.direction):
        return ()
    if policy_rule.direction is Direction.INGRESS:
        answer = pods(cluster, policy.pod_selector or _EMPTY, policy, policy.at("spec", "podSelector"))
        found = answer.found if isinstance(answer, Match) else ()
        # An empty selector selects what is elsewhere as well: only a file that brings all shows all.
        if policy.selects_every_pod and any(each.source is not policy.source for each in found):
            return ()
    else:
        found = _of_peers(cluster, policy, policy_rule.peers or ())
    return found if are_all(cluster, policy, found) and all_written(found) else ()


def selected(cluster: Cluster, service: Service) -> tuple[Workload, ...]:
    """Return the pods that a Service selects; empty where others may be among them, or not all ports are written."""
    if not service.selector or service.type == "ExternalName" or service.patched:
        return ()
    answer = pods(cluster, service.label_selector, service, service.at("spec", "selector"))
    found = answer.found if isinstance(answer, Match) else ()
    return found if are_all(cluster, service, found) and all_written(found) else ()


def are_all(cluster: Cluster, asker: Resource, found: Iterable[Workload]) -> bool:
    """Tell whether no other pods are expected: whoever brings the pods in the selector's own file brings all."""
    return not cluster.doubts or all(each.source is asker.source for each in found)


def belong_together(cluster: Cluster, asker: Resource, found: Iterable[Workload]) -> bool:
    """Tell whether pods and what selects them are of one application, and not two examples with the same labels."""
    if cluster.applied_together or asker.namespace:
        return True
    return all(each.folder == asker.folder for each in found)


def all_written(workloads: Iterable[Workload]) -> bool:
    """Tell whether all ports of pods are written: no patch, placeholder or operator will change them."""
    return all(map(_writes_ports, workloads))


@functools.lru_cache(maxsize=4096)
def _writes_ports(workload: Workload) -> bool:
    return (
        not workload.patched
        and (workload.group in POD_GROUPS or workload.kind == "Rollout")
        and any(not container.init for container in workload.containers)
        and all(port.container_port and not is_placeholder(port.name or "") for port in workload.ports)
    )


def is_port_name(text: str) -> bool:
    """Tell a name from a quoted number, a placeholder, and the ports of sidecars that a mesh injects."""
    return any(letter.isalpha() for letter in text) and not is_placeholder(text) and not text.startswith(_INJECTED)


def declared(workloads: Iterable[Workload], port: int | str, protocol: str) -> Iterator[ContainerPort]:
    """Yield the declarations of a port by pods, by its number or its name."""
    for each in (declaration for workload in workloads for declaration in workload.ports):
        if each.protocol == protocol and port in (each.container_port, each.name):
            yield each


def allows(port: Port, number: int, protocol: str, workloads: Iterable[Workload]) -> bool:
    """Tell whether an entry of a policy's `ports` allows a number of pods, if only by its name."""
    match port.ports():
        case PortRange() as ports:
            return ports.protocol is Protocol[protocol] and number in ports
        case NamedPort() as named:
            declarations = declared(workloads, named.name, named.protocol.value)
            return named.protocol is Protocol[protocol] and any(each.container_port == number for each in declarations)
        case _:
            return False


def may_meet(cluster: Cluster, one: Resource, other: Resource) -> bool:
    """Tell whether two resources may be in one namespace."""
    here, there = cluster.known_namespace_of(one), cluster.known_namespace_of(other)
    return here is None or there is None or here == there


def names_of(workloads: Iterable[Workload]) -> str:
    """Return what to call workloads in a sentence: `Deployment web and 2 more`."""
    first, *rest = dict.fromkeys(f"{each.kind} {each.name or '(no name)'}" for each in workloads)
    return f"{first} and {len(rest)} more" if rest else first


def _of_peers(cluster: Cluster, policy: NetworkPolicy, peers: tuple[Peer, ...]) -> tuple[Workload, ...]:
    found: dict[Workload, None] = {}
    for peer in peers:
        if peer.ip_block is not None or peer.pod_selector is None or peer.pod_selector.is_empty:
            return ()
        answer = peer_pods(cluster, policy, peer)
        if not isinstance(answer, Match):
            return ()
        found |= dict.fromkeys(answer.found)
    return tuple(found)
