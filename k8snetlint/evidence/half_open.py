"""Connections that a rule allows at one end, and that policies deny at the other end.

Nothing is compared pair by pair: most rules are settled by the first workload that their peer selects.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from k8snetlint.evidence.answers import Match, NoMatch
from k8snetlint.evidence.pods import peer_pods, pods
from k8snetlint.evidence.policies import isolating_policies
from k8snetlint.evidence.sealed import sealed_namespace
from k8snetlint.evidence.subjects import subjects
from k8snetlint.model.aspects import NAME, PORTS, SELECTORS
from k8snetlint.model.bitsets import positions
from k8snetlint.model.networkpolicy import Direction
from k8snetlint.model.ports import PortRange

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from k8snetlint.model.cluster import Cluster
    from k8snetlint.model.members import Pods
    from k8snetlint.model.networkpolicy import NetworkPolicy, Peer, PolicyRule, Port
    from k8snetlint.model.workload import Workload


class HalfOpen(NamedTuple):
    """A connection that is allowed at one end only.

    Attributes:
        pods: what the peer selects.
        policy: the one that isolates them.
    """

    pods: Pods
    policy: NetworkPolicy


class _Group(NamedTuple):
    """Policies that select the same pods.

    Attributes:
        policies: the policies.
        certain: the workloads that they certainly select.
        possible: those that they may select.
    """

    policies: list[NetworkPolicy]
    certain: int
    possible: int


_BROAD = 64
"""So many groups of policies, those for the most pods, are tried first: one of them usually allows a connection."""


class _Isolation:
    """Which pods of a namespace are isolated for a direction, and by which policies.

    Attributes:
        certain: the workloads whose pods are isolated, unless `is_unsure`.
    """

    def __init__(self, cluster: Cluster, direction: Direction, namespace: str) -> None:
        policies = isolating_policies(cluster, direction)
        self._policies = policies.get(namespace, [])
        self._has_open = None in policies
        self.certain = 0
        groups: dict[tuple[int, int], _Group] = {}
        for each in self._policies:
            _, certain, possible = subjects(cluster, each)
            self.certain |= certain
            groups.setdefault((certain, possible), _Group([], certain, possible)).policies.append(each)
        self.certain &= cluster.index.plain
        self._groups = sorted(groups.values(), key=lambda each: -each.possible.bit_count())
        self._broad_of: dict[Workload, list[_Group]] = {}

    @cached_property
    def is_unsure(self) -> bool:
        """Whether a policy may select other pods, or allow more, than is written; or may be applied here as well."""
        return self._has_open or not all(each.knows(SELECTORS, NAME, PORTS) for each in self._policies)

    @cached_property
    def _by_position(self) -> dict[int, list[_Group]]:
        """The groups behind the broad ones, by the positions of their workloads."""
        found: dict[int, list[_Group]] = {}
        for group in self._groups[_BROAD:]:
            for position in positions(group.possible):
                found.setdefault(position, []).append(group)
        return found

    def broad_of(self, workload: Workload, bit: int) -> list[_Group]:
        """Return the groups for the most pods that may select a workload."""
        found = self._broad_of.get(workload)
        if found is None:
            found = self._broad_of[workload] = [each for each in self._groups[:_BROAD] if each.possible & bit]
        return found

    def others_of(self, bit: int) -> list[_Group]:
        """Return the groups behind the broad ones that may select a workload."""
        return self._by_position.get(bit.bit_length() - 1, []) if len(self._groups) > _BROAD else []


class HalfOpenPeer(NamedTuple):
    """A peer of a rule, and how all connections that it allows are denied at the other end."""

    policy_rule: PolicyRule
    peer: Peer
    ends: HalfOpen


def first_half_open(cluster: Cluster, policy: NetworkPolicy) -> HalfOpenPeer | None:
    """Return the first peer of a policy whose connections are all denied at the other end."""
    answers, key = cluster.index.answers, (first_half_open, policy)
    if key not in answers:
        answers[key] = next(_half_open_peers(cluster, policy), None)
    found: HalfOpenPeer | None = answers[key]
    return found


def _half_open_peers(cluster: Cluster, policy: NetworkPolicy) -> Iterator[HalfOpenPeer]:
    for each in policy.rules():
        if not policy.isolates(each.direction) or not isolating_policies(cluster, each.direction.opposite):
            continue
        for peer in each.peers or ():
            named = peer.pod_selector is not None and not peer.pod_selector.is_empty
            found = half_open(cluster, policy, each, peer) if named else None
            if found is not None:
                yield HalfOpenPeer(each, peer, found)


def half_open(cluster: Cluster, policy: NetworkPolicy, policy_rule: PolicyRule, peer: Peer) -> HalfOpen | None:
    """Return how all connections that a peer of a rule allows are denied at the other end; None if they are not."""
    direction = policy_rule.direction.opposite
    if peer.namespace_selector is None:
        own = _isolation_of(cluster, direction, cluster.known_namespace_of(policy))
        if own is None or not own.certain:
            return None
    answer = peer_pods(cluster, policy, peer)
    if not isinstance(answer, Match):
        return None
    ends, index = answer.found, cluster.index
    first = _isolation_of(cluster, direction, cluster.known_namespace_of(ends.first))
    if first is None or not index.workloads.bit_of(ends.first) & first.certain:
        return None
    selected = pods(cluster, policy)
    together = index.workloads.same_application(policy, named=bool(policy.namespace)) & ~index.on_host_network
    # What most plugins do with pods on the network of their node is to ignore the policies.
    if not isinstance(selected, Match) or (ends.bits | selected.found.bits) & ~together:
        return None
    isolating, ends_here, ports = None, selected.found.bits, policy_rule.ports
    for workload in ends:
        isolation = _isolation_of(cluster, direction, cluster.known_namespace_of(workload))
        bit = index.workloads.bit_of(workload)
        if isolation is None or not bit & isolation.certain:
            return None
        broad = isolation.broad_of(workload, bit)
        if _may_any_allow(cluster, broad, direction, ends_here, ports):
            return None
        others = isolation.others_of(bit)
        if _may_any_allow(cluster, others, direction, ends_here, ports) or isolation.is_unsure:
            return None
        isolating = isolating or _responsible([*broad, *others], bit)
    return None if isolating is None else HalfOpen(ends, isolating)


def _isolation_of(cluster: Cluster, direction: Direction, namespace: str | None) -> _Isolation | None:
    if namespace is None:
        return None
    answers, key = cluster.index.answers, (_Isolation, direction, namespace)
    known: _Isolation | None = answers.get(key)
    if known is None:
        known = answers[key] = _Isolation(cluster, direction, namespace)
    # That nothing reaches a namespace is said of the policy that seals it.
    sealed = sealed_namespace(cluster, namespace) if direction is Direction.INGRESS and known.certain else None
    return None if sealed and sealed.services else known


def _responsible(groups: list[_Group], bit: int) -> NetworkPolicy:
    """Return the policy that is to allow more: one with rules, for few pods."""
    found = [(each, group.certain) for group in groups if group.certain & bit for each in group.policies]
    return min(found, key=lambda each: (not each[0].rules(), each[0].selects_every_pod, each[1].bit_count()))[0]


def _may_any_allow(
    cluster: Cluster, groups: Iterable[_Group], direction: Direction, ends: int, ports: Sequence[Port] | None
) -> bool:
    return any(_may_allow(cluster, policy, direction, ends, ports) for each in groups for policy in each.policies)


def _may_allow(
    cluster: Cluster, policy: NetworkPolicy, direction: Direction, ends: int, ports: Sequence[Port] | None
) -> bool:
    """Tell whether a policy may allow connections with some workloads, on some of the ports that a rule names."""
    return any(
        _may_overlap(each.ports, ports) and (not each.peers or _may_be_peers(cluster, policy, each, ends))
        for each in policy.rules(direction)
    )


def _may_be_peers(cluster: Cluster, policy: NetworkPolicy, policy_rule: PolicyRule, ends: int) -> bool:
    return bool(ends & _possible_peers(cluster, policy, policy_rule))


def _possible_peers(cluster: Cluster, policy: NetworkPolicy, policy_rule: PolicyRule) -> int:
    """Return the workloads that the peers of a rule may select; -1 is all of them."""
    answers, key = cluster.index.answers, (_possible_peers, policy_rule)
    known: int | None = answers.get(key)
    if known is not None:
        return known
    bits = ~cluster.index.plain
    for each in policy_rule.peers or ():
        # Of some plugins an ipBlock matches pods.
        answer = None if each.ip_block is not None else peer_pods(cluster, policy, each)
        bits |= answer.found.bits if isinstance(answer, Match) else 0 if isinstance(answer, NoMatch) else -1
    answers[key] = bits
    return bits


def _may_overlap(some: Sequence[Port] | None, others: Sequence[Port] | None) -> bool:
    if not some or not others:
        return True
    return any(_may_be_same(one, other) for one in some for other in others)


def _may_be_same(one: Port, other: Port) -> bool:
    one_end, other_end = one.ports(), other.ports()
    if one_end is None or other_end is None:
        return True
    if one_end.protocol is not other_end.protocol:
        return False
    if isinstance(one_end, PortRange) and isinstance(other_end, PortRange):
        return one_end.first <= other_end.last and other_end.first <= one_end.last
    # A name may be any number.
    return isinstance(one_end, PortRange) or isinstance(other_end, PortRange) or one_end.name == other_end.name
