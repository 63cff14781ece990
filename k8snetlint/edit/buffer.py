"""A text while it is edited, which remembers its parts that are from the original text."""

from __future__ import annotations

import json
import re
from bisect import bisect_left
from itertools import pairwise
from typing import TYPE_CHECKING

from k8snetlint.edit.change import Edit, Refused, trim
from k8snetlint.edit.text import Style, indent_lines
from k8snetlint.edit.tree import Kind, Node, Tree, tree_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from k8snetlint.source.paths import FieldPath
    from k8snetlint.source.text import Span

_REST_OF_LINE = re.compile(r"[ \t]*(?:#[^\n]*?)?(\r?\n|\Z)")


def apply_edits(text: str, edits: Iterable[Edit]) -> str:
    """Return an edited text; the edits are ordered, do not overlap, and have offsets in the text."""
    parts: list[str] = []
    at = 0
    for edit in edits:
        parts += (text[at : edit.start], edit.text)
        at = edit.end
    return "".join((*parts, text[at:]))


class EditBuffer:
    """A text with its tree, made from an original text by edits.

    Slots:
        original: the text before any edit.
        pieces: the parts of the text: spans of the original text in their order, and new text between them.
        json: the original text is JSON, or a part of it.
        around: the text that the original text is a part of, and its span; None if it is a whole document.
    """

    __slots__ = ("_indentations", "_tight", "_tree", "around", "json", "original", "pieces", "text")

    def __init__(
        self,
        original: str,
        text: str,
        pieces: list[Span | str],
        *,
        json: bool,
        around: tuple[EditBuffer, Span] | None = None,
    ) -> None:
        self.original = original
        self.text = text
        self.pieces = pieces
        self.json = json
        self.around = around
        self._tree: Tree | None = None
        self._tight: bool | None = None
        self._indentations: dict[Kind, list[Span]] | None = None

    @classmethod
    def of(cls, text: str) -> EditBuffer:
        """Return a buffer without any edit."""
        return cls(text, text, [(0, len(text))], json=is_json(text))

    def part(self, span: Span) -> EditBuffer:
        """Return a part of the text as a buffer that keeps the style of the whole text."""
        text = self.text[slice(*span)]
        return EditBuffer(text, text, [(0, len(text))], json=self.json, around=(self, span))

    @property
    def tree(self) -> Tree:
        """The tree of the text."""
        if self._tree is None:
            self._tree = tree_of(self.text)
        return self._tree

    def find(self, path: FieldPath) -> Node:
        """Return the node at a path."""
        return self.tree.find(path)

    def edit(self, *edits: Edit) -> EditBuffer:
        """Return the text with edits, which may be in any order; those that overlap are refused."""
        ordered = sorted((edit for edit in edits if edit.text or edit.start < edit.end), key=lambda each: each[:2])
        if any(one.end > other.start for one, other in pairwise(ordered)):
            raise Refused
        pieces: list[Span | str] = []
        at = 0
        for edit in (*ordered, Edit(len(self.text), len(self.text), "")):
            pieces += [*_pieces_between(self.pieces, at, edit.start), edit.text]
            at = edit.end
        return EditBuffer(self.original, apply_edits(self.text, ordered), pieces, json=self.json, around=self.around)

    def edits(self) -> tuple[Edit, ...]:
        """Return the edits that turn the original text into this one."""
        found: list[Edit] = []
        at, new = 0, ""
        for piece in (*self.pieces, (len(self.original), len(self.original))):
            if isinstance(piece, str):
                new += piece
                continue
            if new or at < piece[0]:
                found.append(trim(self.original, Edit(at, piece[0], new)))
            new, at = "", piece[1]
        return tuple(edit for edit in found if edit.text or edit.start < edit.end)

    def line_start(self, at: int) -> int:
        """Return where the line of an offset begins."""
        return self.text.rfind("\n", 0, at) + 1

    def lead(self, at: int) -> str:
        """Return the text before an offset on its line."""
        return self.text[self.line_start(at) : at]

    def is_first(self, at: int) -> bool:
        """Tell whether an offset is preceded only by blanks on its line."""
        return not self.lead(at).strip(" ")

    def column(self, at: int) -> int:
        """Return the column of an offset, from 0; a tab before it is refused."""
        lead = self.lead(at)
        if "\t" in lead:
            raise Refused
        return len(lead)

    def on_one_line(self, start: int, end: int) -> bool:
        """Tell whether no line ends between two offsets."""
        return "\n" not in self.text[start:end]

    def line_end(self, at: int) -> int | None:
        """Return where the text of the line ends; None if more than a comment follows the offset."""
        match = _REST_OF_LINE.match(self.text, at)
        return match.start(1) if match else None

    def below(self, at: int) -> int:
        """Return where the next line begins; anything but a comment after the offset is refused."""
        if at and self.text[at - 1] == "\n":
            return at  # after a block scalar that keeps its line ends
        match = _REST_OF_LINE.match(self.text, at)
        if match is None:
            raise Refused
        return match.end()

    def eol(self, at: int) -> str:
        """Return the line end that is used at an offset: the nearest one before it, else the next one."""
        outer, (start, behind) = self.around or (self, (0, 0))
        for text, end in (
            (self.text, self.text.rfind("\n", 0, at)),
            (outer.text, outer.text.rfind("\n", 0, start)),
            (self.text, self.text.find("\n", at)),
            (outer.text, outer.text.find("\n", behind)),
            (self.original, self.original.find("\n")),
        ):
            if end >= 0:
                return "\r\n" if text[max(end - 1, 0) : end] == "\r" else "\n"
        return "\n"

    def lines(self, start: int, end: int) -> list[str]:
        """Return the lines between two offsets without their ends."""
        return [line.removesuffix("\r") for line in self.text[start:end].removesuffix("\n").split("\n")]

    def line_starts(self, start: int, end: int) -> Iterator[int]:
        """Yield the starts of lines that are not blank, after `start` and before `end`."""
        for match in re.compile(r"(?<=\n)(?=[ \t]*[^ \t\r\n])").finditer(self.text, start + 1, end):
            yield match.start()

    def lines_to_delete(self, at: int, below: int) -> Span:
        """Return the span to delete, from the line at an offset to the one before `below`.

        A text that ends without a line end still does.
        """
        start = self.line_start(at)
        if start and below == len(self.text) and self.text[-1] != "\n":
            start -= len(self.eol(start))
        return start, below

    def put_lines(self, at: int, lines: list[str], column: int, *, replace_to: int = 0) -> Edit:
        """Return the edit that inserts lines at the start of a line or the end of the text, or replaces lines.

        A text that ends without a line end still does.

        Args:
            at: where the lines go.
            lines: without indentation.
            column: where they start.
            replace_to: the end of the lines that they replace.
        """
        eol, end = self.eol(at), max(at, replace_to)
        text = eol.join(indent_lines(lines, column))
        if at and self.text[at - 1] != "\n":
            return Edit(at, end, eol + text)
        is_last = at < end == len(self.text) and self.text[-1] != "\n"
        return Edit(at, end, text if is_last else text + eol)

    def hanging(self, at: int, lines: list[str], column: int) -> str:
        """Return lines as one text whose first line is in its column already."""
        return self.eol(at).join([lines[0], *indent_lines(lines[1:], column)])

    def style(self, at: int, *, holder: Node | None = None) -> Style:
        """Return how the text around an offset is written; something is inserted into the collection `holder`."""
        step = self._nearest(Kind.MAPPING, at, 2)
        quoted = self.json
        if holder is not None and holder.flow and holder.children:
            last = holder.children[-1]
            quoted = quoted or (last.key or last.value).style == '"'
        return Style(step, self._nearest(Kind.SEQUENCE, at, step), quoted, self.is_tight())

    def is_tight(self) -> bool:
        """Tell whether the text is JSON without blanks."""
        if self._tight is None:
            self._tight = self.around[0].is_tight() if self.around else self.json and '": ' not in self.text
        return self._tight

    def _nearest(self, kind: Kind, at: int, default: int) -> int:
        """Return the indentation of such collections at an offset: that of the one before, else of the next one."""
        own = self.indentations()[kind]
        number = bisect_left(own, (at + 1,))
        found = own[max(number - 1, 0) : number]
        if self.around:
            outer, (start, end) = self.around
            others = outer.indentations()[kind]
            first, behind = bisect_left(others, (start,)), bisect_left(others, (end,))
            found += [*others[max(first - 1, 0) : first], *own[:1], *others[behind : behind + 1]]
        return next((width for _, width in (*found, *own[:1])), default)

    def indentations(self) -> dict[Kind, list[Span]]:
        """Return where mappings and lists in block style begin below their key, and how much further right they are."""
        if self._indentations is None:
            try:
                self._indentations = _indentations(self)
            except Refused:
                self._indentations = {}
        if not self._indentations:
            raise Refused
        return self._indentations


