"""A text as lines that lost their indentation: what each says by itself, and how far it is still indented."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from k8snetlint.source.fast_line import BLANK, BLOCK, OPENS, Unusual, read_line

if TYPE_CHECKING:
    from collections.abc import Iterator

_BLANKS = " \t"
_BLOCK = re.compile(r"[:-][ \t]+(?:[!&]\S*[ \t]+)*[|>]")


class Unreadable(ValueError):  # noqa: N818 - a fact about a line
    """A line cannot be read without the lines around it: a block scalar, a value of several lines."""


class FlatLine(NamedTuple):
    """A line with content.

    Attributes:
        start: the offset of its first character.
        indent: how many blanks are in front of its content; a tab counts as one.
        is_item: it begins with a dash.
        key: what stands before the colon, None for an item without a key.
        value: the value on the line.
        opens: there is no value on the line.
    """

    start: int
    indent: int
    is_item: bool
    key: str | None
    value: Any
    opens: bool


def written_lines(text: str) -> Iterator[tuple[int, str, str]]:
    """Yield for each line its offset, its blanks in front, and the rest without its line end."""
    start = 0
    for line in text.split("\n"):
        body = line.lstrip(_BLANKS)
        yield start, line[: len(line) - len(body)], body.rstrip("\r")
        start += len(line) + 1


def is_content(body: str) -> bool:
    """Tell whether a line is neither empty nor a comment."""
    return bool(body) and body[0] != "#"


def is_block(body: str) -> bool:
    """Tell whether a line may begin a block scalar, whose lines are below it."""
    return _BLOCK.search(body) is not None


def flat_lines(text: str) -> list[FlatLine]:
    """Return the lines of a text that have content.

    Raises:
        Unreadable: one of them cannot be read by itself.
    """
    return [_flat_line(start, len(blanks), body) for start, blanks, body in written_lines(text) if is_content(body)]


def _flat_line(start: int, indent: int, body: str) -> FlatLine:
    try:
        _, _, dash, key, value, special = read_line(body)
    except Unusual:
        return _unusual_line(start, indent, body)
    if special in (BLANK, BLOCK):
        raise Unreadable
    return FlatLine(start, indent, dash > 0, key, value, special == OPENS)


def _unusual_line(start: int, indent: int, body: str) -> FlatLine:
    """Return a line that the fast parser does not read: with escapes, or flow collections within each other."""
    from k8snetlint.source.marked_parser import parse  # noqa: PLC0415 - few lines are unusual

    value, faults = parse(body + "\n")
    is_item = isinstance(value, list)
    if faults or is_block(body) or (is_item and len(value) != 1):
        raise Unreadable
    inner = value[0] if is_item else value
    # A flow collection is a value: its entries are no lines.
    is_entry = isinstance(inner, dict) and len(inner) == 1 and not body.lstrip("- \t").startswith("{")
    if is_entry:
        ((key, entry),) = inner.items()
        return FlatLine(start, indent, is_item, str(key), entry, entry is None)
    if not is_item:
        raise Unreadable
    return FlatLine(start, indent, is_item, None, inner, opens=False)
