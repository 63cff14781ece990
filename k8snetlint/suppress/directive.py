"""What a file says about findings: comments, and annotations of its objects."""

from __future__ import annotations

import enum
import re
from typing import TYPE_CHECKING, Any, NamedTuple

from k8snetlint.source.document import Mapping, Sequence
from k8snetlint.source.load import objects_of
from k8snetlint.source.paths import MapKey

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.source.document import Document, Span
    from k8snetlint.source.load import Loaded
    from k8snetlint.source.paths import FieldPath

PREFIX = "ignore.k8snetlint.dev/"
_COMMENT = re.compile(r"#[ \t]*k8snetlint[ \t]*:[ \t]*([A-Za-z-]+)[ \t]*(?:\[([^\]\r\n]*)\])?[ \t]*([^\r\n]*)")


class Kind(enum.Enum):
    """What a suppression covers; the value is how it is written."""

    LINE = "ignore"
    NODE = "ignore "
    DOCUMENT = "ignore-document"
    FILE = "ignore-file"
    OBJECT = "annotation"


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

    @property
    def by(self) -> str:
        """`comment` or `annotation`."""
        return "annotation" if self.kind is Kind.OBJECT else "comment"

    @property
    def key(self) -> tuple[str, ...]:
        """What makes it the same suppression in another version of the file, or in a file of another name."""
        path = self.path if self.kind is Kind.FILE else ""
        return (self.kind.name, *sorted(self.ids), path, self.about)


class Misspelt(NamedTuple):
    """A comment that is nearly a suppression: where it stands, and its word."""

    span: Span
    word: str


def directives_of(path: str, loaded: Loaded) -> tuple[list[Directive], list[Misspelt]]:
    """Return the suppressions of a file, and comments that look like one."""
    found: list[Directive] = []
    misspelt: list[Misspelt] = []
    text = loaded.text.text
    for match in _COMMENT.finditer(text):
        document = _document_at(loaded, match.start())
        if not _is_comment(text, match.start(), document):
            continue
        kind = _kind(match, text)
        if kind is None:
            misspelt.append(Misspelt(match.span(), match[1]))
        else:
            found.append(_of_comment(path, loaded, document, match, kind))
    if PREFIX in text:
        for document in loaded.documents:
            if text.find(PREFIX, *document.span) >= 0 and document.value is not None:
                found += _annotations(path, loaded, document)
    return found, misspelt


def _document_at(loaded: Loaded, offset: int) -> Document | None:
    for document in loaded.documents:
        if document.span[0] <= offset < document.span[1]:
            return document
    return None


def _is_comment(text: str, offset: int, document: Document | None) -> bool:
    """Tell a comment from a scalar that holds the same letters."""
    if offset and text[offset - 1] not in " \t\r\n":
        return False
    if document is None or document.value is None:
        return True
    return not any(start <= offset < end for start, end in _scalars(document.marked(), document.base))


def _scalars(node: Any, base: int) -> Iterator[Span]:
    """Yield where keys and scalars stand; block scalars end where their lines do."""
    pending = [node]
    while pending:
        node = pending.pop()
        if isinstance(node, Mapping):
            pending += [*node.keys_at, *node.values_at]
        elif isinstance(node, Sequence):
            pending += node.items_at
        elif hasattr(node, "start_mark"):
            yield base + node.start_mark.index, base + node.end_mark.index


def _kind(match: re.Match[str], text: str) -> Kind | None:
    word = match[1]
    if word == Kind.LINE.value:
        line = text[_line_start(text, match.start()) : match.start()]
        return Kind.LINE if line.strip() else Kind.NODE
    return next((kind for kind in (Kind.DOCUMENT, Kind.FILE) if kind.value == word), None)


def _line_start(text: str, offset: int) -> int:
    return max(text.rfind("\n", 0, offset), text.rfind("\r", 0, offset)) + 1


