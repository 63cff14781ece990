"""Sets of numbered things as integers: the n-th thing is bit n."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator

K = TypeVar("K", bound="Hashable")

_FEW = 8
"""So few bits are set one by one."""


def bits_of(positions: Iterable[int]) -> int:
    """Return the set of the things at some positions."""
    where = list(positions)
    if len(where) <= _FEW:
        bits = 0
        for position in where:
            bits |= 1 << position
        return bits
    raw = bytearray((max(where) >> 3) + 1)
    for position in where:
        raw[position >> 3] |= 1 << (position & 7)
    return int.from_bytes(raw, "little")


def positions(bits: int) -> Iterator[int]:
    """Return the positions of the things in a set, in order."""
    if bits.bit_count() > _FEW:
        return _written(f"{bits:b}"[::-1])
    found = []
    while bits:
        # The last one is found at once, and without it the set is shorter.
        found.append(bits.bit_length() - 1)
        bits ^= 1 << found[-1]
    return reversed(found)


def _written(digits: str) -> Iterator[int]:
    position = digits.find("1")
    while position >= 0:
        yield position
        position = digits.find("1", position + 1)


def first(bits: int) -> int:
    """Return the position of the first thing in a set that is not empty."""
    return (bits & -bits).bit_length() - 1


class Sets(dict[K, int]):
    """Sets of numbered things by what they have in common; `sets[key]` is empty, 0, for a key that nothing has.

    As a dict it holds the sets that were asked for before.
    """

    __slots__ = ("_positions",)

    def __init__(self) -> None:
        super().__init__()
        self._positions: dict[K, list[int]] = {}

    def add(self, key: K, position: int) -> None:
        """Put a thing into the set of a key; positions come in order."""
        self._positions.setdefault(key, []).append(position)

    def add_to_all(self, keys: Iterable[K], position: int) -> None:
        """Put a thing into the sets of several keys, as `add`."""
        positions = self._positions
        for key in keys:
            if key in positions:
                positions[key].append(position)
            else:
                positions[key] = [position]

    def __missing__(self, key: K) -> int:
        where = self._positions.get(key, ())
        bits = self[key] = 1 << where[0] if len(where) == 1 else bits_of(where)
        return bits

    def __contains__(self, key: object) -> bool:
        return key in self._positions

    def __iter__(self) -> Iterator[K]:
        return iter(self._positions)

    def size(self, key: K) -> int:
        """Return how many things have a key."""
        return len(self._positions.get(key, ()))


def sets_by(keys: Iterable[K]) -> Sets[K]:
    """Return the sets of numbered things by their keys, given in order."""
    found: Sets[K] = Sets()
    for position, key in enumerate(keys):
        found.add(key, position)
    return found
