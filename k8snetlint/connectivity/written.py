"""What policies say, as values that are equal where the same is written in another order."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from k8snetlint.model.networkpolicy import NetworkPolicy, Peer, PolicyRule


def written_of(policy: NetworkPolicy) -> object:
    """Return what a policy says; the order of its rules does not count."""
    return subjects_of(policy), frozenset(policy.computed_policy_types()), Counter(map(rule_of, policy.rules()))


def subjects_of(policy: NetworkPolicy) -> object:
    """Return which pods a policy selects."""
    return policy.pod_selector.requirements if policy.pod_selector else ()


def rule_of(rule: PolicyRule) -> object:
    """Return what a rule says; the order of its entries does not count."""
    ports = frozenset((each.port, each.end_port, each.effective_protocol) for each in rule.ports or ())
    return rule.direction, frozenset(map(_peer, rule.peers or ())), ports


def _peer(peer: Peer) -> object:
    block = peer.ip_block
    addresses = (block.cidr, frozenset(block.except_ or ())) if block else None
    return peer.pod_selector, peer.namespace_selector, addresses
