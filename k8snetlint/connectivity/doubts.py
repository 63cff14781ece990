"""What is uncertain about the rules of policies, as sets of peers; rules that say the same have it once."""

from __future__ import annotations

from collections.abc import Hashable
from typing import TYPE_CHECKING, NamedTuple

from k8snetlint.connectivity.reasons import of_policy, of_ports

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from k8snetlint.connectivity.certain import Certain
    from k8snetlint.connectivity.engine import Connectivity
    from k8snetlint.connectivity.policies import PolicySets, RulePorts, RuleSets
    from k8snetlint.connectivity.reasons import Reason
    from k8snetlint.model.networkpolicy import IPBlock
    from k8snetlint.model.selectors import LabelSelector


class AlikeRules(NamedTuple):
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


def alike_rules(connectivity: Connectivity, policy: PolicySets, rules: Sequence[RuleSets]) -> list[AlikeRules]:
    """Return rules of a policy for the subjects that it certainly selects."""
    by_number: dict[int, AlikeRules] = connectivity.answers.setdefault(alike_rules, {})
    for each in rules:
        if each.number not in by_number:
            doubts = _doubts(connectivity, policy, each)
            by_number[each.number] = AlikeRules(each.ports, each.peers.always, each.peers.possible, *doubts)
    return [by_number[each.number] for each in rules]


Doubt = tuple[Hashable, int]
"""A kind of reason, and the peers for which what a rule allows is uncertain for reasons of this kind."""


def doubts_of(connectivity: Connectivity, policy: PolicySets, rule: RuleSets) -> Iterator[Doubt]:
    """Yield what is uncertain about a rule: rules with the same number have the same doubts."""
    (found,) = alike_rules(connectivity, policy, (rule,))
    if found.because:
        yield "rule", found.possible
    for kind, bits in (("labels", found.labels), ("namespaces", found.namespaces), ("around", found.around)):
        if bits:
            yield kind, bits
    yield from ((("block", covers), bits) for covers, _, bits in found.blocks if bits)


def joined(rules: Iterable[AlikeRules]) -> Iterator[AlikeRules]:
    """Yield rules of one subject; those that are uncertain for the same reasons are one."""
    grouped: dict[tuple[RulePorts, frozenset[Reason]], list[AlikeRules]] = {}
    for each in rules:
        grouped.setdefault((each.ports, each.because), []).append(each)
    yield from (same[0] if len(same) == 1 else _join(same) for same in grouped.values())


def _join(same: Sequence[AlikeRules]) -> AlikeRules:
    always = possible = labels = namespaces = around = 0
    blocks: dict[bool | None, tuple[bool | None, IPBlock, int]] = {}
    for each in same:
        always, possible = always | each.always, possible | each.possible
        labels, namespaces = labels | each.labels, namespaces | each.namespaces
        around |= each.around
        for covers, block, bits in each.blocks:
            blocks[covers] = covers, block, bits | (blocks[covers][2] if covers in blocks else 0)
    return AlikeRules(
        same[0].ports, always, possible, same[0].because, labels, namespaces, around, tuple(blocks.values())
    )


class _Doubts(NamedTuple):
    """What is uncertain about one rule, as in `AlikeRules`."""

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
    peers = (rule.rule.peers or ()) if open_peers else ()
    for peer in peers:
        unknown = open_peers
        if len(peers) > 1:
            unknown &= _open(connectivity.reader.of_peer(peer, policy.around))
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
