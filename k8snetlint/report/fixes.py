"""Fixes as reports show them: marks for people, lines and columns for machines."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, NamedTuple

from k8snetlint.finding import Location
from k8snetlint.report.words import bytes_before
from k8snetlint.source.text import Text

if TYPE_CHECKING:
    from k8snetlint.finding import Finding, TextFix
    from k8snetlint.report.style import Tree


class PlacedEdit(NamedTuple):
    """An edit of a text: `text` replaces what is from `start` to `end`.

    Attributes:
        start: the first code point that is replaced.
        end: the first one after it; `start` if none is replaced.
        text: the new text.
        bytes: how many bytes of UTF-8 are before `start`, and before `end`, in their lines.
    """

    start: Location
    end: Location
    text: str
    bytes: tuple[int, int]


def fix_with_edits(finding: Finding, tree: Tree) -> tuple[TextFix, tuple[PlacedEdit, ...]] | None:
    """Return a finding's fix with its edits in lines and columns.

    None if it has no fix, or its file is not as it was read any more.
    """
    fix = finding.fix
    text = _text(tree, finding.path) if fix else None
    if fix is None or text is None or any(edit.end > len(text.text) for edit in fix.edits):
        return None
    edits = []
    for start, end, inserted in fix.edits:
        (first, bytes_first), (last, bytes_last) = _location(text, start), _location(text, end)
        edits.append(PlacedEdit(first, last, inserted, (bytes_first, bytes_last)))
    return fix, tuple(edits)


def describe_fix(fix: TextFix) -> str:
    """Return a fix's title, and whether it is unsafe."""
    return fix.title if fix.safe else f"{fix.title} (unsafe)"


def _location(text: Text, offset: int) -> tuple[Location, int]:
    line, column = text.position(offset)
    before = column - 1 if text.text.isascii() else bytes_before(text.line(line), column - 1)
    return Location(line, column, offset), before


@functools.lru_cache(maxsize=1)  # findings are ordered by their paths
def _text(tree: Tree, path: str) -> Text | None:
    decoded = tree.decoded(path)
    if decoded is None:
        read = tree.text(path)
        # NUL: no text of UTF-8, so there are no positions in it.
        decoded = None if read is None or "\0" in read else read.removeprefix("\ufeff")
    return None if decoded is None else Text(decoded)
