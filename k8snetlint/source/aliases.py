"""What anchors and aliases do: merge keys, and how far a document expands."""

from __future__ import annotations

from typing import Any

from k8snetlint.source.document import Mapping, Sequence

EXPANSION_FACTOR, EXPANSION_ROOM = 10, 1_000_000
"""Aliases may expand a document to this many times its collections, and so many nodes more."""


def merge_into(here: Mapping, merges: list[tuple[int, Any]]) -> None:
    """Set merged keys in the order of the text, later ones over earlier ones, as go-yaml does.

    `merges` holds for each merge key how many keys of `here` stand before it, and its value: a mapping or a sequence of
    mappings, of which the first wins.
    """
    own = _entries(here)
    entries: dict[str, tuple[Any, Any, Any]] = {}
    done = 0
    for before, value in merges:
        entries.update(own[done:before])
        done = before
        for merged in reversed(value) if isinstance(value, Sequence) else (value,):
            entries.update(_entries(merged))
    entries.update(own[done:])
    here.clear()
    here.update((key, value) for key, (value, _, _) in entries.items())
    here.keys_at = [key_at for _, key_at, _ in entries.values()]
    here.values_at = [value_at for _, _, value_at in entries.values()]


def _entries(mapping: Mapping) -> list[tuple[str, tuple[Any, Any, Any]]]:
    marks = zip(mapping.items(), mapping.keys_at, mapping.values_at, strict=True)
    return [(key, (value, key_at, value_at)) for (key, value), key_at, value_at in marks]


def expanded_size(root: Any, sizes: dict[int, int]) -> int:
    """Return how many nodes a walk over `root` meets; `sizes` holds that of each collection by its identity."""
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
