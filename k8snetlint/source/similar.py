"""Which known word was probably meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def distance(left: str, right: str) -> int:
    """Return how many letters to insert, delete, replace or swap with their neighbour make `right` of `left`.

    No letter is touched twice: the optimal string alignment distance.
    """
    before: list[int] = []
    above = list(range(len(right) + 1))
    for row, letter in enumerate(left, 1):
        here = [row]
        for column, other in enumerate(right, 1):
            best = min(above[column] + 1, here[-1] + 1, above[column - 1] + (letter != other))
            if row > 1 < column and letter == right[column - 2] and other == left[row - 2]:
                best = min(best, before[column - 2] + 1)
            here.append(best)
        before, above = above, here
    return above[-1]


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
        found = distance(folded, candidate.lower())
        if found < limit or (not nearest and found == limit):
            nearest, limit = [candidate], found
        elif found == limit:
            nearest.append(candidate)
    return nearest[0] if len(nearest) == 1 else None
