"""The format `markdown` of differences: a comment on a pull request, or the summary of a CI job."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from k8snetlint.report.diffs.text import MARKS
from k8snetlint.report.diffs.words import (
    alike,
    by_cause,
    exceptions_text,
    first_causes,
    group_text,
    heading,
    reasons_text,
    shortened,
    summary,
    taken_for_granted,
    verdict_text,
)
from k8snetlint.report.markdown import plain
from k8snetlint.source.escape import escape

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.connectivity.comparison import Change
    from k8snetlint.report.diffs import ScopeDiff, StateDiff

SIZE = 60_000
"""Characters: GitHub refuses a comment of more than 65,536."""
_END = 2_000
"""Characters that are kept for what stands at the end."""


def markdown(diff: StateDiff) -> Iterator[str]:
    """Yield the summary and tables, new exposure first; what does not fit is counted."""
    yield "### k8snetlint: what this change does to connections"
    yield ""
    head = f"{_plain(diff.old)} → {_plain(diff.new)}: **{_plain(summary(diff))}**"
    yield head
    size, left = len(head), 0
    for line in _lines(diff):
        row = line.startswith("| ") and not line.startswith("| |")
        if left or size + len(line) > SIZE - _END:
            left += row
            continue
        size += len(line) + 1
        yield line
    if left:
        yield ""
        yield f"{left:,} more rows do not fit; `k8snetlint diff` in a terminal shows all."


def _lines(diff: StateDiff) -> Iterator[str]:
    for scope in diff.scopes:
        if not scope.comparison.is_empty:
            yield from _scope(diff, scope)


def _scope(diff: StateDiff, scope: ScopeDiff) -> Iterator[str]:
    comparison = scope.comparison
    if scope.name:
        yield ""
        yield f"#### {_plain(scope.name)}"
    for title, changes in groupby(comparison.changes, heading):
        yield ""
        yield f"**{title}**"
        yield ""
        yield "| | from | to | before | now | because |"
        yield "|---|---|---|---|---|---|"
        for same in by_cause(changes):
            yield _row(same[0], list(_causes(diff, same)))
            yield from (_row(each, ["the same cause as above"]) for each in same[1:])
    for name, workloads in (("Added", comparison.added), ("Removed", comparison.removed)):
        if workloads:
            yield ""
            yield f"**{name} workloads**"
            yield ""
            yield "| | workloads | who may connect |"
            yield "|---|---|---|"
            yield from (
                f"| {name.lower()} | {_plain(shortened(names))} | {_plain(what)} |" for what, names in alike(workloads)
            )
    yield ""
    yield "<details><summary>Assumptions</summary>"
    yield ""
    yield from (f"- {_plain(each)}" for each in taken_for_granted(scope))
    yield ""
    yield "</details>"


def _causes(diff: StateDiff, same: list[Change]) -> Iterator[str]:
    """Yield the causes of some changes, which all have the same."""
    causes, rest = first_causes(same)
    for cause in causes:
        at = diff.locate(cause.place, cause.text)
        where = f"<code>{_plain(f'{at.path}:{at.start.line}')}</code>"
        yield f"{_plain(cause.text)} ({where}{' before' if cause.is_old else ''})"
    if rest:
        yield f"and {rest} more changes"


def _row(change: Change, causes: list[str]) -> str:
    cells = (
        _plain(MARKS[change.kind]),
        _plain(group_text(change.sources)),
        _plain(group_text(change.destinations) + exceptions_text(change)),
        _plain(verdict_text(change.before, change.why_before)),
        _plain(verdict_text(change.after, change.why_after)),
        "<br>".join([*map(_plain, reasons_text(change)), *causes]),
    )
    return f"| {' | '.join(cells)} |"


def _plain(text: str) -> str:
    return plain(escape(text))
