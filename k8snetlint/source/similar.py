"""Which known word was probably meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def distance(left: str, right: str, limit: int) -> int:
    """Return how many letters to insert, delete, replace or swap with their neighbour make `right` of `left`.

    No letter is touched twice: the optimal string alignment distance. It is `limit` + 1 for all that is farther, so
    only cells of the table count that are at most `limit` beside its diagonal: time grows with the length, not with
    its square.
    """
    far = limit + 1
    if abs(len(left) - len(right)) > limit:
        return far
    # What both begin and end with makes no difference; mostly little is left.
    begin, shorter = 0, min(len(left), len(right))
    while begin < shorter and left[begin] == right[begin]:
        begin += 1
    end = 0
    while end < shorter - begin and left[-1 - end] == right[-1 - end]:
        end += 1
    left, right = left[begin : len(left) - end], right[begin : len(right) - end]
    if not left or not right:
        return len(left) + len(right)
    # Cell `at` of a row is that of the column `row + at - far`; the first and the last one are beyond the limit.
    before = [far] * (2 * far + 1)
    above = [column if 0 <= column < far else far for column in range(-far, far + 1)]
    for row, letter in enumerate(left, 1):
        here = [far]
        for at, column in enumerate(range(row - limit, row + far), 1):
            if not 0 < column <= len(right):
                here.append(row if column == 0 else far)
                continue
            other = right[column - 1]
            best = min(above[at + 1] + 1, here[at - 1] + 1, above[at] + (letter != other), far)
            if row > 1 < column and letter == right[column - 2] and other == left[row - 2]:
                best = min(best, before[at] + 1)
            here.append(best)
        here.append(far)
        if min(*here, *above) == far:
            return far
        before, above = above, here
    return above[len(right) - len(left) + far]


def closest(word: str, candidates: Iterable[str], limit: int = 2) -> str | None:
    """Return the candidate that differs least from `word`, in at most `limit` letters; None if none or two do.

    Upper and lower case do not count, and a word that differs in nothing else is always the one. Of a short word no
    more than a third may differ: `ip` is not `os`.
    """
    limit = min(limit, max(1, len(word) // 3))
    folded = word.lower()
    nearest: list[str] = []
    for candidate in candidates:
        if abs(len(candidate) - len(word)) > limit or len(candidate) <= limit:
            continue
        found = distance(folded, candidate.lower(), limit)
        if found < limit or (not nearest and found == limit):
            nearest, limit = [candidate], found
        elif found == limit:
            nearest.append(candidate)
    return nearest[0] if len(nearest) == 1 else None
