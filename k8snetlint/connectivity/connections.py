"""The connections of a cluster: between groups of peers, or between single ones."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from k8snetlint.connectivity.alike import Groups
from k8snetlint.connectivity.engine import Verdict
from k8snetlint.connectivity.ingress_paths import ingress_paths
from k8snetlint.connectivity.peer_sets import PeerNames, PeerSet, sort_key
from k8snetlint.connectivity.pods import INGRESS_CONTROLLER
from k8snetlint.connectivity.port_sets import ALL, NONE, PortSet, intersection, port_set
from k8snetlint.connectivity.uncertain import reasons_by_verdict
from k8snetlint.model.bitsets import bits_of, first
from k8snetlint.model.networkpolicy import Direction
from k8snetlint.model.ports import PortRange

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator

    from k8snetlint.connectivity.engine import Connectivity
    from k8snetlint.connectivity.ingress_paths import IngressPath
    from k8snetlint.connectivity.peer_sets import Member
    from k8snetlint.model.workload import Workload

_NAMESPACES = 2
"""Reasons for a group are those of one pair of peers in each of so many namespaces."""


class Connection(NamedTuple):
    """What some peers may do to others; what no connection has is denied.

    Attributes:
        source: the peers that connect.
        destination: the peers to which they connect.
        ports: those of the destination.
        verdict: allowed, depends or unknown.
        because: why it is not certain; empty if it is allowed.
    """

    source: PeerSet
    destination: PeerSet
    ports: PortSet
    verdict: Verdict
    because: tuple[str, ...] = ()

    @property
    def is_to_itself(self) -> bool:
        """Whether it is between the pods of one workload."""
        return self.source == self.destination and self.source.is_single


class Asked(NamedTuple):
    """Which connections are asked for.

    Attributes:
        focus: these peers, one of which is an end of each connection; None for all that manifests show.
        workloads: those of a focus, where others are treated alike.
        direction: only connections to these peers (ingress), or only from them (egress).
        port: only on this port.
        to_itself: also those between the pods of one workload.
    """

    focus: int | None = None
    workloads: tuple[Workload, ...] = ()
    direction: Direction | None = None
    port: PortRange | None = None
    to_itself: bool = False


ALL_SHOWN = Asked()


class Pair(NamedTuple):
    """What one peer may do to another one, as in `Connection`."""

    source: Member
    destination: Member
    ports: PortSet
    verdict: Verdict
    because: tuple[str, ...] = ()


class _Flow(NamedTuple):
    """What the connections to a group are told apart by."""

    ports: PortSet
    verdict: Verdict
    because: tuple[str, ...] = ()


_Flows = frozenset[tuple[_Flow, int]]
"""All sources of a destination, or all destinations of a source."""


class Connections:
    """Finds the connections of a cluster that are asked for.

    Those between two peers of which no manifest shows any are left out.

    Args:
        connectivity: what the cluster allows.
        asked: which connections.
    """

    def __init__(self, connectivity: Connectivity, asked: Asked = ALL_SHOWN) -> None:
        self.connectivity = connectivity
        self.asked = asked
        self.names = PeerNames(connectivity)
        self._ports = ALL if asked.port is None else port_set([asked.port])
        self.controllers = bits_of(
            number for number, each in enumerate(connectivity.classes.every) if each.role == INGRESS_CONTROLLER
        )

    @cached_property
    def groups(self) -> Groups:
        """The peers in groups."""
        return Groups(self.connectivity, self.asked.focus or 0)

    @cached_property
    def ingress_paths(self) -> list[IngressPath]:
        """What Ingresses lead to."""
        paths = ingress_paths(self.connectivity)
        return [each for each in paths if self._ports.has(*each.target[2:]) and self._is_asked(each)]

    def target_of(self, path: IngressPath) -> PeerSet:
        """Return the workload that an Ingress leads to."""
        workload = path.target.workload
        return self.names.of_workloads((workload,), 1 << self.connectivity.classes.class_of[workload])

    def grouped(self) -> list[Connection]:
        """Return the connections to groups, in order; sources for which the same holds are one."""
        found = [
            each
            for (_, flows), destination in self._by_flows().items()
            for flow, sources in flows
            for each in self._between(sources, destination, flow)
        ]
        return sorted([*found, *self._from_controllers()], key=_order)

    def by_source(self) -> list[Connection]:
        """Return the connections from groups, in order; destinations for which the same holds are one."""
        destinations_of: dict[tuple[_Flow, int], int] = {}
        for (_, flows), destinations in self._by_flows().items():
            for same in flows:
                destinations_of[same] = destinations_of.get(same, 0) | destinations
        by_flow: dict[_Flow, list[tuple[int, int]]] = {}
        for (flow, sources), destinations in destinations_of.items():
            by_flow.setdefault(flow, []).append((sources, destinations))
        by_source: dict[int, dict[_Flow, int]] = {}
        for flow, ends in by_flow.items():
            for source, destinations in self.groups.transposed(ends):
                by_source.setdefault(source, {})[flow] = destinations
        alike: dict[tuple[bool, _Flows], int] = {}
        for source, its in by_source.items():
            key = source < 1 << self.connectivity.offset, frozenset(its.items())
            alike[key] = alike.get(key, 0) | source
        found = [
            each
            for (_, flows), source in alike.items()
            for flow, destinations in flows
            for each in self._between(source, destinations, flow)
        ]
        return sorted(
            [*found, *self._from_controllers()], key=lambda each: (each.source.rank, each.source, *_order(each))
        )

    def pairs(self) -> Iterator[Pair]:
        """Yield the connections between single peers, in order."""
        by_destination: dict[Member, list[Connection]] = {}
        for each in self.grouped():
            for destination in each.destination.members:
                by_destination.setdefault(destination, []).append(each)
        for destination in sorted(by_destination, key=sort_key):
            # With a focus, a pair may be found from both ends.
            found = {
                (sort_key(source), _VERDICTS.index(each.verdict), each.ports): Pair(source, destination, *each[2:])
                for each in by_destination[destination]
                for source in each.source.members
                if source != destination or self.asked.to_itself
            }
            yield from (found[key] for key in sorted(found))

    def _by_flows(self) -> dict[tuple[bool, _Flows], int]:
        """Return the destinations by whether they are pods, and by their sources."""
        found: dict[tuple[bool, _Flows], int] = {}
        known: dict[Hashable, _Flows] = {}
        for destination in self.groups.every:
            number, wanted = first(destination), self._sources_of(destination)
            # Destinations that only differ in where they may connect themselves have the same sources.
            key = self.groups.as_destination(number), wanted, *self._named_by_reasons(destination)
            if key not in known:
                known[key] = frozenset(self._flows_to(destination, wanted).items())
            same = number < self.connectivity.offset, known[key]
            found[same] = found.get(same, 0) | destination
        return found

    def _flows_to(self, destination: int, wanted: int) -> dict[_Flow, int]:
        """Return which of the wanted sources a group has."""
        found: dict[_Flow, int] = {}
        uncertain: list[tuple[PortSet, int]] = []
        for traffic in self.connectivity.traffic_to(first(destination)) if wanted else ():
            ports, sources = intersection(traffic.ports, self._ports), traffic.sources & wanted
            if ports == NONE or not sources:
                continue
            if traffic.always:
                flow = _Flow(ports, Verdict.ALLOWED)
                found[flow] = found.get(flow, 0) | sources
            else:
                uncertain.append((ports, sources))
        for ports, same in self.groups.doubted(uncertain, first(destination)):
            for flow in self._uncertain(same, destination, ports):
                found[flow] = found.get(flow, 0) | same
        return found

    def _sources_of(self, destination: int) -> int:
        """Return from which peers connections to a group are asked for."""
        classes, focus, direction = self.connectivity.classes, self.asked.focus, self.asked.direction
        is_shown = bool(destination & classes.shown)
        inside = is_shown if focus is None else bool(destination & focus)
        if destination & self.controllers or (direction is Direction.INGRESS and not inside):
            return 0
        bits = self.connectivity.everything & ~self.controllers
        if not is_shown:
            bits &= classes.shown
        if direction is Direction.EGRESS or (focus is not None and not inside):
            bits &= classes.shown if focus is None else focus
        return bits

    def _between(self, source: int, destination: int, flow: _Flow) -> Iterator[Connection]:
        workloads, focus = self.asked.workloads, self.asked.focus or 0
        one, other = self.names.of(source), self.names.of(destination)
        ends = [(one, other)]
        if workloads:
            ends = []
            if source & focus and self.asked.direction is not Direction.INGRESS:
                ends.append((self.names.of_workloads(workloads, source & focus), other))
            if destination & focus and self.asked.direction is not Direction.EGRESS:
                ends.append((one, self.names.of_workloads(workloads, destination & focus)))
        for each in ends:
            connection = Connection(*each, flow.ports, flow.verdict, flow.because)
            if self.asked.to_itself or not connection.is_to_itself:
                yield connection

    def _uncertain(self, source: int, destination: int, ports: PortSet) -> Iterator[_Flow]:
        sources, destinations = self._one_of_each_namespace(source), self._one_of_each_namespace(destination)
        pairs = [*((sources[0], each) for each in destinations), *((each, destinations[0]) for each in sources[1:])]
        yield from map(_Flow._make, reasons_by_verdict(self.connectivity, pairs, ports))

    def _named_by_reasons(self, destination: int) -> Iterator[Hashable]:
        """Yield what reasons for a group may name: its namespaces, and pods whose labels or ports are not known."""
        classes = self.connectivity.classes
        for each in self._one_of_each_namespace(destination) if destination < 1 << self.connectivity.offset else ():
            pods = classes.every[each]
            yield each if pods.partial or pods.ports is None else pods.namespace

    def _one_of_each_namespace(self, bits: int) -> list[int]:
        classes = self.connectivity.classes
        found = [first(bits)]
        if bits == 1 << found[0]:
            return found
        rest = bits if bits < 1 << self.connectivity.offset else 0
        while rest and len(found) < _NAMESPACES:
            rest &= ~classes.inside(classes.every[found[-1]].namespace)
            if rest:
                found.append(first(rest))
        return found

    def _is_asked(self, path: IngressPath) -> bool:
        focus, direction, workload = self.asked.focus, self.asked.direction, path.target.workload
        if focus is None:
            return direction is not Direction.EGRESS or bool(path.source & self.connectivity.classes.shown)
        inside = focus >> self.connectivity.classes.class_of[workload] & 1
        named = not self.asked.workloads or workload in self.asked.workloads
        if inside and named and direction is not Direction.EGRESS:
            return True
        return bool(focus & path.source) and direction is not Direction.INGRESS

    def _from_controllers(self) -> Iterator[Connection]:
        """Yield the connections of controllers that no manifest shows, each to the pods that an Ingress leads to."""
        found: dict[tuple[PeerSet, PeerSet, Verdict, tuple[str, ...]], list[PortRange]] = {}
        for each in self.ingress_paths:
            if each.source & self.controllers and each.verdict is not Verdict.DENIED:
                ends = self.names.of(each.source), self.target_of(each)
                port = PortRange(each.target.protocol, each.target.number, each.target.number)
                found.setdefault((*ends, each.verdict, each.because), []).append(port)
        for (source, destination, verdict, because), ports in found.items():
            yield Connection(source, destination, port_set(ports), verdict, because)


def _order(connection: Connection) -> tuple[Any, ...]:
    """Return the order of connections: by destination, verdict, source and ports."""
    source, destination = connection.source, connection.destination
    # The ranks decide most comparisons; sets are compared only where they are equal.
    ends = destination.rank, destination, _VERDICTS.index(connection.verdict), source.rank, source
    return *ends, connection.ports, connection.because


_VERDICTS = (Verdict.ALLOWED, Verdict.DEPENDS, Verdict.UNKNOWN)
