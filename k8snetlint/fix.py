"""Fixes are made: on texts in memory, as often as one makes way for another."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from k8snetlint.source.document import Source
from k8snetlint.source.edit import edited
from k8snetlint.source.load import load
from k8snetlint.source.split import NotText, decode, encode

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from k8snetlint.finding import Finding, Report, TextFix

ROUNDS = 20
"""Fixes that make each other necessary would go on for ever."""


class Mended(NamedTuple):
    """What fixes make of sources.

    Attributes:
        contents: the new bytes of the files that change, by their names.
        before: the bytes that these files had.
        fixed: the findings that were fixed, in the order of their fixing.
        report: what is left.
    """

    contents: Mapping[str, bytes]
    before: Mapping[str, bytes]
    fixed: tuple[Finding, ...]
    report: Report


def mend(
    sources: Sequence[Source],
    report: Report,
    again: Callable[[Sequence[Source]], Report],
    wanted: Callable[[Finding], bool],
) -> Mended:
    """Make fixes until none is left; nothing is written.

    Args:
        sources: what was checked.
        report: what was found in them.
        again: checks other versions of the sources.
        wanted: tells whether a finding, which has a fix, is to be fixed.
    """
    now = list(sources)
    contents: dict[str, bytes] = {}
    before: dict[str, bytes] = {}
    fixed: list[Finding] = []
    for _ in range(ROUNDS):
        by_path: dict[str, list[Finding]] = {}
        for finding in report.findings:
            if finding.fix and wanted(finding):
                by_path.setdefault(finding.path, []).append(finding)
        changed: dict[str, bytes] = {}
        for source in now:
            made = _mended(source, by_path[source.name]) if source.name in by_path else None
            if made:
                changed[source.name], done, old = made
                before.setdefault(source.name, old)
                fixed += done
        if not changed:
            break
        contents |= changed
        now = [_with(source, changed.get(source.name)) for source in now]
        report = again(now)
    return Mended(contents, before, tuple(fixed), report)


def _with(source: Source, content: bytes | None) -> Source:
    return source if content is None else Source(source.name, lambda: content, stream=source.stream)


def _mended(source: Source, findings: Iterable[Finding]) -> tuple[bytes, list[Finding], bytes] | None:
    """Return what some findings' fixes make of a source, whose, and what it was; None if nothing is sure, or to do."""
    try:
        content = source.read()
        text = decode(content)
    except (OSError, NotText):
        return None
    done: list[Finding] = []
    taken: list[tuple[int, int]] = []
    for finding in findings:
        if finding.fix and not _meets(finding.fix, taken):
            done.append(finding)
            taken += [(edit.start, edit.end) for edit in finding.fix.edits]
    new = _sure(source, text, done)
    # Together they are no YAML any more: one after the other, the next round makes the rest.
    for alone in done if new is None else ():
        done = [alone]
        new = _sure(source, text, done)
        if new is not None:
            break
    if new is None or new == text:
        return None
    return encode(new, content), done, content


def _meets(fix: TextFix, taken: Iterable[tuple[int, int]]) -> bool:
    """Tell whether a fix touches what another one does, or its edge: which one comes first would decide."""
    return any(start <= edit.end and edit.start <= end for edit in fix.edits for start, end in taken)


def _sure(source: Source, text: str, done: Iterable[Finding]) -> str | None:
    """Return the edited text if it reads no worse than before."""
    edits = sorted(edit for finding in done if finding.fix for edit in finding.fix.edits)
    new = edited(text, edits)
    return new if _faults(source.name, new) <= _faults(source.name, text) else None


def _faults(name: str, text: str) -> int:
    loaded = load(Source.of(name, text.encode("utf-8", "surrogatepass")))
    return len(loaded.faults) + sum(len(each.faults) for each in loaded.documents)
