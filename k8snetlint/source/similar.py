"""The known word that is most similar to another one."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def distance(left: str, right: str, limit: int) -> int:
    """Return how many letters must be inserted, deleted, replaced or swapped to turn `left` into `right`.

    No letter is changed twice: the optimal string alignment distance. A greater distance than `limit` is `limit` + 1,
    so only the cells of the table that are at most `limit` away from its diagonal are computed: time grows with the
    length, not with its square.
    """
    far = limit + 1
    if abs(len(left) - len(right)) > limit:
        return far
    # A common beginning or end does not count; usually little is left.
    begin, shorter = 0, min(len(left), len(right))
    while begin < shorter and left[begin] == right[begin]:
        begin += 1
    end = 0
    while end < shorter - begin and left[-1 - end] == right[-1 - end]:
        end += 1
    left, right = left[begin : len(left) - end], right[begin : len(right) - end]
    if not left or not right:
        return len(left) + len(right)
    # Cell `at` of a row is that of the column `row + at - far`; the first and the last one exceed the limit.
    before = [far] * (2 * far + 1)
    above = [column if 0 <= column < far else far for column in range(-far, far + 1)]
    for row, letter in enumerate(left, 1):
        current = [far]
        for at, column in enumerate(range(row - limit, row + far), 1):
            if not 0 < column <= len(right):
                current.append(row if column == 0 else far)
                continue
            other = right[column - 1]
            best = min(above[at + 1] + 1, current[at - 1] + 1, above[at] + (letter != other), far)
            if row > 1 < column and letter == right[column - 2] and other == left[row - 2]:
                best = min(best, before[at] + 1)
            current.append(best)
        current.append(far)
        if min(*current, *above) == far:
            return far
        before, above = above, current
    return above[len(right) - len(left) + far]


def closest(word: str, candidates: Iterable[str], limit: int = 2) -> str | None:
    """Return the candidate with the smallest distance to `word`, at most `limit`; None without exactly one.

    Upper and lower case are not compared, so a word that differs in nothing else is always returned. Of a short word at
    most a third may differ: `ip` is not similar to `os`.
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
