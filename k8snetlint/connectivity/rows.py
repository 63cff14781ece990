"""Who may connect to each destination: rows of disjoint sets of sources, each with the ports that it may use.

Nothing is computed per pair. Destinations to which the same rules apply have the same row, which is computed once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.connectivity.applying import Applying
from k8snetlint.connectivity.mesh import tunnelled
from k8snetlint.connectivity.port_sets import ALL, NONE, PortSet, intersection, port_set, union
from k8snetlint.model.networkpolicy import Direction
from k8snetlint.model.ports import LAST_PORT, PortRange

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from k8snetlint.connectivity.applying import Numbers
    from k8snetlint.connectivity.certain import Certain
    from k8snetlint.connectivity.pods import PodClass
    from k8snetlint.connectivity.policies import PolicySets, RulePorts, RuleSets

Row = tuple[tuple[PortSet, int], ...]
"""Disjoint sets of sources with the ports on which each may connect; what is in no set may not connect."""

Part = tuple[int, tuple[PortSet, ...]]
"""Some sources, and the ports that they have in each of some rows."""


class _SameRules:
    """The rules that say the same in one direction, and the subjects of all their policies."""

    __slots__ = ("rule", "subjects")

    def __init__(self, rule: RuleSets) -> None:
        self.rule = rule
        self.subjects = 0


class Rows:
    """The rows of all destinations in one reading of what is uncertain.

    Args:
        classes: the pods; further peers, up to `everything`, are addresses.
        everything: the set of all peers.
        policies: the policies.
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
        certainly: bool,
        unprotected: dict[Direction, int],
        undecided: dict[Direction, int],
    ) -> None:
        self._classes = classes
        self._everything = everything
        self._certainly = certainly
        self._unprotected = unprotected
        self._mesh = sum(1 << number for number, each in enumerate(classes) if each.in_mesh)
        self.isolated = dict.fromkeys(Direction, 0)
        ingress: dict[int, _SameRules] = {}
        egress: dict[int, _SameRules] = {}
        for each in policies:
            subjects, isolated = self._of(each.subjects), self._isolated(each.subjects)
            for direction in each.isolates:
                self.isolated[direction] |= isolated
            for rule in each.rules:
                of_direction = ingress if rule.rule.direction is Direction.INGRESS else egress
                same = of_direction.get(rule.number)
                if same is None:
                    same = of_direction[rule.number] = _SameRules(rule)
                same.subjects |= subjects
        if certainly:
            for direction, rules in ((Direction.INGRESS, ingress), (Direction.EGRESS, egress)):
                for same in rules.values() if undecided[direction] else ():
                    same.subjects &= ~undecided[direction]
        for direction, others in undecided.items():
            isolated = self.isolated[direction]
            self.isolated[direction] = isolated | others if certainly else isolated & ~others
        pods = (1 << len(classes)) - 1
        self._ingress = Applying(
            ((each.rule.ports, self._of(each.rule.peers), each.subjects) for each in ingress.values()), (pods,)
        )
        self._egress = Applying(
            ((each.rule.ports, each.subjects, self._of(each.rule.peers)) for each in egress.values()),
            (pods, everything & ~pods),
        )
        self._names = [None if each.ports is None else frozenset(each.ports.items()) for each in classes]
        self._known: dict[object, Row] = {}

    def _of(self, bits: Certain) -> int:
        return bits.always if self._certainly else bits.possible

    def _isolated(self, subjects: Certain) -> int:
        # What is isolated in some clusters only is not allowed everything in all of them.
        return subjects.possible if self._certainly else subjects.always

    def row(self, destination: int) -> Row:
        """Return which sources may connect to a destination."""
        ingress = self._ingress.to(destination) if self.is_isolated(destination, Direction.INGRESS) else None
        egress = self._egress.to(destination)
        pods = self._classes[destination] if destination < len(self._classes) else None
        in_mesh = pods is not None and pods.in_mesh
        on_host = pods is not None and pods.host_network
        names = self._names[destination] if pods is not None else None
        key = ingress, egress, names, pods is None, on_host, in_mesh
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = self._solve(ingress, egress, pods)
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

    def _solve(self, ingress: Numbers | None, egress: Numbers, pods: PodClass | None) -> Row:
        accepted, sent = self._received(ingress, pods), self._sent(egress, pods)
        found: dict[PortSet, int] = {}
        for in_ports, receivable in accepted:
            for out_ports, sendable in sent:
                both = receivable & sendable
                ports = intersection(in_ports, out_ports) if both else NONE
                if ports != NONE:
                    found[ports] = found.get(ports, 0) | both
        if pods is not None and pods.in_mesh:
            found = tunnelled(found.items(), self._mesh, certainly=self._certainly)
        return tuple(found.items())

    def sent_to(self, destination: int) -> list[tuple[PortSet, int]]:
        """Return disjoint sets of sources, with the ports that their egress to a destination allows."""
        pods = self._classes[destination] if destination < len(self._classes) else None
        return self._sent(self._egress.to(destination), pods)

    def received_by(self, destination: int) -> list[tuple[PortSet, int]]:
        """Return disjoint sets of sources, with the ports that the ingress of a destination allows."""
        pods = self._classes[destination] if destination < len(self._classes) else None
        is_isolated = self.is_isolated(destination, Direction.INGRESS)
        return self._received(self._ingress.to(destination) if is_isolated else None, pods)

    def _received(self, ingress: Numbers | None, pods: PodClass | None) -> list[tuple[PortSet, int]]:
        if ingress is None:
            return [(ALL, self._everything)]
        return self._partition(self._ingress.sources(ingress), pods, self._unprotected[Direction.INGRESS])

    def _sent(self, egress: Numbers, pods: PodClass | None) -> list[tuple[PortSet, int]]:
        free = self._everything & ~self.isolated[Direction.EGRESS]
        if pods is not None and pods.host_network:
            free |= self._unprotected[Direction.EGRESS]
        return self._partition(self._egress.sources(egress), pods, free)

    def _partition(
        self, allowed: Iterable[tuple[RulePorts, int]], pods: PodClass | None, unrestricted: int
    ) -> list[tuple[PortSet, int]]:
        """Return the sources by the ports that any rule allows, and that all ports for the unrestricted ones."""
        merged: dict[PortSet, int] = {ALL: unrestricted} if unrestricted else {}
        for rule_ports, sources in allowed:
            ports = self.resolve(rule_ports, pods)
            if ports != NONE:
                merged[ports] = merged.get(ports, 0) | sources
        parts: dict[PortSet, int] = {}
        for ports, sources in merged.items():
            parts = _refine(parts, ports, sources)
        return list(parts.items())

    def resolve(self, ports: RulePorts, pods: PodClass | None) -> PortSet:
        """Return the ports of a rule at a destination: a name is the port that the pods declare, and no port outside.

        Args:
            ports: those of the rule.
            pods: the destination; None for addresses.
        """
        if not ports.known:
            return NONE if self._certainly else ALL
        if not ports.names or pods is None:
            return ports.numbers
        if pods.ports is None:
            if self._certainly:
                return ports.numbers
            any_port = port_set(PortRange(each.protocol, 1, LAST_PORT) for each in ports.names)
            return union(ports.numbers, any_port)
        declared = port_set(
            PortRange(name.protocol, number, number) for name in ports.names for number in pods.ports.get(name, ())
        )
        return union(ports.numbers, declared)


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
