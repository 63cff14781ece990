"""A text while it is edited, which remembers what of it is the first text's."""

from __future__ import annotations

import json
import re
from itertools import pairwise
from typing import TYPE_CHECKING

from k8snetlint.source.change import Edit
from k8snetlint.source.edit_text import Style, indented
from k8snetlint.source.edit_tree import Kind, Node, Refused, Tree, tree_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from k8snetlint.source.document import Span
    from k8snetlint.source.paths import FieldPath

_REST_OF_LINE = re.compile(r"[ \t]*(?:#[^\n]*?)?(\r?\n|\Z)")


def edited(text: str, edits: Iterable[Edit]) -> str:
    """Return a text with edits made, which are ordered and apart; their offsets are those of the text."""
    parts: list[str] = []
    at = 0
    for edit in edits:
        parts += (text[at : edit.start], edit.text)
        at = edit.end
    return "".join((*parts, text[at:]))


class Draft:
    """A text with its tree, made from a first text by edits.

    Slots:
        first: the text before any edit.
        pieces: what the text consists of: spans of the first text in their order, and new text between them.
        json: the first text is JSON.
    """

    __slots__ = ("_tree", "first", "json", "pieces", "text")

    def __init__(self, first: str, text: str, pieces: list[Span | str], *, json: bool) -> None:
        self.first = first
        self.text = text
        self.pieces = pieces
        self.json = json
        self._tree: Tree | None = None

    @classmethod
    def of(cls, text: str) -> Draft:
        """Return a text without any edit."""
        return cls(text, text, [(0, len(text))], json=is_json(text))

    @property
    def tree(self) -> Tree:
        """What is written in the text."""
        if self._tree is None:
            self._tree = tree_of(self.text)
        return self._tree

    def find(self, path: FieldPath) -> Node:
        """Return the node at a path."""
        return self.tree.find(path)

    def edit(self, *edits: Edit) -> Draft:
        """Return the text with edits made, in any order; those that overlap are refused."""
        ordered = sorted((edit for edit in edits if edit.text or edit.start < edit.end), key=lambda each: each[:2])
        if any(one.end > other.start for one, other in pairwise(ordered)):
            raise Refused
        pieces: list[Span | str] = []
        at = 0
        for edit in (*ordered, Edit(len(self.text), len(self.text), "")):
            pieces += [*_between(self.pieces, at, edit.start), edit.text]
            at = edit.end
        return Draft(self.first, edited(self.text, ordered), pieces, json=self.json)

    def edits(self) -> tuple[Edit, ...]:
        """Return the edits that make this text from the first one."""
        found: list[Edit] = []
        at, new = 0, ""
        for piece in (*self.pieces, (len(self.first), len(self.first))):
            if isinstance(piece, str):
                new += piece
                continue
            if new or at < piece[0]:
                found.append(_trimmed(self.first, Edit(at, piece[0], new)))
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
        """Return the line end that is in use at an offset."""
        text, end = self.text, self.text.rfind("\n", 0, at)
        end = end if end >= 0 else text.find("\n", at)
        if end < 0:
            text, end = self.first, self.first.find("\n")
        return "\r\n" if end > 0 and text[end - 1] == "\r" else "\n"

    def lines(self, start: int, end: int) -> list[str]:
        """Return the lines between two offsets without their ends."""
        return [line.removesuffix("\r") for line in self.text[start:end].removesuffix("\n").split("\n")]

    def line_starts(self, start: int, end: int) -> Iterator[int]:
        """Yield where lines begin that are not blank, behind `start` and before `end`."""
        for match in re.compile(r"(?<=\n)(?=[ \t]*[^ \t\r\n])").finditer(self.text, start + 1, end):
            yield match.start()

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
        steps, dashes = _indentations(self, self.tree.root)
        step = _nearest(steps, at, 2)
        quoted = self.json
        if beside is not None and beside.flow and beside.children:
            last = beside.children[-1]
            quoted = quoted or (last.key or last.value).style == '"'
        return Style(step, _nearest(dashes, at, step), quoted, self.json and '": ' not in self.text)


def _between(pieces: list[Span | str], start: int, end: int) -> Iterator[Span | str]:
    """Yield the pieces of a part of the text."""
    at = 0
    for piece in pieces:
        length = len(piece) if isinstance(piece, str) else piece[1] - piece[0]
        low, high = max(start - at, 0), min(end - at, length)
        if low < high:
            yield piece[low:high] if isinstance(piece, str) else (piece[0] + low, piece[0] + high)
        at += length


def _trimmed(text: str, edit: Edit) -> Edit:
    """Return an edit without what it leaves as it is, at its beginning and its end."""
    start, end, new = edit
    most = min(end - start, len(new))
    same = next((at for at in range(most) if text[start + at] != new[at]), most)
    start, new, most = start + same, new[same:], most - same
    same = next((at for at in range(most) if text[end - 1 - at] != new[-1 - at]), most)
    return Edit(start, end - same, new[: len(new) - same])


def _indentations(draft: Draft, root: Node) -> tuple[list[Span], list[Span]]:
    """Return where mappings and lists stand below keys in block style, and how much further right than the key."""
    steps: list[Span] = []
    dashes: list[Span] = []
    pending = [root]
    while pending:
        node = pending.pop()
        for entry in reversed(node.children):
            if entry.value.children:
                pending.append(entry.value)
            if entry.key is None or not entry.value.block or draft.on_one_line(entry.start, entry.value.content):
                continue
            indent = draft.column(entry.value.content) - draft.column(entry.start)
            (steps if entry.value.kind is Kind.MAPPING else dashes).append((entry.start, indent))
    return sorted(steps), sorted(dashes)


def _nearest(found: list[Span], at: int, default: int) -> int:
    before = [indent for start, indent in found if start <= at]
    return before[-1] if before else found[0][1] if found else default


def is_json(text: str) -> bool:
    """Tell whether a text is one JSON object."""
    if not text.lstrip().startswith("{"):
        return False
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True
