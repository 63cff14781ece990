"""Values without marks, fast: the path of every document that nobody has anything to say about.

Manifests are written one key a line, and repeat the same few thousand lines; so this reader goes line by line, and
looks each one up among those it has seen. Whatever is out of the ordinary (anchors, tags, escapes, values that go on
in the next line, duplicate keys, errors) is left to `k8snetlint.source.yaml`.
"""

from __future__ import annotations

import re
from typing import Any

from k8snetlint.source.line import BLANK, OPENS, Block, Line, Unusual, is_ordinary, read_line
from k8snetlint.source.yaml import DEPTH_LIMIT

__all__ = ["Unusual", "plain_value"]

_MEMO_LENGTH, _MEMO_SIZE = 120, 8_000


class _Lines(dict[str, Line]):
    """What a line says, by its text."""

    def __missing__(self, line: str) -> Line:
        said = read_line(line)
        if len(line) <= _MEMO_LENGTH:
            if len(self) >= _MEMO_SIZE:
                self.clear()
            self[line] = said
        return said


_lines = _Lines()


def plain_value(text: str) -> Any:
    """Return the value of a text's only document as dicts, lists and scalars.

    Raises:
        Unusual: the text has to be read by `k8snetlint.source.yaml.parse`.
    """
    if "\r" in text:
        text = text.replace("\r\n", "\n")
    if not is_ordinary(text):
        raise Unusual
    lines = text.split("\n")
    if lines[0] == "---":
        lines[0] = ""
    root: list[Any] = [None]
    _fill(root, lines)
    return root[0]


def _fill(root: list[Any], lines: list[str]) -> None:
    """Read all lines into a list's last item."""
    known = _lines
    outer: list[tuple[Any, int]] = []
    # The collection that is being filled, its indentation, its last key or index, and whether that may begin below.
    here: Any = root
    last: str | int = -1
    at, opens = -1, True
    below = 0
    for index, line in enumerate(lines):
        if index < below:
            continue
        said = known[line]
        if said is BLANK:
            continue
        indent, dash, key, value, special = said
        while indent < at:
            here, at = outer.pop()
            opens = False
        if indent > at or (dash and here.__class__ is dict):
            if not opens:
                raise Unusual
            outer.append((here, at))
            here[last] = here = [] if dash else {}
            at = indent
        elif not dash and here.__class__ is list:
            # A list may stand as far left as the key above it.
            here, at = outer.pop()
            if at != indent or here.__class__ is list:
                raise Unusual
        opens = False
        if dash:
            last = -1
            if key is None:
                here.append(value)
            else:
                outer.append((here, at))
                here.append({})
                here = here[-1]
                at += dash
        if key is not None:
            if key in here:
                raise Unusual
            here[key] = value
            last = key
        if special:
            opens = value is OPENS
            if opens:
                here[last] = None
            elif value.__class__ is Block:
                here[last], below = _block(value, lines, index + 1, at)
            else:
                here[last] = value.copy()
        if len(outer) > DEPTH_LIMIT:
            raise Unusual


def _block(style: str, lines: list[str], start: int, at: int) -> tuple[str, int]:
    """Return a block scalar's text, and the index of the line behind it."""
    first = start
    while first < len(lines) and not lines[first]:
        first += 1
    if first == len(lines):
        raise Unusual
    text = lines[first].lstrip(" ")
    indent = len(lines[first]) - len(text)
    if indent <= at or not text or text[0] == "\t":
        raise Unusual
    prefix = " " * indent
    end = first
    while end < len(lines) and (lines[end].startswith(prefix) or not lines[end].strip(" ")):
        end += 1
    if end == len(lines) and lines[-1]:
        raise Unusual
    content = [line[indent:] for line in lines[start:end]]
    value = "\n".join(content).rstrip("\n")
    if style[0] == ">":
        if first != start or "\n\n" in value or re.search("^[ \t]", value, re.MULTILINE):
            raise Unusual
        value = value.replace("\n", " ")
    return (value if style[1:] else value + "\n"), end
