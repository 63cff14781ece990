"""Whether two names are one, misspelt.

Names of things are near each other on purpose: `web-1` and `web-2`, `db-rw` and `db-ro`, `reader` and `leader`. A slip
is told from them by what fingers do: they swap, lose or repeat a letter of a long word, seldom the first one.
"""

from __future__ import annotations

import re

from k8snetlint.source.similar import distance

_TWO_THINGS = (
    *({"http", "https"}, {"auth", "authn"}, {"auth", "authz"}, {"mongo", "mongos"}, {"relay", "replay"}),
    *({"user", "users"}, {"post", "posts"}, {"worker", "workers"}, {"sender", "server"}),
)
"""Words that differ by a letter or two, and are known to be two."""
_TOO_FAR = 3
_LONG = 12
"""Where so many letters around a word are the same, even its first letter may have slipped."""
_SWAPPED, _LOST, _REPLACED, _TWO = 3, 4, 6, 8
"""How many letters a word has at least for a slip of each sort."""


def slip(word: str, other: str) -> int | None:
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
    if re.findall("[0-9]+", left) != re.findall("[0-9]+", right):
        return None
    pieces, others = re.split("[^a-z0-9]+", left), re.split("[^a-z0-9]+", right)
    if "".join(pieces) == "".join(others):
        return 1
    if len(pieces) != len(others):
        return None
    alike = sum(len(one) for one, two in zip(pieces, others, strict=True) if one == two)
    if len(word) >= _TWO and sorted(left) == sorted(right) and distance(left, right) < _TOO_FAR:
        # Letters are swapped, and nothing else.
        return distance(left, right)
    total = 0
    for one, two in zip(pieces, others, strict=True):
        total += (_slip_of_word(one, two, alike) or _TOO_FAR) if one != two else 0
        if total >= _TOO_FAR:
            return None
    return total


def _begin_alike(word: str, other: str) -> bool:
    return word[:1] == other[:1] or (len(word) > 1 and word[:2] == other[1::-1])


def _slip_of_word(word: str, other: str, alike: int) -> int | None:
    """Return in how many letters two words differ, None if they are two; `alike` letters stand around them."""
    shorter = min(len(word), len(other))
    if abs(len(word) - len(other)) > 2 or shorter < _SWAPPED or {word, other} in _TWO_THINGS:
        return None
    if not _begin_alike(word, other) and alike < _LONG:
        return None
    far = distance(word, other)
    if far == 1 and sorted(word) == sorted(other):
        return 1
    if far > 2 or (word[0] != other[0] and (alike < _LONG or shorter < _REPLACED)):
        return None
    if far == 1 and len(word) == len(other) and word[:-1] == other[:-1]:
        # Things that belong together are told apart by their last letter: `groupa` and `groupb`.
        return None
    # A short word in a long name that is the same otherwise is no other word.
    least = _TWO if far == 2 else _LOST - (alike >= _REPLACED) if len(word) != len(other) else _REPLACED
    return far if shorter >= least else None
