"""How rules say that a selector matches nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.evidence.answers import MISSPELT, OBJECT_NAME, OTHER_KEY
from k8snetlint.evidence.namespaces import has_explicit_namespace
from k8snetlint.finding import Problem, Severity

if TYPE_CHECKING:
    from k8snetlint.evidence.answers import NoMatch
    from k8snetlint.finding import Fix
    from k8snetlint.model.cluster import Cluster
    from k8snetlint.model.namespace_requests import AnsweredShare
    from k8snetlint.model.resource import Resource
    from k8snetlint.model.selectors import LabelSelector, Requirement
    from k8snetlint.source.document import Place

_REPLACEABLE = frozenset({MISSPELT, OBJECT_NAME, OTHER_KEY})
"""Suggestions whose `replacement` can be written instead of the wrong word."""


def nothing(
    message: str, at: Place, answer: NoMatch, cluster: Cluster, *, of: str = "workloads", fix: Fix | None = None
) -> Problem:
    """Return the problem that nothing matches a selector: a warning if a label nearly matches, or all is known.

    Args:
        message: that it matches nothing.
        at: the place of the labels: of `matchLabels` or a Service's selector.
        answer: the evidence.
        cluster: the scope.
        of: what the selector is for, `workloads` or `Namespaces`.
        fix: the fix.
    """
    near, counted = answer.near, answer.counted
    sure = near is not None or counted is not None or cluster.environment.whole_cluster
    return Problem(
        message,
        at,
        severity=Severity.WARNING if sure else Severity.INFO,
        related=((near.place, near.label),) if near and near.place else (),
        near=near.replacement if near and near.kind in _REPLACEABLE and near.replacement else None,
        label=f"0 of {answer.of} {of} match",
        fix=fix,
    )


def share_of(counted: AnsweredShare | None) -> str:
    """Return how many of the requested values match a Namespace, empty if they were not counted."""
    if counted is None:
        return ""
    return f"; {counted.answered} of the {counted.of} values that policies use for {counted.key} match a Namespace"


def place_in(selector: LabelSelector, at: Place, answer: NoMatch) -> Place:
    """Return the place of the label that nearly matches, else that of the selector.

    Args:
        selector: the selector.
        at: its place.
        answer: the evidence.
    """
    wrong = answer.near or answer.counted
    key = wrong.key if wrong else ""
    if key in (selector.match_labels or {}):
        return at.to("matchLabels", key)
    for index, each in enumerate(selector.match_expressions or ()):
        if key and each.key == key:
            return at.to("matchExpressions", index)
    return at.to(key=True)


def in_namespace(resource: Resource, cluster: Cluster) -> str:
    """Return ` in namespace prod`, empty if no namespace is written."""
    return f" in namespace {cluster.namespace_of(resource)}" if has_explicit_namespace(cluster, resource) else ""


def text_of(selector: LabelSelector) -> str:
    """Return a selector as kubectl writes it: `app=web,tier in (back,front)`."""
    pairs = [f"{key}={value}" for key, value in (selector.match_labels or {}).items()]
    return ",".join([*pairs, *map(_text, selector.match_expressions or ())])


def _text(requirement: Requirement) -> str:
    match requirement.operator:
        case "Exists":
            return requirement.key
        case "DoesNotExist":
            return f"!{requirement.key}"
        case _:
            return f"{requirement.key} {requirement.operator.lower()} ({','.join(requirement.values)})"
