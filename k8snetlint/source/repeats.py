"""Keys that stand twice in one mapping, of which kubectl keeps the last."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from k8snetlint.source.document import Event, Mapping, Sequence


class Repeats:
    """Which entries of a mapping go because their keys come again; their marks stay until the mapping is complete."""

    __slots__ = ("_dropped", "_numbers", "_seen")

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._seen = 0
        self._dropped: set[int] = set()

    def drop(self, mapping: Mapping, key: str) -> tuple[Event, Event | Mapping | Sequence]:
        """Let the entry of a key go, and return the marks of the key and of its value."""
        # The newest keys of the mapping are those that came since the last one that stands twice.
        written = len(mapping.keys_at)
        newest = islice(reversed(mapping), written - self._seen)
        self._numbers.update(zip(newest, range(written - 1, self._seen - 1, -1), strict=True))
        self._seen = written
        number = self._numbers[key]
        self._dropped.add(number)
        del mapping[key]
        return mapping.keys_at[number], mapping.values_at[number]

    def leave_out(self, mapping: Mapping) -> None:
        """Let the marks of all entries go that went."""
        kept = [number for number in range(len(mapping.keys_at)) if number not in self._dropped]
        mapping.keys_at = [mapping.keys_at[number] for number in kept]
        mapping.values_at = [mapping.values_at[number] for number in kept]
