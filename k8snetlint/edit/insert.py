"""Values, entries and items that are put into a text: SET, INSERT and RENAME."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from k8snetlint.edit.change import Edit, Refused
from k8snetlint.edit.text import (
    dashed,
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
    """Return the text with the value at a path, in flow style if that is asked for or usual there."""
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
    style = buffer.style(entry.start, beside=holder)
    if isinstance(value, dict | list):
        text = inline(value, style)
    else:
        quote = (
            old.style if old.kind is Kind.SCALAR and old.written and not buffer.json else '"' if style.quoted else ""
        )
        text = scalar_text(value, quote, flow=holder.flow)
    mark = entry.head if old.named is None else old.named
    if not old.written:
        colon = ":" if entry.key is not None and entry.head == entry.key.end else ""
        return buffer.edit(Edit(mark, mark, f"{colon} {text}"))
    if old.block and not buffer.on_one_line(entry.start, old.content):
        if not buffer.is_first(old.content):
            raise Refused
        lines = buffer.lines_out(old.content, buffer.below(old.end))
        return buffer.edit(Edit(mark, mark, " " + text), Edit(*lines, ""))
    end = old.content + len(buffer.text[old.content : old.end].rstrip()) if old.style in ("|", ">") else old.end
    return buffer.edit(Edit(old.content, end, text))


def put_below(buffer: EditBuffer, entry: Entry, lines: list[str], indent: int) -> EditBuffer:
    """Return the text with the lines of a block collection in the place of an entry's value."""
    old = entry.value
    here = buffer.on_one_line(entry.start, old.content)
    if entry.key is None:
        if not here or old.named is not None:
            raise Refused
        column = buffer.column(old.content) if old.written else buffer.column(entry.start) + 2
        text = buffer.hanging(entry.head, lines, column)
        return buffer.edit(Edit(old.content, old.end, text if old.written else " " + text))
    column = buffer.column(entry.start) + indent
    if old.block and not here:
        if not buffer.is_first(old.content):
            raise Refused
        start = buffer.line_start(old.content)
        return buffer.edit(buffer.put_lines(start, lines, column, instead=buffer.below(old.end)))
    if not here:
        raise Refused
    mark = entry.head if old.named is None else old.named
    below = buffer.below(entry.end)
    return buffer.edit(Edit(mark, max(mark, old.end), ""), buffer.put_lines(below, lines, column))


def _add_entry(buffer: EditBuffer, holder: Node, key: str, value: Any, after: str) -> EditBuffer:
    if holder.kind is not Kind.MAPPING:
        raise Refused
    if not holder.flow:
        return add_lines(buffer, holder, entry_lines(key, value, buffer.style(holder.start)), after)
    behind = holder.child(after)
    index = holder.children.index(behind) + 1 if behind else len(holder.children)
    return _add_flow(buffer, holder, index, flow_entry(key, value, buffer.style(holder.start, beside=holder)))


def add_lines(buffer: EditBuffer, holder: Node, lines: list[str], after: str = "") -> EditBuffer:
    """Return the text with the lines of an entry in a mapping in block style."""
    column = buffer.column(holder.children[0].start)
    at = _behind(buffer, holder.child(after) or holder.children[-1], column)
    return buffer.edit(buffer.put_lines(at, lines, column))


def _behind(buffer: EditBuffer, entry: Entry, column: int) -> int:
    """Return where the next entry may begin: comments that are further right belong to the one before.

    So do items that are commented out, behind a list that stands as far left as its key.
    """
    items = entry.key is not None and entry.value.kind is Kind.SEQUENCE and entry.value.block
    at = buffer.below(entry.end)
    while match := _COMMENT_LINE.match(buffer.text, at):
        if len(match[1]) < column or (len(match[1]) == column and not (items and match[2])):
            break
        at = match.end()
    return at


def insert_item(buffer: EditBuffer, path: FieldPath, value: Any, *, flow: bool = False) -> EditBuffer:
    """Return the text with an item before the one at a path, or behind the last one."""
    holder, index = buffer.find(path[:-1]), path[-1]
    if holder.kind is not Kind.SEQUENCE or not isinstance(index, int) or not 0 <= index <= len(holder.children):
        raise Refused
    if holder.flow:
        return _add_flow(buffer, holder, index, inline(value, buffer.style(holder.start, beside=holder)))
    beside = holder.children[min(index, len(holder.children) - 1)]
    column = buffer.column(beside.start)
    lines = _item_lines(buffer, beside, value, flow=flow)
    if index == 0 and not buffer.is_first(beside.start):
        text = buffer.hanging(beside.start, lines, column) + buffer.eol(beside.start) + " " * column
        return buffer.edit(Edit(beside.start, beside.start, text))
    at = _behind(buffer, holder.children[index - 1], column) if index else buffer.line_start(beside.start)
    return buffer.edit(buffer.put_lines(at, lines, column))


def _item_lines(buffer: EditBuffer, beside: Entry, value: Any, *, flow: bool) -> list[str]:
    """Return the lines of an item that looks like the one beside it."""
    style = buffer.style(beside.start)
    here = beside.value.written and buffer.on_one_line(beside.start, beside.value.start)
    width = beside.value.start - beside.start if here else 2
    if flow or (beside.value.flow and beside.value.children and not is_inline(value)):
        return dashed([inline(value, style)], width)
    return item_lines(value, style, width)


def _add_flow(buffer: EditBuffer, holder: Node, index: int, text: str) -> EditBuffer:
    """Return the text with an entry or item in brackets, on a line of its own if its neighbour has one."""
    style = buffer.style(holder.start, beside=holder)
    if not holder.children:
        inside = (holder.content + 1, holder.end - 1)
        if buffer.text[slice(*inside)].strip():
            raise Refused
        return buffer.edit(Edit(*inside, text))
    beside = holder.children[max(index - 1, 0)]
    lead = buffer.lead(beside.start)
    own_line = not lead.strip(" \t") and buffer.line_start(beside.start) > holder.content
    new_line = buffer.eol(beside.start) + lead
    if index == 0:
        gap = new_line if own_line else style.comma[1:]
        return buffer.edit(Edit(beside.start, beside.start, f"{text},{gap}"))
    comma = skip(buffer.text, beside.end)
    has_comma = buffer.text[comma : comma + 1] == ","
    line_end = buffer.line_end(comma + 1 if has_comma else beside.end)
    if not own_line or line_end is None:
        return buffer.edit(Edit(beside.end, beside.end, style.comma + text))
    if has_comma:
        return buffer.edit(Edit(line_end, line_end, f"{new_line}{text},"))
    return buffer.edit(Edit(beside.end, beside.end, ","), Edit(line_end, line_end, new_line + text))


def rename_key(buffer: EditBuffer, path: FieldPath, name: Any) -> EditBuffer:
    """Return the text with another key, in the quotes of the old one."""
    holder = buffer.find(path[:-1])
    entry = holder.child(path[-1])
    if entry is None or entry.key is None or entry.key.kind is not Kind.SCALAR or not isinstance(name, str):
        raise Refused
    text = scalar_text(name, entry.key.style, flow=holder.flow)
    return buffer.edit(Edit(entry.key.content, entry.key.end, text))
