"""Sources, their documents, and where each field of a document is written."""

from __future__ import annotations

import functools
import posixpath
from typing import TYPE_CHECKING, Any

from k8snetlint.source.fast_line import Unusual
from k8snetlint.source.paths import format_path

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

    from k8snetlint.source.marks import MarkedSpans
    from k8snetlint.source.paths import FieldPath
    from k8snetlint.source.text import Fault, Span

SEARCHES = 40
"""So many fields of a document are looked for in its text; to read the marks of all costs about as much."""


@functools.cache
def _fast_spans() -> ModuleType:
    """Return the module for places; an import statement for each place would be slow."""
    from k8snetlint.source import fast_spans  # noqa: PLC0415 - findings only

    return fast_spans


class Source:
    """A named text that can be read again.

    `read` raises an `OSError` if the bytes cannot be read.

    Slots:
        path: its name, by which other files refer to it: without `./` or `//`.
        stream: the text is applied as a whole and alone: standard input, the output of a tool.
    """

    __slots__ = ("name", "path", "read", "stream")

    def __init__(self, name: str, read: Callable[[], bytes], *, stream: bool = False) -> None:
        self.name = name
        self.path = posixpath.normpath(name)
        self.read = read
        self.stream = stream

    @property
    def file(self) -> str:
        """Its name without the folder."""
        return self.path.rpartition("/")[2]

    @classmethod
    def of(cls, name: str, content: bytes | str) -> Source:
        """Return a source with content that is known already."""
        encoded = content.encode() if isinstance(content, str) else content
        return cls(name, lambda: encoded)

    def __repr__(self) -> str:
        return f"Source({self.name!r})"


class Place:
    """A field of one object: which source, which document, which path below the object's `root`.

    `key` means the field's key instead of its value. Lines and columns are determined when a finding is reported.
    """

    __slots__ = ("document", "key", "path", "root", "source")

    def __init__(
        self,
        source: Source,
        document: int,
        path: FieldPath,
        root: FieldPath = (),
        key: bool = False,  # noqa: FBT001, FBT002 - created for every peer and port: keywords cost time
    ) -> None:
        self.source = source
        self.document = document
        self.path = path
        self.root = root
        self.key = key

    def __repr__(self) -> str:
        return f"Place({self.source.name}, {self.document}, {self.field})"

    @property
    def field(self) -> str:
        """The path below the object, in the API server's notation."""
        return format_path(self.path)

    def to(self, *path: str | int, key: bool = False) -> Place:
        """Return the place of a field below this one."""
        return Place(self.source, self.document, self.path + path, self.root, key)


class Document:
    """One YAML document of a source: plain values, and where each key and value is written.

    Most documents have no finding, so values are read without marks; marks are read on demand.

    Slots:
        source: the text that it is a part of.
        index: its number among the documents that kubectl sees in the source, from 0.
        text: what the parser reads.
        base: the offset of `text` in the source's text.
        span: the whole document in the source's text.
        value: the value, `None` if it cannot be read.
        faults: what is wrong with its text.
        skipped: why it is not checked, empty if it is.
    """

    __slots__ = (
        "_found",
        "_marked",
        "_searches",
        "_spans",
        "base",
        "faults",
        "index",
        "skipped",
        "source",
        "span",
        "text",
        "value",
    )

    def __init__(self, source: Source, index: int, text: str, base: int = 0) -> None:
        self.source = source
        self.index = index
        self.text = text
        self.base = base
        self.span = (base, base + len(text))
        self.value: Any = None
        self.faults: list[Fault] = []
        self.skipped = ""
        self._marked: Any = None
        self._spans: MarkedSpans | None = None
        self._searches = 0
        self._found: dict[tuple[FieldPath, bool], Span] = {}

    def marked_value(self) -> Any:
        """Return the value as `Mapping`s and `Sequence`s."""
        if self._marked is None:
            self._marked, faults = self._parsed()
            # Faults are noted once: by the first reading of a document that is not ordinary.
            if self.value is None:
                self.faults += faults
        return self._marked

    def _parsed(self) -> tuple[Any, list[Fault]]:
        if self.text[:1] == "{":
            from k8snetlint.source.marked_json import parse_json  # noqa: PLC0415 - few documents are JSON

            parsed = parse_json(self.text, self.base)
            if parsed is not None:
                return parsed
        from k8snetlint.source.marked_parser import parse  # noqa: PLC0415 - not for ordinary documents

        return parse(self.text, self.base)

    def locate(self, path: FieldPath, *, key: bool = False) -> Span:
        """Return where a field is written: its value, or with `key` its key, which also stands for an empty value.

        A field that is missing is located at its parent's key, in a list item at the item's first character, in the
        document at its first key.
        """
        try:
            return self.find(path, key=key)
        except Unusual:
            pass
        if self._spans is None:
            from k8snetlint.source.marks import MarkedSpans  # noqa: PLC0415 - not for ordinary documents

            self._spans = MarkedSpans(self.marked_value())
        return self._in_source(self._spans.find(path, key=key))

    def find(self, path: FieldPath, *, key: bool = False) -> Span:
        """Return what `locate` returns, found without the marks.

        Raises:
            Unusual: the document is not ordinary at this path, or was searched so often that marks cost less.
        """
        if (path, key) in self._found:
            return self._found[path, key]
        # The fast parser makes plain collections.
        if self._searches >= SEARCHES or type(self.value) not in (dict, list):
            raise Unusual
        self._searches += 1
        span = self._found[path, key] = self._in_source(_fast_spans().find_span(self.text, self.value, path, key=key))
        return span

    def _in_source(self, span: Span | None) -> Span:
        """Return a span of the parsed text as one of the source's text; None is the whole document."""
        return self.span if span is None else (self.base + span[0], self.base + span[1])
