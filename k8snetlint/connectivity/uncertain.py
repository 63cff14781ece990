"""Why connections are possible, but not certain, without a look at every policy.

Pods that no manifest shows may be selected by every policy of their namespace. So the rules of a subject that are
uncertain for the same reasons are one, with sets of peers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from k8snetlint.connectivity.doubts import AlikeRules, alike_rules, joined
from k8snetlint.connectivity.engine import Verdict
from k8snetlint.connectivity.mesh import through_tunnel
from k8snetlint.connectivity.port_sets import ALL, NONE, PortSet, difference, intersection, union_of
from k8snetlint.connectivity.reasons import (
    FROM_NODE,
    OPEN_NAMESPACE,
    OTHER_OF_DESTINATION,
    OTHER_OF_SOURCE,
    TO_NODE,
    TUNNEL,
    Reason,
    of_block,
    of_labels,
    of_named_ports,
    of_namespace,
    of_selection,
)
from k8snetlint.model.bitsets import positions
from k8snetlint.model.networkpolicy import Direction

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from k8snetlint.connectivity.engine import Connectivity
    from k8snetlint.connectivity.policies import PolicySets

_FEW = 16
"""So few rules are looked through, and so few policies are read again."""
_NARROW = 64
"""Of more, those with so many peers are listed at each of them."""


class _Side(NamedTuple):
    """What one direction says about a connection.

    Attributes:
        direction: at the source it is egress, at the destination ingress.
        subject, peer: the pods that policies select, and the other end.
        rules: those that may match the peer, with the ports that they may allow.
        always, possible: the ports that are allowed in every possible cluster, and in some.
    """

    direction: Direction
    subject: int
    peer: int
    rules: list[tuple[AlikeRules, PortSet]]
    always: PortSet
    possible: PortSet


def reasons(connectivity: Connectivity, source: int, destination: int, ports: PortSet = ALL) -> tuple[Reason, ...]:
    """Return why the connections from a source to a destination are possible, but not certain.

    Args:
        connectivity: what the cluster allows.
        source: the number of a peer.
        destination: the number of a peer.
        ports: those that are asked about.

    Returns:
        all reasons, in order; none if all these ports are allowed, or denied, in every possible cluster.
    """
    return tuple(sorted({reason for reason, _ in _explained(connectivity, (source, destination), ports)}))


def reasons_by_verdict(
    connectivity: Connectivity, pairs: Iterable[tuple[int, int]], ports: PortSet
) -> list[tuple[PortSet, tuple[Reason, ...]]]:
    """Return why the connections of some pairs are uncertain, all of them on the same ports.

    What no manifest shows may decide about some ports, and the CNI plugin about others: these are told apart.
    """
    found = [each for pair in pairs for each in _explained(connectivity, pair, ports)]
    unknown = union_of(some for reason, some in found if reason.verdict is Verdict.UNKNOWN)
    parts = [each for each in (difference(ports, unknown), intersection(ports, unknown)) if each != NONE]
    return [
        (part, tuple(sorted({reason for reason, some in found if intersection(some, part) != NONE}))) for part in parts
    ]


def _explained(connectivity: Connectivity, pair: tuple[int, int], ports: PortSet) -> Iterator[tuple[Reason, PortSet]]:
    """Yield why a connection is uncertain, each reason with the ports for which it is one."""
    source, destination = pair
    sides = [_side(connectivity, *each) for each in _ends(source, destination)]
    always = intersection(sides[0].always, sides[1].always)
    possible = intersection(sides[0].possible, sides[1].possible)
    direct = difference(possible, always)
    if connectivity.classes.in_mesh >> source & connectivity.classes.in_mesh >> destination & 1:
        always, possible = through_tunnel(always, certainly=True), through_tunnel(possible, certainly=False)
    uncertain = intersection(difference(possible, always), ports)
    tunnelled = difference(uncertain, direct)
    if tunnelled != NONE:
        yield TUNNEL, tunnelled
    for each in sides:
        mine = intersection(difference(each.possible, each.always), uncertain)
        if mine != NONE:
            yield from _of_side(connectivity, each, mine)


def _ends(source: int, destination: int) -> tuple[tuple[Direction, int, int], tuple[Direction, int, int]]:
    """Return the directions of a connection, each with the end that policies select, and the other one."""
    return (Direction.EGRESS, source, destination), (Direction.INGRESS, destination, source)


def _side(connectivity: Connectivity, direction: Direction, subject: int, peer: int) -> _Side:
    certain, possible = connectivity.certain, connectivity.possible
    destination = subject if direction is Direction.INGRESS else peer
    narrow, wide = _rules(connectivity, subject, direction)
    rules = [each for each in (*narrow.get(peer, ()), *wide) if each.possible >> peer & 1]
    # Where policies of other kinds may deny it, no rule is enough.
    certainly = () if connectivity.undecided.closed[direction] >> subject & 1 else rules
    return _Side(
        direction,
        subject,
        peer,
        [(each, possible.resolve(each.ports, destination)) for each in rules],
        union_of(certain.resolve(each.ports, destination) for each in certainly if each.always >> peer & 1)
        if certain.is_isolated(subject, direction)
        else ALL,
        union_of(possible.resolve(each.ports, destination) for each in rules)
        if possible.is_isolated(subject, direction) and not possible.is_unprotected(subject, peer, direction)
        else ALL,
    )


def _of_side(connectivity: Connectivity, side: _Side, ports: PortSet) -> Iterator[tuple[Reason, PortSet]]:
    direction, subject, peer = side.direction, side.subject, side.peer
    if connectivity.possible.is_unprotected(subject, peer, direction):
        yield FROM_NODE if direction is Direction.INGRESS else TO_NODE, ports
    if connectivity.undecided.pods(direction) >> subject & 1:
        yield OTHER_OF_SOURCE if direction is Direction.EGRESS else OTHER_OF_DESTINATION, ports
    if not connectivity.possible.is_isolated(subject, direction):
        yield from ((each, ports) for each in _of_isolation(connectivity, subject, direction))
    for rules, allowed in side.rules:
        mine = intersection(allowed, ports)
        if mine != NONE:
            yield from ((each, mine) for each in _of_rules(connectivity, side, rules))


def _of_rules(connectivity: Connectivity, side: _Side, rules: AlikeRules) -> Iterator[Reason]:
    peer = side.peer
    yield from rules.because
    if rules.labels >> peer & 1:
        yield of_labels(connectivity, peer)
    if rules.namespaces >> peer & 1:
        yield of_namespace(connectivity, connectivity.classes.every[peer].namespace)
    if rules.around >> peer & 1:
        yield OPEN_NAMESPACE
    for _, block, bits in rules.blocks:
        yield from of_block(connectivity, block, peer) if bits >> peer & 1 else ()
    destination = side.subject if side.direction is Direction.INGRESS else peer
    yield from of_named_ports(connectivity, rules.ports, destination)


def _of_isolation(connectivity: Connectivity, subject: int, direction: Direction) -> frozenset[Reason]:
    """Return why it is not certain that a pod is isolated."""
    key = _of_isolation, subject, direction
    known: frozenset[Reason] | None = connectivity.answers.get(key)
    if known is None:
        policies = connectivity.selecting(subject, direction)
        found = (reason for each in policies for reason in of_selection(connectivity, each, subject))
        known = connectivity.answers[key] = frozenset(found)
    return known


_ByPeer = tuple[dict[int, list[AlikeRules]], list[AlikeRules]]
_NO_PEERS: dict[int, list[AlikeRules]] = {}


def _rules(connectivity: Connectivity, subject: int, direction: Direction) -> _ByPeer:
    """Return the rules of a subject by their peers, and those that have to be looked through."""
    key = _rules, subject, direction
    known: _ByPeer | None = connectivity.answers.get(key)
    if known is None:
        policies = connectivity.selecting(subject, direction)
        every = [each for policy in policies for each in _of_subject(connectivity, policy, subject, direction)]
        known = connectivity.answers[key] = (_NO_PEERS, every) if len(every) <= _FEW else _by_peer(joined(every))
    return known


def _by_peer(rules: Iterable[AlikeRules]) -> _ByPeer:
    narrow: dict[int, list[AlikeRules]] = {}
    wide: list[AlikeRules] = []
    for each in rules:
        if each.possible.bit_count() > _NARROW:
            wide.append(each)
            continue
        for peer in positions(each.possible):
            narrow.setdefault(peer, []).append(each)
    return narrow, wide


def _of_subject(
    connectivity: Connectivity, policy: PolicySets, subject: int, direction: Direction
) -> Iterator[AlikeRules]:
    """Yield the rules of a policy for a subject that it may select."""
    rules = (alike_rules(connectivity, policy, each) for each in policy.of(direction))
    if policy.subjects.always >> subject & 1:
        return rules
    selection = frozenset(of_selection(connectivity, policy, subject))
    return (each._replace(always=0, because=each.because | selection) for each in rules)
