"""Why connections are possible, but not certain, without a look at every policy.

Pods that no manifest shows may be selected by every policy of their namespace. So the rules of a subject that are
uncertain for the same reasons are one, with sets of peers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from k8snetlint.connectivity.doubts import AlikeRules, alike_rules, joined
from k8snetlint.connectivity.engine import Verdict
from k8snetlint.connectivity.mesh import through_tunnel
from k8snetlint.connectivity.port_sets import ALL, NONE, PortSet, difference, intersection, union, union_of
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
    verdict_of,
)
from k8snetlint.model.bitsets import positions
from k8snetlint.model.networkpolicy import Direction

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from k8snetlint.connectivity.engine import Connectivity

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
) -> list[tuple[PortSet, Verdict, tuple[str, ...]]]:
    """Return why the connections of some pairs are uncertain, all of them on the same ports.

    What no manifest shows may decide about some ports, and the CNI plugin about others: these are told apart.
    """
    found = tuple([each for pair in pairs for each in _explained(connectivity, pair, ports)])
    # Most connections are uncertain for one of a few reasons.
    key = reasons_by_verdict, found, ports
    known: list[tuple[PortSet, Verdict, tuple[str, ...]]] | None = connectivity.answers.get(key)
    if known is None:
        known = connectivity.answers[key] = []
        unknown = union_of(some for reason, some in found if reason.verdict is Verdict.UNKNOWN)
        for part in filter(any, (difference(ports, unknown), intersection(ports, unknown))):
            because = sorted({reason for reason, some in found if intersection(some, part) != NONE})
            known.append((part, verdict_of(because), tuple(each.text for each in because)))
    return known


def _explained(connectivity: Connectivity, pair: tuple[int, int], ports: PortSet) -> Iterator[tuple[Reason, PortSet]]:
    """Yield why a connection is uncertain, each reason with the ports for which it is one."""
    source, destination = pair
    sent = _side(connectivity, Direction.EGRESS, source, destination)
    received = _side(connectivity, Direction.INGRESS, destination, source)
    always, possible = intersection(sent.always, received.always), intersection(sent.possible, received.possible)
    direct = difference(possible, always)
    if connectivity.classes.in_mesh >> source & connectivity.classes.in_mesh >> destination & 1:
        always, possible = through_tunnel(always, certainly=True), through_tunnel(possible, certainly=False)
        tunnelled = intersection(difference(difference(possible, always), direct), ports)
        if tunnelled != NONE:
            yield TUNNEL, tunnelled
    uncertain = intersection(difference(possible, always), ports)
    for each in (sent, received):
        mine = NONE if each.possible == each.always else intersection(difference(each.possible, each.always), uncertain)
        if mine != NONE:
            yield from _of_side(connectivity, each, mine)


def _side(connectivity: Connectivity, direction: Direction, subject: int, peer: int) -> _Side:
    certain, possible = connectivity.certain, connectivity.possible
    if not certain.is_isolated(subject, direction):
        return _Side(direction, subject, peer, [], ALL, ALL)
    destination = subject if direction is Direction.INGRESS else peer
    narrow, wide = _rules(connectivity, subject, direction)
    matching = [each for each in (*narrow.get(peer, ()), *wide) if each.possible >> peer & 1]
    rules = [(each, possible.resolve(each.ports, destination)) for each in matching]
    always = NONE
    # Where policies of other kinds may deny it, no rule is enough.
    for each in () if connectivity.undecided.closed[direction] >> subject & 1 else matching:
        if each.always >> peer & 1:
            always = union(always, certain.resolve(each.ports, destination))
    is_open = not possible.is_isolated(subject, direction) or possible.is_unprotected(subject, peer, direction)
    return _Side(direction, subject, peer, rules, always, ALL if is_open else union_of(ports for _, ports in rules))


def _of_side(connectivity: Connectivity, side: _Side, ports: PortSet) -> Iterator[tuple[Reason, PortSet]]:
    direction, subject, peer = side.direction, side.subject, side.peer
    if connectivity.possible.is_unprotected(subject, peer, direction):
        yield FROM_NODE if direction is Direction.INGRESS else TO_NODE, ports
    if connectivity.undecided.pods(direction) >> subject & 1:
        yield OTHER_OF_SOURCE if direction is Direction.EGRESS else OTHER_OF_DESTINATION, ports
    if not connectivity.possible.is_isolated(subject, direction):
        for each in _of_isolation(connectivity, subject, direction):
            yield each, ports
    for rules, allowed in side.rules:
        mine = intersection(allowed, ports)
        if mine != NONE:
            for each in _of_rules(connectivity, side, rules):
                yield each, mine


def _of_rules(connectivity: Connectivity, side: _Side, rules: AlikeRules) -> list[Reason]:
    peer = side.peer
    found = list(rules.because)
    if rules.labels >> peer & 1:
        found.append(of_labels(connectivity, peer))
    if rules.namespaces >> peer & 1:
        found.append(of_namespace(connectivity, connectivity.classes.every[peer].namespace))
    if rules.around >> peer & 1:
        found.append(OPEN_NAMESPACE)
    for _, block, bits in rules.blocks:
        if bits >> peer & 1:
            found += of_block(connectivity, block, peer)
    if rules.ports.names:
        destination = side.subject if side.direction is Direction.INGRESS else peer
        found += of_named_ports(connectivity, rules.ports, destination)
    return found


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
        selected = _by_selection(connectivity, subject, direction)
        are_few = sum(map(len, selected.values())) <= _FEW
        every: list[AlikeRules] = []
        for selection, rules in selected.items():
            alike = rules if are_few else joined(rules)
            every += alike if selection is None else (_if_selected(each, selection) for each in alike)
        known = connectivity.answers[key] = (_NO_PEERS, every) if are_few else _by_peer(every)
    return known


def _if_selected(rules: AlikeRules, selection: frozenset[Reason]) -> AlikeRules:
    """Return rules of policies that need not select a subject, for some reasons."""
    return rules._replace(always=0, because=rules.because | selection)


def _by_selection(
    connectivity: Connectivity, subject: int, direction: Direction
) -> dict[frozenset[Reason] | None, list[AlikeRules]]:
    """Return the rules of a subject by why their policies need not select it; None where they do."""
    found: dict[frozenset[Reason] | None, list[AlikeRules]] = {}
    for policy in connectivity.selecting(subject, direction):
        rules = policy.of(direction)
        if rules:
            is_certain = policy.subjects.always >> subject & 1
            selection = None if is_certain else frozenset(of_selection(connectivity, policy, subject))
            found.setdefault(selection, []).extend(alike_rules(connectivity, policy, rules))
    return found


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
