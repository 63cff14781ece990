"""What `-v` lists: what was not checked, and what is accepted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.report.summary import count, place
from k8snetlint.source.escape import escape

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.finding import Report, Unanswered, Unvalidated

_REASONS = {
    "a template that is not rendered": ("template is not rendered", "templates are not rendered"),
    "cannot be read": ("file cannot be read", "files cannot be read"),
}
"""Why the content of a file is not known, of one file and of several."""


def skipped_lines(report: Report) -> Iterator[str]:
    """Yield what was not checked, one a line, and why."""
    for each in report.skipped:
        document = "" if each.document is None else f", document {each.document}"
        yield f"{escape(each.path)}{document}: {escape(each.reason)}"


def suppressed_lines(report: Report) -> Iterator[str]:
    """Yield the suppressed findings, one a line, by what and why."""
    for finding, by, reason in report.suppressed:
        yield f"{place(finding)}: {finding.id} suppressed by {by}{f': {escape(reason)}' if reason else ''}"


def unvalidated_lines(report: Report) -> Iterator[str]:
    """Yield which custom resources were not validated, or not in full: one line for each kind, and why."""
    groups: dict[tuple[str, str, str], list[Unvalidated]] = {}
    for each in report.unvalidated:
        groups.setdefault((each.object.api_version, each.object.kind, each.reason), []).append(each)
    for (_, _, reason), (first, *others) in groups.items():
        more = f" and {len(others):,} more of this kind" if others else ""
        yield f"{escape(first.path)}: {escape(str(first.object))}{more}: {reason}"


def scope_lines(report: Report) -> Iterator[str]:
    """Yield why cross-file checks are limited, one line a scope, and which fields were not checked, one a reason."""
    for scope in report.scopes:
        if scope.doubts:
            yield f"{escape(scope.name) or 'the tree'}: cross-file checks limited: {_doubts(scope.doubts)}"
    by_reason: dict[str, list[Unanswered]] = {}
    for each in report.unanswered:
        by_reason.setdefault(each.reason, []).append(each)
    for reason, (first, *others) in by_reason.items():
        more = f" and {count(len(others), 'more field')}" if others else ""
        where = f"{escape(first.path)}: {escape(str(first.object))}: {escape(first.field)}"
        yield f"{where}{more}: {escape(reason)}"


def _doubts(doubts: tuple[str, ...]) -> str:
    """Return why a scope may not be complete: files with the same reason are counted, the first one is named."""
    files: dict[str, list[str]] = {}
    reasons: list[str] = []
    for each in doubts:
        name, _, reason = each.rpartition(": ")
        if reason in _REASONS:
            files.setdefault(reason, []).append(name)
        else:
            reasons.append(each)
    texts = [
        escape(f"{names[0]}: {reason}")
        if len(names) == 1
        else f"{count(len(names), *_REASONS[reason])} (first: {escape(names[0])})"
        for reason, names in files.items()
    ]
    more = f" and {count(len(reasons) - 1, 'more reason')}" if len(reasons) > 1 else ""
    texts += [escape(reasons[0]) + more] if reasons else []
    return ", ".join(texts)
