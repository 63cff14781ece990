"""Which lines of a text are new."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_LINES_LIMIT = 20_000
"""Lines between the first and the last difference, of both texts; if there are more, all count as changed."""
_PAIRS_LIMIT = 20_000
"""Pairs of lines without a unique one; if there are more, all count as changed. difflib's time is cubic."""
_DEPTH_LIMIT = 24
_LINE = re.compile(r"([^\r\n]*)(?:\r\n|\r|\n)|([^\r\n]+)")

_Hunk = tuple[int, int, int, int]
"""Start and end in the old lines, start and end in the new ones; counted from 0, the ends exclusive."""


def changed_lines(old: str, new: str) -> list[tuple[int, int]]:
    """Return the ranges of lines of `new` that differ from `old`, as first and last line, counted from 1.

    Where lines were only deleted, the range is empty: `(n, n - 1)`, where `n` is the line after them, which may be one
    more than the text has. Ranges neither overlap nor touch. Line ends are not compared. Changes of more than a few
    thousand lines count as a whole.
    """
    before, after = _lines(old), _lines(new)
    ranges: list[tuple[int, int]] = []
    for _, _, start, end in _bounded_hunks(before, after):
        if ranges and start <= ranges[-1][1]:
            start, end = ranges[-1][0] - 1, max(end, ranges.pop()[1])  # noqa: PLW2901 - the range grows
        ranges.append((start + 1, end))
    return ranges


def _lines(text: str) -> list[str]:
    return [ended or last for ended, last in _LINE.findall(text)]


def _bounded_hunks(old: list[str], new: list[str]) -> Iterator[_Hunk]:
    """Yield what differs, or all from the first to the last difference if that is long."""
    start, end, new_start, new_end = whole = _without_common_ends(old, new, (0, len(old), 0, len(new)))
    if end - start + new_end - new_start > _LINES_LIMIT:
        yield whole
    else:
        yield from hunks(old, new, pairs=_PAIRS_LIMIT)


def hunks(old: list[str], new: list[str], *, pairs: int | None = None) -> Iterator[_Hunk]:
    """Yield what differs, in order.

    The texts are divided at the lines that are unique in both, as often as possible; the rest is compared by difflib.
    It alone takes minutes for texts with many equal lines, such as manifests.

    Args:
        old: the lines before.
        new: the lines after.
        pairs: more pairs of lines than this count as changed without a comparison.
    """
    pending = [((0, len(old), 0, len(new)), 0)]
    while pending:
        hunk, depth = pending.pop()
        start, end, new_start, new_end = hunk = _without_common_ends(old, new, hunk)
        if start == end or new_start == new_end:
            if hunk != (end, end, new_end, new_end):
                yield hunk
            continue
        anchors = _anchors(old[start:end], new[new_start:new_end]) if depth < _DEPTH_LIMIT else []
        if anchors:
            parts = _split_at([(start + one, new_start + other) for one, other in anchors], hunk)
            pending += [(part, depth + 1) for part in reversed(parts)]
        elif pairs is None or (end - start) * (new_end - new_start) <= pairs:
            matcher = SequenceMatcher(None, old[start:end], new[new_start:new_end], autojunk=pairs is None)
            for kind, one, one_end, other, other_end in matcher.get_opcodes():
                if kind != "equal":
                    yield start + one, start + one_end, new_start + other, new_start + other_end
        else:
            yield hunk


def _without_common_ends(old: list[str], new: list[str], hunk: _Hunk) -> _Hunk:
    start, end, new_start, new_end = hunk
    while start < end and new_start < new_end and old[start] == new[new_start]:
        start, new_start = start + 1, new_start + 1
    while start < end and new_start < new_end and old[end - 1] == new[new_end - 1]:
        end, new_end = end - 1, new_end - 1
    return start, end, new_start, new_end


def _split_at(anchors: list[tuple[int, int]], hunk: _Hunk) -> list[_Hunk]:
    """Return the parts of a hunk before, between and after lines that are the same."""
    start, end, new_start, new_end = hunk
    parts: list[_Hunk] = []
    for one, other in [*anchors, (end, new_end)]:
        parts.append((start, one, new_start, other))
        start, new_start = one + 1, other + 1
    return parts


def _anchors(old: list[str], new: list[str]) -> list[tuple[int, int]]:
    """Return the longest list of lines that are unique in both and in the same order, as their indexes in both."""
    counts, new_counts = Counter(old), Counter(new)
    indexes = {line: index for index, line in enumerate(old) if counts[line] == 1}
    common = [(indexes[line], index) for index, line in enumerate(new) if new_counts[line] == 1 and line in indexes]
    # The longest increasing run: of all runs of one length, the one that ends first is continued.
    ends: list[int] = []
    last: list[int] = []
    before: list[int] = []
    for number, (index, _) in enumerate(common):
        length = bisect_left(ends, index)
        before.append(last[length - 1] if length else -1)
        ends[length : length + 1] = [index]
        last[length : length + 1] = [number]
    run: list[tuple[int, int]] = []
    number = last[-1] if last else -1
    while number >= 0:
        run.append(common[number])
        number = before[number]
    return run[::-1]
