"""What a file says about findings: comments, and annotations of its objects."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING, Any, NamedTuple

from k8snetlint.source.objects import objects_of
from k8snetlint.source.paths import MapKey
from k8snetlint.suppress.malformed import Kind, malformed, nearly
from k8snetlint.suppress.places import CommentPlaces, short

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.source.document import Document
    from k8snetlint.source.load import Loaded
    from k8snetlint.source.paths import FieldPath
    from k8snetlint.source.text import Span

PREFIX = "ignore.k8snetlint.dev/"
# A further comment on the line (`# yamllint disable-line`) is no part of the reason.
_COMMENT = re.compile(
    r"#[ \t]*k8snetlint[ \t]*:[ \t]*([A-Za-z-]+)[ \t]*(?:\[((?:(?!#[ \t]*+k8snetlint)[^\]\r\n])*+)\])?"
    r"[ \t]*((?:(?![ \t]#(?:[ \t]|k8snetlint))[^\r\n])*)"
)
_NEARLY = re.compile(
    r"#[ \t]*+([A-Za-z0-9_-]{7,14})[ \t]*+([:\uff1a=]?)[ \t]*+(ignore(?:-document|-file)?)(?=[ \t]*\[)"
)
_BEFORE_CONTENT = ("#", "---", "%", "\ufeff")


class Directive(NamedTuple):
    """One suppression.

    Attributes:
        path: the file.
        kind: what it covers.
        ids: ids and groups as written; none is everything.
        reason: why, as written.
        lines: the first and the last line that it covers, from 1.
        span: where it stands: the comment, or the annotation's key.
        id_spans: where each id stands.
        about: what it covers, in words that stay the same when lines move.
        place: the annotation's document and path, None for a comment.
        within: the offsets of the annotation's object, None for a comment.
    """

    path: str
    kind: Kind
    ids: tuple[str, ...]
    reason: str
    lines: tuple[int, int]
    span: Span
    id_spans: tuple[Span, ...]
    about: str
    place: tuple[int, FieldPath] | None = None
    within: Span | None = None

    @property
    def by(self) -> str:
        """`comment` or `annotation`."""
        return "annotation" if self.kind is Kind.OBJECT else "comment"

    @property
    def key(self) -> tuple[str, ...]:
        """What makes it the same suppression in another version of the file.

        Moved to another file, it would accept what somebody else said of other objects.
        """
        return (self.kind.name, *sorted(self.ids), self.path, self.about)


class Misspelt(NamedTuple):
    """A comment that is nearly a suppression: where it stands, its words, and which were meant (empty: who knows)."""

    span: Span
    words: str
    near: str
    why: str = "is not a suppression"


def directives_of(path: str, loaded: Loaded) -> tuple[list[Directive], list[Misspelt]]:
    """Return the suppressions of a file, and comments that look like one."""
    return _Reader(path, loaded).read()


class _Reader:
    """Reads the suppressions of one file."""

    def __init__(self, path: str, loaded: Loaded) -> None:
        self._path = path
        self._loaded = loaded
        self._text = loaded.text
        self._starts = [each.span[0] for each in loaded.documents]
        self._first = self._content()
        self._known: dict[int, CommentPlaces] = {}
        self._line, self._before = 0, ""
        self._quoted: dict[tuple[int, int], str] = {}
        self._all_names: dict[int, str] = {}
        self._found: list[Directive] = []
        self._misspelt: list[Misspelt] = []

    def read(self) -> tuple[list[Directive], list[Misspelt]]:
        text = self._text.text
        for match in _COMMENT.finditer(text):
            document = self._document_at(match.start())
            if self._is_comment(match.start(), document):
                self._comment(document, match)
        for match in _NEARLY.finditer(text):
            near = nearly(match)
            if near and self._is_comment(match.start(), self._document_at(match.start())):
                words = match[0].lstrip("# \t")
                self._misspelt.append(Misspelt(match.span(), words, near))
        if PREFIX in text:
            for document in self._loaded.documents:
                if text.find(PREFIX, *document.span) >= 0 and document.value is not None:
                    self._found += self._annotations(document)
        return self._found, self._misspelt

    def _document_at(self, offset: int) -> Document | None:
        at = bisect_right(self._starts, offset) - 1
        document = self._loaded.documents[at] if at >= 0 else None
        return document if document and offset < document.span[1] else None

    def _places(self, document: Document) -> CommentPlaces:
        if document.index not in self._known:
            self._known[document.index] = CommentPlaces(document, self._text)
        return self._known[document.index]

    def _is_comment(self, offset: int, document: Document | None) -> bool:
        """Tell a comment from a scalar that holds the same letters."""
        if offset and self._text.text[offset - 1] not in " \t\r\n":
            return False
        return document is None or not self._places(document).in_scalar(offset)

    def _comment(self, document: Document | None, match: re.Match[str]) -> None:
        span = (match.start(), match.start() + len(match[0].rstrip()))
        word, ids, rest = match.groups()
        intended = malformed(word, ids, rest)
        if intended is not None:
            self._misspelt.append(Misspelt(span, word, intended))
            return
        if word == Kind.LINE.value:
            kind = Kind.LINE if self._is_behind(match.start()) else Kind.NODE
        elif word in (Kind.DOCUMENT.value, Kind.FILE.value):
            kind = Kind(word)
        else:
            return
        if ids is None and rest.startswith("["):
            words = f"{word}{rest.split()[0].rstrip(',')}"
            self._misspelt.append(Misspelt(span, words, "", "has no closing bracket"))
        elif kind is Kind.FILE and match.start() >= self._first:
            self._misspelt.append(Misspelt(span, word, Kind.DOCUMENT.value, "is not before the first document"))
        else:
            self._found.append(self._directive(document, match, kind))

    def _is_behind(self, offset: int) -> bool:
        """Tell whether a comment stands behind something else, and note what stands before the first of its line."""
        line, column = self._text.position(offset)
        if line == self._line:
            return True
        self._line, before = line, self._text.text[offset - column + 1 : offset].strip()
        self._before = short(before)
        return bool(before)

    def _lines(self, lines: tuple[int, int]) -> str:
        """Return lines without their indentation."""
        if lines not in self._quoted:
            numbers = range(lines[0], lines[1] + 1)
            self._quoted[lines] = short("\n".join(self._text.line(number).strip() for number in numbers))
        return self._quoted[lines]

    def _names_in(self, document: Document) -> str:
        """Return the names of all objects of a document."""
        if document.index not in self._all_names:
            self._all_names[document.index] = short(" ".join(self._places(document).names()))
        return self._all_names[document.index]

    def _content(self) -> int:
        """Return where the line begins on which the first document begins to say something."""
        at = self._starts[0] if self._starts else len(self._text.text)
        for line in self._text.text[at:].splitlines(keepends=True):
            if line.strip() and not line.lstrip().startswith(_BEFORE_CONTENT):
                break
            at += len(line)
        return at

    def _directive(self, document: Document | None, match: re.Match[str], kind: Kind) -> Directive:
        text = self._text
        line, _ = text.position(match.start())
        lines, about = (line, line), ""
        match kind:
            case Kind.LINE:
                about = self._before
            case Kind.NODE:
                node = self._places(document).node_after(match.end()) if document else None
                if node:
                    lines = (text.position(node[0])[0], text.position(node[1])[0])
                about = self._lines(lines)
            case Kind.DOCUMENT:
                # Comments before `---` belong to no document that kubectl sees: the next one is meant.
                behind = bisect_right(self._starts, match.start())
                concerned = document or next(iter(self._loaded.documents[behind : behind + 1]), None)
                if concerned:
                    # A mark on the line before the document's own first line would be the next one's.
                    last = text.position(max(concerned.span[0], concerned.span[1] - 1))[0]
                    lines = (text.position(concerned.span[0])[0], last)
                    about = self._names_in(concerned)
            case _:
                lines = (1, text.position(len(text.text))[0])
        if kind in (Kind.LINE, Kind.NODE) and document:
            about = f"{self._places(document).name_at(match.start())}\n{about}"
        start = match.start(2)
        ids = list(re.finditer(r"[^\s,]+", match[2] or ""))
        return Directive(
            self._path,
            kind,
            tuple(each[0] for each in ids),
            match[3].strip(),
            lines,
            (match.start(), match.start() + len(match[0].rstrip())),
            tuple((start + each.start(), start + each.end()) for each in ids),
            about,
        )

    def _annotations(self, document: Document) -> Iterator[Directive]:
        text = self._text
        for value, root in objects_of(document.value):
            for holder in _metadata(value, ()):
                annotations = _below(value, (*holder, "annotations"))
                for key, reason in annotations.items() if isinstance(annotations, dict) else ():
                    if not key.startswith(PREFIX):
                        continue
                    at = (*root, *holder, "annotations", MapKey(key))
                    span = document.locate(at, key=True)
                    within = document.locate(root) if root else document.span
                    # The key may stand in quotes, or be written with escapes.
                    written = text.text.find(key, *span)
                    id_span = (written + len(PREFIX), written + len(key)) if written >= 0 else span
                    first, last = within[0], max(within[0], within[1] - 1)
                    yield Directive(
                        self._path,
                        Kind.OBJECT,
                        (key.removeprefix(PREFIX),),
                        reason if isinstance(reason, str) else "",
                        (text.position(first)[0], text.position(last)[0]),
                        span,
                        (id_span,),
                        self._places(document).name_at(span[0]),
                        (document.index, at),
                        within,
                    )


def _metadata(value: Any, path: FieldPath) -> Iterator[FieldPath]:
    """Yield the paths of an object's own metadata and of its pod templates'."""
    if not isinstance(value, dict):
        return
    if isinstance(value.get("metadata"), dict):
        yield (*path, "metadata")
    for step in ("spec", "jobTemplate", "template"):
        yield from _metadata(value.get(step), (*path, step)) if isinstance(value.get(step), dict) else ()


def _below(value: Any, path: FieldPath) -> Any:
    for step in path:
        value = value.get(step) if isinstance(value, dict) else None
    return value
