"""A decoded text by its lines, and what is wrong with it."""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from k8snetlint.source.paths import FieldPath

Span = tuple[int, int]
"""Offsets of code points in a text, the end exclusive."""

_FEW = 16
"""For so many positions line ends are counted; for more of them the starts of all lines are listed."""
_LONG_LINE = 1_000


class Text:
    """A decoded text and its lines; a line ends with LF, CRLF or a lone CR."""

    __slots__ = ("_counted", "_long", "_starts", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self._counted = _FEW if "\r" in text else 0
        self._starts: list[int] = []
        self._long: dict[int, str] = {}

    def _lines(self) -> list[int]:
        if not self._starts:
            # One byte for each code point: bytes have only these three line ends, and are split faster.
            lines = self.text.encode("latin-1", "replace").splitlines(keepends=True)
            self._starts = list(accumulate(map(len, lines), initial=0))
            if lines and self.text[-1] not in "\r\n":
                del self._starts[-1]
        return self._starts

    def position(self, offset: int) -> tuple[int, int]:
        """Return the 1-based line and column of a code point."""
        if self._counted < _FEW:
            self._counted += 1
            return self.text.count("\n", 0, offset) + 1, offset - self.text.rfind("\n", 0, offset)
        from bisect import bisect_right  # noqa: PLC0415 - only in files with many findings

        starts = self._lines()
        line = bisect_right(starts, offset)
        return line, offset - starts[line - 1] + 1

    def offset(self, number: int) -> int:
        """Return where a 1-based line begins."""
        return self._lines()[number - 1]

    def line(self, number: int) -> str:
        """Return a 1-based line without its end."""
        starts = self._lines()
        start, end = starts[number - 1], starts[number] if number < len(starts) else len(self.text)
        if end - start < _LONG_LINE:
            return self.text[start:end].rstrip("\r\n")
        # In a file with one line, all findings quote it.
        if number not in self._long:
            self._long[number] = self.text[start:end].rstrip("\r\n")
        return self._long[number]

    def lines(self, start: int, first: int, number: int) -> tuple[str, ...]:
        """Return `number` lines from the `first` one on, which begins at `start`."""
        if self._counted == _FEW:
            return tuple(map(self.line, range(first, first + number)))
        found: list[str] = []
        for _ in range(number):
            end = self.text.find("\n", start)
            end = len(self.text) if end < 0 else end
            found.append(self.text[start:end])
            start = end + 1
        return tuple(found)


def end_of_content(text: str, start: int, end: int) -> int:
    """Return where a part of a text ends without trailing white space; its `end` may be beyond that of the text."""
    end = min(end, len(text))
    while end > start and text[end - 1].isspace():
        end -= 1
    return max(start, end)


class Fault:
    """What is wrong with a text itself: it cannot be parsed as YAML, or not in the way of Kubernetes.

    Slots:
        id: the finding's id, for example `yaml-syntax`.
        message: one sentence.
        span: offsets in the text.
        path: the field path, empty without one.
        related: further spans with what they are.
        edits: what mends it, ordered: each span of the text and what replaces it; empty if nothing is sure to.
    """

    __slots__ = ("edits", "id", "message", "path", "related", "span")

    def __init__(
        self,
        fault: str,
        message: str,
        span: Span,
        path: FieldPath = (),
        related: tuple[tuple[Span, str], ...] = (),
        *,
        edits: tuple[tuple[Span, str], ...] = (),
    ) -> None:
        self.id = fault
        self.message = message
        self.span = span
        self.path = path
        self.related = related
        self.edits = edits
