"""What pods declare about their ports, where it is certain that this is all they declare."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, NamedTuple, assert_never

from k8snetlint.evidence.answers import Match
from k8snetlint.evidence.pods import peer_pods, pods
from k8snetlint.model.aspects import PORTS, SELECTORS
from k8snetlint.model.networkpolicy import Direction, NetworkPolicy
from k8snetlint.model.ports import NamedPort, PortRange, Protocol
from k8snetlint.model.service import Service
from k8snetlint.source.templates import is_placeholder

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from k8snetlint.model.cluster import Cluster
    from k8snetlint.model.members import Pods
    from k8snetlint.model.networkpolicy import Peer, PolicyRule, Port
    from k8snetlint.model.resource import Resource
    from k8snetlint.model.spelling import Spellings
    from k8snetlint.model.workload import ContainerPort, Workload

_INJECTED = (
    "http-envoy-",  # https://istio.io/latest/docs/ops/deployment/application-requirements/
    "linkerd-",  # https://linkerd.io/2/reference/cli/inject/
)
_EDITS = 2
_SHOWN = 8


def receivers(cluster: Cluster, policy: NetworkPolicy, policy_rule: PolicyRule) -> Pods:
    """Return the pods whose ports a rule names: those of the policy, for egress those of all its peers.

    There are none if other pods may be selected, or if not all their ports are written: see `unknown_ports`.
    """
    return _known_receivers(cluster, policy, policy_rule)[0]


class NumberedPorts(NamedTuple):
    """A rule of a policy that names ports by single numbers.

    Attributes:
        policy_rule: the rule.
        numbers: these ports.
        pods: the pods whose ports they are, as `receivers`.
    """

    policy_rule: PolicyRule
    numbers: list[tuple[Port, int]]
    pods: Pods


def numbered_ports(cluster: Cluster, policy: NetworkPolicy) -> list[NumberedPorts]:
    """Return the rules of a policy that name ports by single numbers; several rules look at them."""
    answers, key = cluster.index.answers, (numbered_ports, policy)
    known: list[NumberedPorts] | None = answers.get(key)
    if known is None:
        every = [(each, each.numbers()) for each in policy.rules() if each.ports]
        known = [NumberedPorts(each, numbers, receivers(cluster, policy, each)) for each, numbers in every if numbers]
        answers[key] = known
    return known


def selected_pods(cluster: Cluster, service: Service) -> Pods:
    """Return the pods that a Service selects: none if there may be others, or if not all their ports are written."""
    answers, key = cluster.index.answers, (selected_pods, service)
    known: Pods | None = answers.get(key)
    if known is None:
        found = _matching_pods(cluster, service)
        known = answers[key] = cluster.index.pods(0) if _unknown(cluster, service, found) else found
    return known


def unknown_ports(cluster: Cluster, subject: NetworkPolicy | Service, policy_rule: PolicyRule | None = None) -> str:
    """Return why the ports of the pods that a rule or a Service selects are not known, empty if they are."""
    match subject:
        case Service():
            return _unknown(cluster, subject, _matching_pods(cluster, subject))
        case NetworkPolicy():
            return _known_receivers(cluster, subject, policy_rule)[1] if policy_rule else ""
        case _:
            assert_never(subject)


def _known_receivers(cluster: Cluster, policy: NetworkPolicy, policy_rule: PolicyRule) -> tuple[Pods, str]:
    """Return the pods of a rule, and why their ports are not known: no pods if there is a reason."""
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
    # An empty selector selects pods of other files as well: only a file that contains all of them shows all.
    return found if not policy.selects_every_pod or are_in_same_file(cluster, policy, found) else none


def _matching_pods(cluster: Cluster, service: Service) -> Pods:
    none = cluster.index.pods(0)
    if not service.selector or service.type == "ExternalName" or service.patched & {PORTS, SELECTORS}:
        return none
    answer = pods(cluster, service)
    return answer.found if isinstance(answer, Match) else none


def _unknown(cluster: Cluster, subject: Resource, found: Pods) -> str:
    """Return why there may be other pods, or other ports than those that are written; empty if there is no reason."""
    if not found:
        return ""
    if not are_all(cluster, subject, found):
        return cluster.doubts[0]
    incomplete = found.among(~cluster.index.declarations.complete)
    if not incomplete:
        return ""
    owner = incomplete.first
    if owner.patched:
        return f"a patch may change the ports of {owner.kind} {owner.name}"
    return f"the manifests do not show all ports of {owner.kind} {owner.name}"


def are_all(cluster: Cluster, subject: Resource, found: Pods) -> bool:
    """Tell whether no other pods are expected: the scope is complete, or the pods are in the selector's own file."""
    return not cluster.doubts or are_in_same_file(cluster, subject, found)


