"""One mistake is one finding: what only follows from another finding of the same object is not reported as well."""

from __future__ import annotations

from typing import TYPE_CHECKING

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
    """
    placed: Placed = {(each.id, *_place(each.problem)): each.problem for each in problems}
    return {id(each.problem) for each in problems if any(cause in placed for cause in _causes(each))}


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
