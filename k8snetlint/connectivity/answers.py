"""Answers about many pairs of peers at once: those with the same verdict are one."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from k8snetlint.connectivity.destinations import find_destination
from k8snetlint.connectivity.engine import Connectivity
from k8snetlint.connectivity.explain import Explanation, explain, verdicts_of
from k8snetlint.connectivity.ip_space import AddressRange
from k8snetlint.connectivity.peers import Peer, peers_of, workload_peer
from k8snetlint.connectivity.port_sets import NONE, PortSet, intersection
from k8snetlint.connectivity.profiles import profile_in
from k8snetlint.connectivity.query import PeerQuery, numbers, workloads
from k8snetlint.connectivity.uncertain import reasons
from k8snetlint.finding import ConfigError
from k8snetlint.model.bitsets import positions
from k8snetlint.model.networkpolicy import Direction

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from k8snetlint.connectivity.destinations import Destination, DestinationQuery
    from k8snetlint.connectivity.engine import Verdict
    from k8snetlint.connectivity.reasons import Reason
    from k8snetlint.model.addresses import Address
    from k8snetlint.model.cluster import Cluster
    from k8snetlint.model.workload import Workload

End = Peer | AddressRange
Ends = dict[int, tuple[End, ...]]
"""The peers that are asked about, by their numbers."""


class Answer(NamedTuple):
    """What holds for all connections from some peers to some others.

    Attributes:
        sources, destinations: the peers.
        explanation: that of the first source and the first destination.
    """

    sources: tuple[End, ...]
    destinations: tuple[End, ...]
    explanation: Explanation

    def verdicts(self) -> Iterator[tuple[Verdict, PortSet]]:
        """Yield the ports that were asked about by their verdicts."""
        return self.explanation.verdicts()

    @property
    def is_always_allowed(self) -> bool:
        """Whether all ports are allowed in every possible cluster."""
        return self.explanation.allowed == self.explanation.ports

    @property
    def is_always_denied(self) -> bool:
        """Whether all ports are denied in every possible cluster."""
        return self.explanation.possible == NONE


def ends_of(connectivity: Connectivity, query: PeerQuery) -> Ends:
    """Return the peers that are asked for, by their numbers.

    Raises:
        ConfigError: no such peer or port exists.
    """
    return _shown(connectivity, workloads(connectivity, query)) or _not_shown(connectivity, query)


def ends_of_destination(connectivity: Connectivity, destination: Destination) -> Ends:
    """Return the peers of a destination, by their numbers.

    Raises:
        ConfigError: no such peer or port exists.
    """
    if destination.peer is None:
        return _shown(connectivity, destination.workloads) | _addresses(connectivity, destination.addresses)
    found = ends_of(connectivity, destination.peer)
    # Pods without the port that is asked for by its name are left out.
    return {number: each for number, each in found.items() if number in destination.ports}


def _shown(connectivity: Connectivity, shown: Iterable[Workload]) -> Ends:
    found: dict[int, dict[End, None]] = {}
    for each in shown:
        found.setdefault(connectivity.classes.class_of[each], {})[workload_peer(connectivity, each)] = None
    return {number: tuple(each) for number, each in found.items()}


def _addresses(connectivity: Connectivity, addresses: Iterable[Address]) -> Ends:
    found: dict[int, tuple[End, ...]] = {}
    for each in addresses:
        for number in positions(connectivity.space.of_address(each)):
            end = AddressRange(each.family, each.value, each.value)
            at = connectivity.offset + number
            found[at] = (*found.get(at, ()), end)
    return found


def _not_shown(connectivity: Connectivity, query: PeerQuery) -> Ends:
    bits = numbers(connectivity, query)
    if not bits:
        raise ConfigError(f"`{query.text}` is nothing in this cluster{_why_nothing(connectivity, query)}")
    return {number: tuple(_hidden(connectivity, number, query)) for number in positions(bits)}


def _hidden(connectivity: Connectivity, number: int, query: PeerQuery) -> Iterator[End]:
    if number < connectivity.offset:
        yield from peers_of(connectivity, number)
        return
    part = connectivity.space.ranges[number - connectivity.offset]
    if query.address is not None:
        yield AddressRange(query.address.family, query.address.value, query.address.value)
    elif query.network is not None:
        yield AddressRange(part.family, max(part.first, query.network.first), min(part.last, query.network.last))
    else:
        yield part


def _why_nothing(connectivity: Connectivity, query: PeerQuery) -> str:
    if query.address is not None or query.network is not None:
        return ", which has no addresses of this IP family"
    if query.special == "ingress-controller":
        return ", which has no Ingress; name the workload of the controller instead"
    return ", which has no other namespaces" if connectivity.cluster.environment.whole_cluster else ""


def answers(connectivity: Connectivity, sources: Ends, ends: Ends, destination: Destination) -> tuple[Answer, ...]:
    """Return the answers for all pairs of peers, in the order of their names.

    Raises:
        ConfigError: no policy decides about any pair, as no end is a pod.
    """
    offset = connectivity.offset
    if all(each >= offset for each in (*sources, *ends)):
        raise ConfigError("both ends are addresses outside of the cluster; name pods for one of them")
    grouped: dict[object, dict[int, list[int]]] = {}
    for end in ends:
        for source in sources:
            key = _key(connectivity, source, end, destination.ports[end])
            grouped.setdefault(key, {}).setdefault(end, []).append(source)
    found: list[Answer] = []
    for by_destination in grouped.values():
        same: dict[tuple[int, ...], list[int]] = {}
        for end, those in by_destination.items():
            same.setdefault(tuple(those), []).append(end)
        for alike, at in same.items():
            explanation = explain(connectivity, alike[0], at[0], destination.ports[at[0]])
            found.append(Answer(_named(sources, alike), _named(ends, at), explanation))
    return tuple(sorted(found, key=lambda each: [*map(str, each.destinations), *map(str, each.sources)]))


def without_effect(cluster: Cluster, source: PeerQuery, destination: DestinationQuery) -> Iterator[str]:
    """Yield which policies would isolate the ends of a connection, if the CNI plugin enforced them."""
    connectivity = Connectivity(cluster)
    found = find_destination(connectivity, destination)
    name = profile_in(cluster).name
    for ends, direction in (
        (ends_of(connectivity, source), Direction.EGRESS),
        (ends_of_destination(connectivity, found), Direction.INGRESS),
    ):
        policies = dict.fromkeys(each for number in ends for each in connectivity.selecting(number, direction))
        for each in policies:
            where = f"{each.namespace}/{each.policy.name}" if each.namespace else each.policy.name
            end = "source" if direction is Direction.EGRESS else "destination"
            yield f"NetworkPolicy {where} selects the {end} for {direction.value.lower()}, but {name} enforces none"


def _key(connectivity: Connectivity, source: int, end: int, asked: PortSet) -> tuple[object, ...]:
    always, possible = (intersection(each, asked) for each in connectivity.ports_between(source, end))
    because: tuple[Reason, ...] = () if always == possible else reasons(connectivity, source, end, asked)
    return tuple(verdicts_of(asked, always, possible, because))


def _named(ends: Ends, those: Iterable[int]) -> tuple[End, ...]:
    """Return the names of peers; addresses that touch are one range."""
    found: list[End] = []
    for end in (each for number in those for each in ends[number]):
        joined = _joined(found[-1], end) if found else None
        if joined:
            found[-1] = joined
        else:
            found.append(end)
    return tuple(dict.fromkeys(found))


def _joined(one: End, other: End) -> AddressRange | None:
    """Return two ranges of addresses as one, None if they do not touch."""
    if not isinstance(one, AddressRange) or not isinstance(other, AddressRange):
        return None
    touch = one.family == other.family and one.last + 1 == other.first
    return AddressRange(one.family, one.first, other.last) if touch else None
