"""Policies that change nothing: others isolate the same pods for the same directions, and allow all that they allow.

Compared is what is written, never which pods there are, so the answer holds for all pods that there may be. Others are
policies with the same `podSelector`, and those of the same namespace that select every pod.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from k8snetlint.connectivity.port_sets import ALL, NONE, PortSet, difference, port_set, union
from k8snetlint.evidence.policies import applied_with
from k8snetlint.model.aspects import NAME, PORTS, SELECTORS
from k8snetlint.model.networkpolicy import Direction, NetworkPolicy
from k8snetlint.model.ports import NamedPort, PortRange

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator, Mapping

    from k8snetlint.model.cluster import Cluster
    from k8snetlint.model.networkpolicy import Peer, PolicyRule
    from k8snetlint.model.selectors import LabelSelector

_ANY, _EVERYWHERE, _OWN = "any", "everywhere", "own"
"""What a peer may be: everything, also outside of the cluster; all pods; all pods of the namespace of the policy."""


class _Ports(NamedTuple):
    """The ports of a rule; a name is another number at each pod."""

    numbers: PortSet = NONE
    names: frozenset[NamedPort] = frozenset()

    def __or__(self, other: _Ports) -> _Ports:
        return _Ports(union(self.numbers, other.numbers), self.names | other.names)

    def has(self, other: _Ports) -> bool:
        """Tell whether all ports of another rule are in these, whatever numbers the names are."""
        unknown = difference(port_set(PortRange(each.protocol, 1, 65535) for each in other.names), self.numbers)
        names_known = unknown == NONE or other.names <= self.names
        return names_known and difference(other.numbers, self.numbers) == NONE


_NO_PORTS = _Ports()


def redundant_policies(cluster: Cluster) -> dict[NetworkPolicy, PolicyRule]:
    """Return the policies that change nothing, each with a rule of another one that has its first rule."""
    answers = cluster.index.answers
    known: dict[NetworkPolicy, PolicyRule] | None = answers.get(redundant_policies)
    if known is None:
        known = answers[redundant_policies] = {}
        for by_selector in _groups(cluster).values():
            every = _known(by_selector.pop(None, {}).values())
            known.update(_redundant_in(every, _EveryPod(())))
            for_every_pod = _EveryPod(every)
            for group in by_selector.values():
                if len(group) > 1 or for_every_pod.may_allow(next(iter(group.values()))):
                    known.update(_redundant_in(_known(group.values()), for_every_pod))
    return known


def _known(policies: Iterable[NetworkPolicy]) -> list[NetworkPolicy]:
    return [each for each in policies if each.knows(SELECTORS, PORTS, NAME)]


_BySelector = dict["LabelSelector | None", "dict[str | None, NetworkPolicy]"]


def _groups(cluster: Cluster) -> dict[object, _BySelector]:
    """Return the policies that are applied together, by their selectors; None is that for every pod."""
    found: dict[object, _BySelector] = {}
    for each in cluster.known(NetworkPolicy):
        if not each.unknown_fields:
            selector = None if each.selects_every_pod else each.pod_selector
            # Of one name there is only one policy: files may contain it twice, or be alternatives.
            by_name = found.setdefault(applied_with(cluster, each), {}).setdefault(selector, {})
            by_name.setdefault(each.name, each)
    return found


class _EveryPod:
    """What policies for every pod of a namespace allow together.

    Args:
        policies: these policies.
    """

    def __init__(self, policies: Iterable[NetworkPolicy]) -> None:
        self._isolates: set[Direction] = set()
        self._rules: dict[Hashable, PolicyRule] = {}
        self._with_rules: set[Direction] = set()
        self._wide: dict[tuple[Direction, str], _Ports] = {}
        self._first: dict[tuple[Direction, str], PolicyRule] = {}
        for policy in policies:
            self._isolates.update(each for each in Direction if policy.isolates(each))
            for meaning, written in _meaning(policy).items():
                if written is not None:
                    self._rules.setdefault(meaning, written)
                    self._with_rules.add(written.direction)
                    self._add(written)

    def _add(self, written: PolicyRule) -> None:
        ports = _ports(written)
        for width in {_width(each) for each in written.peers} if written.peers else {_ANY}:
            key = written.direction, width
            if width and ports is not None:
                self._wide[key] = self._wide.get(key, _NO_PORTS) | ports
                self._first.setdefault(key, written)

    def may_allow(self, policy: NetworkPolicy) -> bool:
        """Tell whether they have rules for all directions for which a policy has rules."""
        return all(each.direction in self._with_rules for each in policy.rules() if policy.isolates(each.direction))

    def isolates(self, direction: Direction) -> bool:
        """Tell whether one of them isolates for a direction."""
        return direction in self._isolates

    def allowing(self, meaning: Hashable, written: PolicyRule) -> PolicyRule | None:
        """Return a rule that allows what another rule does, maybe together with others; None without any."""
        same = self._rules.get(meaning)
        if same is not None:
            return same
        ports = _ports(written)
        if ports is None:
            return None
        found: list[PolicyRule] = []
        for enough in {_enough(each) for each in written.peers} if written.peers else {(_ANY,)}:
            keys = [(written.direction, each) for each in enough]
            allowed = _NO_PORTS
            for key in keys:
                allowed |= self._wide.get(key, _NO_PORTS)
            if not allowed.has(ports):
                return None
            found += (self._first[key] for key in keys if key in self._first)
        return found[0]


def _redundant_in(group: list[NetworkPolicy], for_every_pod: _EveryPod) -> Iterator[tuple[NetworkPolicy, PolicyRule]]:
    """Yield which policies of the same pods change nothing, the last ones first; what stays has all rules."""
    meanings = {each: _meaning(each) for each in group}
    having: dict[Hashable, list[NetworkPolicy]] = {}
    for each, meaning in meanings.items():
        for part in meaning:
            having.setdefault(part, []).append(each)
    for each in reversed(group):
        first = _first_allowing(each, meanings, having, for_every_pod)
        if first is not None:
            yield each, first
            for part in meanings[each]:
                having[part].remove(each)


def _first_allowing(
    policy: NetworkPolicy,
    meanings: Mapping[NetworkPolicy, Mapping[Hashable, PolicyRule | None]],
    having: Mapping[Hashable, list[NetworkPolicy]],
    for_every_pod: _EveryPod,
) -> PolicyRule | None:
    """Return a rule that has one of a policy's, if others have all of it; None if not, or without rules.

    An application's own rule for DNS beside the same one for every pod is no mistake: one rule at least must be in
    another policy of the same pods, or be narrower than what is allowed for every pod.
    """
    found: list[PolicyRule] = []
    for part, written in meanings[policy].items():
        other = next((each for each in having[part][:2] if each is not policy), None)
        if written is None:
            if other is None and not (isinstance(part, Direction) and for_every_pod.isolates(part)):
                return None
            continue
        allowing = meanings[other][part] if other is not None else for_every_pod.allowing(part, written)
        if allowing is None:
            return None
        if other is not None or _value(allowing) != part:
            found.append(allowing)
    return found[0] if found else None


def _meaning(policy: NetworkPolicy) -> dict[Hashable, PolicyRule | None]:
    """Return the directions that a policy isolates, and its rules for these, by values that are equal if they are."""
    found: dict[Hashable, PolicyRule | None] = {each: None for each in Direction if policy.isolates(each)}
    found.update((_value(each), each) for each in policy.rules() if policy.isolates(each.direction))
    return found


def _value(written: PolicyRule) -> Hashable:
    """Return what a rule says; the order of its entries does not count."""
    blocks = ((each, each.ip_block) for each in written.peers or ())
    peers = frozenset(
        (each.namespace_selector, each.pod_selector, block and (block.cidr, block.except_)) for each, block in blocks
    )
    return written.direction, peers, frozenset(port.ports() for port in written.ports or ())


def _width(peer: Peer) -> str:
    """Return what a peer is all of, empty if it is narrower than that."""
    namespaces, pods = peer.namespace_selector, peer.pod_selector
    if peer.ip_block is not None or not (pods is None or pods.is_empty) or (namespaces is None and pods is None):
        return ""
    if namespaces is None:
        return _OWN
    return _EVERYWHERE if namespaces.is_empty else ""


def _enough(peer: Peer) -> tuple[str, ...]:
    """Return of which widths a peer is a part."""
    if peer.ip_block is not None:
        return (_ANY,)
    return (_ANY, _EVERYWHERE, _OWN) if peer.namespace_selector is None else (_ANY, _EVERYWHERE)


def _ports(written: PolicyRule) -> _Ports | None:
    """Return the ports of a rule; None if the API server rejects one of them."""
    if not written.ports:
        return _Ports(ALL)
    listed = [each.ports() for each in written.ports]
    if None in listed:
        return None
    numbers = port_set(each for each in listed if isinstance(each, PortRange))
    return _Ports(numbers, frozenset(each for each in listed if isinstance(each, NamedPort)))
