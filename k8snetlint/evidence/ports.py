"""What pods declare about their ports, where it is certain that this is all they declare."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, assert_never

from k8snetlint.evidence.answers import Match
from k8snetlint.evidence.pods import peer_pods, pods
from k8snetlint.model.aspects import PORTS, SELECTORS
from k8snetlint.model.networkpolicy import Direction, NetworkPolicy
from k8snetlint.model.ports import NamedPort, PortRange, Protocol
from k8snetlint.model.service import Service
from k8snetlint.model.spelling import Spellings
from k8snetlint.source.similar import closest
from k8snetlint.source.templates import is_placeholder

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from k8snetlint.model.cluster import Cluster
    from k8snetlint.model.members import Pods
    from k8snetlint.model.networkpolicy import Peer, PolicyRule, Port
    from k8snetlint.model.resource import Resource
    from k8snetlint.model.workload import ContainerPort, Workload

_INJECTED = (
    "http-envoy-",  # https://istio.io/latest/docs/ops/deployment/application-requirements/
    "linkerd-",  # https://linkerd.io/2/reference/cli/inject/
)
_EDITS = 2
_SAID = 8


def receivers(cluster: Cluster, policy: NetworkPolicy, policy_rule: PolicyRule) -> Pods:
    """Return the pods whose ports a rule names: those of the policy, for egress those of all its peers.

    There are none where others may be among them, or where not all their ports are written: see `open_question`.
    """
    return _judged(cluster, policy, policy_rule)[0]


def selected(cluster: Cluster, service: Service) -> Pods:
    """Return the pods that a Service selects: none where others may be among them, or not all ports are written."""
    found = _selected(cluster, service)
    return cluster.index.pods(0) if _unknown(cluster, service, found) else found


def open_question(cluster: Cluster, subject: NetworkPolicy | Service, policy_rule: PolicyRule | None = None) -> str:
    """Return why nobody knows the ports of the pods that a rule or a Service selects, empty if they are known."""
    match subject:
        case Service():
            return _unknown(cluster, subject, _selected(cluster, subject))
        case NetworkPolicy():
            return _judged(cluster, subject, policy_rule)[1] if policy_rule else ""
        case _:
            assert_never(subject)


def _judged(cluster: Cluster, policy: NetworkPolicy, policy_rule: PolicyRule) -> tuple[Pods, str]:
    """Return the pods of a rule, and why they are not known: none of them if there is a reason."""
    answers = cluster.index.answers
    answer: tuple[Pods, str] | None = answers.get(policy_rule)
    if answer is None:
        found = _receivers(cluster, policy, policy_rule)
        why = _unknown(cluster, policy, found)
        answer = answers[policy_rule] = cluster.index.pods(0) if why else found, why
    return answer


def _receivers(cluster: Cluster, policy: NetworkPolicy, policy_rule: PolicyRule) -> Pods:
    none = cluster.index.pods(0)
    if policy.patched & {PORTS, SELECTORS} or not policy.isolates(policy_rule.direction):
        return none
    if policy_rule.direction is Direction.EGRESS:
        return _of_peers(cluster, policy, policy_rule.peers or ())
    answer = pods(cluster, policy)
    found = answer.found if isinstance(answer, Match) else none
    # An empty selector selects what is elsewhere as well: only a file that brings all shows all.
    return found if not policy.selects_every_pod or stand_beside(cluster, policy, found) else none


def _selected(cluster: Cluster, service: Service) -> Pods:
    none = cluster.index.pods(0)
    if not service.selector or service.type == "ExternalName" or service.patched & {PORTS, SELECTORS}:
        return none
    answer = pods(cluster, service)
    return answer.found if isinstance(answer, Match) else none


def _unknown(cluster: Cluster, subject: Resource, found: Pods) -> str:
    """Return why others may be among pods, or their ports not what is written; empty if neither is so."""
    if not found:
        return ""
    if not are_all(cluster, subject, found):
        return cluster.doubts[0]
    odd = found.among(~cluster.index.declarations.complete)
    if not odd:
        return ""
    owner = odd.first
    if owner.patched:
        return f"a patch may change the ports of {owner.kind} {owner.name}"
    return f"not all ports of {owner.kind} {owner.name} are written"


def are_all(cluster: Cluster, subject: Resource, found: Pods) -> bool:
    """Tell whether no other pods are expected: whoever brings the pods in the selector's own file brings all."""
    return not cluster.doubts or stand_beside(cluster, subject, found)


