"""Moving entries with their text: MOVE, NEST and JOIN."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from k8snetlint.edit.change import Edit, Refused
from k8snetlint.edit.delete import delete
from k8snetlint.edit.insert import add_lines, put_below
from k8snetlint.edit.text import below_key, indent_lines, scalar_text
from k8snetlint.edit.tree import Entry, Kind, Node

if TYPE_CHECKING:
    from k8snetlint.edit.buffer import EditBuffer
    from k8snetlint.source.paths import FieldPath


def move(buffer: EditBuffer, path: FieldPath, to: FieldPath, after: str = "") -> EditBuffer:
    """Return the text with the lines of an entry in another mapping; missing mappings on its path are created."""
    holder = buffer.find(path[:-1])
    entry = holder.child(path[-1])
    if holder.flow or entry is None or entry.key is None or not to:
        raise Refused
    lines = _lines_with_key(buffer, entry, to[-1])
    step = buffer.style(entry.start).step
    buffer = delete(buffer, path)
    depth = _depth_of(buffer, to[:-1])
    for key in reversed(to[depth:-1]):
        lines = below_key(_key(key), lines, step)
    target = buffer.find(to[:depth])
    if target.kind is Kind.MAPPING and not target.flow:
        return add_lines(buffer, target, lines, after if depth == len(to) - 1 else "")
    if target.kind is not Kind.MAPPING or target.children or not depth:
        raise Refused
    outer = buffer.find(to[: depth - 1])
    empty = outer.child(to[depth - 1])
    if outer.flow or empty is None:
        raise Refused
    return put_below(buffer, empty, lines, step)


def _key(step: str | int) -> str:
    if not isinstance(step, str):
        raise Refused
    return scalar_text(step)


def _lines_with_key(buffer: EditBuffer, entry: Entry, name: str | int) -> list[str]:
    """Return the lines of an entry without its indentation, with another key."""
    if entry.key is None or entry.key.kind is not Kind.SCALAR:
        raise Refused
    key = buffer.text[entry.start : entry.key.end]
    if name != entry.name:
        key = buffer.text[entry.start : entry.key.content] + scalar_text(_key(name) and str(name), entry.key.style)
    lines = buffer.lines(entry.key.end, buffer.below(entry.end))
    return [key + lines[0], *indent_lines(lines[1:], -buffer.column(entry.start))]


def _depth_of(buffer: EditBuffer, path: FieldPath) -> int:
    """Return how many steps of a path exist."""
    node, depth = buffer.tree.root, 0
    for step in path:
        entry = node.child(step)
        if entry is None:
            break
        node, depth = entry.value, depth + 1
    return depth


def nest(buffer: EditBuffer, path: FieldPath, key: str, inner: tuple[str, ...]) -> EditBuffer:
    """Return the text with some entries of a mapping below a new key, in the place of the first one."""
    holder = buffer.find(path)
    selected = [entry for entry in holder.children if entry.name in inner]
    if len(selected) != len(set(inner)) or not selected:
        raise Refused
    start = holder.children.index(selected[0])
    run = [entry for entry, child in zip(selected, holder.children[start:], strict=False) if entry is child]
    if run != selected[: len(run)]:
        raise Refused
    buffer = _nest_flow(buffer, holder, key, run) if holder.flow else _nest_block(buffer, key, run)
    names = [str(entry.name) for entry in selected]
    for at in range(len(run), len(names)):
        buffer = move(buffer, (*path, names[at]), (*path, key, names[at]), names[at - 1])
    return buffer


def _nest_flow(buffer: EditBuffer, holder: Node, key: str, run: list[Entry]) -> EditBuffer:
    style = buffer.style(holder.start, holder=holder)
    written = scalar_text(key, '"' if style.quoted else "", flow=True)
    return buffer.edit(
        Edit(run[0].start, run[0].start, written + style.colon + "{"), Edit(run[-1].end, run[-1].end, "}")
    )


def _nest_block(buffer: EditBuffer, key: str, run: list[Entry]) -> EditBuffer:
    start = run[0].start
    step = buffer.style(start).step
    head = f"{scalar_text(key)}:{buffer.eol(start)}{' ' * (buffer.column(start) + step)}"
    line_starts = buffer.line_starts(start, buffer.below(run[-1].end))
    return buffer.edit(Edit(start, start, head), *(Edit(at, at, " " * step) for at in line_starts))


def join(buffer: EditBuffer, path: FieldPath) -> EditBuffer:
    """Return the text with the entries of the next item moved into an item."""
    holder = buffer.find(path[:-1])
    index: Any = path[-1]
    first, second = holder.child(index), holder.child(index + 1)
    if first is None or second is None or second.value.properties_end is not None:
        raise Refused
    if not (first.value.kind is second.value.kind is Kind.MAPPING and first.value.children and second.value.children):
        raise Refused
    if first.value.flow and second.value.flow:
        return _join_flow(buffer, first.value, second.value)
    if first.value.flow or second.value.flow or not buffer.is_first(second.start):
        raise Refused
    return _join_block(buffer, first.value, second)


def _join_flow(buffer: EditBuffer, first: Node, second: Node) -> EditBuffer:
    start, end = first.children[-1].end, second.children[0].start
    gap = buffer.text[second.content + 1 : end]
    comma = buffer.style(first.start, holder=first).comma
    return buffer.edit(Edit(start, end, "," + gap if "\n" in gap else comma))


def _join_block(buffer: EditBuffer, first: Node, second: Entry) -> EditBuffer:
    """Return the text without the dash of the second item, with its lines in the column of the first one."""
    column = buffer.column(first.content)
    content = second.value.content
    by = column - buffer.column(content)
    end = buffer.below(second.end)
    edits = [_shift(buffer, at, by) for at in buffer.line_starts(content, end)]
    if buffer.on_one_line(second.start, content):
        edits.append(Edit(buffer.line_start(second.start), content, " " * column))
        return buffer.edit(*edits)
    edits.append(_shift(buffer, buffer.line_start(content), by))
    start, below = buffer.line_start(second.start), buffer.below(second.head)
    if "#" in buffer.text[start:below]:
        return buffer.edit(*edits, Edit(second.start, second.head, " "))
    return buffer.edit(*edits, Edit(start, below, ""))


def _shift(buffer: EditBuffer, at: int, by: int) -> Edit:
    """Return the edit that moves a line to the right, or to the left as far as possible."""
    if by >= 0:
        return Edit(at, at, " " * by)
    line = buffer.text[at : at - by]
    return Edit(at, at + len(line) - len(line.lstrip(" ")), "")