def are_in_same_file(cluster: Cluster, subject: Resource, found: Pods) -> bool:
    """Tell whether all workloads are in the file of a resource."""
    return not found.bits & ~cluster.index.workloads.by_source[subject.source]


def belong_together(cluster: Cluster, subject: Resource, found: Pods) -> bool:
    """Tell whether pods and what selects them are of one application, and not two examples with equal labels."""
    if cluster.applied_together or subject.namespace:
        return True
    return not found.bits & ~cluster.index.workloads.by_folder[subject.folder]


def is_port_name(text: str) -> bool:
    """Tell whether a text is a port name that a container may declare, and no quoted number or port of a mesh."""
    return any(letter.isalpha() for letter in text) and not is_placeholder(text) and not text.startswith(_INJECTED)


def declares(cluster: Cluster, found: Pods, port: int | str, protocol: str) -> bool:
    """Tell whether any of these pods declares a port, by its number or its name."""
    return bool(found.bits & cluster.index.declarations.declaring(port, protocol))


def port_declarations(cluster: Cluster, found: Pods, port: int | str, protocol: str) -> Iterator[ContainerPort]:
    """Yield the declarations of a port by pods, by its number or its name."""
    return cluster.index.declarations.of_port(found, port, protocol)


def declared_numbers(cluster: Cluster, found: Pods, name: str, protocol: str) -> set[int | None]:
    """Return the numbers that pods declare under a name."""
    answers, key = cluster.index.answers, ("numbers of a name", found.bits, name, protocol)
    numbers: set[int | None] | None = answers.get(key)
    if numbers is None:
        declared = port_declarations(cluster, found, name, protocol)
        numbers = answers[key] = {each.container_port for each in declared}
    return numbers


def declared_names(cluster: Cluster, found: Pods, protocol: str) -> dict[str, ContainerPort]:
    """Return the names that pods declare for a protocol, each with its first declaration."""
    key = "port names", found.bits, protocol
    answers = cluster.index.answers
    names: dict[str, ContainerPort] | None = answers.get(key)
    if names is None:
        names = answers[key] = cluster.index.declarations.names(found, protocol)
    return names


def suggest_port_name(cluster: Cluster, found: Pods, name: str, protocol: str) -> str | None:
    """Return the port name to write instead, of those that pods declare for a protocol; None for none or several."""
    from k8snetlint.model.spelling import Spellings  # noqa: PLC0415 - only for a name that nobody declares
    from k8snetlint.source.similar import closest  # noqa: PLC0415 - as above

    answers, key = cluster.index.answers, ("port spellings", found.bits, protocol)
    spellings: Spellings | None = answers.get(key)
    if spellings is None:
        spellings = answers[key] = Spellings(declared_names(cluster, found, protocol))
    return closest(name, spellings.near(name, _EDITS), _EDITS)


def describe_port_names(cluster: Cluster, found: Pods, protocol: str) -> str:
    """Return a text about the port names that pods declare for a protocol: the first ones, and how many more."""
    names = declared_names(cluster, found, protocol)
    more = len(names) - _SHOWN
    first = ", ".join(itertools.islice(names, _SHOWN))
    return f"declared {protocol} port names: {first or 'none'}" + (f" and {more} more" if more > 0 else "")


def allows(cluster: Cluster, port: Port, number: int, protocol: str, found: Pods) -> bool:
    """Tell whether an entry of a policy's `ports` allows a number of pods, if only by its name."""
    match port.ports():
        case PortRange() as ports:
            return ports.protocol is Protocol[protocol] and number in ports
        case NamedPort() as named:
            if named.protocol is not Protocol[protocol]:
                return False
            declaring = found.among(cluster.index.declarations.declaring(number, protocol))
            named_ports = port_declarations(cluster, declaring, named.name, protocol)
            return any(each.container_port == number for each in named_ports)
        case _:
            return False


def names_of(workloads: Iterable[Workload]) -> str:
    """Return how workloads are named in a sentence: `Deployment web and 2 more`."""
    first, *rest = dict.fromkeys(f"{each.kind} {each.name or '(no name)'}" for each in workloads)
    return f"{first} and {len(rest)} more" if rest else first


def pods_text(cluster: Cluster, found: Pods) -> str:
    """Return how the workloads of pods are named in a sentence; many may ask it of the same pods."""
    answers, key = cluster.index.answers, (pods_text, found.bits)
    known: str | None = answers.get(key)
    if known is None:
        known = answers[key] = names_of(found)
    return known


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
