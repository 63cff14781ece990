"""Lines of words, broken where a terminal would break a word."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_UNSEEN = re.compile(r"\x1b\[[0-9;]*m|\x1b\]8;;[^\x1b]*\x1b\\")
"""Colours and links."""


def wrapped(line: str, columns: int, indent: int) -> Iterator[str]:
    """Yield a line in parts of at most so many columns, if its words are not longer.

    Args:
        line: may contain colours and links.
        columns: of the terminal; 0 for a line of any length.
        indent: of all parts but the first.
    """
    if not columns or _width(line) <= columns:
        yield line
        return
    part, width = "", 0
    for space, word in re.findall(r"(\s*)(\S+)", line):
        taken = len(space) + _width(word)
        if part and width + taken > columns:
            yield part
            part, width = " " * indent + word, indent + _width(word)
        else:
            part, width = part + space + word, width + taken
    yield part


def _width(text: str) -> int:
    return len(_UNSEEN.sub("", text))
