"""The keys that a mapping defines twice, as strict go-yaml sees them, which is how the API server reads YAML.

kubectl resolves merge keys before it sends a document. A server that gets the text itself refuses a merged key that is
in the mapping already, before or behind the merge key. Keys are compared before they become strings: `1` and `"1"` are
two keys.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from k8snetlint.source.events import (
    AliasEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    YAMLError,
)
from k8snetlint.source.go_events import go_events
from k8snetlint.source.nodes import go_scalar, is_merge_key
from k8snetlint.source.paths import field_path
from k8snetlint.source.scalars import key_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from k8snetlint.source.paths import FieldPath
    from k8snetlint.source.scalars import Scalar

_MERGE = object()
"""Stands for a merge key."""


class _Sequence:
    """A sequence: how many items it has so far, and which of them are mappings."""

    __slots__ = ("length", "mappings")

    def __init__(self) -> None:
        self.length = 0
        self.mappings: list[_Mapping] = []


class _Mapping:
    """A mapping.

    Slots:
        keys: its keys by what go-yaml compares; merged ones, too.
        key: the key whose value is next, None if a key is next.
    """

    __slots__ = ("key", "keys")

    def __init__(self) -> None:
        self.keys: dict[Any, Scalar] = {}
        self.key: Any = None


def repeated_keys(text: str) -> list[tuple[FieldPath, str]]:
    """Return where a key is repeated in a document without other faults, and what the server says."""
    try:
        return _read(go_events(text))
    except YAMLError:  # as in `parse`
        return _read(go_events(text, colons=True))


def _read(get: Callable[[], Any]) -> list[tuple[FieldPath, str]]:
    reader = _Reader()
    while not reader.complete:
        reader.read(get())
    return reader.found


class _Reader:
    """Reads the events of one document.

    Slots:
        found: where a key is repeated, and what the server says.
        complete: whether the document has been read.
    """

    __slots__ = ("_anchors", "_around", "complete", "found")

    def __init__(self) -> None:
        self.found: list[tuple[FieldPath, str]] = []
        self.complete = False
        self._around: list[_Mapping | _Sequence] = []
        self._anchors: dict[str, Any] = {}

    def read(self, event: Any) -> None:
        """Read the next event."""
        match event:
            case ScalarEvent():
                if event.anchor is not None:
                    self._anchors[event.anchor] = event
                self._node(event)
            case AliasEvent():
                self._node(self._anchors[event.anchor], is_alias=True)
            case MappingStartEvent() | SequenceStartEvent():
                node = _Mapping() if event.__class__ is MappingStartEvent else _Sequence()
                if event.anchor is not None:
                    self._anchors[event.anchor] = node
                self._around.append(node)
            case MappingEndEvent() | SequenceEndEvent():
                self._node(self._around.pop())
            case _:
                return

    def _node(self, node: Any, *, is_alias: bool = False) -> None:
        """Add a complete node to the collection around it."""
        if not self._around:
            self.complete = True
            return
        outer = self._around[-1]
        if isinstance(outer, _Sequence):
            outer.length += 1
            if isinstance(node, _Mapping):
                outer.mappings.append(node)
        elif outer.key is None:
            outer.key = _MERGE if is_merge_key(node) and not is_alias else _compared(go_scalar(node))
        else:
            if outer.key is not _MERGE:
                self._set(outer, outer.key, outer.key[-1])
            else:
                for merged in node.mappings if isinstance(node, _Sequence) else (node,):
                    for key, value in merged.keys.items():
                        self._set(outer, key, value)
            outer.key = None

    def _set(self, mapping: _Mapping, key: Any, value: Scalar) -> None:
        if key in mapping.keys:
            steps = [each.length if isinstance(each, _Sequence) else _written(each.key) for each in self._around[:-1]]
            self.found.append((field_path((*steps, key_text(value) or "")), f"key {_go(value)} already set in map"))
        mapping.keys[key] = value


def _compared(value: Scalar) -> tuple[Any, ...]:
    """Return what go-yaml compares of a key: its type, too; NaN equals nothing. The key is the last item."""
    return (object() if value != value else value.__class__, value)  # noqa: PLR0124 - NaN


def _written(key: Any) -> str:
    return "<<" if key is _MERGE else key_text(key[-1]) or ""


def _go(value: Scalar) -> str:
    """Return a key as Go's `%#v` writes it."""
    if isinstance(value, bool):
        return str(value).lower()
    return f'"{value}"' if isinstance(value, str) else str(value)
