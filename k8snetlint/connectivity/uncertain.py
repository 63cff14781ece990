"""Why connections are possible, but not certain, without a look at every policy.

Pods that no manifest shows may be selected by every policy of their namespace. So the rules of a subject that are
uncertain for the same reasons are one, with sets of peers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

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
    of_policy,
    of_ports,
    of_selection,
)
from k8snetlint.model.bitsets import positions
from k8snetlint.model.networkpolicy import Direction

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from k8snetlint.connectivity.certain import Certain
    from k8snetlint.connectivity.engine import Connectivity
    from k8snetlint.connectivity.policies import PolicySets, RulePorts, RuleSets
    from k8snetlint.model.networkpolicy import IPBlock
    from k8snetlint.model.selectors import LabelSelector

_FEW = 16
"""So few rules are looked through, and so few policies are read again."""
_NARROW = 64
"""Of more, those with so many peers are listed at each of them."""


class _Alike(NamedTuple):
    """Rules of a subject that are uncertain for the same reasons.

    Attributes:
        ports: theirs.
        always, possible: the peers for which they allow them, in every possible cluster and in some.
        because: what is uncertain for all peers.
        labels, namespaces: the peers whose labels, or those of whose namespace, may be what a rule asks for.
        around: the peers that may be in the namespace of a policy.
        blocks: the peers whose addresses may be in a block, by whether it contains those of all pods.
    """

    ports: RulePorts
    always: int
    possible: int
    because: frozenset[Reason]
    labels: int
    namespaces: int
    around: int
    blocks: tuple[tuple[bool | None, IPBlock, int], ...]


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
    rules: list[tuple[_Alike, PortSet]]
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
    sides = (
        _side(connectivity, Direction.EGRESS, source, destination),
        _side(connectivity, Direction.INGRESS, destination, source),
    )
    always = intersection(sides[0].always, sides[1].always)
    possible = intersection(sides[0].possible, sides[1].possible)
    direct = difference(possible, always)
    if connectivity.classes.in_mesh >> source & connectivity.classes.in_mesh >> destination & 1:
        always, possible = through_tunnel(always, certainly=True), through_tunnel(possible, certainly=False)
    uncertain = intersection(difference(possible, always), ports)
    found: set[Reason] = {TUNNEL} if difference(uncertain, direct) != NONE else set()
    for each in sides:
        mine = intersection(difference(each.possible, each.always), uncertain)
        if mine != NONE:
            found.update(_of_side(connectivity, each, mine))
    return tuple(sorted(found))


def _side(connectivity: Connectivity, direction: Direction, subject: int, peer: int) -> _Side:
    certain, possible = connectivity.certain, connectivity.possible
    destination = subject if direction is Direction.INGRESS else peer
    pods = connectivity.classes.every[destination] if destination < connectivity.offset else None
    narrow, wide = _rules(connectivity, subject, direction)
    rules = [each for each in (*narrow.get(peer, ()), *wide) if each.possible >> peer & 1]
    # Where policies of other kinds may deny it, no rule is enough.
    certainly = () if connectivity.undecided.closed[direction] >> subject & 1 else rules
    return _Side(
        direction,
        subject,
        peer,
        [(each, possible.resolve(each.ports, pods)) for each in rules],
        union_of(certain.resolve(each.ports, pods) for each in certainly if each.always >> peer & 1)
        if certain.is_isolated(subject, direction)
        else ALL,
        union_of(possible.resolve(each.ports, pods) for each in rules)
        if possible.is_isolated(subject, direction) and not possible.is_unprotected(subject, peer, direction)
        else ALL,
    )


def _of_side(connectivity: Connectivity, side: _Side, ports: PortSet) -> Iterator[Reason]:
    direction, subject, peer = side.direction, side.subject, side.peer
    if connectivity.possible.is_unprotected(subject, peer, direction):
        yield FROM_NODE if direction is Direction.INGRESS else TO_NODE
    if connectivity.undecided.pods(direction) >> subject & 1:
        yield OTHER_OF_SOURCE if direction is Direction.EGRESS else OTHER_OF_DESTINATION
    if not connectivity.possible.is_isolated(subject, direction):
        yield from _of_isolation(connectivity, subject, direction)
    for rules, allowed in side.rules:
        if intersection(allowed, ports) == NONE:
            continue
        yield from rules.because
        if rules.labels >> peer & 1:
            yield of_labels(connectivity, peer)
        if rules.namespaces >> peer & 1:
            yield of_namespace(connectivity, connectivity.classes.every[peer].namespace)
        if rules.around >> peer & 1:
            yield OPEN_NAMESPACE
        for _, block, bits in rules.blocks:
            yield from of_block(connectivity, block, peer) if bits >> peer & 1 else ()
        yield from of_named_ports(connectivity, rules.ports, subject if direction is Direction.INGRESS else peer)


def _of_isolation(connectivity: Connectivity, subject: int, direction: Direction) -> frozenset[Reason]:
    """Return why it is not certain that a pod is isolated."""
    key = _of_isolation, subject, direction
    known: frozenset[Reason] | None = connectivity.answers.get(key)
    if known is None:
        policies = connectivity.selecting(subject, direction)
        found = (reason for each in policies for reason in of_selection(connectivity, each, subject))
        known = connectivity.answers[key] = frozenset(found)
    return known


_ByPeer = tuple[dict[int, list[_Alike]], list[_Alike]]
_NO_PEERS: dict[int, list[_Alike]] = {}


def _rules(connectivity: Connectivity, subject: int, direction: Direction) -> _ByPeer:
    """Return the rules of a subject by their peers, and those that have to be looked through."""
    key = _rules, subject, direction
    known: _ByPeer | None = connectivity.answers.get(key)
    if known is None:
        policies = connectivity.selecting(subject, direction)
        every = [each for policy in policies for each in _of_subject(connectivity, policy, subject, direction)]
        known = connectivity.answers[key] = (_NO_PEERS, every) if len(every) <= _FEW else _by_peer(_joined(every))
    return known


def _by_peer(rules: Iterable[_Alike]) -> _ByPeer:
    narrow: dict[int, list[_Alike]] = {}
    wide: list[_Alike] = []
    for each in rules:
        if each.possible.bit_count() > _NARROW:
            wide.append(each)
            continue
        for peer in positions(each.possible):
            narrow.setdefault(peer, []).append(each)
    return narrow, wide


def _of_subject(connectivity: Connectivity, policy: PolicySets, subject: int, direction: Direction) -> Iterator[_Alike]:
    """Yield the rules of a policy for a subject that it may select."""
    rules = (_of_rule(connectivity, policy, each) for each in policy.of(direction))
    if policy.subjects.always >> subject & 1:
        return rules
    selection = frozenset(of_selection(connectivity, policy, subject))
    return (each._replace(always=0, because=each.because | selection) for each in rules)


def _of_rule(connectivity: Connectivity, policy: PolicySets, rule: RuleSets) -> _Alike:
    """Return a rule for the subjects that its policy certainly selects."""
    key = _of_rule, rule.number
    known: _Alike | None = connectivity.answers.get(key)
    if known is None:
        doubts = _doubts(connectivity, policy, rule)
        known = connectivity.answers[key] = _Alike(rule.ports, rule.peers.always, rule.peers.possible, *doubts)
    return known


def _joined(rules: Iterable[_Alike]) -> Iterator[_Alike]:
    """Yield rules of one subject; those that are uncertain for the same reasons are one."""
    grouped: dict[tuple[RulePorts, frozenset[Reason]], list[_Alike]] = {}
    for each in rules:
        grouped.setdefault((each.ports, each.because), []).append(each)
    yield from (same[0] if len(same) == 1 else _join(same) for same in grouped.values())


def _join(same: Sequence[_Alike]) -> _Alike:
    always = possible = labels = namespaces = around = 0
    blocks: dict[bool | None, tuple[bool | None, IPBlock, int]] = {}
    for each in same:
        always, possible = always | each.always, possible | each.possible
        labels, namespaces = labels | each.labels, namespaces | each.namespaces
        around |= each.around
        for covers, block, bits in each.blocks:
            blocks[covers] = covers, block, bits | (blocks[covers][2] if covers in blocks else 0)
    return _Alike(same[0].ports, always, possible, same[0].because, labels, namespaces, around, tuple(blocks.values()))


class _Doubts(NamedTuple):
    """What is uncertain about one rule, as in `_Alike`."""

    because: frozenset[Reason]
    labels: int
    namespaces: int
    around: int
    blocks: tuple[tuple[bool | None, IPBlock, int], ...]


def _doubts(connectivity: Connectivity, policy: PolicySets, rule: RuleSets) -> _Doubts:
    if rule.ports.known and rule.peers.always == rule.peers.possible:
        return _CERTAIN
    found = _doubts_of(connectivity, policy, rule)
    # Many rules have the same.
    known: _Doubts = connectivity.answers.setdefault(found, found)
    return known


_CERTAIN = _Doubts(frozenset(), 0, 0, 0, ())


def _doubts_of(connectivity: Connectivity, policy: PolicySets, rule: RuleSets) -> _Doubts:
    because = frozenset(of_ports(connectivity, policy, rule))
    open_peers = _open(rule.peers)
    changed = of_policy(connectivity, policy) if open_peers else None
    if changed is not None:
        return _Doubts(because | {changed}, 0, 0, 0, ())
    labels = namespaces = around = 0
    blocks = []
    for peer in rule.rule.peers or () if open_peers else ():
        unknown = open_peers & _open(connectivity.reader.of_peer(peer, policy.around))
        if peer.ip_block is not None:
            blocks.append((connectivity.reader.covers_pods(peer.ip_block), peer.ip_block, unknown))
            continue
        labels |= unknown & _open(connectivity.classes.matching(peer.pod_selector))
        if peer.namespace_selector is not None:
            namespaces |= unknown & _open_namespaces(connectivity, peer.namespace_selector)
        else:
            around |= unknown & _open(policy.around)
    return _Doubts(because, labels, namespaces, around, tuple(blocks))


def _open_namespaces(connectivity: Connectivity, selector: LabelSelector) -> int:
    classes = connectivity.classes
    return classes.within(_open(classes.namespaces.matching(selector)))


def _open(bits: Certain) -> int:
    return bits.possible & ~bits.always
