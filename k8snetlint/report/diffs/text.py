"""The format `text` of differences between two states."""

from __future__ import annotations

import textwrap
from itertools import groupby
from typing import TYPE_CHECKING

from k8snetlint.connectivity.comparison import Kind
from k8snetlint.report.diffs.words import (
    alike,
    by_cause,
    change_text,
    first_causes,
    heading,
    reasons_text,
    shortened,
    summary,
    taken_for_granted,
    verdict_text,
)
from k8snetlint.source.escape import escape

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.connectivity.comparison import Change
    from k8snetlint.report.diffs import ScopeDiff, StateDiff

WIDTH = 80
MARKS = {Kind.GAINED: "+", Kind.CHANGED: "~", Kind.LOST: "-"}


def text(diff: StateDiff) -> Iterator[str]:
    """Yield the lines: new exposure first, then what else is open, then what is not any more, then workloads."""
    yield f"{escape(diff.old)} -> {escape(diff.new)}: {summary(diff)}"
    for scope in diff.scopes:
        yield from _scope(diff, scope)


def _scope(diff: StateDiff, scope: ScopeDiff) -> Iterator[str]:
    comparison = scope.comparison
    if scope.name and not comparison.is_empty:
        yield ""
        yield f"=== {escape(scope.name)}"
    for title, changes in groupby(comparison.changes, heading):
        yield ""
        yield f"{title}:"
        for same in by_cause(changes):
            for change in same:
                yield from _change(change)
            yield from _causes(diff, same)
    for title, workloads in (("Added", comparison.added), ("Removed", comparison.removed)):
        if workloads:
            yield ""
            yield f"{title} workloads:"
            for what, names in alike(workloads):
                yield from _wrapped(shortened(names), "  ")
                yield from _wrapped(what, "    ")
    if not comparison.is_empty:
        yield ""
        yield "Assumptions:"
        for each in taken_for_granted(scope):
            yield from _wrapped(f"- {each}", "  ", "    ")


def _change(change: Change) -> Iterator[str]:
    yield from _wrapped(f"{MARKS[change.kind]} {change_text(change)}", "  ", "      ")
    yield from _wrapped(f"before: {verdict_text(change.before, change.why_before)}", "    ", "      ")
    yield from _wrapped(f"now:    {verdict_text(change.after, change.why_after)}", "    ", "      ")
    for each in reasons_text(change):
        yield from _wrapped(f"where:  {each}", "    ", "            ")


def _causes(diff: StateDiff, same: list[Change]) -> Iterator[str]:
    """Yield the causes of some changes, which all have the same."""
    causes, rest = first_causes(same)
    if len(same) > 1:
        yield f"    cause of these {len(same):,}:"
    last_text = ""
    for cause in causes:
        at = diff.locate(cause.place, cause.text)
        where = f"{escape(at.path)}:{at.start.line}:{at.start.column}"
        # A path is not broken: it is for copying.
        if cause.text != last_text:
            # An object that several files define is one cause.
            start = "    cause:  " if len(same) == 1 else "            "
            yield from _wrapped(cause.text, start, "            ")
        last_text = cause.text
        yield f"            {where}{' (before)' if cause.is_old else ''}"
    if rest:
        yield f"            and {rest} more changes"


def _wrapped(line: str, first: str, later: str | None = None) -> Iterator[str]:
    yield from textwrap.wrap(
        escape(line),
        WIDTH,
        initial_indent=first,
        subsequent_indent=first if later is None else later,
        break_long_words=False,
        break_on_hyphens=False,
    )
