"""Deleting entries and items from a text: DELETE."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.edit.change import Edit, Refused
from k8snetlint.edit.tree import Entry, Kind, Node, skip

if TYPE_CHECKING:
    from k8snetlint.edit.buffer import EditBuffer
    from k8snetlint.source.paths import FieldPath
    from k8snetlint.source.text import Span


def delete(buffer: EditBuffer, path: FieldPath) -> EditBuffer:
    """Return the text without an entry or an item; a collection that is empty then becomes `{}` or `[]`."""
    holder = buffer.find(path[:-1])
    entry = holder.child(path[-1])
    if entry is None:
        raise Refused
    if holder.flow:
        return buffer.edit(*_delete_from_flow(buffer, holder, entry))
    if len(holder.children) > 1:
        return buffer.edit(Edit(*_lines_of(buffer, holder, entry), ""))
    if len(path) == 1:
        raise Refused
    return buffer.edit(*_empty(buffer, buffer.find(path[:-2]), holder, path[-2]))


def extent(buffer: EditBuffer, path: FieldPath) -> Span:
    """Return the span of an entry or an item, with the comment on its last line."""
    entry = buffer.find(path[:-1]).child(path[-1])
    if entry is None:
        raise Refused
    end = _end_of_comma(buffer, entry.end)
    line_end = buffer.line_end(end)
    return entry.start, end if line_end is None else line_end


def _lines_of(buffer: EditBuffer, holder: Node, entry: Entry) -> Span:
    """Return the lines of an entry; if it begins after a dash, up to what will follow the dash."""
    below = buffer.below(entry.end)
    if buffer.is_first(entry.start):
        return buffer.lines_to_delete(entry.start, below)
    if entry is holder.children[-1]:
        raise Refused
    rest = buffer.text[below:]
    return entry.start, below + len(rest) - len(rest.lstrip(" \r\n"))


def _empty(buffer: EditBuffer, outer: Node, holder: Node, step: str | int) -> list[Edit]:
    """Return the edits that make a collection with one entry in block style empty."""
    entry = outer.child(step)
    if entry is None or entry.value is not holder:
        raise Refused
    empty = "{}" if holder.kind is Kind.MAPPING else "[]"
    if buffer.on_one_line(entry.start, holder.content):
        return [Edit(holder.content, holder.end, empty)]
    mark = entry.head if holder.properties_end is None else holder.properties_end
    only = holder.children[0]
    if not buffer.is_first(only.start):
        raise Refused
    start, below = buffer.lines_to_delete(only.start, buffer.below(only.end))
    if start < mark:
        raise Refused
    return [Edit(mark, mark, " " + empty), Edit(start, below, "")]


def _delete_from_flow(buffer: EditBuffer, holder: Node, entry: Entry) -> list[Edit]:
    """Return the edits that delete an entry in brackets, with one comma."""
    index = holder.children.index(entry)
    if len(holder.children) == 1:
        inside = (holder.content + 1, holder.end - 1)
        around = buffer.text[inside[0] : entry.start] + buffer.text[entry.end : inside[1]]
        if around.strip(" \t\r\n,"):
            return [Edit(entry.start, entry.end, ""), *_comma(buffer, entry.end)]
        return [Edit(*inside, "")]
    own_lines = _own_lines(buffer, holder, entry)
    if own_lines:
        last = index + 1 == len(holder.children) and _end_of_comma(buffer, entry.end) == entry.end
        return [own_lines, *(_comma(buffer, holder.children[index - 1].end) if last else ())]
    if index + 1 < len(holder.children):
        following = holder.children[index + 1]
        if "#" in buffer.text[entry.end : following.start]:
            return [Edit(entry.start, entry.end, ""), *_comma(buffer, entry.end)]
        return [Edit(entry.start, following.start, "")]
    before = holder.children[index - 1]
    if "#" not in buffer.text[before.end : entry.start]:
        return [Edit(before.end, entry.end, "")]
    return [Edit(entry.start, entry.end, ""), *_comma(buffer, before.end)]


def _own_lines(buffer: EditBuffer, holder: Node, entry: Entry) -> Edit | None:
    """Return the edit that deletes the lines of an entry in brackets, None if they have anything else."""
    start, end = buffer.line_start(entry.start), buffer.line_end(_end_of_comma(buffer, entry.end))
    if start <= holder.content or buffer.lead(entry.start).strip(" \t") or end is None:
        return None
    return Edit(start, buffer.below(end), "")


def _end_of_comma(buffer: EditBuffer, end: int) -> int:
    """Return where the comma after an entry in brackets ends, or the entry itself."""
    comma = _comma(buffer, end)
    return comma[0].end if comma else end


def _comma(buffer: EditBuffer, end: int) -> list[Edit]:
    """Return the edit that deletes the comma after an entry in brackets, if it has one."""
    at = skip(buffer.text, end)
    return [Edit(at, at + 1, "")] if buffer.text[at : at + 1] == "," else []