def _pieces_between(pieces: list[Span | str], start: int, end: int) -> Iterator[Span | str]:
    """Yield the pieces of a part of the text."""
    at = 0
    for piece in pieces:
        length = len(piece) if isinstance(piece, str) else piece[1] - piece[0]
        low, high = max(start - at, 0), min(end - at, length)
        if low < high:
            yield piece[low:high] if isinstance(piece, str) else (piece[0] + low, piece[0] + high)
        at += length


def _indentations(buffer: EditBuffer) -> dict[Kind, list[Span]]:
    """Return the indentations of a text, in their order."""
    found: dict[Kind, list[Span]] = {Kind.MAPPING: [], Kind.SEQUENCE: []}
    pending = [buffer.tree.root]
    while pending:
        node = pending.pop()
        for entry in node.children:
            if entry.value.children:
                pending.append(entry.value)
            if entry.key is None or not entry.value.is_block or buffer.on_one_line(entry.start, entry.value.content):
                continue
            width = buffer.column(entry.value.content) - buffer.column(entry.start)
            found[entry.value.kind].append((entry.start, width))
    for each in found.values():
        each.sort()
    return found


def is_json(text: str) -> bool:
    """Tell whether a text is one JSON object."""
    if not text.lstrip().startswith("{"):
        return False
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True