def _of_comment(path: str, loaded: Loaded, document: Document | None, match: re.Match[str], kind: Kind) -> Directive:
    text = loaded.text
    line, _ = text.position(match.start())
    match kind:
        case Kind.LINE:
            lines = (line, line)
            about = text.text[_line_start(text.text, match.start()) : match.start()].strip()
        case Kind.NODE:
            first, last = _node_after(loaded, document, match.end())
            lines = (first, last)
            about = "\n".join(text.line(number).strip() for number in range(first, last + 1))
        case Kind.DOCUMENT if document:
            # A mark on the line before the document's own first line would be the next one's.
            last = text.position(max(document.span[0], document.span[1] - 1))[0]
            lines = (text.position(document.span[0])[0], last)
            about = _names(document)
        case _:
            lines = (1, text.position(len(text.text))[0])
            about = ""
    if kind in (Kind.LINE, Kind.NODE) and document:
        about = f"{_names(document)}\n{about}"
    start = match.start(2)
    ids = list(re.finditer(r"[^\s,]+", match[2] or ""))
    return Directive(
        path,
        kind,
        tuple(each[0] for each in ids),
        match[3].strip(),
        lines,
        (match.start(), match.end() - (len(match[0]) - len(match[0].rstrip()))),
        tuple((start + each.start(), start + each.end()) for each in ids),
        about,
    )


def _names(document: Document) -> str:
    """Return which objects a document holds."""
    names = []
    for value, _ in objects_of(document.value):
        metadata = value.get("metadata") if isinstance(value, dict) else None
        named = metadata if isinstance(metadata, dict) else {}
        if isinstance(value, dict):
            group = str(value.get("apiVersion")).rpartition("/")[0]
            names.append(f"{group}/{value.get('kind')}/{named.get('namespace')}/{named.get('name')}")
    return " ".join(names)


def _node_after(loaded: Loaded, document: Document | None, offset: int) -> tuple[int, int]:
    """Return the lines of the entry or item that begins behind an offset, with comments between them only."""
    text = loaded.text
    line, _ = text.position(offset)
    if document is None or document.value is None:
        return line, line + 1
    best: Span | None = None
    pending: list[Any] = [document.marked()]
    while pending:
        node = pending.pop()
        children: list[tuple[Any, Any]] = []
        if isinstance(node, Mapping):
            children = list(zip(node.keys_at, node.values_at, strict=True))
        elif isinstance(node, Sequence):
            children = [(each, each) for each in node.items_at]
        for first, value in children:
            start = document.base + first.start_mark.index
            end = document.base + _end(value)
            if start >= offset and (best is None or (start, -end) < (best[0], -best[1])):
                best = (start, end)
            if end > offset and isinstance(value, Mapping | Sequence):
                pending.append(value)
    if best is None:
        return line, line
    return text.position(best[0])[0], text.position(max(best[0], _stripped(text.text, best)))[0]


def _stripped(text: str, span: Span) -> int:
    return span[0] + len(text[span[0] : span[1]].rstrip())


def _end(node: Any) -> int:
    while isinstance(node, Mapping | Sequence):
        children = node.values_at if isinstance(node, Mapping) else node.items_at
        if not children or node.flow:
            return int(node.end_mark.index)
        node = children[-1]
    return int(node.end_mark.index)


def _annotations(path: str, loaded: Loaded, document: Document) -> Iterator[Directive]:
    for value, root in objects_of(document.value):
        for holder in _metadata(value, ()):
            annotations = _below(value, (*holder, "annotations"))
            for key, reason in annotations.items() if isinstance(annotations, dict) else ():
                if not key.startswith(PREFIX):
                    continue
                at = (*root, *holder, "annotations", MapKey(key))
                span = document.locate(at, key=True)
                first, last = document.locate(root) if root else document.span
                # The key may stand in quotes.
                start = loaded.text.text.find(key, *span) + len(PREFIX)
                yield Directive(
                    path,
                    Kind.OBJECT,
                    (key.removeprefix(PREFIX),),
                    reason if isinstance(reason, str) else "",
                    (loaded.text.position(first)[0], loaded.text.position(max(first, last - 1))[0]),
                    span,
                    ((start, span[0] + len(loaded.text.text[span[0] : span[1]].rstrip("\"'"))),),
                    _names(document),
                    (document.index, at),
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
