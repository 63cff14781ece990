"""Scalars that continue on the lines below: the long descriptions of CustomResourceDefinitions are written so.

A line break in them is a blank, and n empty lines are n line breaks. Comments, rare escapes and tabs in between are
left to `k8snetlint.source.marked_parser`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from k8snetlint.source.fast_line import (
    CONTINUES,
    ESCAPE,
    ORDINARY,
    QUOTED,
    Unusual,
    read_value,
    scalar,
    split_line,
    unescaped,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from k8snetlint.source.fast_line import Line

_GOES_ON, _JOINED, _END = range(3)
_ENDS = {"": _GOES_ON, "\\": _JOINED, "'": _END, '"': _END}
"""How a line of a quoted scalar ends; behind a backslash the next line follows without a blank."""
_WITHOUT_END = re.compile(rf'(?:[^"\\]++|{ESCAPE})*+')


def folded_line(line: str) -> Line:
    """Return the parts of a line that begins a quoted scalar of several lines, or continues a scalar.

    Raises:
        Unusual: the line can be neither.
    """
    body = line.strip(" ")
    indent = len(line) - len(line.lstrip(" "))
    if not body.isprintable() or body[:1] == "#":
        raise Unusual
    try:
        dash, key, text = split_line(body)
    except Unusual:
        return -2, indent, 0, None, body, CONTINUES
    if text[:1] not in ("'", '"'):
        raise Unusual
    return -2, indent, dash, key, text, QUOTED


def continued(
    lines: Sequence[str], here: int, since: int, outer: int, parts: Mapping[str, Line]
) -> tuple[str | None, Any, int]:
    """Return the value that a line above began, with its key if it has one, and the index of the line after it.

    Args:
        lines: all lines.
        here: the first line that continues the value.
        since: the first line that may have begun it.
        outer: the column of the key or dash, which all lines of the value are right of.
        parts: the parts of lines.
    """
    above = here - 1
    while above >= since and not lines[above].strip(" "):
        above -= 1
    *_, key, _, special = parts[lines[above]]
    if above < since or special != ORDINARY:
        raise Unusual
    _, _, text = split_line(lines[above].strip(" "))
    value, below = _plain(text, lines, above + 1, outer, parts)
    if below <= here:
        raise Unusual
    return key, value, below


def value_below(
    text: str, lines: Sequence[str], start: int, outer: int, parts: Mapping[str, Line]
) -> tuple[Any, int, int]:
    """Return a value that begins below its key or dash, the index of the line after it, and its kind.

    Args:
        text: its first line.
        lines: all lines.
        start: the line after the first one.
        outer: the column of the key or dash.
        parts: the parts of lines.
    """
    if text[0] in "'\"" and not (len(text) > 1 and text[-1] == text[0]):
        return *quoted(text, lines, start, outer), ORDINARY
    value, kind = read_value(text)
    if kind == ORDINARY and text[0] not in "'\"":
        return *_plain(text, lines, start, outer, parts), ORDINARY
    return value, start, kind


def _plain(first: str, lines: Sequence[str], start: int, outer: int, parts: Mapping[str, Line]) -> tuple[Any, int]:
    """Return the value of an unquoted scalar, and the index of the line after it."""
    if first[:1] in ("'", '"') or " #" in first:
        raise Unusual
    found, gap, below = [first], 0, start
    for at in range(start, len(lines)):
        if not lines[at].strip(" "):
            gap += 1
            continue
        _, indent, _, _, text, special = parts[lines[at]]
        if special != CONTINUES or indent <= outer:
            break
        if ": " in text or " #" in text or text[-1] == ":":
            raise Unusual
        found += ["\n" * gap or " ", text]
        gap, below = 0, at + 1
    return scalar("".join(found)), below


def quoted(text: str, lines: Sequence[str], start: int, outer: int) -> tuple[str, int]:
    """Return the value of a quoted scalar, and the index of the line after it.

    Args:
        text: its first line, which does not end it.
        lines: all lines.
        start: the line after the first one.
        outer: the column of the key or dash.
    """
    quote, gap = text[0], 0
    if _ends_with_escaped_blank(lines[start - 1]):
        raise Unusual
    part, kind = _line_of(text[1:], quote)
    found = [part]
    for at in range(start, len(lines)):
        if kind == _END:
            break
        body = lines[at].strip(" ")
        if not body:
            gap += 1
            continue
        indent = len(lines[at]) - len(lines[at].lstrip(" "))
        if indent <= outer or not body.isprintable() or _ends_with_escaped_blank(lines[at]):
            raise Unusual
        if kind != _JOINED:
            found.append("\n" * gap or " ")
        elif gap:
            raise Unusual
        part, kind = _line_of(body, quote)
        found.append(part)
        gap, start = 0, at + 1
    if kind != _END:
        raise Unusual
    value = "".join(found)
    return (value.replace("''", "'") if quote == "'" else unescaped(value)), start


def _ends_with_escaped_blank(line: str) -> bool:
    """Tell whether a line ends with a blank that a backslash makes a part of the text."""
    return line[-1:] == " " and line.rstrip(" ")[-1:] == "\\"


def _line_of(text: str, quote: str) -> tuple[str, int]:
    """Return a line of a quoted scalar without what ends it, and how it ends."""
    if quote == "'":
        at = text.replace("''", "..").find(quote)
        at = len(text) if at < 0 else at
    else:
        at = _WITHOUT_END.match(text).end()  # type: ignore[union-attr]  # it matches everywhere
    rest = text[at:]
    if rest not in _ENDS:
        raise Unusual
    return text[:at], _ENDS[rest]
