"""Whether one name is a misspelling of another.

Names of different things are often similar: `web-1` and `web-2`, `db-rw` and `db-ro`, `reader` and `leader`. A typo
differs from them: it swaps, loses or repeats a letter of a long word, seldom the first one.
"""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING

from k8snetlint.model.bitsets import bits_of, positions
from k8snetlint.source.similar import distance

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_DIFFERENT_WORDS = (
    *({"http", "https"}, {"auth", "authn"}, {"auth", "authz"}, {"mongo", "mongos"}, {"relay", "replay"}),
    *({"user", "users"}, {"post", "posts"}, {"worker", "workers"}, {"sender", "server"}),
)
"""Words that differ by a letter or two, and are different words."""
_TOO_FAR = 3
_LONG = 12
"""If so many other letters of the name are the same, even the first letter of a word may be a typo."""
_LONGEST = 63
"""Letters of a label's value, or of a namespace's name: what is longer is rejected anyway."""
_MAY_LACK = (5, 8)
"""How many letters a word has at least for a typo that takes one letter from it, or two: see the numbers below."""
_SHORT = 3
"""How many letters a short word has at least that may have a typo where nothing else explains it."""
_MOST_ALIKE = 32
_SWAPPED, _LOST, _REPLACED, _TWO = 3, 4, 6, 8
"""How many letters a word has at least for a typo of each sort."""


def typo_distance(word: str, other: str) -> int | None:
    """Return by how many letters a typo differs, 0 for upper and lower case; None if it is no typo."""
    if word == other:
        return None
    if abs(len(word) - len(other)) >= _TOO_FAR:
        return None
    left, right = word.lower(), other.lower()
    if left == right:
        return 0
    if not _begin_alike(left, right):
        return None
    # Numbers distinguish things.
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


def is_short_typo(word: str, other: str) -> bool:
    """Tell whether a name is another one with a letter too many or too few in a word that is short.

    Such a name is usually that of another thing, so ask only where nothing else explains it: `apii` for `api`. One more
    letter at the end is no typo unless it is there twice: `web` and `webs`, `webd`.
    """
    left, right = word.lower(), other.lower()
    numbers, words = _patterns()
    if left[:1] != right[:1] or numbers.findall(left) != numbers.findall(right):
        return False
    pieces, others = words.split(left), words.split(right)
    if len(pieces) != len(others):
        return False
    different = [sorted(each, key=len) for each in zip(pieces, others, strict=True) if each[0] != each[1]]
    return len(different) == 1 and _is_letter_more(*different[0])


def _is_letter_more(shorter: str, longer: str) -> bool:
    """Tell whether a word is another one with one letter more, by a typo."""
    if len(longer) != len(shorter) + 1 or {shorter, longer} in _DIFFERENT_WORDS:
        return False
    at = next((at for at, letter in enumerate(shorter) if letter != longer[at]), len(shorter))
    if shorter != longer[:at] + longer[at + 1 :]:
        return False
    if at and longer[at] == longer[at - 1]:
        return len(longer) >= _SHORT
    return len(shorter) >= _SHORT and 0 < at < len(shorter)


@functools.cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    return re.compile("[0-9]+"), re.compile("[^a-z0-9]+")


def _begin_alike(word: str, other: str) -> bool:
    return word[:1] == other[:1] or (len(word) > 1 and word[:2] == other[1::-1])


def _typo_in_word(word: str, other: str, alike: int) -> int | None:
    """Return by how many letters a typo differs, None if it is not one; `alike` more letters of the names are equal."""
    shorter = min(len(word), len(other))
    if abs(len(word) - len(other)) > 2 or shorter < _SWAPPED or {word, other} in _DIFFERENT_WORDS:
        return None
    if not _begin_alike(word, other) and alike < _LONG:
        return None
    edits = distance(word, other, _TOO_FAR - 1)
    if edits == 1 and sorted(word) == sorted(other):
        return 1
    if edits > 2 or (word[0] != other[0] and (alike < _LONG or shorter < _REPLACED)):
        return None
    if edits == 1 and len(word) == len(other) and word[:-1] == other[:-1]:
        # The last letter distinguishes things that belong together: `groupa` and `groupb`. In a long name, one that is
        # typed twice distinguishes nothing.
        doubled = any(each[-1] == each[-2] for each in (word, other))
        return edits if doubled and alike >= _LONG and shorter >= _REPLACED else None
    # A short word may be a typo if the rest of a long name is the same.
    least = _TWO if edits == 2 else _LOST - (alike >= _REPLACED) if len(word) != len(other) else _REPLACED
    return edits if shorter >= least else None


class Spellings:
    """Many words, in which similar ones are found.

    A word that is two edits away lacks at most two letters of the other one. How many letters of a word each of the
    others lacks is counted for all of them at once, in sets of words.
    """

    def __init__(self, words: Iterable[str]) -> None:
        self._words = [word for word in words if len(word) <= _LONGEST]

    def near(self, word: str, letters: int | None = None) -> list[str]:
        """Return the words of which a word may be a misspelling, in their order, without itself.

        It is empty if there are too many to distinguish: such names are numbered, or generated in another way.

        Args:
            word: the word that may be misspelt.
            letters: how many letters may differ; None for as many as `typo_distance` takes for a typo.
        """
        if letters is None:
            letters = sum(len(word) >= least for least in _MAY_LACK)
        if len(word) > _LONGEST:
            return []
        key = word, letters
        known = self._near.get(key)
        if known is None:
            known = self._near[key] = self._find(word, letters)
        return known

    def _find(self, word: str, letters: int) -> list[str]:
        by_length, by_letter = self._sets
        candidates = 0
        for length in range(len(word) - 2, len(word) + 3):
            candidates |= by_length.get(length, 0)
        # Two digits of a count for each word: how many letters it lacks so far. With one too many it is out.
        ones = twos = 0
        for letter in _letters_of(word):
            lacking = candidates & ~by_letter.get(letter, 0)
            too_many = (lacking, lacking & ones, lacking & twos)[letters]
            candidates &= ~too_many
            lacking &= candidates
            if not candidates:
                # Of most words nothing is left after half of their letters.
                return []
            twos |= ones & lacking
            ones ^= lacking
        if candidates.bit_count() > _MOST_ALIKE:
            return []
        return [each for each in map(self._words.__getitem__, positions(candidates)) if each != word]

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
            for letter in _letters_of(word):
                by_letter.setdefault(letter, []).append(position)
        lengths = {key: bits_of(each) for key, each in by_length.items()}
        return lengths, {key: bits_of(each) for key, each in by_letter.items()}


def _letters_of(word: str) -> Iterator[tuple[str, int]]:
    """Yield the letters and digits of a word, each with how often it occurred before; case does not count."""
    seen: dict[str, int] = {}
    for letter in filter(str.isalnum, word.lower()):
        count = seen.get(letter, 0)
        seen[letter] = count + 1
        yield letter, count
