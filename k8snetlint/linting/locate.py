"""From problems, which name fields, to findings, which name lines and columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from k8snetlint.finding import Finding, Location, Related, Severity, TextFix
from k8snetlint.fingerprints import fingerprint, object_name
from k8snetlint.linting.secrets import is_secret
from k8snetlint.source.fast_line import Unusual
from k8snetlint.source.load import Reopened
from k8snetlint.source.objects import object_at, split_root
from k8snetlint.source.paths import format_path, value_at
from k8snetlint.source.templates import is_placeholder
from k8snetlint.source.text import end_of_content

if TYPE_CHECKING:
    from k8snetlint.edit.editor import Editor
    from k8snetlint.finding import Fix, Part, Problem
    from k8snetlint.source.document import Document, Place, Source
    from k8snetlint.source.load import Loaded
    from k8snetlint.source.paths import FieldPath
    from k8snetlint.source.text import Fault, Span

FRAME_LINES = 6
_REINDENT = "indent the lines as the fields of the kind require"


class Locator:
    """Finds places of one source."""

    __slots__ = ("_editors", "_fingerprints", "_objects", "_opened", "_source")

    def __init__(self, source: Source, opened: Loaded | Reopened) -> None:
        self._source = source
        self._opened = opened
        self._editors: dict[Document, Editor] = {}
        self._objects: dict[tuple[Document, FieldPath], Any] = {}
        self._fingerprints: dict[tuple[str, int, str, FieldPath], str] = {}

    def of_fault(self, fault: Fault, document: Document | None, severity: Severity) -> Finding:
        """Return the finding for what is wrong with a text itself."""
        root, path = split_root(document.value, fault.path) if document else ((), fault.path)
        value = self._object(document, root) if document else None
        hidden = is_secret(value, path)
        start, end, lines = self._frame(fault.span, hidden=hidden)
        return Finding(
            id=fault.id,
            severity=severity,
            message=fault.message,
            path=self._source.name,
            document=document.index if document else None,
            object=object_name(value),
            field=format_path(path) or None,
            start=start,
            end=end,
            related=tuple(self._related(span, message, hidden=hidden) for span, message in fault.related),
            lines=lines,
            fingerprint=self._fingerprint(fault.id, value, path),
            fix=_fault_fix(fault) if fault.edits else None,
        )

    def has_placeholder(self, place: Place) -> bool:
        """Tell whether a placeholder stands at a place, as the key or as the value.

        Raises:
            IndexError: there is no such document, the file has changed.
        """
        value = self._object(self._opened.document(place.document), place.root)
        written = place.path[-1] if place.key and place.path else value_at(value, place.path)
        return isinstance(written, str) and is_placeholder(written)

    def of_problem(self, finding_id: str, problem: Problem, severity: Severity, *, message: str = "") -> Finding:
        """Return the finding for a problem at a field, maybe with another message, and without its further places.

        Raises:
            IndexError: there is no such document, the file has changed.
        """
        at = problem.at
        document = self._opened.document(at.document)
        value = self._object(document, at.root)
        hidden = is_secret(value, at.path)
        span = _span(document, at)
        if problem.within is not None:
            span = _narrowed(self._opened.text.text, span, problem.within, value_at(value, at.path))
        start, end, lines = self._frame(span, hidden=hidden)
        return Finding(
            id=finding_id,
            severity=severity,
            message=message or problem.message,
            path=self._source.name,
            document=document.index,
            object=object_name(value),
            field=at.field or None,
            start=start,
            end=end,
            lines=lines,
            label="" if hidden else problem.label,
            help=problem.advice or (f"did you mean `{problem.near}`?" if problem.near else ""),
            fingerprint=self._fingerprint(finding_id, value, at.path),
            fix=self._text_fix(problem.fix, document) if problem.fix and not hidden else None,
        )

    def of_related(self, place: Place, message: str) -> Related:
        """Return a further place of a finding, which may be one of another source.

        Raises:
            IndexError: there is no such document, the file has changed.
        """
        span = self._glance(place)
        if span:
            return self._related(span, message, hidden=False)
        document = self._opened.document(place.document)
        hidden = is_secret(self._object(document, place.root), place.path)
        return self._related(_span(document, place), message, hidden=hidden)

    def _glance(self, place: Place) -> Span | None:
        """Return where a place is that is found in the text of its document, and may be quoted.

        Most further places of findings are labels of other objects, which need not be read for them.
        """
        opened = self._opened
        if place.root or "env" in place.path or not isinstance(opened, Reopened):
            return None
        try:
            if "Secret" in opened.text.text[slice(*opened.find(place.document, ("kind",)))]:
                return None
            return opened.find(place.document, place.path, key=place.key)
        except Unusual:
            return None

    def of_span(self, finding_id: str, message: str, span: Span, severity: Severity) -> Finding:
        """Return a finding about a place of the file that belongs to no object."""
        start, end, lines = self._frame(span, hidden=False)
        return Finding(
            id=finding_id,
            severity=severity,
            message=message,
            path=self._source.name,
            document=None,
            object=None,
            field=None,
            start=start,
            end=end,
            lines=lines,
            fingerprint=fingerprint(finding_id, self._source.name, None, ()),
        )

    def _object(self, document: Document, root: FieldPath) -> Any:
        """Return the object of a document that stands at `root`."""
        if (document, root) not in self._objects:
            self._objects[document, root] = object_at(document.value, root)
        return self._objects[document, root]

    def _fingerprint(self, finding_id: str, value: Any, path: FieldPath) -> str:
        """Return the fingerprint of a finding; thousands may be about one large value.

        Objects are known by their identities, which `_objects` keeps.
        """
        fact = (finding_id, id(value), format_path(path), path)
        if fact not in self._fingerprints:
            self._fingerprints[fact] = fingerprint(finding_id, self._source.name, value, path)
        return self._fingerprints[fact]

    def _text_fix(self, fix: Fix, document: Document) -> TextFix | None:
        """Return a fix as edits; None if the text is written in a way that they would not be sure in."""
        from k8snetlint.edit.fast import fast_edits  # noqa: PLC0415 - fixes only

        edits = fast_edits(document, fix.changes)
        if edits is None:
            from k8snetlint.edit.editor import Editor  # noqa: PLC0415 - few fixes need the tree of a text

            if document not in self._editors:
                self._editors[document] = Editor(document)
            edits = self._editors[document].edits(fix.changes)
        return TextFix(fix.title, fix.safe, edits) if edits else None

    def _related(self, span: Span, message: str, *, hidden: bool) -> Related:
        start, end, lines = self._frame(span, hidden=hidden)
        return Related(self._source.name, start, end, message, lines)

    def _frame(self, span: Span, *, hidden: bool) -> tuple[Location, Location, tuple[str, ...]]:
        text = self._opened.text
        first, last = span
        # A block scalar and a block collection end before the next token: not their lines.
        last = end_of_content(text.text, first, last)
        start = Location(*text.position(first), first)
        if "\n" in text.text[first:last]:
            end = Location(*text.position(last), last)
        else:
            end = Location(start.line, start.column + last - first, last)
        if hidden:
            return start, end, ()
        number = min(end.line - start.line + 1, FRAME_LINES)
        return start, end, text.lines(first - start.column + 1, start.line, number)


def unreadable(path: str, message: str) -> Finding:
    """Return the finding for a file whose bytes cannot be had."""
    start = Location(1, 1, 0)
    print_ = fingerprint("file-unreadable", path, None, ())
    return Finding("file-unreadable", Severity.ERROR, message, path, None, None, None, start, start, fingerprint=print_)


def _fault_fix(fault: Fault) -> TextFix:
    from k8snetlint.edit.change import Edit  # noqa: PLC0415 - few faults have a fix

    return TextFix(_REINDENT, safe=False, edits=tuple(Edit(start, end, text) for (start, end), text in fault.edits))


def _narrowed(text: str, span: Span, part: Part, value: Any) -> Span:
    """Return where a part of a value is written: all of the value if its letters are written in another way."""
    before = value.count(part.text, 0, part.start) if isinstance(value, str) else 0
    pieces = text[slice(*span)].split(part.text, before + 1)
    if len(pieces) <= before + 1:
        return span
    end = span[1] - len(pieces[-1])
    return end - len(part.text), end


def _span(document: Document, place: Place) -> Span:
    return document.locate((*place.root, *place.path), key=place.key)
