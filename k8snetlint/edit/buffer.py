"""A text while it is edited, which remembers what of it is the first text's."""

from __future__ import annotations

import json
import re
from bisect import bisect_left
from itertools import pairwise
from typing import TYPE_CHECKING

from k8snetlint.edit.change import Edit, Refused, trimmed
from k8snetlint.edit.text import Style, indented
from k8snetlint.edit.tree import Kind, Node, Tree, tree_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from k8snetlint.source.paths import FieldPath
    from k8snetlint.source.text import Span

_REST_OF_LINE = re.compile(r"[ \t]*(?:#[^\n]*?)?(\r?\n|\Z)")


def edited(text: str, edits: Iterable[Edit]) -> str:
    """Return a text with edits made, which are ordered and apart; their offsets are those of the text."""
    parts: list[str] = []
    at = 0
    for edit in edits:
        parts += (text[at : edit.start], edit.text)
        at = edit.end
    return "".join((*parts, text[at:]))


class EditBuffer:
    """A text with its tree, made from a first text by edits.

    Slots:
        first: the text before any edit.
        pieces: what the text consists of: spans of the first text in their order, and new text between them.
        json: the first text is JSON, or a part of it.
        around: the text that the first text is a part of, and where; None if it is a whole document.
    """

    __slots__ = ("_indentations", "_tight", "_tree", "around", "first", "json", "pieces", "text")

    def __init__(
        self,
        first: str,
        text: str,
        pieces: list[Span | str],
        *,
        json: bool,
        around: tuple[EditBuffer, Span] | None = None,
    ) -> None:
        self.first = first
        self.text = text
        self.pieces = pieces
        self.json = json
        self.around = around
        self._tree: Tree | None = None
        self._tight: bool | None = None
        self._indentations: dict[Kind, list[Span]] | None = None

    @classmethod
    def of(cls, text: str) -> EditBuffer:
        """Return a text without any edit."""
        return cls(text, text, [(0, len(text))], json=is_json(text))

    def part(self, span: Span) -> EditBuffer:
        """Return a part of the text, which is written in the style of the whole."""
        text = self.text[slice(*span)]
        return EditBuffer(text, text, [(0, len(text))], json=self.json, around=(self, span))

    @property
    def tree(self) -> Tree:
        """What is written in the text."""
        if self._tree is None:
            self._tree = tree_of(self.text)
        return self._tree

    def find(self, path: FieldPath) -> Node:
        """Return the node at a path."""
        return self.tree.find(path)

    def edit(self, *edits: Edit) -> EditBuffer:
        """Return the text with edits made, in any order; those that overlap are refused."""
        ordered = sorted((edit for edit in edits if edit.text or edit.start < edit.end), key=lambda each: each[:2])
        if any(one.end > other.start for one, other in pairwise(ordered)):
            raise Refused
        pieces: list[Span | str] = []
        at = 0
        for edit in (*ordered, Edit(len(self.text), len(self.text), "")):
            pieces += [*_between(self.pieces, at, edit.start), edit.text]
            at = edit.end
        return EditBuffer(self.first, edited(self.text, ordered), pieces, json=self.json, around=self.around)

    def edits(self) -> tuple[Edit, ...]:
        """Return the edits that make this text from the first one."""
        found: list[Edit] = []
        at, new = 0, ""
        for piece in (*self.pieces, (len(self.first), len(self.first))):
            if isinstance(piece, str):
                new += piece
                continue
            if new or at < piece[0]:
                found.append(trimmed(self.first, Edit(at, piece[0], new)))
            new, at = "", piece[1]
        return tuple(edit for edit in found if edit.text or edit.start < edit.end)

    def line_start(self, at: int) -> int:
        """Return where the line of an offset begins."""
        return self.text.rfind("\n", 0, at) + 1

    def lead(self, at: int) -> str:
        """Return what stands before an offset on its line."""
        return self.text[self.line_start(at) : at]

    def is_first(self, at: int) -> bool:
        """Tell whether only blanks stand before an offset on its line."""
        return not self.lead(at).strip(" ")

    def column(self, at: int) -> int:
        """Return the column of an offset, from 0; tabs before it are refused."""
        lead = self.lead(at)
        if "\t" in lead:
            raise Refused
        return len(lead)

    def on_one_line(self, start: int, end: int) -> bool:
        """Tell whether no line ends between two offsets."""
        return "\n" not in self.text[start:end]

    def line_end(self, at: int) -> int | None:
        """Return where the line ends, before its line end; None if more than a comment follows the offset."""
        match = _REST_OF_LINE.match(self.text, at)
        return match.start(1) if match else None

    def below(self, at: int) -> int:
        """Return where the line below begins; nothing but a comment may follow the offset."""
        if at and self.text[at - 1] == "\n":
            return at  # a block scalar that keeps its line ends
        match = _REST_OF_LINE.match(self.text, at)
        if match is None:
            raise Refused
        return match.end()

    def eol(self, at: int) -> str:
        """Return the line end that is in use at an offset: the one before it, else the one behind it."""
        outer, (start, behind) = self.around or (self, (0, 0))
        for text, end in (
            (self.text, self.text.rfind("\n", 0, at)),
            (outer.text, outer.text.rfind("\n", 0, start)),
            (self.text, self.text.find("\n", at)),
            (outer.text, outer.text.find("\n", behind)),
            (self.first, self.first.find("\n")),
        ):
            if end >= 0:
                return "\r\n" if text[max(end - 1, 0) : end] == "\r" else "\n"
        return "\n"

    def lines(self, start: int, end: int) -> list[str]:
        """Return the lines between two offsets without their ends."""
        return [line.removesuffix("\r") for line in self.text[start:end].removesuffix("\n").split("\n")]

    def line_starts(self, start: int, end: int) -> Iterator[int]:
        """Yield where lines begin that are not blank, behind `start` and before `end`."""
        for match in re.compile(r"(?<=\n)(?=[ \t]*[^ \t\r\n])").finditer(self.text, start + 1, end):
            yield match.start()

    def lines_out(self, at: int, below: int) -> Span:
        """Return what to take out of the text for its lines from the one at an offset to the one above `below`.

        A text without a last line end keeps none.
        """
        start = self.line_start(at)
        if start and below == len(self.text) and self.text[-1] != "\n":
            start -= len(self.eol(start))
        return start, below

    def put_lines(self, at: int, lines: list[str], column: int, *, instead: int = 0) -> Edit:
        """Return the edit that puts lines where a line begins, or at the text's end; `instead` ends those they replace.

        A text without a last line end keeps none.
        """
        eol, end = self.eol(at), max(at, instead)
        text = eol.join(indented(lines, column))
        if at and self.text[at - 1] != "\n":
            return Edit(at, end, eol + text)
        unfinished = at < end == len(self.text) and self.text[-1] != "\n"
        return Edit(at, end, text if unfinished else text + eol)

    def hanging(self, at: int, lines: list[str], column: int) -> str:
        """Return lines as one text whose first line stands at the column already."""
        return self.eol(at).join([lines[0], *indented(lines[1:], column)])

    def style(self, at: int, *, beside: Node | None = None) -> Style:
        """Return how the neighbourhood of an offset is written; `beside` is the collection that something goes into."""
        step = self._nearest(Kind.MAPPING, at, 2)
        quoted = self.json
        if beside is not None and beside.flow and beside.children:
            last = beside.children[-1]
            quoted = quoted or (last.key or last.value).style == '"'
        return Style(step, self._nearest(Kind.SEQUENCE, at, step), quoted, self.is_tight())

    def is_tight(self) -> bool:
        """Tell whether the text is JSON without blanks."""
        if self._tight is None:
            self._tight = self.around[0].is_tight() if self.around else self.json and '": ' not in self.text
        return self._tight

    def _nearest(self, kind: Kind, at: int, default: int) -> int:
        """Return how far such collections are indented at an offset: as the one before, else as the one behind."""
        own = self.indented()[kind]
        here = bisect_left(own, (at + 1,))
        found = own[max(here - 1, 0) : here]
        if self.around:
            outer, (start, end) = self.around
            others = outer.indented()[kind]
            first, behind = bisect_left(others, (start,)), bisect_left(others, (end,))
            found += [*others[max(first - 1, 0) : first], *own[:1], *others[behind : behind + 1]]
        return next((indent for _, indent in (*found, *own[:1])), default)

    def indented(self) -> dict[Kind, list[Span]]:
        """Return where mappings and lists stand below keys in block style, and how much further right than the key."""
        if self._indentations is None:
            try:
                self._indentations = _indentations(self)
            except Refused:
                self._indentations = {}
        if not self._indentations:
            raise Refused
        return self._indentations


def _between(pieces: list[Span | str], start: int, end: int) -> Iterator[Span | str]:
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
            if entry.key is None or not entry.value.block or buffer.on_one_line(entry.start, entry.value.content):
                continue
            indent = buffer.column(entry.value.content) - buffer.column(entry.start)
            found[entry.value.kind].append((entry.start, indent))
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
