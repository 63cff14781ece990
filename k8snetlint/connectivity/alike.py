"""Groups of peers that behave alike: what is allowed does not tell the peers of a group apart.

The set of all peers is refined by equal rows and by the sources in each row; no peer is compared with each other one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.connectivity.applying import Applying
from k8snetlint.connectivity.doubts import doubts_of
from k8snetlint.connectivity.pods import INGRESS_CONTROLLER
from k8snetlint.model.bitsets import bits_of, first, positions
from k8snetlint.model.networkpolicy import Direction

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator, Sequence

    from k8snetlint.connectivity.doubts import Doubt
    from k8snetlint.connectivity.engine import Connectivity
    from k8snetlint.connectivity.policies import PolicySets
    from k8snetlint.connectivity.port_sets import PortSet
    from k8snetlint.connectivity.rows import Row

_NARROW = 64
"""Sets of so many peers are gone through one by one."""


class Groups:
    """All peers of a cluster in groups.

    Args:
        connectivity: what the cluster allows.
        focus: a set of peers; a group is within it or outside of it.
    """

    def __init__(self, connectivity: Connectivity, focus: int = 0) -> None:
        everything = connectivity.everything
        self._connectivity = connectivity
        self._doubts = _Doubts(connectivity)
        refined = _Refined(everything.bit_length())
        natures: dict[Hashable, list[int]] = {}
        rows: dict[tuple[Row, Row], list[int]] = {}
        for number in range(everything.bit_length()):
            natures.setdefault(_nature(connectivity, number), []).append(number)
            row = connectivity.certain.row(number), connectivity.possible.row(number)
            rows.setdefault(row, []).append(number)
        for same in natures.values():
            refined.split(same)
        self._natures = tuple(refined.groups().values())
        for same in rows.values():
            refined.split(same)
        # Pods and addresses are apart already, so the smaller part of each separates both.
        areas = connectivity.classes.everything, connectivity.addresses
        for bits in {focus, *self._doubts.of_destinations()}:
            refined.split_areas(bits, areas)
        self._as_destinations = refined.group_of.copy()
        for bits in {*self._doubts.sets(), *(bits for row in rows for reading in row for _, bits in reading)}:
            refined.split_areas(bits, areas)
        self._group_of = refined.group_of
        self._groups = refined.groups()

    @property
    def every(self) -> Iterator[int]:
        """The groups, as sets of peers."""
        return iter(self._groups.values())

    def as_destination(self, number: int) -> int:
        """Return a number that is the same for peers to which the same connections lead, for the same reasons."""
        return self._as_destinations[number]

    def doubted(self, uncertain: Iterable[tuple[PortSet, int]], destination: int) -> Iterator[tuple[PortSet, int]]:
        """Yield the parts of sets of sources from which connections are uncertain for the same kinds of reasons.

        Args:
            uncertain: the sets, with the ports that are uncertain.
            destination: the number of the other end.
        """
        separating: set[int] = set()
        for ports, sources in uncertain:
            if sources & (sources - 1) and not separating:
                separating.update(self._separating(destination))
            for part in _separated(sources, separating):
                yield ports, part

    def _separating(self, destination: int) -> Iterator[int]:
        yield from self._natures
        selecting = self._connectivity.selecting(destination, Direction.INGRESS)
        yield from self._doubts.of_subjects(selecting)
        yield from self._doubts.of_sources(destination)
        # What the egress of a source certainly allows, no policy that may select it leaves uncertain.
        for rows in (self._connectivity.certain, self._connectivity.possible):
            yield from (bits for _, bits in rows.sent_to(destination))

    def of(self, bits: int) -> Iterator[int]:
        """Yield the groups in a set of peers that cuts no group."""
        while bits:
            group = self._groups[self._group_of[first(bits)]]
            yield group
            bits &= ~group

    def transposed(self, ends: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
        """Yield the groups in some sets of sources, each with its destinations.

        Destinations that most sources have are given to all of them, and taken from the few that do not have them.

        Args:
            ends: the sources of disjoint sets of destinations, which both cut no group.
        """
        every = widest = 0
        for sources, _ in ends:
            every |= sources
        found = dict.fromkeys(self.of(every), 0)
        missing = dict.fromkeys(found, 0)
        for sources, destinations in ends:
            rest = every & ~sources
            if rest.bit_count() < sources.bit_count():
                widest |= destinations
                for source in self.of(rest):
                    missing[source] |= destinations
                continue
            for source in self.of(sources):
                found[source] |= destinations
        for source, destinations in found.items():
            whole = destinations | widest & ~missing[source]
            if whole:
                yield source, whole


def _separated(bits: int, separating: Iterable[int]) -> Iterator[int]:
    """Yield the parts of a set that are each within or outside of every one of some sets."""
    if not bits & (bits - 1):
        yield bits
        return
    wide = []
    sets_of: dict[int, list[int]] = {}
    for place, each in enumerate({bits & each for each in separating}):
        if each.bit_count() > _NARROW:
            wide.append(each)
            continue
        for member in positions(each):
            sets_of.setdefault(member, []).append(place)
    alike: dict[tuple[int, ...], list[int]] = {}
    for member, places in sets_of.items():
        alike.setdefault(tuple(places), []).append(member)
    parts = [bits & ~bits_of(sets_of), *map(bits_of, alike.values())]
    for each in wide:
        parts = [part for one in parts for part in (one & each, one & ~each) if part]
    yield from filter(None, parts)


class _Refined:
    """A partition of numbers that becomes finer; a step costs as much as the set it splits by has members."""

    def __init__(self, size: int) -> None:
        self.group_of = [0] * size
        self._sizes = [size]

    def split(self, members: Iterable[int]) -> None:
        """Separate some numbers from all others."""
        found: dict[int, list[int]] = {}
        for each in members:
            found.setdefault(self.group_of[each], []).append(each)
        for group, inside in found.items():
            if len(inside) < self._sizes[group]:
                self._sizes[group] -= len(inside)
                for each in inside:
                    self.group_of[each] = len(self._sizes)
                self._sizes.append(len(inside))

    def split_areas(self, bits: int, areas: Iterable[int]) -> None:
        """Separate the numbers in a set from others, in each of some areas that are apart already."""
        for area in areas:
            inside, rest = bits & area, area & ~bits
            self.split(positions(inside if inside.bit_count() <= rest.bit_count() else rest))

    def groups(self) -> dict[int, int]:
        """Return the sets by the numbers of the groups, in the order of their first members."""
        found: dict[int, list[int]] = {}
        for number, group in enumerate(self.group_of):
            found.setdefault(group, []).append(number)
        return {group: bits_of(members) for group, members in found.items()}


def _nature(connectivity: Connectivity, number: int) -> Hashable:
    """Return what a reader tells peers apart by, whatever they may do."""
    if number >= connectivity.offset:
        return None
    pods = connectivity.classes.every[number]
    is_open = pods.namespace is None
    return pods.is_shown, pods.host_network, pods.partial, pods.role == INGRESS_CONTROLLER, is_open, pods.in_mesh


class _Doubts:
    """Where policies are uncertain: which sources and subjects are concerned in the same way, on the same ports.

    Args:
        connectivity: what the cluster allows.
    """

    def __init__(self, connectivity: Connectivity) -> None:
        self._subjects: dict[tuple[Hashable, ...], int] = {}
        self._open: set[int] = set()
        self._others = {direction: connectivity.undecided.pods(direction) for direction in Direction}
        certain, possible = connectivity.certain.isolated, connectivity.possible.isolated
        self._isolated = {direction: certain[direction] & ~possible[direction] for direction in Direction}
        for policy in connectivity.policies:
            uncertain = policy.subjects.possible & ~policy.subjects.always
            for direction in policy.isolates if uncertain else ():
                self._add((direction, "subject"), uncertain)
        self._ingress: dict[int, tuple[Doubt, ...]] = {}
        selected: list[tuple[Hashable, int, int]] = []
        egress: list[tuple[Hashable, int, int]] = []
        for direction, rules in connectivity.rules.items():
            is_egress = direction is Direction.EGRESS
            for number, same in rules.items():
                ports = same.rule.ports
                if same.uncertain:
                    self._add((direction, "subject", ports), same.uncertain)
                if same.uncertain and is_egress:
                    selected.append((ports, same.uncertain, same.rule.peers.possible))
                doubts = tuple(doubts_of(connectivity, same.policy, same.rule))
                for kind, unknown in doubts:
                    self._open.add(unknown)
                    self._add((direction, kind, ports), same.possible)
                    if is_egress:
                        egress.append(((kind, ports), same.possible, unknown))
                if not is_egress:
                    self._ingress[number] = doubts
        areas = connectivity.classes.everything, connectivity.addresses
        self._selected, self._egress = Applying(selected, areas), Applying(egress, areas)

    def _add(self, key: tuple[Hashable, ...], bits: int) -> None:
        self._subjects[key] = self._subjects.get(key, 0) | bits

    def sets(self) -> Iterator[int]:
        """Yield sets of peers; for peers that none of them separates, the same kinds of reasons hold."""
        yield from self._subjects.values()
        yield from self._open
        yield from self._others.values()
        yield from self._isolated.values()

    def of_destinations(self) -> Iterator[int]:
        """Yield those of the sets that count for destinations: which sources they have, and why."""
        for (direction, *_), bits in self._subjects.items():
            if direction is Direction.INGRESS:
                yield bits
        yield from self._open
        yield self._others[Direction.INGRESS]
        yield self._isolated[Direction.INGRESS]

    def of_subjects(self, policies: Iterable[PolicySets]) -> Iterator[int]:
        """Yield the sources that are concerned by what is uncertain in policies of a destination."""
        for policy in policies:
            for rule in policy.ingress:
                yield from (bits for _, bits in self._ingress[rule.number])

    def of_sources(self, destination: int) -> Iterator[int]:
        """Yield the sources for whose egress a destination is uncertain."""
        for applying in (self._selected, self._egress):
            yield from (bits for _, bits in applying.sources(applying.to(destination)))
        yield self._isolated[Direction.EGRESS]
        yield self._others[Direction.EGRESS]
