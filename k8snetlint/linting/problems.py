"""Problems on their way to findings: with their ids, the same one of several scopes merged."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from k8snetlint.model.environment import format_version

if TYPE_CHECKING:
    from collections.abc import Iterable

    from k8snetlint.finding import Problem, Severity
    from k8snetlint.model.environment import Environment


NO_MATCH = "api-no-match"
"""The id of problems that no server serves a kind."""


class RawProblem(NamedTuple):
    """A problem, the id under which it is reported, and the rule's severity, None outside the rules."""

    id: str
    severity: Severity | None
    problem: Problem

    @property
    def key(self) -> tuple[Any, ...]:
        """What the problem is the same by, in whatever scope it was found."""
        at = self.problem.at
        return self.id, at.source, at.document, at.root, at.path, at.key, self.problem.within, self.problem.message

    def merge(self, other: RawProblem) -> RawProblem:
        """Return the problem as two scopes have it: with the fix only if both propose the same."""
        fix = self.problem.fix
        if fix is None or fix.does_as(other.problem.fix):
            return self
        return self._replace(problem=self.problem.without_fix())


class Reported(NamedTuple):
    """A problem that is reported, and as what; `rejected` as in `Finding`."""

    id: str
    severity: Severity
    problem: Problem
    message: str
    rejected: bool


def message_in(problem: Problem, environments: Iterable[Environment], names: set[str] | None) -> str | None:
    """Return a problem's message, with the clusters or versions that it holds for if not all; None if for none.

    Args:
        problem: what was found.
        environments: the clusters that the document is for.
        names: the clusters in which a rule found it, None if no rule did.
    """
    candidates = list(environments)
    if problem.versions is not None:
        asked = sorted({version for each in candidates for version in each.versions})
        holds = [version for version in asked if version in problem.versions]
        if not holds:
            return None
        if len(holds) < len(asked):
            return f"{problem.message} (Kubernetes {', '.join(format_version(version) for version in holds)})"
    elif names is not None and names < {each.name for each in candidates}:
        return f"{problem.message} (cluster {', '.join(sorted(names))})"
    return problem.message
