"""One mistake is one finding: what a rule explains better is not reported as well."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.codes import is_rejection

if TYPE_CHECKING:
    from collections.abc import Sequence

    from k8snetlint.finding import Problem
    from k8snetlint.linting.problems import RawProblem
    from k8snetlint.source.paths import FieldPath


def superseded(problems: Sequence[RawProblem]) -> tuple[set[int], set[int]]:
    """Return which problems of a file a rule explains better, and which explain a rejection, by their identities.

    A rule explains what is reported at its field or below, in the same document.
    """
    from k8snetlint.rules import rule_of  # noqa: PLC0415 - findings only

    better = {rule.id: rule.supersedes for each in {each.id for each in problems} if (rule := rule_of(each))}
    by_place: dict[tuple[str, int, FieldPath, FieldPath], list[Problem]] = {}
    for finding_id, _, problem in problems:
        at = problem.at
        for worse_id in better.get(finding_id, ()):
            by_place.setdefault((worse_id, at.document, at.root, at.path), []).append(problem)
    replaced: set[int] = set()
    rejected: set[int] = set()
    worse = {worse_id for worse_id, *_ in by_place}
    for finding_id, _, problem in problems if by_place else ():
        at = problem.at
        if finding_id not in worse:
            continue
        for depth in range(len(at.path) + 1):
            explain = by_place.get((finding_id, at.document, at.root, at.path[:depth]))
            if explain is None:
                continue
            replaced.add(id(problem))
            if is_rejection(finding_id):
                rejected.update(map(id, explain))
                # Once is enough: many may be reported at one place, and explain as many.
                explain.clear()
    return replaced, rejected
