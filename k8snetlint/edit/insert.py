"""Inserting and replacing values, entries, items and keys in a text: SET, INSERT and RENAME."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from k8snetlint.edit.change import Edit, Refused
from k8snetlint.edit.text import (
    as_item,
    entry_lines,
    flow_entry,
    inline,
    is_inline,
    item_lines,
    lines_of,
    scalar_text,
)
from k8snetlint.edit.tree import Entry, Kind, Node, skip

if TYPE_CHECKING:
    from k8snetlint.edit.buffer import EditBuffer
    from k8snetlint.source.paths import FieldPath

_COMMENT_LINE = re.compile(r"( *)#( *-(?= ))?[^\n]*(?:\n|\Z)")


def set_value(buffer: EditBuffer, path: FieldPath, value: Any, *, after: str = "", flow: bool = False) -> EditBuffer:
    """Return the text with a value at a path, in flow style if `flow` or if the text around it is."""
    holder, last = buffer.find(path[:-1]), path[-1]
    entry = holder.child(last)
    if entry is None:
        return _add_entry(buffer, holder, str(last), value, after)
    old = entry.value
    if flow or holder.flow or is_inline(value) or (old.flow and old.kind in (Kind.MAPPING, Kind.SEQUENCE)):
        return _replace_inline(buffer, holder, entry, value)
    style = buffer.style(entry.start)
    return put_below(buffer, entry, lines_of(value, style), style.step if isinstance(value, dict) else style.dash)


def _replace_inline(buffer: EditBuffer, holder: Node, entry: Entry, value: Any) -> EditBuffer:
    """Return the text with a value on the line of its key or dash."""
    old = entry.value
    style = buffer.style(entry.start, holder=holder)
    if isinstance(value, dict | list):
        text = inline(value, style)
    else:
        quote = (
            old.style if old.kind is Kind.SCALAR and old.is_written and not buffer.json else '"' if style.quoted else ""
        )
        text = scalar_text(value, quote, flow=holder.flow)
    mark = entry.head if old.properties_end is None else old.properties_end
    if not old.is_written:
        colon = ":" if entry.key is not None and entry.head == entry.key.end else ""
        return buffer.edit(Edit(mark, mark, f"{colon} {text}"))
    if old.is_block and not buffer.on_one_line(entry.start, old.content):
        if not buffer.is_first(old.content):
            raise Refused
        lines = buffer.lines_to_delete(old.content, buffer.below(old.end))
        return buffer.edit(Edit(mark, mark, " " + text), Edit(*lines, ""))
    end = old.content + len(buffer.text[old.content : old.end].rstrip()) if old.style in ("|", ">") else old.end
    return buffer.edit(Edit(old.content, end, text))


def put_below(buffer: EditBuffer, entry: Entry, lines: list[str], indent: int) -> EditBuffer:
    """Return the text with the lines of a block collection as the value of an entry."""
    old = entry.value
    is_inline_value = buffer.on_one_line(entry.start, old.content)
    if entry.key is None:
        if not is_inline_value or old.properties_end is not None:
            raise Refused
        column = buffer.column(old.content) if old.is_written else buffer.column(entry.start) + 2
        text = buffer.hanging(entry.head, lines, column)
        return buffer.edit(Edit(old.content, old.end, text if old.is_written else " " + text))
    column = buffer.column(entry.start) + indent
    if old.is_block and not is_inline_value:
        if not buffer.is_first(old.content):
            raise Refused
        start = buffer.line_start(old.content)
        return buffer.edit(buffer.put_lines(start, lines, column, replace_to=buffer.below(old.end)))
    if not is_inline_value:
        raise Refused
    mark = entry.head if old.properties_end is None else old.properties_end
    below = buffer.below(entry.end)
    return buffer.edit(Edit(mark, max(mark, old.end), ""), buffer.put_lines(below, lines, column))


def _add_entry(buffer: EditBuffer, holder: Node, key: str, value: Any, after: str) -> EditBuffer:
    if holder.kind is not Kind.MAPPING:
        raise Refused
    if not holder.flow:
        return add_lines(buffer, holder, entry_lines(key, value, buffer.style(holder.start)), after)
    previous = holder.child(after)
    index = holder.children.index(previous) + 1 if previous else len(holder.children)
    return _add_flow(buffer, holder, index, flow_entry(key, value, buffer.style(holder.start, holder=holder)))


def add_lines(buffer: EditBuffer, holder: Node, lines: list[str], after: str = "") -> EditBuffer:
    """Return the text with the lines of one more entry in a mapping in block style."""
    column = buffer.column(holder.children[0].start)
    at = _end_with_comments(buffer, holder.child(after) or holder.children[-1], column)
    return buffer.edit(buffer.put_lines(at, lines, column))


def _end_with_comments(buffer: EditBuffer, entry: Entry, column: int) -> int:
    """Return where the next entry may begin: comments that are further right belong to this one.

    So do items that are commented out, after a list that starts in the column of its key.
    """
    is_list = entry.key is not None and entry.value.kind is Kind.SEQUENCE and entry.value.is_block
    at = buffer.below(entry.end)
    while match := _COMMENT_LINE.match(buffer.text, at):
        if len(match[1]) < column or (len(match[1]) == column and not (is_list and match[2])):
            break
        at = match.end()
    return at


def insert_item(buffer: EditBuffer, path: FieldPath, value: Any, *, flow: bool = False) -> EditBuffer:
    """Return the text with an item before the one at a path, or after the last one."""
    holder, index = buffer.find(path[:-1]), path[-1]
    if holder.kind is not Kind.SEQUENCE or not isinstance(index, int) or not 0 <= index <= len(holder.children):
        raise Refused
    if holder.flow:
        return _add_flow(buffer, holder, index, inline(value, buffer.style(holder.start, holder=holder)))
    neighbour = holder.children[min(index, len(holder.children) - 1)]
    column = buffer.column(neighbour.start)
    lines = _item_lines(buffer, neighbour, value, flow=flow)
    if index == 0 and not buffer.is_first(neighbour.start):
        text = buffer.hanging(neighbour.start, lines, column) + buffer.eol(neighbour.start) + " " * column
        return buffer.edit(Edit(neighbour.start, neighbour.start, text))
    at = _end_with_comments(buffer, holder.children[index - 1], column) if index else buffer.line_start(neighbour.start)
    return buffer.edit(buffer.put_lines(at, lines, column))


def _item_lines(buffer: EditBuffer, neighbour: Entry, value: Any, *, flow: bool) -> list[str]:
    """Return the lines of an item that looks like its neighbour."""
    style = buffer.style(neighbour.start)
    is_after_dash = neighbour.value.is_written and buffer.on_one_line(neighbour.start, neighbour.value.start)
    width = neighbour.value.start - neighbour.start if is_after_dash else 2
    if flow or (neighbour.value.flow and neighbour.value.children and not is_inline(value)):
        return as_item([inline(value, style)], width)
    return item_lines(value, style, width)


def _add_flow(buffer: EditBuffer, holder: Node, index: int, text: str) -> EditBuffer:
    """Return the text with an entry or item in brackets, on a line of its own if its neighbour has one."""
    style = buffer.style(holder.start, holder=holder)
    if not holder.children:
        inside = (holder.content + 1, holder.end - 1)
        if buffer.text[slice(*inside)].strip():
            raise Refused
        return buffer.edit(Edit(*inside, text))
    neighbour = holder.children[max(index - 1, 0)]
    lead = buffer.lead(neighbour.start)
    has_own_line = not lead.strip(" \t") and buffer.line_start(neighbour.start) > holder.content
    new_line = buffer.eol(neighbour.start) + lead
    if index == 0:
        gap = new_line if has_own_line else style.comma[1:]
        return buffer.edit(Edit(neighbour.start, neighbour.start, f"{text},{gap}"))
    comma = skip(buffer.text, neighbour.end)
    has_comma = buffer.text[comma : comma + 1] == ","
    line_end = buffer.line_end(comma + 1 if has_comma else neighbour.end)
    if not has_own_line or line_end is None:
        return buffer.edit(Edit(neighbour.end, neighbour.end, style.comma + text))
    if has_comma:
        return buffer.edit(Edit(line_end, line_end, f"{new_line}{text},"))
    return buffer.edit(Edit(neighbour.end, neighbour.end, ","), Edit(line_end, line_end, new_line + text))


def rename_key(buffer: EditBuffer, path: FieldPath, name: Any) -> EditBuffer:
    """Return the text with another key, which has the quotes of the old one."""
    holder = buffer.find(path[:-1])
    entry = holder.child(path[-1])
    if entry is None or entry.key is None or entry.key.kind is not Kind.SCALAR or not isinstance(name, str):
        raise Refused
    text = scalar_text(name, entry.key.style, flow=holder.flow)
    return buffer.edit(Edit(entry.key.content, entry.key.end, text))
