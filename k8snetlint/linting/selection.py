"""Which findings a run reports, and how severe they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.codes import ALWAYS, group_of, is_rejection
from k8snetlint.finding import ConfigError
from k8snetlint.model.environment import format_version

if TYPE_CHECKING:
    from collections.abc import Iterable

    from k8snetlint.config import Config
    from k8snetlint.finding import Problem, Severity
    from k8snetlint.model.environment import Environment
    from k8snetlint.source.paths import FieldPath


class Selection:
    """What a configuration wants to see.

    Raises:
        ConfigError: one of the ids that always count is ignored or turned off.
    """

    def __init__(self, config: Config) -> None:
        off = {name for name, level in config.severity.items() if level is None}
        for name in sorted(ALWAYS & (off | set(config.ignore))):
            raise ConfigError(f"{name} cannot be ignored: it says that something was not checked")
        self._select = frozenset(config.select)
        self._ignore = frozenset(config.ignore) | off
        self._severity = config.severity

    def reports(self, finding_id: str) -> bool:
        """Tell whether findings of an id are reported."""
        if finding_id in ALWAYS:
            return True
        names = {finding_id, group_of(finding_id), "ALL"}
        # An id that is named wins over a group that is ignored.
        if finding_id in self._ignore or (names & self._ignore and finding_id not in self._select):
            return False
        return not self._select or bool(names & self._select)

    def severity(self, finding_id: str, own: Severity) -> Severity:
        """Return a finding's severity: the configured one, else its own."""
        return self._severity.get(finding_id) or own


def replaced_by_better(problems: list[tuple[str, Severity | None, Problem]]) -> tuple[set[int], set[int]]:
    """Return the identities of problems that a rule explains better, and of those that explain a rejection.

    A rule explains what is said at its field or below, in the same document.
    """
    from k8snetlint.rules import rule_of  # noqa: PLC0415 - findings only

    better = {rule.id: rule.supersedes for each in {each for each, _, _ in problems} if (rule := rule_of(each))}
    by_place: dict[tuple[str, int, FieldPath, FieldPath], list[Problem]] = {}
    for finding_id, _, problem in problems:
        at = problem.at
        for worse_id in better.get(finding_id, ()):
            by_place.setdefault((worse_id, at.document, at.root, at.path), []).append(problem)
    replaced: set[int] = set()
    rejected: set[int] = set()
    for finding_id, _, problem in problems if by_place else ():
        at = problem.at
        for depth in range(len(at.path) + 1):
            explain = by_place.get((finding_id, at.document, at.root, at.path[:depth]))
            if explain is None:
                continue
            replaced.add(id(problem))
            if is_rejection(finding_id):
                rejected.update(map(id, explain))
                # Once is enough: many may be said of one place, and explain as many.
                explain.clear()
    return replaced, rejected


def applies(problem: Problem, environments: Iterable[Environment], names: set[str] | None) -> bool:
    """Tell whether a problem holds for any cluster of its document; its message says which, if not for all.

    Args:
        problem: what was found.
        environments: the clusters that the document is for.
        names: the clusters in which a rule found it, None if no rule did.
    """
    there = list(environments)
    if problem.versions is not None:
        asked = sorted({version for each in there for version in each.versions})
        holds = [version for version in asked if version in problem.versions]
        if 0 < len(holds) < len(asked):
            problem.message += f" (Kubernetes {', '.join(format_version(version) for version in holds)})"
        return bool(holds)
    if names is not None and names < {each.name for each in there}:
        problem.message += f" (cluster {', '.join(sorted(names))})"
    return True
