"""Who may connect to each destination: rows of disjoint sets of sources, each with the ports that it may use.

Nothing is computed per pair. Destinations to which the same rules apply have the same row, which is computed once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.connectivity.applying import Applying
from k8snetlint.connectivity.mesh import tunnelled
from k8snetlint.connectivity.port_sets import ALL, NONE, PortSet, intersection, port_set, union
from k8snetlint.model.bitsets import bits_of
from k8snetlint.model.networkpolicy import Direction
from k8snetlint.model.ports import LAST_PORT, PortRange

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence

    from k8snetlint.connectivity.applying import Numbers
    from k8snetlint.connectivity.certain import Certain
    from k8snetlint.connectivity.pods import PodClass
    from k8snetlint.connectivity.policies import PolicySets, RulePorts, SameRules
    from k8snetlint.model.ports import NamedPort

Row = tuple[tuple[PortSet, int], ...]
"""Disjoint sets of sources with the ports on which each may connect; what is in no set may not connect."""

Part = tuple[int, tuple[PortSet, ...]]
"""Some sources, and the ports that they have in each of some rows."""


class Rows:
    """The rows of all destinations in one reading of what is uncertain.

    Args:
        classes: the pods; further peers, up to `everything`, are addresses.
        everything: the set of all peers.
        policies: the policies.
        rules: their rules, those that say the same as one.
        certainly: whether only what is allowed in every possible cluster counts, or what is allowed in some.
        unprotected: sources that every pod accepts, and destinations that every pod reaches, by the direction.
        undecided: pods about which others decide, too, by the direction: nothing is certain, everything is possible.
    """

    def __init__(
        self,
        classes: Sequence[PodClass],
        everything: int,
        policies: Iterable[PolicySets],
        *,
        rules: Mapping[Direction, Mapping[int, SameRules]],
        certainly: bool,
        unprotected: dict[Direction, int],
        undecided: dict[Direction, int],
    ) -> None:
        self._classes = classes
        self._everything = everything
        self._certainly = certainly
        self._unprotected = unprotected
        self._mesh = bits_of(number for number, each in enumerate(classes) if each.in_mesh)
        self.isolated = dict.fromkeys(Direction, 0)
        for each in policies:
            isolated = self._isolated(each.subjects)
            for direction in each.isolates:
                self.isolated[direction] |= isolated
        for direction, others in undecided.items():
            isolated = self.isolated[direction]
            self.isolated[direction] = isolated | others if certainly else isolated & ~others
        # What policies of other kinds may deny is not certain, whatever the rules say.
        counting = {direction: ~others if certainly else -1 for direction, others in undecided.items()}
        ingress, egress = (
            [
                (each.rule.ports, self._of(each.rule.peers), self._of(each) & counting[direction])
                for each in rules[direction].values()
            ]
            for direction in Direction
        )
        pods = (1 << len(classes)) - 1
        self._ingress = Applying(ingress, (pods,))
        self._egress = Applying(
            ((ports, subjects, peers) for ports, peers, subjects in egress), (pods, everything & ~pods)
        )
        # A rule allows the same ports at all destinations of one kind.
        kinds: dict[Hashable, int] = {}
        self._kinds = [kinds.setdefault(_kind(each), len(kinds)) for each in classes]
        self._of_destination: dict[int, Row] = {}
        self._known: dict[tuple[Numbers | None, Numbers, int | None], Row] = {}
        self._resolved: dict[tuple[RulePorts, int], PortSet] = {}

    def _of(self, bits: Certain | SameRules) -> int:
        return bits.always if self._certainly else bits.possible

    def _isolated(self, subjects: Certain) -> int:
        # What is isolated in some clusters only is not allowed everything in all of them.
        return subjects.possible if self._certainly else subjects.always

    def row(self, destination: int) -> Row:
        """Return which sources may connect to a destination."""
        known = self._of_destination.get(destination)
        if known is None:
            known = self._of_destination[destination] = self._row(destination)
        return known

    def _row(self, destination: int) -> Row:
        ingress = self._ingress.to(destination) if self.is_isolated(destination, Direction.INGRESS) else None
        egress = self._egress.to(destination)
        key = ingress, egress, self._kinds[destination] if destination < len(self._kinds) else None
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = self._solve(ingress, egress, destination)
        return known

    def is_isolated(self, peer: int, direction: Direction) -> bool:
        """Tell whether a peer is isolated for a direction."""
        return bool(self.isolated[direction] >> peer & 1)

    def is_unprotected(self, subject: int, peer: int, direction: Direction) -> bool:
        """Tell whether a direction is allowed whatever the policies of the subject say."""
        if direction is Direction.INGRESS:
            return bool(self._unprotected[direction] >> peer & 1)
        on_host = peer < len(self._classes) and self._classes[peer].host_network
        return on_host and bool(self._unprotected[direction] >> subject & 1)

    def _solve(self, ingress: Numbers | None, egress: Numbers, destination: int) -> Row:
        accepted = self._received(ingress, destination)
        every = 0
        for _, receivable in accepted:
            every |= receivable
        sent = self._sent(egress, destination, every)
        found: dict[PortSet, int] = {}
        for in_ports, receivable in accepted:
            for out_ports, sendable in sent:
                both = receivable & sendable
                ports = intersection(in_ports, out_ports) if both else NONE
                if ports != NONE:
                    found[ports] = found.get(ports, 0) | both
        if destination < len(self._classes) and self._classes[destination].in_mesh:
            found = tunnelled(found.items(), self._mesh, certainly=self._certainly)
        return tuple(found.items())

    def sent_to(self, destination: int) -> list[tuple[PortSet, int]]:
        """Return disjoint sets of sources, with the ports that their egress to a destination allows."""
        return self._sent(self._egress.to(destination), destination, self._everything)

    def received_by(self, destination: int) -> list[tuple[PortSet, int]]:
        """Return disjoint sets of sources, with the ports that the ingress of a destination allows."""
        is_isolated = self.is_isolated(destination, Direction.INGRESS)
        return self._received(self._ingress.to(destination) if is_isolated else None, destination)

    def _received(self, ingress: Numbers | None, destination: int) -> list[tuple[PortSet, int]]:
        if ingress is None:
            return [(ALL, self._everything)]
        free = self._unprotected[Direction.INGRESS]
        return self._partition(self._ingress.sources(ingress), destination, free, self._everything & ~free)

    def _sent(self, egress: Numbers, destination: int, sources: int) -> list[tuple[PortSet, int]]:
        free = self._everything & ~self.isolated[Direction.EGRESS]
        if destination < len(self._classes) and self._classes[destination].host_network:
            free |= self._unprotected[Direction.EGRESS]
        return self._partition(self._egress.sources(egress), destination, sources & free, sources & ~free)

    def _partition(
        self, allowed: Iterable[tuple[RulePorts, int]], destination: int, unrestricted: int, restricted: int
    ) -> list[tuple[PortSet, int]]:
        """Return the restricted sources by the ports that any rule allows, and the unrestricted ones with all ports."""
        merged: dict[PortSet, int] = {}
        for rule_ports, sources in allowed:
            ports, rest = self.resolve(rule_ports, destination), sources & restricted
            if rest and ports != NONE:
                merged[ports] = merged.get(ports, 0) | rest
        parts: dict[PortSet, int] = {ALL: unrestricted} if unrestricted else {}
        seen = 0
        for ports, sources in merged.items():
            if sources & seen:
                parts = _refine(parts, ports, sources)
            else:
                parts[ports] = parts.get(ports, 0) | sources
            seen |= sources
        return list(parts.items())

    def resolve(self, ports: RulePorts, destination: int) -> PortSet:
        """Return the ports of a rule at a destination: a name is the port that the pods declare, and no port outside.

        Args:
            ports: those of the rule.
            destination: the number of a peer.
        """
        if not ports.known:
            return NONE if self._certainly else ALL
        if not ports.names or destination >= len(self._classes):
            return ports.numbers
        key = ports, self._kinds[destination]
        known = self._resolved.get(key)
        if known is None:
            known = self._resolved[key] = union(ports.numbers, self._named(ports.names, self._classes[destination]))
        return known

    def _named(self, names: Iterable[NamedPort], pods: PodClass) -> PortSet:
        if pods.ports is not None:
            return port_set(PortRange(each.protocol, port, port) for each in names for port in pods.ports.get(each, ()))
        return NONE if self._certainly else port_set(PortRange(each.protocol, 1, LAST_PORT) for each in names)


def _kind(pods: PodClass) -> Hashable:
    """Return by what destinations differ, apart from the policies that are about them."""
    return None if pods.ports is None else frozenset(pods.ports.items()), pods.host_network, pods.in_mesh


def _refine(parts: dict[PortSet, int], ports: PortSet, sources: int) -> dict[PortSet, int]:
    """Return the disjoint parts after some sources may use some more ports."""
    refined: dict[PortSet, int] = {}
    for other, bits in parts.items():
        both = bits & sources
        if both:
            joined = union(other, ports)
            refined[joined] = refined.get(joined, 0) | both
            sources &= ~both
        if bits != both:
            refined[other] = refined.get(other, 0) | bits & ~both
    if sources:
        refined[ports] = refined.get(ports, 0) | sources
    return refined


def refined(parts: Iterable[Part], row: Row) -> Iterator[Part]:
    """Yield the parts of some sources, each cut into those with the same ports in a row, with these ports."""
    for bits, known in parts:
        rest = bits
        for ports, sources in row:
            if rest & sources:
                yield rest & sources, (*known, ports)
                rest &= ~sources
        if rest:
            yield rest, (*known, NONE)
