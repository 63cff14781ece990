"""Source lines with carets under what a finding is about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.source.escape import escape

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.finding import Finding

LINES = 5
"""With the carets, a frame has six lines at most."""
_CUT = "…"
_TAB = "    "


def gutter_of(finding: Finding) -> int:
    """Return the width of the line numbers."""
    return max(2, len(str(finding.start.line + min(len(finding.lines), LINES) - 1)))


def frame(finding: Finding, columns: int) -> Iterator[tuple[str, str]]:
    """Yield the lines of a finding's frame in two parts: the line number or blanks, and the text.

    The second line is the one with the carets. Lines of more than `columns` are cut around what is marked.
    """
    width = gutter_of(finding)
    room = max(20, columns - width - 5)
    first, *others = finding.lines
    begin = finding.start.column - 1
    end = finding.end.column - 1 if finding.end.line == finding.start.line else len(first.rstrip())
    before, marked, after = _cut(first, begin, max(begin, end), room)
    yield str(finding.start.line).rjust(width), f"{before}{marked}{after}"
    carets = " " * _columns(before) + "^" * max(1, _columns(marked))
    yield " " * width, f"{carets} {escape(finding.label)}".rstrip()
    total = finding.end.line - finding.start.line
    fits = total < LINES and len(others) >= total
    for number, line in enumerate(others[: total if fits else LINES - 2], finding.start.line + 1):
        yield str(number).rjust(width), _shorten(_escape(line[: room + 1]), room)
    if others and not fits:
        yield "." * width, ""


def _escape(text: str) -> str:
    return escape(text.replace("\t", _TAB))


def _cut(line: str, begin: int, end: int, room: int) -> tuple[str, str, str]:
    """Return the text before, in and after a span, as it is shown, together no longer than `room`."""
    some = room + 1
    before = _escape(line[max(0, begin - some) : begin])
    marked = _escape(line[begin : min(end, begin + some)])
    after = _escape(line[end : end + some])
    if len(before) + len(marked) + len(after) <= room:
        return before, marked, after
    if len(marked) > room * 3 // 4:
        marked, after = _shorten(marked, room * 3 // 4), ""
    rest = room - len(marked)
    left = max(rest // 2, rest - len(after))
    if len(before) > left:
        before = _CUT + before[len(before) - left + 1 :]
    return before, marked, _shorten(after, rest - len(before))


def _shorten(text: str, room: int) -> str:
    return text if len(text) <= room else text[: room - 1] + _CUT


def _columns(text: str) -> int:
    """Return how many columns of a terminal a text takes."""
    if text.isascii():
        return len(text)
    from unicodedata import category, east_asian_width  # noqa: PLC0415 - only for texts that need it

    wide = sum(east_asian_width(each) in "WF" for each in text)
    return len(text) + wide - sum(category(each) in ("Mn", "Me") for each in text)
