"""Reading values without marks, fast: most documents need nothing else.

Manifests have one key a line, and repeat the same few thousand lines; so this parser reads line by line, and remembers
the lines that it has read. Everything unusual (anchors, tags, rare escapes, duplicate keys, errors) is left to
`k8snetlint.source.marked_parser`.
"""

from __future__ import annotations

import re
from itertools import islice
from operator import length_hint
from typing import Any

from k8snetlint.source.fast_line import (
    BLANK,
    BLOCK,
    CONTINUES,
    COPY,
    OPENS,
    ORDINARY,
    Line,
    Unusual,
    is_ordinary,
    read_line,
)
from k8snetlint.source.folded import continued, folded_line, quoted, value_below

__all__ = ["DEPTH_LIMIT", "Unusual", "plain_value"]

DEPTH_LIMIT = 200
"""Nested collections; the deepest schema of Kubernetes has less than 40."""
_DEEP = DEPTH_LIMIT // 2 - 10
"""Left of this column nothing is as deep: of a list and a mapping in it, one at least begins further to the right."""
_MEMO_LENGTH, _MEMO_SIZE = 120, 32_000
_FLOW_DEPTH = 3
"""More collections than stand in one another on a line."""


class _Lines(dict[str, Line]):
    """The parts of lines by their text."""

    def __missing__(self, line: str) -> Line:
        try:
            parts = read_line(line)
        except Unusual:
            parts = folded_line(line)
        if len(line) <= _MEMO_LENGTH:
            if len(self) >= _MEMO_SIZE:
                self.clear()
            self[line] = parts
        return parts


_lines = _Lines()


def plain_value(text: str) -> Any:
    """Return the value of the only document in a text as dicts, lists and scalars.

    Raises:
        Unusual: the text has to be read by `k8snetlint.source.marked_parser.parse`.
    """
    if "\r" in text:
        text = text.replace("\r\n", "\n")
    lines = text.split("\n")
    if lines[0] == "---":
        lines[0] = ""
    root: list[Any] = [None]
    _fill(root, lines)
    return root[0]


def _fill(root: list[Any], lines: list[str]) -> None:
    """Read all lines into a list's last item."""
    outer: list[tuple[Any, int]] = []
    # The collection that is filled, its last key or index, its indentation, and whether the value may begin below.
    collection: Any = root
    last: str | int = -1
    at, opens = -1, True
    # The column of the next key if it belongs to the same mapping, -1 in a list.
    fields = -1
    # The line after the last scalar of several lines.
    ended = 0
    ahead = iter(lines)
    for sibling, indent, dash, key, value, special in map(_lines.__getitem__, ahead):
        if sibling == fields:
            # Most lines: a scalar in the same mapping as the line before.
            if key in collection:
                raise Unusual
            collection[key] = value
            opens = False
            continue
        if special >= BLANK:
            if special == CONTINUES:
                here = len(lines) - length_hint(ahead) - 1
                if indent <= at or not 0 < len(outer) < DEPTH_LIMIT - _FLOW_DEPTH:
                    raise Unusual
                ended = _fold(collection, last if opens else None, lines, range(ended, here), at)
                next(islice(ahead, ended - here - 1, ended - here - 1), None)
                opens = False
            continue
        while indent < at:
            collection, at = outer.pop()
            opens = False
        if indent > at or (dash and type(collection) is dict):
            if not opens or (indent > _DEEP and len(outer) >= DEPTH_LIMIT):
                raise Unusual
            outer.append((collection, at))
            collection[last] = collection = [] if dash else {}
            at = indent
        elif not dash and type(collection) is list:
            # A list may start in the column of the key above it.
            collection, at = outer.pop()
            if at != indent or type(collection) is list:
                raise Unusual
        if key is None:
            collection.append(value)
            last = fields = -1
        else:
            if dash:
                outer.append((collection, at))
                collection.append({})
                collection = collection[-1]
                at += dash
            elif key in collection:
                raise Unusual
            collection[key] = value
            last = key
            fields = at
        opens = special == OPENS
        if special > OPENS:
            if special == COPY:
                if len(outer) >= DEPTH_LIMIT - _FLOW_DEPTH:
                    raise Unusual
                collection[last] = _copy(value)
            else:
                start = len(lines) - length_hint(ahead)
                read = _block if special == BLOCK else quoted
                collection[last], ended = read(value, lines, start, at)
                next(islice(ahead, ended - start, ended - start), None)


def _fold(collection: Any, last: str | int | None, lines: list[str], above: range, outer: int) -> int:
    """Put a value into a collection whose text continues on a line; return the index of the line after the value.

    Args:
        collection: the dict or list.
        last: the key or index of a value that begins on this line, None if it began above.
        lines: all lines.
        above: the indices of the lines before this one that may have begun the value.
        outer: the column of the collection.
    """
    here = above.stop
    if last is None:
        key, value, below = continued(lines, here, above.start, outer, _lines)
        last = -1 if key is None else key
    else:
        value, below, kind = value_below(lines[here].strip(" "), lines, here + 1, outer, _lines)
        if kind == COPY:
            value = _copy(value)
        elif kind != ORDINARY:
            raise Unusual
    collection[last] = value
    return below


def _copy(value: Any) -> Any:
    """Return a flow collection of its own for a document."""
    if type(value) is list:
        return value.copy()
    return {key: each.copy() if type(each) is list else each for key, each in value.items()}


def _block(style: str, lines: list[str], start: int, outer: int) -> tuple[str, int]:
    """Return the text of a block scalar, and the index of the line after it."""
    first = start
    while first < len(lines) and not lines[first]:
        first += 1
    if first == len(lines):
        raise Unusual
    text = lines[first].lstrip(" ")
    indent = len(lines[first]) - len(text)
    if indent <= outer or not text or text[0] == "\t":
        raise Unusual
    prefix, unfinished = " " * indent, lines[-1]
    end = len(lines)
    for at in range(first, end):
        line = lines[at]
        if line[:indent] != prefix and line.strip(" "):
            end = at
            break
    if end == len(lines) and unfinished:
        raise Unusual
    value = "\n".join([line[indent:] for line in lines[start:end]]).rstrip("\n")
    if not is_ordinary(value):
        raise Unusual
    if style[0] == ">":
        if first != start or "\n\n" in value or re.search("^[ \t]", value, re.MULTILINE):
            raise Unusual
        value = value.replace("\n", " ")
    return (value if style[1:] else value + "\n"), end
