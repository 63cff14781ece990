"""One mistake is one finding: what only follows from another finding of the same object is not reported as well."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.finding import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from k8snetlint.finding import Problem
    from k8snetlint.linting.problems import RawProblem
    from k8snetlint.source.paths import FieldPath

    Placed = dict[tuple[str, int, FieldPath, FieldPath], Problem]

_MISMATCH = "`selector` does not match template `labels`"
_LABELS = ("template", "metadata", "labels")


def consequences(problems: Sequence[RawProblem]) -> set[int]:
    """Return which problems of a file only follow from others, by their identities.

    - A port definition that is listed twice has the same name twice.
    - A selector that is missing does not match the pods' labels.
    - A selector that the API server rejects matches nothing.
    - A rule of a policy with a misspelt selector allows no connection (`follows_from` of a rule).
    """
    placed: Placed = {(each.id, *_place(each.problem)): each.problem for each in problems}
    found = {id(each.problem) for each in problems if any(cause in placed for cause in _causes(each))}
    return found | _explained(problems)


def _explained(problems: Sequence[RawProblem]) -> set[int]:
    """Return which problems follow from others in the same field of the spec, as their rules say."""
    following = [(each, causes) for each in problems if (causes := _follows_from(each.id))]
    if not following:
        return set()
    certain = {(each.id, *_field(each.problem)) for each in problems if _severity(each) >= Severity.WARNING}
    return {
        id(each.problem)
        for each, causes in following
        if any((cause, *_field(each.problem)) in certain for cause in causes)
    }


def _severity(each: RawProblem) -> Severity:
    return each.problem.severity or each.severity or Severity.ERROR


def _field(problem: Problem) -> tuple[int, FieldPath, FieldPath]:
    return problem.at.document, problem.at.root, problem.at.path[:2]


def _follows_from(finding_id: str) -> tuple[str, ...]:
    from k8snetlint.rules import rule_of  # noqa: PLC0415 - findings only

    rule = rule_of(finding_id)
    return () if rule is None else rule.follows_from


def _place(problem: Problem) -> tuple[int, FieldPath, FieldPath]:
    return problem.at.document, problem.at.root, problem.at.path


def _causes(each: RawProblem) -> Iterator[tuple[str, int, FieldPath, FieldPath]]:
    """Yield the ids and places of the problems that a problem would follow from."""
    document, root, path = _place(each.problem)
    if each.id == "api-duplicate" and path[-1:] == ("name",) and path[-3:-2] == ("ports",):
        yield "api-duplicate", document, root, path[:-1]
    if each.id == "api-invalid" and path[-3:] == _LABELS and _MISMATCH in each.problem.message:
        yield "api-required", document, root, (*path[:-3], "selector")
    if _concludes_from_absence(each.id):
        for depth in range(2, len(path) + 1):
            yield "api-invalid", document, root, path[:depth]


def _concludes_from_absence(finding_id: str) -> bool:
    from k8snetlint.rules import rule_of  # noqa: PLC0415 - findings only

    rule = rule_of(finding_id)
    return rule is not None and rule.requires_all_scopes
