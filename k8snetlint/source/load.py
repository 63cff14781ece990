"""A source's documents: read, decoded, split, parsed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from k8snetlint.source.document import SEARCHES, Document
from k8snetlint.source.fast_line import Unusual
from k8snetlint.source.fast_parser import plain_value
from k8snetlint.source.objects import objects_of
from k8snetlint.source.split import BYTE_ORDER_MARK, LINE_LIMIT, NotText, decode, documents, is_utf8, overlong_line
from k8snetlint.source.templates import first_action
from k8snetlint.source.text import Fault, Text

if TYPE_CHECKING:
    from collections.abc import Collection

    from k8snetlint.source.document import Source
    from k8snetlint.source.paths import FieldPath
    from k8snetlint.source.split import Part
    from k8snetlint.source.text import Span

NOT_KUBERNETES = "not a Kubernetes object"
TEMPLATE = "template: render it first"
_SPELLING_TAG = r"!\S*(?:binary|%[0-9a-fA-F]{2})"
"""The tag of text in base64; letters of a tag may be escaped."""


class Loaded:
    """The documents of a source; see also `Reopened`.

    Slots:
        text: its text and lines.
        documents: all documents, in order, unreadable ones with their faults.
        faults: what is wrong with the file as a whole; then it has no documents.
        skipped: why the whole file is not checked, empty if it is.
        action: where the first template action is, if the file has a template.
    """

    __slots__ = ("_utf8", "action", "documents", "faults", "skipped", "text")

    def __init__(self, text: str, content: bytes | None = None) -> None:
        """Make a source without documents; `content` is the text in UTF-8."""
        self.text = Text(text)
        self._utf8 = content
        self.documents: list[Document] = []
        self.faults: list[Fault] = []
        self.skipped = ""
        self.action: Span | None = None

    def document(self, index: int) -> Document:
        """Return a document by its index."""
        return self.documents[index]

    def mentions(self, word: str) -> bool:
        """Tell whether a word in ASCII occurs in the text."""
        # Bytes are searched twice as fast as letters that take two bytes each.
        return word in self.text.text if self._utf8 is None else word.encode() in self._utf8


class Reopened:
    """A source that was loaded before, read again to locate fields: a document is parsed when it is needed.

    Slots:
        text: its text and lines.
    """

    __slots__ = ("_parts", "_read", "_source", "_unusual", "_written", "text")

    def __init__(self, source: Source, unusual: Collection[int] = ()) -> None:
        """Read the source; `unusual` has the indexes of documents that are known not to be ordinary.

        Raises:
            OSError: the bytes cannot be read.
        """
        opened, self._parts = _open(source, every=True)
        self.text = opened.text
        self._source = source
        self._unusual = unusual
        self._read: dict[int, Document] = {}
        self._written: dict[int, dict[tuple[FieldPath, bool], Span]] = {}

    def document(self, index: int) -> Document:
        """Return a document by its index.

        Raises:
            IndexError: it does not exist, the file has changed.
        """
        if index not in self._read:
            self._read[index] = _document(self._source, self.text.text, index, self._parts[index])
        return self._read[index]

    def find(self, index: int, path: FieldPath, *, key: bool = False) -> Span:
        """Return where a key or a scalar of an ordinary document is written, without reading the document.

        Raises:
            IndexError: the document does not exist any more, the file has changed.
            Unusual: the document has to be read, or was searched so often that to read it costs less.
        """
        (start, end), _ = self._parts[index]
        known = self._written.setdefault(index, {})
        if (path, key) not in known:
            if index in self._read or index in self._unusual or len(known) >= SEARCHES:
                raise Unusual
            from k8snetlint.source.fast_spans import find_written  # noqa: PLC0415 - findings only

            first, last = find_written(self.text.text[start:end], path, key=key)
            known[path, key] = start + first, start + last
        return known[path, key]


def load(source: Source, *, every: bool = False, templates: bool = True) -> Loaded:
    """Read a source and parse all its documents; one bad document never hides the others.

    What is wrong with a file without Kubernetes objects is not said: it is parsed, and keeps its faults, with `every`.
    Without `templates`, a document that only a template engine can read has faults instead of being skipped.

    Raises:
        OSError: the bytes cannot be read.
    """
    loaded, parts = _open(source, every=every)
    text = loaded.text.text
    for index, part in enumerate(parts):
        document = _document(source, text, index, part)
        loaded.documents.append(document)
        if document.faults and templates:
            written = text[slice(*document.span)]
            if "{{" in written or "{%" in written:
                _recognise_template(document, written, loaded)
    if templates and not every and any(document.faults for document in loaded.documents):
        _let_go_of_others(loaded.documents)
    return loaded


def _open(source: Source, *, every: bool) -> tuple[Loaded, list[Part]]:
    """Return a source without its documents, and where they are; nowhere if it is not parsed."""
    content = source.read()
    try:
        text = decode(content)
    except NotText as error:
        before = Loaded(content[: error.offset].decode("utf-8", "replace"))
        end = len(before.text.text)
        reason = _why_encrypted(content)
        if reason and not every:
            before.skipped = reason
        else:
            before.faults.append(Fault("yaml-syntax", reason or str(error), (end, end + 1)))
        return before, []
    loaded = Loaded(text, content if is_utf8(content) else None)
    if not ("apiVersion" in text and "kind" in text):
        loaded.skipped = "" if every else _why_encrypted(content)
        if loaded.skipped:
            return loaded, []
        # Escapes can spell the words (`"api\\u0056ersion"`), and tags (`!!binary`): a text with them is always read.
        is_spelt = "\\" in text or "\0" in text or ("!" in text and re.search(_SPELLING_TAG, text) is not None)
        mentions = "apiVersion" in text or "kind:" in text
        if not (is_spelt or (mentions and ("metadata:" in text or "spec:" in text))):
            loaded.skipped = NOT_KUBERNETES
            if not every:
                return loaded, []
    long = overlong_line(text)
    if long:
        loaded.faults.append(Fault("yaml-syntax", f"a line of more than {LINE_LIMIT:,} characters", long))
        return loaded, []
    return loaded, list(documents(text))


def _why_encrypted(content: bytes) -> str:
    from k8snetlint.source.encrypted import why_encrypted  # noqa: PLC0415 - few files are

    return why_encrypted(content)


def _document(source: Source, text: str, index: int, part: Part) -> Document:
    """Return a document with its value and its faults."""
    (start, end), refused = part
    if text[start : start + 1] == BYTE_ORDER_MARK:
        start += 1
    document = Document(source, index, text[start:end], start)
    if refused:
        after = text[refused[0] + 3 : refused[1]].strip()
        document.faults.append(Fault("yaml-syntax", f"invalid Yaml document separator: {after}", refused))
    try:
        document.value = _plain_value(document.text)
    except Unusual:
        document.value = document.marked_value()
    return document


def _plain_value(text: str) -> Any:
    if text[:1] != "{":
        return plain_value(text)
    from k8snetlint.source.fast_json import json_value  # noqa: PLC0415 - few documents are JSON

    return json_value(text)


def _let_go_of_others(documents: list[Document]) -> None:
    """Mark the documents of a file without objects as skipped: their faults are not those of a manifest."""
    from k8snetlint.source.likely_objects import may_hold_objects  # noqa: PLC0415 - few files have faults

    if not may_hold_objects(documents):
        for document in documents:
            document.skipped = document.skipped or NOT_KUBERNETES
            document.faults = []
            document.value = None


def _recognise_template(document: Document, part: str, loaded: Loaded) -> None:
    """Mark a document that only a template engine can read as skipped."""
    action = first_action(part)
    if action is None or not any(map(_is_fatal, document.faults)):
        return
    document.skipped = TEMPLATE
    document.faults = []
    document.value = None
    if loaded.action is None:
        loaded.action = (document.base + action, document.base + action + 2)


def _is_fatal(fault: Fault) -> bool:
    """Tell whether kubectl applies nothing of a document with this fault."""
    from k8snetlint.source.marked_parser import SECOND_DOCUMENT  # noqa: PLC0415 - faults only

    return fault.id == "yaml-syntax" and fault.message != SECOND_DOCUMENT


def objects_in(source: Source) -> list[object] | None:
    """Return what the documents of a source hold, with the items of Lists; None if not all of it can be read.

    Raises:
        OSError: the bytes cannot be had.
    """
    loaded = load(source, every=True, templates=False)
    if loaded.faults or any(each.value is None and each.faults for each in loaded.documents):
        return None
    values = [each.value for each in loaded.documents]
    found = [
        [value] if isinstance(value, list) else [each for each, _ in objects_of(value, templates=False)]
        for value in values
    ]
    return [each for every in found for each in every]
