"""The part of a document that changes concern, so that a fix costs no more in a long document than in a short one.

Some adjacent entries of a collection, with all of their lines, are a valid document; so is a collection in brackets.
Edits of this document are valid for the whole one: no line outside of the part changes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from k8snetlint.edit.change import Change, Op
from k8snetlint.edit.tree import Kind, Node, skip
from k8snetlint.source.document import Place

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from collections.abc import Set as AbstractSet

    from k8snetlint.edit.buffer import EditBuffer
    from k8snetlint.source.paths import FieldPath
    from k8snetlint.source.text import Span


_REMOVING = frozenset({Op.DELETE, Op.MOVE, Op.RENAME})
_NOWHERE = -1
"""A step that is never that of an entry or item."""


class Part(NamedTuple):
    """A part of a document.

    Attributes:
        span: where it is in the document's text.
        value: its value.
        changes: the changes, with paths relative to the part.
    """

    span: Span
    value: Any
    changes: tuple[Change, ...]


def part_of(buffer: EditBuffer, value: Any, changes: tuple[Change, ...]) -> Part | None:
    """Return the smallest part that contains all that changes concern, None if that is the whole document."""
    removed = {change.path for change in changes if change.op in _REMOVING}
    paths = [path for change in changes for path in _paths_of(change, removed)]
    if not all(paths):
        return None
    holder = _common_start([path[:-1] for path in paths])
    while True:
        node = buffer.find(holder)
        steps = {path[len(holder)] for path in paths}
        # A collection that loses all its entries is written again by the one around it.
        if node.properties_end is None and len(node.children) > len(steps):
            selected = range(len(node.children)) if node.flow else _selected(node, steps)
            span = _brackets(buffer, node) if node.flow else _lines(buffer, node, selected)
            if span is not None:
                own = _values(_at(value, holder), node, selected)
                relative = tuple(_relative(change, holder, selected[0]) for change in changes)
                # An alias has no value in a part, and the value of an anchor may be used elsewhere.
                return None if own is None or buffer.tree.is_shared(span) else Part(span, own, relative)
        if not holder:
            return None
        holder = holder[:-1]


def _paths_of(change: Change, removed: AbstractSet[FieldPath]) -> Iterator[FieldPath]:
    """Yield the paths of all entries and items that a change concerns; `removed` are those that the fix removes."""
    path = change.path
    holder = path[:-1]
    yield path
    match change.op:
        case Op.MOVE:
            path = (*change.at.root, *change.value)
            holder = path[:-1]
            # Mappings on the path that are removed are created again, after all others.
            missing = next((end for end in range(1, len(path)) if path[:end] in removed), 0)
            yield (*path[: missing - 1], _NOWHERE) if missing else path
        case Op.RENAME:
            yield (*holder, change.value)
        case Op.JOIN if path and isinstance(path[-1], int):
            yield (*holder, path[-1] + 1)
    if change.after:
        previous = (*holder, change.after)
        yield (*holder, _NOWHERE) if previous in removed else previous


def _common_start(paths: list[FieldPath]) -> FieldPath:
    """Return the longest common start of some paths."""
    first, last = min(paths, key=len), 0
    while last < len(first) and all(path[last] == first[last] for path in paths):
        last += 1
    return first[:last]


def _selected(node: Node, steps: Iterable[Any]) -> range:
    """Return the numbers of the children at some steps, and of their neighbours, whose style new ones get.

    A step that does not exist yet may be added after the last child.
    """
    last = len(node.children) - 1
    numbers = [last if (number := node.number(step)) is None else number for step in steps]
    return range(max(min(numbers) - 1, 0), min(max(numbers) + 1, last) + 1)


def _lines(buffer: EditBuffer, node: Node, selected: range) -> Span | None:
    """Return all lines of some children of a collection in block style; None if the lines have anything else."""
    start, after = node.children[selected.start].start, skip(buffer.text, node.children[selected.stop - 1].end)
    if not buffer.is_first(start) or not (after == len(buffer.text) or buffer.is_first(after)):
        return None
    return buffer.line_start(start), after if after == len(buffer.text) else buffer.line_start(after)


def _brackets(buffer: EditBuffer, node: Node) -> Span | None:
    """Return the span of a collection in brackets; None if it is the document, or in JSON not an object."""
    if node is buffer.tree.root or (buffer.json and node.kind is not Kind.MAPPING):
        return None
    return node.content, node.end


def _at(value: Any, path: FieldPath) -> Any:
    for step in path:
        value = value[step]
    return value


def _values(value: Any, node: Node, selected: range) -> Any:
    """Return a collection of the values of some children, None if one of the keys has no name."""
    if node.kind is Kind.SEQUENCE:
        return value[selected.start : selected.stop]
    names = [node.children[number].name for number in selected]
    return None if None in names else {name: value[name] for name in names}


def _relative(change: Change, holder: FieldPath, first: int) -> Change:
    """Return a change with paths relative to a part, whose first item had the index `first`."""

    def relative(path: FieldPath) -> FieldPath:
        step, *below = path[len(holder) :]
        return (step - first if isinstance(step, int) else step, *below)

    at = Place(change.at.source, change.at.document, relative(change.path), (), change.at.key)
    value = relative((*change.at.root, *change.value)) if change.op is Op.MOVE else change.value
    return Change(change.op, at, value, change.after)
