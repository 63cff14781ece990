"""Why a connection is uncertain, from each policy and each rule: what `reasons` is compared with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.connectivity.port_sets import NONE, PortSet, difference, intersection
from k8snetlint.connectivity.reasons import (
    FROM_NODE,
    OTHER_OF_DESTINATION,
    OTHER_OF_SOURCE,
    TO_NODE,
    TUNNEL,
    Reason,
    of_rule,
    of_selection,
    of_subject,
)
from k8snetlint.model.networkpolicy import Direction

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.connectivity.deciding import Decision, DirectionDecision
    from k8snetlint.connectivity.engine import Connectivity


def reasons_one_by_one(connectivity: Connectivity, decision: Decision) -> tuple[Reason, ...]:
    """Return why a decision is uncertain, in order."""
    found = set()
    uncertain = difference(decision.possible, decision.always)
    direct = decision._replace(in_mesh=False)
    if difference(uncertain, difference(direct.possible, direct.always)) != NONE:
        found.add(TUNNEL)
    for each in (decision.egress, decision.ingress):
        mine = intersection(difference(each.possible, each.always), uncertain)
        if mine != NONE:
            found.update(_of_direction(connectivity, each, mine))
    return tuple(sorted(found))


def _of_direction(connectivity: Connectivity, decision: DirectionDecision, ports: PortSet) -> Iterator[Reason]:
    subject, is_ingress = decision.subject, decision.direction is Direction.INGRESS
    if decision.unprotected:
        yield FROM_NODE if is_ingress else TO_NODE
    if connectivity.undecided.pods(decision.direction) >> subject & 1:
        yield OTHER_OF_DESTINATION if is_ingress else OTHER_OF_SOURCE
    for policy in decision.policies:
        if not connectivity.possible.is_isolated(subject, decision.direction):
            yield from of_selection(connectivity, policy.sets, subject)
        for rule in policy.rules:
            if intersection(rule.possible, ports) != NONE:
                yield from of_subject(connectivity, policy, subject)
                yield from of_rule(connectivity, policy, rule, decision)
