"""Findings that their authors accept."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from k8snetlint.finding import Suppressed
from k8snetlint.selection import group_of
from k8snetlint.suppress.directive import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from k8snetlint.finding import Finding
    from k8snetlint.source.document import Text
    from k8snetlint.suppress.directive import Directive, Misspelt

Trusted = Counter[tuple[str, ...]]
"""The keys of the suppressions that count, with their numbers."""

BEYOND = frozenset({"pr-adds-suppression", "pr-changes-config", "ignore-unknown-rule"})
"""What no suppression concerns, beside what the API server rejects and what could not be checked."""


class Sheet:
    """The suppressions of one file, and which of them accepted something.

    Slots:
        path: the file.
        text: its text.
        directives: those that count.
        untrusted: those that do not, because only the change brings them.
        misspelt: comments that look like one.
        used: the numbers of directives, with the ids as written, that accepted a finding.
    """

    __slots__ = ("directives", "misspelt", "path", "text", "untrusted", "used")

    def __init__(
        self, path: str, text: Text, found: tuple[list[Directive], list[Misspelt]], left: Trusted | None
    ) -> None:
        self.path = path
        self.text = text
        self.misspelt = found[1]
        self.used: set[tuple[int, str]] = set()
        self.untrusted: list[Directive] = []
        self.directives: list[Directive] = []
        for each in found[0]:
            if left is None or left[each.key] > 0:
                self.directives.append(each)
                if left is not None:
                    left[each.key] -= 1
            else:
                self.untrusted.append(each)

    def accepts(
        self, finding_id: str, own: Iterable[tuple[int, int]], related: Iterable[tuple[int, int]]
    ) -> Directive | None:
        """Return what accepts a finding of an id on some lines of its own and related ones, and note its use."""
        spans, near = list(own), list(related)
        by: Directive | None = None
        for number, each in enumerate(self.directives):
            word = next((word for word in each.ids if word in (finding_id, group_of(finding_id), "ALL")), None)
            if each.ids and word is None:
                continue
            concerned = [*spans, *near] if each.kind in (Kind.LINE, Kind.NODE) else spans
            if any(each.lines[0] <= last and first <= each.lines[1] for first, last in concerned):
                self.used.add((number, word or ""))
                by = by or each
        return by


def divide(findings: Iterable[Finding], sheets: Mapping[str, Sheet]) -> tuple[list[Finding], list[Suppressed]]:
    """Return what is still to be reported, and what somebody accepted."""
    kept: list[Finding] = []
    accepted: list[Suppressed] = []
    for finding in findings:
        by = None if finding.rejected or finding.id in BEYOND else _accepted_by(finding, sheets)
        if by is None:
            kept.append(finding)
        else:
            accepted.append(Suppressed(finding, by.by, by.reason))
    return kept, accepted


def _accepted_by(finding: Finding, sheets: Mapping[str, Sheet]) -> Directive | None:
    found: Directive | None = None
    for path in dict.fromkeys((finding.path, *(each.path for each in finding.related))):
        sheet = sheets.get(path)
        if sheet:
            own = [(finding.start.line, finding.end.line)] if path == finding.path else []
            related = [(each.start.line, each.end.line) for each in finding.related if each.path == path]
            found = found or sheet.accepts(finding.id, own, related)
    return found
