"""Where a field of an ordinary document is written, found in the text: most findings need no parser.

In a text that `plain_value` reads, each entry and each item begins on a line of its own in the column of its
collection, its content is further right, and the value tells which entries exist. So an entry is the first line in this
column that begins with its key, and an item is one of the lines in this column with a dash.
"""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, Any

from k8snetlint.source.fast_line import KEY, Unusual, plain_key

if TYPE_CHECKING:
    from k8snetlint.source.paths import FieldPath
    from k8snetlint.source.text import Span

_BLANKS = re.compile(" *")
_NO_CONTENT = re.compile("(?: *(?:#[^\n]*)?\n)*( *)")
_IN_FLOW = r"""[^\[\]{}"'\n]|"[^"\n]*"|'[^'\n]*'"""
_LIST = rf"\[(?:{_IN_FLOW})*\]"
_CLOSED = re.compile(rf""""(?:[^"\\\n]|\\.)*"|'(?:[^'\n]|'')*'|{_LIST}|\{{(?:{_IN_FLOW}|{_LIST})*\}}""")
_NEXT = re.compile(r"(?: *\n)+ *([^ \n#][^\n]*)")
_BEGINS = re.compile(rf"-(?: |$)|(?:{KEY}):(?: |$)")
_BLOCK_SCALAR = re.compile("[^\n]*\n+( *)")


def find_span(text: str, value: Any, path: FieldPath, *, key: bool) -> Span | None:
    """Return where a path is written in a text, as `Document.locate` does; None for the whole document.

    Args:
        text: an ordinary text.
        value: the mapping or list that `plain_value` reads in it.
        path: the field that is searched for.
        key: search for the key, not the value.

    Raises:
        Unusual: the marks are needed.
    """
    if "\r" in text or text.startswith("---"):
        raise Unusual
    top = start = _NO_CONTENT.match(text).end()  # type: ignore[union-attr]  # it matches everywhere
    root = value
    nearest: Span | None = None
    last = len(path) - 1
    for depth, step in enumerate(path):
        if isinstance(value, dict) and isinstance(step, str) and step in value:
            at = _entry(text, start, step)
            behind = at + len(step) + 1
            nearest = at, behind - 1
            if key and depth == last:
                return nearest
        elif isinstance(value, list) and isinstance(step, int) and step < len(value):
            behind = _item(text, start, step) + 1
        else:
            break
        value = value[step]
        start, is_below = _content(text, behind)
        if value is None and is_below:
            break
        if depth == last:
            return start, _end(text, start, value)
        if isinstance(step, int):
            nearest = start, start + 1
    if nearest is None and isinstance(root, dict) and root:
        name = next(iter(root))
        return top, _entry(text, top, name) + len(name)
    return nearest


def find_written(text: str, path: FieldPath, *, key: bool) -> Span:
    """Return where a key, or a scalar on its line, is written in a text that nobody has read this time.

    Args:
        text: an ordinary text.
        path: keys of mappings.
        key: the key is meant, not the value.

    Raises:
        Unusual: it is not there, or the value is needed.
    """
    if "\r" in text or text.startswith("---"):
        raise Unusual
    start = _NO_CONTENT.match(text).end()  # type: ignore[union-attr]  # it matches everywhere
    column, last = -1, len(path) - 1
    for depth, step in enumerate(path):
        # A mapping begins below its key, and further right; what stands there else is a list, nothing, or in braces.
        outer, column = column, _column(text, start)
        if not isinstance(step, str) or column <= outer or text[start : start + 1] in ("", "-"):
            break
        at = _entry(text, start, step)
        behind = at + len(step) + 1
        if key and depth == last:
            return at, behind - 1
        start, is_below = _content(text, behind)
        if depth == last and not is_below:
            return start, _end(text, start, None)
        if not is_below:
            break
    raise Unusual


def _entry(text: str, start: int, name: str) -> int:
    """Return where the entry with a key begins in the mapping that begins at `start`."""
    # Another key may be written so (`on` is `true`), and this one may stand in quotes.
    if text[start] == "{" or plain_key(name) != name:
        raise Unusual
    if text.startswith(name + ":", start):
        return start
    column = _column(text, start)
    at = text.find(f"\n{' ' * column}{name}:", start) + 1
    # If the key is quoted here, the one that is found may belong to another mapping.
    if not at or (column and _left_of(column).search(text, start, at)):
        raise Unusual
    return at + column


def _item(text: str, start: int, index: int) -> int:
    """Return where the item with an index begins, in the list that begins at `start` and is long enough."""
    if text[start] == "[":
        raise Unusual
    dash = f"\n{' ' * _column(text, start)}-"
    for _ in range(index):
        start = text.index(dash, start) + len(dash) - 1
    return start


def _content(text: str, behind: int) -> tuple[int, bool]:
    """Return where a value begins, and whether it is below the line of its key or dash, which ends at `behind`."""
    start = _BLANKS.match(text, behind).end()  # type: ignore[union-attr]  # it matches everywhere
    if text[start : start + 1] not in ("", "\n", "#"):
        return start, False
    line_end = text.find("\n", start)
    return (len(text) if line_end < 0 else _NO_CONTENT.match(text, line_end + 1).end()), True  # type: ignore[union-attr]  # as above


def _end(text: str, start: int, value: Any) -> int:
    """Return where the value that begins at `start` ends; a block collection ends with its last child."""
    while isinstance(value, dict | list) and text[start] not in "{[":
        if isinstance(value, dict):
            name = next(reversed(value))
            behind = _entry(text, start, name) + len(name) + 1
            value = value[name]
        else:
            behind = _item(text, start, len(value) - 1) + 1
            value = value[-1]
        start, is_below = _content(text, behind)
        if value is None and is_below:
            return behind
    first = text[start]
    if first in "|>":
        return _end_of_block_scalar(text, start)
    if first in "{['\"":
        found = _CLOSED.match(text, start)
        if found is None:
            raise Unusual
        return found.end()
    line_end = text.find("\n", start)
    line = text[start:] if line_end < 0 else text[start:line_end]
    following = _NEXT.match(text, line_end) if line_end >= 0 else None
    if following and not _BEGINS.match(following[1]):
        # The scalar continues there.
        raise Unusual
    return start + len(line.partition(" #")[0].rstrip(" "))


def _end_of_block_scalar(text: str, start: int) -> int:
    """Return where the block scalar ends: at the next line that is not blank and further left than its first line."""
    lines = _BLOCK_SCALAR.match(text, start)
    if lines is None:
        raise Unusual
    behind = _left_of(len(lines[1]), comments=True).search(text, lines.end())
    return len(text) if behind is None else behind.start() + 1


def _column(text: str, at: int) -> int:
    return at - text.rfind("\n", 0, at) - 1


@functools.cache
def _left_of(column: int, *, comments: bool = False) -> re.Pattern[str]:
    """Return a pattern for the start of a line that is further left than a column; `comments` may be, too."""
    return re.compile(f"\n {{0,{column - 1}}}[^ \n{'' if comments else '#'}]")
