"""Whether two names are one, misspelt.

Names of things are near each other on purpose: `web-1` and `web-2`, `db-rw` and `db-ro`, `reader` and `leader`. A typo
is told from them by what fingers do: they swap, lose or repeat a letter of a long word, seldom the first one.
"""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING

from k8snetlint.model.bitsets import bits_of, positions
from k8snetlint.source.similar import distance

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_TWO_THINGS = (
    *({"http", "https"}, {"auth", "authn"}, {"auth", "authz"}, {"mongo", "mongos"}, {"relay", "replay"}),
    *({"user", "users"}, {"post", "posts"}, {"worker", "workers"}, {"sender", "server"}),
)
"""Words that differ by a letter or two, and are known to be two."""
_TOO_FAR = 3
_LONG = 12
"""Where so many letters around a word are the same, even its first letter may be a typo."""
_LONGEST = 63
"""Letters of a label's value, or of a namespace's name: what is longer is rejected, and no typo is looked for."""
_MAY_LACK = (5, 8)
"""How many letters a word has at least for a typo that takes one letter from it, or two: see the numbers below."""
_MOST_ALIKE = 32
_SWAPPED, _LOST, _REPLACED, _TWO = 3, 4, 6, 8
"""How many letters a word has at least for a typo of each sort."""


def typo_distance(word: str, other: str) -> int | None:
    """Return in how many letters two names differ, 0 for upper and lower case; None if they are two names."""
    if word == other:
        return None
    if abs(len(word) - len(other)) >= _TOO_FAR:
        return None
    left, right = word.lower(), other.lower()
    if left == right:
        return 0
    if not _begin_alike(left, right):
        return None
    # Numbers tell things apart.
    numbers, words = _patterns()
    if numbers.findall(left) != numbers.findall(right):
        return None
    pieces, others = words.split(left), words.split(right)
    if "".join(pieces) == "".join(others):
        return 1
    if len(pieces) != len(others):
        return None
    alike = sum(len(one) for one, two in zip(pieces, others, strict=True) if one == two)
    if len(word) >= _TWO and sorted(left) == sorted(right):
        swapped = distance(left, right, _TOO_FAR - 1)
        if swapped < _TOO_FAR:
            # Letters are swapped, and nothing else.
            return swapped
    total = 0
    for one, two in zip(pieces, others, strict=True):
        total += (_typo_in_word(one, two, alike) or _TOO_FAR) if one != two else 0
        if total >= _TOO_FAR:
            return None
    return total


@functools.cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    return re.compile("[0-9]+"), re.compile("[^a-z0-9]+")


def _begin_alike(word: str, other: str) -> bool:
    return word[:1] == other[:1] or (len(word) > 1 and word[:2] == other[1::-1])


def _typo_in_word(word: str, other: str, alike: int) -> int | None:
    """Return in how many letters two words differ, None if they are two; `alike` letters stand around them."""
    shorter = min(len(word), len(other))
    if abs(len(word) - len(other)) > 2 or shorter < _SWAPPED or {word, other} in _TWO_THINGS:
        return None
    if not _begin_alike(word, other) and alike < _LONG:
        return None
    far = distance(word, other, _TOO_FAR - 1)
    if far == 1 and sorted(word) == sorted(other):
        return 1
    if far > 2 or (word[0] != other[0] and (alike < _LONG or shorter < _REPLACED)):
        return None
    if far == 1 and len(word) == len(other) and word[:-1] == other[:-1]:
        # Things that belong together are told apart by their last letter: `groupa` and `groupb`. One that is typed
        # twice, in a long name, tells nothing apart.
        doubled = any(each[-1] == each[-2] for each in (word, other))
        return far if doubled and alike >= _LONG and shorter >= _REPLACED else None
    # A short word in a long name that is the same otherwise is no other word.
    least = _TWO if far == 2 else _LOST - (alike >= _REPLACED) if len(word) != len(other) else _REPLACED
    return far if shorter >= least else None


class Spellings:
    """Many words, to be asked for those that one of them may be a misspelling of.

    A word that is two edits away lacks at most two letters of the other one. How many letters of a word each of the
    others lacks is counted for all of them at once, in sets of words.
    """

    def __init__(self, words: Iterable[str]) -> None:
        self._words = [word for word in words if len(word) <= _LONGEST]

    def near(self, word: str, letters: int | None = None) -> list[str]:
        """Return the words that may be meant by a misspelt one, by their number; itself is none of them.

        It is empty if there are more of them than anybody tells apart: such names are numbered, or otherwise made.

        Args:
            word: what may be misspelt.
            letters: how many letters may differ; None for as many as `typo_distance` takes for a typo.
        """
        if letters is None:
            letters = sum(len(word) >= least for least in _MAY_LACK)
        if len(word) > _LONGEST:
            return []
        key = word, letters
        known = self._near.get(key)
        if known is None:
            known = self._near[key] = self._looked_up(word, letters)
        return known

    def _looked_up(self, word: str, letters: int) -> list[str]:
        by_length, by_letter = self._sets
        there = 0
        for length in range(len(word) - 2, len(word) + 3):
            there |= by_length.get(length, 0)
        # Two digits of a count for each word: how many letters it lacks so far. With one too many it is out.
        ones = twos = 0
        for letter in _counted(word):
            lacking = there & ~by_letter.get(letter, 0)
            too_many = (lacking, lacking & ones, lacking & twos)[letters]
            there &= ~too_many
            lacking &= there
            if not there:
                # Of most words nothing is left after half of their letters.
                return []
            twos |= ones & lacking
            ones ^= lacking
        if there.bit_count() > _MOST_ALIKE:
            return []
        return [each for each in map(self._words.__getitem__, positions(there)) if each != word]

    @functools.cached_property
    def _near(self) -> dict[tuple[str, int], list[str]]:
        return {}

    @functools.cached_property
    def _sets(self) -> tuple[dict[int, int], dict[tuple[str, int], int]]:
        """The words by their lengths, and by their letters: the second `a` of a word is a letter of its own."""
        by_length: dict[int, list[int]] = {}
        by_letter: dict[tuple[str, int], list[int]] = {}
        for position, word in enumerate(self._words):
            by_length.setdefault(len(word), []).append(position)
            for letter in _counted(word):
                by_letter.setdefault(letter, []).append(position)
        lengths = {key: bits_of(there) for key, there in by_length.items()}
        return lengths, {key: bits_of(there) for key, there in by_letter.items()}


def _counted(word: str) -> Iterator[tuple[str, int]]:
    """Yield the letters and digits of a word, each with how often it occurred before; case does not count."""
    seen: dict[str, int] = {}
    for letter in filter(str.isalnum, word.lower()):
        count = seen.get(letter, 0)
        seen[letter] = count + 1
        yield letter, count