def stand_beside(cluster: Cluster, subject: Resource, found: Pods) -> bool:
    """Tell whether all workloads stand in the file of a resource."""
    return not found.bits & ~cluster.index.workloads.by_source[subject.source]


def belong_together(cluster: Cluster, subject: Resource, found: Pods) -> bool:
    """Tell whether pods and what selects them are of one application, and not two examples with the same labels."""
    if cluster.applied_together or subject.namespace:
        return True
    return not found.bits & ~cluster.index.workloads.by_folder[subject.folder]


def is_port_name(text: str) -> bool:
    """Tell a name from a quoted number, a placeholder, and the ports of sidecars that a mesh injects."""
    return any(letter.isalpha() for letter in text) and not is_placeholder(text) and not text.startswith(_INJECTED)


def declares(cluster: Cluster, found: Pods, port: int | str, protocol: str) -> bool:
    """Tell whether any of these pods declares a port, by its number or its name."""
    return bool(found.bits & cluster.index.declarations.by(port, protocol))


def declared(cluster: Cluster, found: Pods, port: int | str, protocol: str) -> Iterator[ContainerPort]:
    """Yield the declarations of a port by pods, by its number or its name."""
    return cluster.index.declarations.declared(found, port, protocol)


def declared_names(cluster: Cluster, found: Pods, protocol: str) -> dict[str, ContainerPort]:
    """Return the names that pods declare for a protocol, each with its first declaration."""
    key = "port names", found.bits, protocol
    answers = cluster.index.answers
    names: dict[str, ContainerPort] | None = answers.get(key)
    if names is None:
        names = answers[key] = cluster.index.declarations.named(found, protocol)
    return names


def near_name(cluster: Cluster, found: Pods, name: str, protocol: str) -> str | None:
    """Return the port name that pods declare for a protocol and that was probably meant, None if none or two are."""
    answers, key = cluster.index.answers, ("port spellings", found.bits, protocol)
    spellings: Spellings | None = answers.get(key)
    if spellings is None:
        spellings = answers[key] = Spellings(declared_names(cluster, found, protocol))
    return closest(name, spellings.near(name, _EDITS), _EDITS)


def said_names(cluster: Cluster, found: Pods, protocol: str) -> str:
    """Return what to say of the port names that pods declare for a protocol: the first ones, and how many more."""
    names = declared_names(cluster, found, protocol)
    more = len(names) - _SAID
    first = ", ".join(itertools.islice(names, _SAID))
    return f"declared for {protocol}: {first or 'none by name'}" + (f" and {more} more" if more > 0 else "")


def allows(cluster: Cluster, port: Port, number: int, protocol: str, found: Pods) -> bool:
    """Tell whether an entry of a policy's `ports` allows a number of pods, if only by its name."""
    match port.ports():
        case PortRange() as ports:
            return ports.protocol is Protocol[protocol] and number in ports
        case NamedPort() as named:
            if named.protocol is not Protocol[protocol]:
                return False
            there = found.among(cluster.index.declarations.by(number, protocol))
            return any(each.container_port == number for each in declared(cluster, there, named.name, protocol))
        case _:
            return False


def names_of(workloads: Iterable[Workload]) -> str:
    """Return what to call workloads in a sentence: `Deployment web and 2 more`."""
    first, *rest = dict.fromkeys(f"{each.kind} {each.name or '(no name)'}" for each in workloads)
    return f"{first} and {len(rest)} more" if rest else first


def _of_peers(cluster: Cluster, policy: NetworkPolicy, peers: tuple[Peer, ...]) -> Pods:
    none = cluster.index.pods(0)
    found = 0
    for peer in peers:
        if peer.ip_block is not None or peer.pod_selector is None or peer.pod_selector.is_empty:
            return none
        answer = peer_pods(cluster, policy, peer)
        if not isinstance(answer, Match):
            return none
        found |= answer.found.bits
    return cluster.index.pods(found)
