"""Collections that know where they are written: what the marked parser makes of a text.

Most documents need no marks: their values are plain, and fields are found in the text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from typing import Protocol

    from k8snetlint.source.paths import FieldPath
    from k8snetlint.source.text import Span

    class Indexed(Protocol):
        """One end of an event; `index` counts code points from the start of the parsed text."""

        index: int

    class Event(Protocol):
        """A parser event with the marks of its start and its end."""

        start_mark: Indexed
        end_mark: Indexed


class Offset:
    """One end of what was read without ruamel."""

    __slots__ = ("index",)

    def __init__(self, index: int) -> None:
        self.index = index


class Mapping(dict[str, Any]):
    """A YAML mapping with its marks: `keys_at[i]` and `values_at[i]` belong to the i-th key.

    `flow` says that it is written in braces.
    """

    __slots__ = ("end_mark", "flow", "keys_at", "start_mark", "values_at")

    keys_at: list[Event]
    values_at: list[Event | Mapping | Sequence]
    start_mark: Indexed
    end_mark: Indexed
    flow: bool


class Sequence(list[Any]):
    """A YAML sequence with its marks: `items_at[i]` belongs to the i-th item; `flow` as in `Mapping`."""

    __slots__ = ("end_mark", "flow", "items_at", "start_mark")

    items_at: list[Event | Mapping | Sequence]
    start_mark: Indexed
    end_mark: Indexed
    flow: bool


class MarkedSpans:
    """Where the fields of one value with marks are written."""

    __slots__ = ("_numbers", "_root")

    def __init__(self, root: Any) -> None:
        self._root = root
        self._numbers: dict[int, dict[str, int]] = {}

    def find(self, path: FieldPath, *, key: bool) -> Span | None:
        """Return where a path is written, as `Document.locate` does; None if that is the whole document."""
        value = self._root
        nearest: Span | None = None
        if isinstance(value, Mapping) and value.keys_at:
            nearest = _span_of(value.keys_at[0])
        last = len(path) - 1
        for depth, step in enumerate(path):
            if isinstance(value, Mapping) and isinstance(step, str) and step in value:
                number = self._number_of(value, step)
                nearest = _span_of(value.keys_at[number])
                wanted = None if key else value.values_at[number]
            elif isinstance(value, Sequence) and isinstance(step, int) and step < len(value):
                wanted = value.items_at[step]
            else:
                return nearest
            span = nearest if wanted is None else _span_of(wanted)
            # An empty value (`ports:`) has no place of its own, and parsers differ about it.
            is_written = span is not None and span[0] < span[1]
            if depth == last:
                return span if is_written else nearest
            if isinstance(value, Sequence) and span is not None and is_written:
                nearest = (span[0], span[0] + 1)
            value = value[step]
        return nearest

    def _number_of(self, mapping: Mapping, key: str) -> int:
        """Return the index of a key in its mapping; many findings may ask for keys of one mapping."""
        numbers = self._numbers.get(id(mapping))
        if numbers is None:
            numbers = self._numbers[id(mapping)] = {each: number for number, each in enumerate(mapping)}
        return numbers[key]


def _span_of(node: Event | Mapping | Sequence) -> Span:
    return node.start_mark.index, _end_of(node)


def _end_of(node: Event | Mapping | Sequence) -> int:
    """Return the end of a node; a block collection ends with its last child, not with the next token."""
    while isinstance(node, Mapping | Sequence):
        children = node.values_at if isinstance(node, Mapping) else node.items_at
        if not children or node.flow:
            return node.end_mark.index
        node = children[-1]
    return node.end_mark.index
