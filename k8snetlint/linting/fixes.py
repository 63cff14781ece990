"""Fixes are made: on texts in memory, as often as one makes way for another."""

from __future__ import annotations

from bisect import bisect_left, insort
from typing import TYPE_CHECKING, NamedTuple

from k8snetlint.edit.editor import apply_edits
from k8snetlint.edit.tree import skip
from k8snetlint.source.document import Source
from k8snetlint.source.load import load
from k8snetlint.source.split import NotText, decode, encode

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from k8snetlint.finding import Finding, Report, TextFix

ROUNDS = 20
"""Fixes that make each other necessary would go on for ever."""
_ATTEMPTS = 100
"""Each reads the whole file."""
_LAST = "ignore-unused"


class FixedSources(NamedTuple):
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


def fix_sources(
    sources: Sequence[Source],
    report: Report,
    again: Callable[[Sequence[Source]], Report],
    wanted: Callable[[Finding], bool],
) -> FixedSources:
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
    failed: dict[str, Exception] = {}
    for _ in range(ROUNDS):
        ready = [finding for finding in report.findings if finding.fix and wanted(finding)]
        # What a comment accepts may only be found when the rest is mended.
        made = _round(now, [each for each in ready if each.id != _LAST], failed) or _round(now, ready, failed)
        if not made:
            break
        for name, (_, done, old) in made.items():
            before.setdefault(name, old)
            fixed += done
        changed = {name: new for name, (new, _, _) in made.items()}
        contents |= changed
        now = [_with(source, changed.get(source.name)) for source in now]
        report = again(now)
    if failed:
        from k8snetlint.linting.failures import failure, with_failures  # noqa: PLC0415 - only for a bug

        report = with_failures(report, (failure(path, error) for path, error in failed.items()))
    return FixedSources(contents, before, tuple(fixed), report)


def _round(
    sources: Iterable[Source], findings: Iterable[Finding], failed: dict[str, Exception]
) -> dict[str, tuple[bytes, list[Finding], bytes]]:
    """Return what the fixes of some findings make of the files that change, see `_fix`.

    A file at which we fail is added to `failed`, and left alone from then on.
    """
    by_path: dict[str, list[Finding]] = {}
    for finding in findings:
        by_path.setdefault(finding.path, []).append(finding)
    made: dict[str, tuple[bytes, list[Finding], bytes]] = {}
    for source in sources:
        if source.name not in by_path or source.name in failed:
            continue
        try:
            new = _fix(source, by_path[source.name])
        except Exception as error:  # noqa: BLE001 - our bug at one file must not keep the others from being fixed
            failed[source.name] = error
        else:
            made.update({source.name: new} if new else {})
    return made


def _with(source: Source, content: bytes | None) -> Source:
    return source if content is None else Source(source.name, lambda: content, stream=source.stream)


def _fix(source: Source, findings: Iterable[Finding]) -> tuple[bytes, list[Finding], bytes] | None:
    """Return what some findings' fixes make of a source, whose, and what it was; None if nothing is sure, or to do."""
    try:
        content = source.read()
        text = decode(content)
    except (OSError, NotText):
        return None
    done: list[Finding] = []
    taken: list[tuple[int, int]] = []
    for finding in findings:
        if finding.fix and not _meets(finding.fix, taken, text):
            done.append(finding)
            for edit in finding.fix.edits:
                insort(taken, (edit.start, skip(text, edit.end)))
    done, new = _those_that_are_sure(source, text, done)
    if new is None or new == text:
        return None
    return encode(new, content), done, content


def _meets(fix: TextFix, taken: Sequence[tuple[int, int]], text: str) -> bool:
    """Tell whether a fix touches what another one does, or has nothing but blanks and comments in between.

    Of two that do, the second waits for the next round: which one comes first would decide, and two that each leave
    one of two entries would leave none.
    """
    for edit in fix.edits:
        at = bisect_left(taken, (edit.start,))
        if any(edit.start <= end for _, end in taken[max(at - 1, 0) : at]):
            return True
        if any(start <= skip(text, edit.end) for start, _ in taken[at : at + 1]):
            return True
    return False


def _those_that_are_sure(source: Source, text: str, findings: Sequence[Finding]) -> tuple[list[Finding], str | None]:
    """Return the findings whose fixes are sure together, in their order, and the text that they make.

    What does not go together is tried in halves, not more often than so many times: what is left waits for the next
    round.
    """
    done: list[Finding] = []
    new: str | None = None
    pending = [findings]
    for _ in range(_ATTEMPTS):
        if not pending:
            break
        some = pending.pop()
        attempt = _sure(source, text, [*done, *some])
        if attempt is not None:
            done, new = [*done, *some], attempt
        elif len(some) > 1:
            half = len(some) // 2
            pending += [some[half:], some[:half]]
    return done, new


def _sure(source: Source, text: str, done: Iterable[Finding]) -> str | None:
    """Return the edited text if it reads no worse than before."""
    edits = sorted(edit for finding in done if finding.fix for edit in finding.fix.edits)
    new = apply_edits(text, edits)
    return new if _faults(source.name, new) <= _faults(source.name, text) else None


def _faults(name: str, text: str) -> int:
    loaded = load(Source.of(name, text.encode("utf-8", "surrogatepass")))
    return len(loaded.faults) + sum(len(each.faults) for each in loaded.documents)
