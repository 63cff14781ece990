"""From problems, which name fields, to findings, which name lines and columns."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from k8snetlint.finding import Finding, Location, ObjectName, Related, Severity, TextFix
from k8snetlint.source.fast_line import Unusual
from k8snetlint.source.load import Reopened, is_whole, object_at
from k8snetlint.source.paths import format_path
from k8snetlint.source.text import end_of_content

if TYPE_CHECKING:
    from k8snetlint.edit.editor import Editor
    from k8snetlint.finding import Fix, Problem
    from k8snetlint.source.document import Document, Fault, Source, Span
    from k8snetlint.source.load import Loaded
    from k8snetlint.source.paths import FieldPath, Place

FRAME_LINES = 6
_CANONICAL = json.JSONEncoder(sort_keys=True, separators=(",", ":"), default=str)
_SENSITIVE = r"(?i)pass|token|secret|key|cred|auth"


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
        root, path = _split_root(document, fault.path)
        value = self._object(document, root) if document else None
        hidden = _hides(value, path)
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
        )

    def of_problem(self, finding_id: str, problem: Problem, severity: Severity) -> Finding:
        """Return the finding for a problem at a field, without its further places.

        Raises:
            IndexError: there is no such document, the file has changed.
        """
        at = problem.at
        document = self._opened.document(at.document)
        value = self._object(document, at.root)
        hidden = _hides(value, at.path)
        start, end, lines = self._frame(_span(document, at), hidden=hidden)
        return Finding(
            id=finding_id,
            severity=severity,
            message=problem.message,
            path=self._source.name,
            document=document.index,
            object=object_name(value),
            field=at.field or None,
            start=start,
            end=end,
            lines=lines,
            label="" if hidden else problem.label,
            help=f"did you mean `{problem.near}`?" if problem.near else "",
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
        hidden = _hides(self._object(document, place.root), place.path)
        return self._related(_span(document, place), message, hidden=hidden)

    def _glance(self, place: Place) -> Span | None:
        """Return where a place is that is found in the first lines of its document, and may be quoted.

        Most further places of findings are labels of other objects: of those, the rest need not be read.
        """
        if place.root or "env" in place.path or not isinstance(self._opened, Reopened):
            return None
        document = self._opened.beginning(place.document)
        if document is None or not is_whole(document.value, place.path) or not is_whole(document.value, ("kind",)):
            return None
        try:
            return None if document.value["kind"] == "Secret" else document.find(place.path, key=place.key)
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
        end = Location(*text.position(last), last)
        if hidden:
            return start, end, ()
        number = min(end.line - start.line + 1, FRAME_LINES)
        return start, end, text.lines(first - start.column + 1, start.line, number)


def unreadable(path: str, message: str) -> Finding:
    """Return the finding for a file whose bytes cannot be had."""
    start = Location(1, 1, 0)
    print_ = fingerprint("file-unreadable", path, None, ())
    return Finding("file-unreadable", Severity.ERROR, message, path, None, None, None, start, start, fingerprint=print_)


def _span(document: Document, place: Place) -> Span:
    return document.locate((*place.root, *place.path), key=place.key)


def _split_root(document: Document | None, path: FieldPath) -> tuple[FieldPath, FieldPath]:
    """Split off `items[3]` from a path inside an item of a List."""
    if document and isinstance(document.value, dict) and path[:1] == ("items",) and len(path) > 2:
        kind = document.value.get("kind")
        if isinstance(kind, str) and kind.endswith("List") and isinstance(path[1], int):
            return path[:2], path[2:]
    return (), path


def _at(value: Any, path: FieldPath) -> Any:
    """Return the value at a path, None if there is none."""
    for step in path:
        if isinstance(value, dict) and isinstance(step, str):
            value = value.get(step)
        elif isinstance(value, list) and isinstance(step, int) and step < len(value):
            value = value[step]
        else:
            return None
    return value


def object_name(value: Any) -> ObjectName | None:
    """Return which object a value is, None if it is none."""
    if not isinstance(value, dict):
        return None
    api_version, kind = value.get("apiVersion"), value.get("kind")
    if not isinstance(api_version, str) or not isinstance(kind, str):
        return None
    metadata = value.get("metadata")
    named = metadata if isinstance(metadata, dict) else {}
    namespace, name = named.get("namespace"), named.get("name")
    return ObjectName(
        api_version, kind, namespace if isinstance(namespace, str) else None, name if isinstance(name, str) else None
    )


def _hides(value: Any, path: FieldPath) -> bool:
    """Tell whether what stands at `path` must not be quoted: a Secret, an environment value named like one."""
    if not isinstance(value, dict):
        return False
    if value.get("kind") == "Secret":
        return path[:1] not in (("metadata",), ("kind",), ("apiVersion",))
    for depth, step in enumerate(path):
        if step == "env" and depth + 1 < len(path):
            variable = _at(value, path[: depth + 2])
            name = variable.get("name") if isinstance(variable, dict) else None
            return isinstance(name, str) and re.search(_SENSITIVE, name) is not None
    return False


def fingerprint(finding_id: str, path: str, value: Any, field: FieldPath) -> str:
    """Return 16 hexadecimal digits that name a fact, not a line.

    Over the id, the object's group, kind, namespace and name as written, the field with list items by name or port,
    and the offending value; without an object over id and path.
    """
    import hashlib  # noqa: PLC0415 - findings only

    named = object_name(value)
    if named is None:
        parts = [finding_id, path]
    else:
        group = named.api_version.rpartition("/")[0]
        what = _CANONICAL.encode(_at(value, field))
        names = f"{group}/{named.kind}/{named.namespace or ''}/{named.name or ''}"
        parts = [finding_id, names, _keyed(value, field), what]
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _keyed(value: Any, field: FieldPath) -> str:
    """Return a field path whose list items are named by `name` or `port` where they have one."""
    steps: list[str] = []
    item = value
    for step in field:
        item = _at(item, (step,))
        key = None
        if isinstance(step, int) and isinstance(item, dict):
            key = next((f"{name}={item[name]}" for name in ("name", "port") if item.get(name) is not None), None)
        steps.append(f"[{key}]" if key else format_path((step,)))
    return ".".join(steps)


def number_fingerprints(findings: list[Finding]) -> tuple[Finding, ...]:
    """Let equal fingerprints differ: `-2`, `-3` in the order of the output."""
    seen: dict[str, int] = {}
    number_fingerprints: list[Finding] = []
    for finding in findings:
        count = seen[finding.fingerprint] = seen.get(finding.fingerprint, 0) + 1
        if count > 1:
            number_fingerprints.append(finding._replace(fingerprint=f"{finding.fingerprint}-{count}"))
        else:
            number_fingerprints.append(finding)
    return tuple(number_fingerprints)
