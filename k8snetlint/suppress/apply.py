"""Findings that their authors accept."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from k8snetlint.codes import OUTSIDE_RULES, group_of, is_rejection
from k8snetlint.finding import Suppressed
from k8snetlint.suppress.intervals import Intervals
from k8snetlint.suppress.malformed import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from k8snetlint.finding import Finding
    from k8snetlint.source.text import Text
    from k8snetlint.suppress.directive import Directive, Misspelt

Trusted = Counter[tuple[str, ...]]
"""The keys of the suppressions that count, with their numbers."""

BEYOND = frozenset({"pr-adds-suppression", "pr-changes-config", "ignore-unknown-rule", "ignore-malformed"})
"""What no suppression concerns, beside what the API server rejects and what could not be checked."""

OURS = frozenset({"ignore-unused", "ignore-blanket"})
"""What is said about suppressions, after they have done their work."""


class FileSuppressions:
    """The suppressions of one file, and which of them accepted something.

    Slots:
        path: the file.
        text: its text.
        directives: those that count.
        untrusted: those that do not, because only the change brings them.
        misspelt: comments that look like one.
        used: the numbers of directives, with the ids as written, that accepted a finding.
        refused: those that are about a finding which nothing accepts.
    """

    __slots__ = (
        "_covers",
        "_words",
        "directives",
        "misspelt",
        "path",
        "refused",
        "text",
        "untrusted",
        "used",
    )

    def __init__(
        self, path: str, text: Text, found: tuple[list[Directive], list[Misspelt]], left: Trusted | None
    ) -> None:
        self.path = path
        self.text = text
        self.misspelt = found[1]
        self.used: set[tuple[int, str]] = set()
        self.refused: set[tuple[int, str]] = set()
        self.untrusted: list[Directive] = []
        self.directives: list[Directive] = []
        for each in found[0]:
            if left is None or left[each.key] > 0:
                self.directives.append(each)
                if left is not None:
                    left[each.key] -= 1
            else:
                self.untrusted.append(each)

        self._covers: Intervals | None = None
        self._words: dict[int, dict[str, int]] = {}

    def _intervals(self) -> Intervals:
        """Return the lines of directives, without those that only repeat others."""
        if self._covers is None:
            from k8snetlint.rules import rule_ids  # noqa: PLC0415 - few runs meet a suppression

            names = {"ALL", "", *OUTSIDE_RULES, *rule_ids()}
            names |= {group_of(name) for name in names}
            first: dict[tuple[object, ...], int] = {}
            for number, each in enumerate(self.directives):
                for word in names.intersection(each.ids or ("",)):
                    first.setdefault((each.kind, each.lines, each.within, word), number)
            self._covers = Intervals((self.directives[number].lines, number) for number in set(first.values()))
        return self._covers

    def accepts(self, finding: Finding) -> Directive | None:
        """Return what accepts a finding, and note its use; of a finding that nothing accepts, that it was tried."""
        own = [(finding.start.line, finding.end.line)] if finding.path == self.path else []
        near = [(each.start.line, each.end.line) for each in finding.related if each.path == self.path]
        lines = self._intervals()
        of_own = {number for span in own for number in lines.on(*span)}
        of_any = of_own.union(*(lines.on(*span) for span in near))
        names = (finding.id, group_of(finding.id), "ALL")
        beyond = is_beyond(finding)
        by: Directive | None = None
        for number in sorted(of_any):
            each = self.directives[number]
            word = self._word(number, names)
            if each.ids and word is None:
                continue
            if number not in of_own and each.kind not in (Kind.LINE, Kind.NODE):
                continue
            if each.within and not each.within[0] <= finding.start.offset < each.within[1]:
                continue
            (self.refused if beyond else self.used).add((number, word or ""))
            by = by or each
        return None if beyond else by

    def _word(self, number: int, names: tuple[str, ...]) -> str | None:
        """Return which of some names a directive has first."""
        if number not in self._words:
            ids = self.directives[number].ids
            self._words[number] = dict(zip(reversed(ids), reversed(range(len(ids))), strict=True))
        places = self._words[number]
        return min((name for name in names if name in places), key=places.__getitem__, default=None)


def is_beyond(finding: Finding) -> bool:
    """Tell whether no suppression hides a finding."""
    return finding.rejected or finding.id in BEYOND or finding.id in OURS or is_rejection(finding.id)


def divide(
    findings: Iterable[Finding], files: Mapping[str, FileSuppressions]
) -> tuple[list[Finding], list[Suppressed]]:
    """Return what is still to be reported, and what somebody accepted."""
    kept: list[Finding] = []
    accepted: list[Suppressed] = []
    for finding in findings:
        by = _accepted_by(finding, files)
        if by is None:
            kept.append(finding)
        else:
            accepted.append(Suppressed(finding, by.by, by.reason))
    return kept, accepted


def _accepted_by(finding: Finding, files: Mapping[str, FileSuppressions]) -> Directive | None:
    paths = dict.fromkeys((finding.path, *(each.path for each in finding.related)))
    # All are asked: each of them is in use.
    found = [files[path].accepts(finding) for path in paths if path in files]
    return next(filter(None, found), None)
