"""How lines without indentation belong together, by the schema of their kind: all readings that fit it.

A key belongs to a struct that has such a field and does not have it yet, or to a map, if its value fits there. An item
belongs to a list. Keys without a value open structs, maps and lists; a line that belongs further out closes them.
Lines that are still indented keep their order: what is in the same struct, map or list is indented alike.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from k8snetlint.validation.conformance import fits
from k8snetlint.validation.schemas import definition, field_of, reference

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from k8snetlint.model.environment import Version
    from k8snetlint.validation.flat_lines import FlatLine
    from k8snetlint.validation.schemas import Schema

STEP = 2
"""The indentation of what is in a mapping or list."""
_LABELLED = "ObjectMeta"
"""Its fields `name` and `namespace` are the names of labels, too."""
_UNCOMMON = frozenset({("PodSpec", "resources")})
"""Fields that are probably not meant where a struct inside has them, too: the resources of a container."""


class Reading(NamedTuple):
    """A way in which lines belong together.

    Attributes:
        columns: where each line begins.
        doubts: how many lines probably belong elsewhere: keys of a map that are fields of a struct around it.
    """

    columns: tuple[int, ...]
    doubts: int


class _Choice(NamedTuple):
    """A place for a line: the number of what is open, and whether the line probably belongs elsewhere."""

    depth: int
    is_doubtful: bool = False


class _Open:
    """A struct, map or list to which further lines may belong.

    Slots:
        struct: the name of its definition, None if it is no struct.
        each: the schema of a map's values or a list's items, None in a struct.
        is_list: it is a list.
        column: where its entries are written.
        floor: how far its opening line is indented.
        indent: how far the entries are indented that it has, -1 before the first one.
        keys: the keys that it has.
    """

    __slots__ = ("column", "each", "floor", "indent", "is_list", "keys", "struct")

    def __init__(self, schema: Schema, column: int, floor: int) -> None:
        self.struct = reference(schema)
        self.is_list = "items" in schema
        self.each: Schema | None = schema.get("items") or schema.get("additionalProperties")
        self.column = column
        self.floor = floor
        self.indent = -1
        self.keys: set[str] = set()


class _Placed(NamedTuple):
    """A line that was placed, and what undoes it."""

    holder: _Open
    closed: list[_Open]
    opened: int
    key: str | None
    had_indent: int
    others: Iterator[_Choice]


class Nesting:
    """The search for readings.

    Attributes:
        tries: how many more lines may be placed; at 0 the search ends.
    """

    def __init__(self, lines: Sequence[FlatLine], root: str, version: Version, tries: int) -> None:
        self._lines = lines
        self._version = version
        self._stack = [_Open({"$ref": root}, 0, 0)]
        self.tries = tries

    def readings(self) -> Iterator[Reading]:
        """Yield all readings."""
        placed: list[_Placed] = []
        columns: list[int] = []
        doubts: list[bool] = []
        choices = iter(self._choices(self._lines[0]))
        while self.tries > 0:
            choice = next(choices, None)
            if choice is None:
                if not placed:
                    return
                choices = self._undo(placed.pop())
                columns.pop()
                doubts.pop()
                continue
            self.tries -= 1
            columns.append(self._stack[choice.depth].column)
            doubts.append(choice.is_doubtful)
            placed.append(self._place(self._lines[len(placed)], choice.depth, choices))
            if len(placed) < len(self._lines):
                choices = iter(self._choices(self._lines[len(placed)]))
            else:
                yield Reading(tuple(columns), sum(doubts))
                choices = iter(())

    def _choices(self, line: FlatLine) -> list[_Choice]:
        """Return where a line may belong, the innermost place first."""
        stack = self._stack
        last = len(stack) - 1
        if stack[last].indent < 0 and self._takes(stack[last], line):
            # What was just opened is empty only if the next line cannot belong to it.
            return [_Choice(last)]
        depths = [depth for depth in range(last, -1, -1) if self._takes(stack[depth], line)]
        if len(depths) < 2:
            return list(map(_Choice, depths))
        has_field = any(stack[depth].struct not in (None, _LABELLED) for depth in depths)
        return [_Choice(depth, self._is_doubtful(stack[depth], line, has_field=has_field)) for depth in depths]

    def _is_doubtful(self, holder: _Open, line: FlatLine, *, has_field: bool) -> bool:
        """Tell whether a line probably belongs elsewhere; `has_field` tells whether a struct could have it."""
        if holder.struct is None:
            return has_field and not holder.is_list
        return (holder.struct, line.key) in _UNCOMMON

    def _takes(self, holder: _Open, line: FlatLine) -> bool:
        """Tell whether a line may belong to what is open."""
        if line.indent < holder.floor if holder.indent < 0 else line.indent != holder.indent:
            return False
        if holder.is_list != line.is_item:
            return False
        if not holder.is_list:
            return line.key is not None and line.key not in holder.keys and self._has_entry(holder, line)
        each = holder.each
        if each is None:
            return False
        if line.key is None:
            return (line.opens and is_struct(each)) or fits(line.value, each, self._version)
        return is_struct(each) and self._has_entry(_Open(each, 0, 0), line)

    def _has_entry(self, holder: _Open, line: FlatLine) -> bool:
        """Tell whether a struct or map may have the key of a line with its value."""
        schema = self._schema(holder, line.key or "")
        if schema is None:
            return False
        if line.value is None:
            return holder.struct is not None or (line.opens and _is_collection(schema))
        return fits(line.value, schema, self._version)

    def _schema(self, holder: _Open, key: str) -> Schema | None:
        return field_of(holder.struct, key, self._version) if holder.struct else holder.each

    def _place(self, line: FlatLine, depth: int, others: Iterator[_Choice]) -> _Placed:
        stack = self._stack
        holder = stack[depth]
        closed = stack[depth + 1 :]
        del stack[depth + 1 :]
        had_indent, holder.indent = holder.indent, line.indent
        owner = holder
        if line.is_item and holder.each is not None and is_struct(holder.each) and (line.key or line.opens):
            owner = _Open(holder.each, holder.column + STEP, line.indent)
            stack.append(owner)
        if line.key is not None:
            owner.keys.add(line.key)
            schema = self._schema(owner, line.key)
            if line.opens and schema is not None and _is_collection(schema):
                stack.append(_Open(schema, owner.column + STEP, line.indent))
        return _Placed(holder, closed, len(stack) - depth - 1, line.key, had_indent, others)

    def _undo(self, placed: _Placed) -> Iterator[_Choice]:
        """Take back what was placed last, and return its other choices."""
        stack = self._stack
        if placed.opened:
            del stack[-placed.opened :]
        holder = placed.holder
        holder.indent = placed.had_indent
        if placed.key is not None and not holder.is_list:
            holder.keys.discard(placed.key)
        stack += placed.closed
        return placed.others


def is_struct(schema: Schema) -> bool:
    """Tell whether a schema is that of a struct."""
    name = reference(schema)
    return name is not None and definition(name).get("type") == "object"


def _is_collection(schema: Schema) -> bool:
    """Tell whether a value of a schema has entries or items of its own."""
    return is_struct(schema) or "items" in schema or "additionalProperties" in schema
