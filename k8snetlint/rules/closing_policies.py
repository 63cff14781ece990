"""What rules have in common that are about policies which close pods to somebody who is to be let in, or let out."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from k8snetlint.model.networkpolicy import Direction, NetworkPolicy

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from k8snetlint.finding import OpenQuestion, Problem
    from k8snetlint.model.cluster import Cluster
    from k8snetlint.source.document import Place

T = TypeVar("T")


def isolating(cluster: Cluster, direction: Direction) -> list[NetworkPolicy]:
    """Return the policies that are judged and isolate for a direction; misspelt ones may mean something else."""
    return [each for each in cluster.of(NetworkPolicy) if each.isolates(direction) and not each.is_misspelt]


def closing(policies: list[NetworkPolicy], closed: Mapping[NetworkPolicy, T]) -> Iterator[tuple[NetworkPolicy, T]]:
    """Yield those of some policies that close something, in their order, with what they close."""
    return ((each, closed[each]) for each in policies if each in closed)


def rules_of(policy: NetworkPolicy, direction: Direction) -> Place:
    """Return the place of a policy's rules for a direction, that of its podSelector if it has none."""
    if policy.rules(direction):
        return policy.at("spec", direction.rules_field, key=True)
    return policy.at("spec", "podSelector")


def certain(
    cluster: Cluster, policy: NetworkPolicy, direction: Direction, problem: Problem
) -> Iterator[Problem | OpenQuestion]:
    """Yield a problem, or why another policy may allow what is closed; nothing if no policy is enforced."""
    from k8snetlint.evidence.policies import unseen_policies  # noqa: PLC0415 - findings only
    from k8snetlint.evidence.sealed import allows_egress, allows_ingress  # noqa: PLC0415 - findings only
    from k8snetlint.finding import OpenQuestion  # noqa: PLC0415 - findings only
    from k8snetlint.rules.isolated_pods import are_enforced  # noqa: PLC0415 - findings only

    why = unseen_policies(cluster, policy, allows_ingress if direction is Direction.INGRESS else allows_egress)
    if why:
        yield OpenQuestion(problem.at, why)
    elif are_enforced(cluster):
        yield problem
