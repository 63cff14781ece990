"""One mistake is one finding: what only follows from another finding of the same object is not reported as well."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from k8snetlint.finding import Severity
from k8snetlint.rules import rule_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from k8snetlint.finding import Problem
    from k8snetlint.linting.problems import RawProblem
    from k8snetlint.source.paths import FieldPath


_API = "api-"
"""How the ids of all causes begin but those of `follows_from`."""
_INVALID = "api-invalid"
_MISMATCH = "`selector` does not match template `labels`"
_LABELS = ("template", "metadata", "labels")


def consequences(problems: Sequence[RawProblem]) -> set[int]:
    """Return which problems of a file only follow from others, by their identities.

    - A port definition that is listed twice has the same name twice.
    - A selector that is missing does not match the pods' labels.
    - A selector that the API server rejects matches nothing.
    - A version that some servers do not serve any more is deprecated for the others.
    - A rule of a policy with a misspelt selector allows no connection (`follows_from` of a rule).
    """
    if not any(each.id.startswith(_API) for each in problems):
        return _explained(problems)
    placed = {(each.id, *_place(each.problem)) for each in problems}
    around = {place for each in problems if each.id == _INVALID for place in _around(each.problem)}
    found = {
        id(each.problem)
        for each in problems
        if any(cause in placed for cause in _causes(each))
        or (_place(each.problem) in around and _concludes_from_absence(each.id))
    }
    return found | _explained(problems)


def _around(problem: Problem) -> Iterator[tuple[int, FieldPath, FieldPath]]:
    """Yield the places of the selectors that a field is in."""
    document, root, path = _place(problem)
    steps = enumerate(path[:-1], 1)
    return ((document, root, path[:depth]) for depth, step in steps if str(step).lower().endswith("selector"))


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


@functools.lru_cache(1024)
def _follows_from(finding_id: str) -> tuple[str, ...]:
    rule = rule_of(finding_id)
    return () if rule is None else rule.follows_from


def _place(problem: Problem) -> tuple[int, FieldPath, FieldPath]:
    return problem.at.document, problem.at.root, problem.at.path


def _causes(each: RawProblem) -> Iterator[tuple[str, int, FieldPath, FieldPath]]:
    """Yield the ids and places of the problems that a problem would follow from."""
    document, root, path = _place(each.problem)
    if each.id == "api-duplicate" and path[-1:] == ("name",) and path[-3:-2] == ("ports",):
        yield "api-duplicate", document, root, path[:-1]
    if each.id == _INVALID and path[-3:] == _LABELS and _MISMATCH in each.problem.message:
        yield "api-required", document, root, (*path[:-3], "selector")
    if _concludes_from_absence(each.id):
        for depth in range(2, len(path) + 1):
            yield _INVALID, document, root, path[:depth]
    if each.id == "api-warning" and path == ("apiVersion",):
        yield "api-removed-version", document, root, path


def _concludes_from_absence(finding_id: str) -> bool:
    from k8snetlint.rules import rule_of  # noqa: PLC0415 - findings only

    rule = rule_of(finding_id)
    return rule is not None and rule.requires_all_scopes
