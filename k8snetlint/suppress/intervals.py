"""Which of many ranges of lines meet some lines; one may lie in another."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from k8snetlint.source.text import Span


class Intervals:
    """Numbers with their first and last lines.

    Sorted by their first lines, they are the leaves of a tree in which every node knows how far what is below it
    reaches, so that no part of it is looked into which holds nothing.
    """

    __slots__ = ("_leaves", "_numbers", "_reach", "_starts")

    def __init__(self, ranges: Iterable[tuple[Span, int]]) -> None:
        ordered = sorted(ranges)
        self._numbers = [number for _, number in ordered]
        self._starts = [first for (first, _), _ in ordered]
        self._leaves = 1 << len(ordered).bit_length()
        self._reach = [0] * self._leaves + [last for (_, last), _ in ordered]
        self._reach += [0] * (2 * self._leaves - len(self._reach))
        for node in reversed(range(1, self._leaves)):
            self._reach[node] = max(self._reach[2 * node], self._reach[2 * node + 1])

    def on(self, first: int, last: int) -> Iterator[int]:
        """Yield the numbers of all that have one of some lines, counted from 1."""
        behind = self._leaves + bisect_right(self._starts, last)
        pending = [1]
        while pending:
            node = pending.pop()
            leftmost = node << (self._leaves.bit_length() - node.bit_length())
            if leftmost >= behind or self._reach[node] < first:
                continue
            if node >= self._leaves:
                yield self._numbers[node - self._leaves]
            else:
                pending += [2 * node + 1, 2 * node]
