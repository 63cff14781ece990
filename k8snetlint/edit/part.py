"""The part of a document that changes are about, so that a fix costs no more in a long document than in a short one.

Some neighbouring entries of a collection, with all of their lines, read as a document of their own, and so does a
collection in brackets. What is done to them there may be done to the whole document: no line outside is touched.
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


_TAKE_AWAY = frozenset({Op.DELETE, Op.MOVE, Op.RENAME})
_NOWHERE = -1
"""A step that leads to no entry and no item."""


class Part(NamedTuple):
    """A part of a document.

    Attributes:
        span: where it stands in the document's text.
        value: its value.
        changes: the changes, their paths as seen from the part.
    """

    span: Span
    value: Any
    changes: tuple[Change, ...]


def part_of(buffer: EditBuffer, value: Any, changes: tuple[Change, ...]) -> Part | None:
    """Return the smallest part that holds all which changes touch, None if that is the whole document."""
    gone = {change.path for change in changes if change.op in _TAKE_AWAY}
    touched = [path for change in changes for path in _touched(change, gone)]
    if not all(touched):
        return None
    holder = _common([path[:-1] for path in touched])
    while True:
        node = buffer.find(holder)
        steps = {path[len(holder)] for path in touched}
        # A collection of which nothing stays is written anew by what holds it.
        if node.named is None and len(node.children) > len(steps):
            chosen = range(len(node.children)) if node.flow else _chosen(node, steps)
            span = _brackets(buffer, node) if node.flow else _lines(buffer, node, chosen)
            if span is not None:
                own = _values(_at(value, holder), node, chosen)
                seen = tuple(_seen_from(change, holder, chosen[0]) for change in changes)
                # An alias means nothing in a part, and what an anchor names may be changed in one place only.
                return None if own is None or buffer.tree.is_shared(span) else Part(span, own, seen)
        if not holder:
            return None
        holder = holder[:-1]


def _touched(change: Change, gone: AbstractSet[FieldPath]) -> Iterator[FieldPath]:
    """Yield the paths of all entries and items that a change is about; `gone` are those that a fix takes away."""
    path = change.path
    beside = path[:-1]
    yield path
    match change.op:
        case Op.MOVE:
            path = (*change.at.root, *change.value)
            beside = path[:-1]
            # Mappings on the way that are taken away are made anew, behind all others.
            lost = next((end for end in range(1, len(path)) if path[:end] in gone), 0)
            yield (*path[: lost - 1], _NOWHERE) if lost else path
        case Op.RENAME:
            yield (*beside, change.value)
        case Op.JOIN if path and isinstance(path[-1], int):
            yield (*beside, path[-1] + 1)
    if change.after:
        behind = (*beside, change.after)
        yield (*beside, _NOWHERE) if behind in gone else behind


def _common(paths: list[FieldPath]) -> FieldPath:
    """Return the longest path with which all of some begin."""
    first, last = min(paths, key=len), 0
    while last < len(first) and all(path[last] == first[last] for path in paths):
        last += 1
    return first[:last]


def _chosen(node: Node, steps: Iterable[Any]) -> range:
    """Return the numbers of the children that are touched, and of those before and behind: new ones look like them.

    What is not there yet may come behind the last one.
    """
    last = len(node.children) - 1
    numbers = [last if (number := node.number(step)) is None else number for step in steps]
    return range(max(min(numbers) - 1, 0), min(max(numbers) + 1, last) + 1)


def _lines(buffer: EditBuffer, node: Node, chosen: range) -> Span | None:
    """Return all lines of some children of a collection in block style; None if something else is on them."""
    start, behind = node.children[chosen.start].start, skip(buffer.text, node.children[chosen.stop - 1].end)
    if not buffer.is_first(start) or not (behind == len(buffer.text) or buffer.is_first(behind)):
        return None
    return buffer.line_start(start), behind if behind == len(buffer.text) else buffer.line_start(behind)


def _brackets(buffer: EditBuffer, node: Node) -> Span | None:
    """Return where a collection in brackets stands; None if it is the document, or no JSON object in JSON."""
    if node is buffer.tree.root or (buffer.json and node.kind is not Kind.MAPPING):
        return None
    return node.content, node.end


def _at(value: Any, path: FieldPath) -> Any:
    for step in path:
        value = value[step]
    return value


def _values(value: Any, node: Node, chosen: range) -> Any:
    """Return the values of some children, None if not all have names."""
    if node.kind is Kind.SEQUENCE:
        return value[chosen.start : chosen.stop]
    names = [node.children[number].name for number in chosen]
    return None if None in names else {name: value[name] for name in names}


def _seen_from(change: Change, holder: FieldPath, first: int) -> Change:
    """Return a change with paths that begin at a part."""

    def seen(path: FieldPath) -> FieldPath:
        step, *below = path[len(holder) :]
        return (step - first if isinstance(step, int) else step, *below)

    at = Place(change.at.source, change.at.document, seen(change.path), (), change.at.key)
    value = seen((*change.at.root, *change.value)) if change.op is Op.MOVE else change.value
    return Change(change.op, at, value, change.after)
