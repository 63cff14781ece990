"""The policies of a scope, and whether something that no manifest shows may allow what they do not allow."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.evidence.dns import allows_dns
from k8snetlint.model.aspects import NAME, SELECTORS
from k8snetlint.model.networkpolicy import Direction, NetworkPolicy
from k8snetlint.model.resource import Resource
from k8snetlint.model.tables.policies import may_allow_traffic

if TYPE_CHECKING:
    from collections.abc import Callable

    from k8snetlint.model.cluster import Cluster


def isolating_policies(cluster: Cluster, direction: Direction) -> dict[str | None, list[NetworkPolicy]]:
    """Return the policies that isolate for a direction, by their namespaces; None is the key of an open namespace."""
    answers, key = cluster.index.answers, ("isolating policies", direction)
    known: dict[str | None, list[NetworkPolicy]] | None = answers.get(key)
    if known is None:
        known = answers[key] = {}
        for each in cluster.known(NetworkPolicy):
            if each.isolates(direction):
                known.setdefault(cluster.known_namespace_of(each), []).append(each)
    return known


def closing_policies(cluster: Cluster) -> dict[str | None, NetworkPolicy]:
    """Return, for each namespace, the first policy that isolates every pod for ingress and does not allow all."""
    answers = cluster.index.answers
    known: dict[str | None, NetworkPolicy] | None = answers.get(closing_policies)
    if known is None:
        known = answers[closing_policies] = {}
        for namespace, policies in isolating_policies(cluster, Direction.INGRESS).items():
            for each in policies:
                allows_all = any(not rule.peers and not rule.ports for rule in each.ingress or ())
                if each.selects_every_pod and not allows_all and each.knows(SELECTORS, NAME):
                    known.setdefault(namespace, each)
    return known


def applied_with(cluster: Cluster, policy: NetworkPolicy) -> object:
    """Return what policies that are certainly applied together have in common: the namespace, or the file."""
    if policy.namespace or cluster.environment.namespace or cluster.applied_together:
        return cluster.known_namespace_of(policy)
    return policy.source


def why_dns_may_be_allowed(cluster: Cluster, policy: NetworkPolicy) -> str:
    """Return why a policy outside of the scope may allow DNS to the pods of a policy, empty if there is no reason."""
    return unseen_policies(cluster, policy, allows_dns)


def unseen_policies(cluster: Cluster, policy: NetworkPolicy, allows: Callable[[NetworkPolicy], bool]) -> str:
    """Return why another policy may allow something in the namespace of a policy; empty if there is no reason.

    Args:
        cluster: the scope.
        policy: its pods are asked about.
        allows: tells whether a policy of another scope allows it; always the same function for the same question.
    """
    namespace = cluster.known_namespace_of(policy)
    answers, key = cluster.index.answers, ("unseen policies", namespace, allows)
    why: str | None = answers.get(key)
    if why is None:
        other = cluster.index.elsewhere.policy_that(allows, namespace)
        why = _unseen(cluster, namespace)
        if not why and other is not None:
            why = f"a policy in {other.source.name} may allow it, which is not applied together with this one"
        answers[key] = why
    return why


def _unseen(cluster: Cluster, namespace: str | None) -> str:
    if cluster.doubts:
        return cluster.doubts[0]
    for each in _other_policies(cluster):
        other = cluster.known_namespace_of(each) if each.namespace else None
        if None in (other, namespace) or other == namespace:
            return f"{each.kind} {each.name} ({each.group}) may allow it"
    unseen = cluster.index.deliveries.unseen
    names = [name for name in (namespace, None) if name in unseen] if namespace is not None else list(unseen)
    return min((unseen[name] for name in names), default=(0, ""))[1]


def _other_policies(cluster: Cluster) -> list[Resource]:
    answers = cluster.index.answers
    known: list[Resource] | None = answers.get(_other_policies)
    if known is None:
        found = [*cluster.known(Resource)]
        if cluster.has_any("OtherPolicy"):
            from k8snetlint.model.otherpolicy import OtherPolicy  # noqa: PLC0415 - few clusters have any

            found += cluster.known(OtherPolicy)
        known = answers[_other_policies] = [each for each in found if may_allow_traffic(each.group, each.kind)]
    return known
