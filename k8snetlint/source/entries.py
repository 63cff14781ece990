"""Which entries a mapping has in the end: repeated keys, merge keys; and how far aliases expand a document."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

from k8snetlint.source.marks import Mapping, Sequence

if TYPE_CHECKING:
    from k8snetlint.source.marks import Event

EXPANSION_FACTOR, EXPANSION_ROOM = 10, 1_000_000
"""Aliases may expand a document to this many times its collections, plus this many nodes."""


class Repeats:
    """The entries of a mapping that are dropped because their keys are repeated.

    Their marks are kept until the mapping is complete.
    """

    __slots__ = ("_dropped", "_numbers", "_seen")

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._seen = 0
        self._dropped: set[int] = set()

    def drop(self, mapping: Mapping, key: str) -> Event:
        """Drop the entry of a key, and return the key's mark."""
        # The newest keys of the mapping are those that were added since the last repeated one.
        written = len(mapping.keys_at)
        newest = islice(reversed(mapping), written - self._seen)
        self._numbers.update(zip(newest, range(written - 1, self._seen - 1, -1), strict=True))
        self._seen = written
        number = self._numbers[key]
        self._dropped.add(number)
        del mapping[key]
        return mapping.keys_at[number]

    def remove_marks(self, mapping: Mapping) -> None:
        """Remove the marks of all dropped entries."""
        kept = [number for number in range(len(mapping.keys_at)) if number not in self._dropped]
        mapping.keys_at = [mapping.keys_at[number] for number in kept]
        mapping.values_at = [mapping.values_at[number] for number in kept]


def merge_into(mapping: Mapping, merges: list[tuple[Event, Any]]) -> None:
    """Set merged keys in the order of the text, so that later ones replace earlier ones, as go-yaml does.

    `merges` has each merge key, and its value: a mapping or a sequence of mappings, of which the first one wins.
    """
    own = _entries(mapping)
    entries: dict[str, tuple[Any, Any, Any]] = {}
    done = 0
    for event, value in merges:
        while done < len(own) and own[done][1][1].start_mark.index < event.start_mark.index:
            entries.update((own[done],))
            done += 1
        for merged in reversed(value) if isinstance(value, Sequence) else (value,):
            entries.update(_entries(merged))
    entries.update(own[done:])
    mapping.clear()
    mapping.update((key, value) for key, (value, _, _) in entries.items())
    mapping.keys_at = [key_at for _, key_at, _ in entries.values()]
    mapping.values_at = [value_at for _, _, value_at in entries.values()]


def _entries(mapping: Mapping) -> list[tuple[str, tuple[Any, Any, Any]]]:
    marks = zip(mapping.items(), mapping.keys_at, mapping.values_at, strict=True)
    return [(key, (value, key_at, value_at)) for (key, value), key_at, value_at in marks]


def expanded_size(root: Any, sizes: dict[int, int]) -> int:
    """Return how many nodes a walk over `root` visits; `sizes` has the number for collections by their identity."""
    pending = [root]
    while pending:
        node = pending[-1]
        if not isinstance(node, Mapping | Sequence) or id(node) in sizes:
            pending.pop()
            continue
        children = node.values() if isinstance(node, Mapping) else node
        collections = [child for child in children if isinstance(child, Mapping | Sequence)]
        unknown = [child for child in collections if id(child) not in sizes]
        if unknown:
            pending.extend(unknown)
            continue
        sizes[id(node)] = 1 + len(node) - len(collections) + sum(sizes[id(child)] for child in collections)
        pending.pop()
    return sizes.get(id(root), 1)
