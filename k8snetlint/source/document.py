"""Sources, documents, and where every key and value of a document stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from k8snetlint.source.fast_line import Unusual

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Protocol

    from k8snetlint.source.paths import FieldPath

DEPTH_LIMIT = 200
"""Nested collections; the deepest schema of Kubernetes stays below 40."""

SEARCHES = 40
"""So many fields of a document are looked for in its text; to read the marks of all costs about as much."""

Span = tuple[int, int]
"""Offsets of code points in a text, the end exclusive."""


if TYPE_CHECKING:

    class RuamelMark(Protocol):
        """One end of an event; `index` counts code points from the start of the parsed text."""

        index: int

    class Event(Protocol):
        """A parser event: what stands between two marks."""

        start_mark: RuamelMark
        end_mark: RuamelMark


class Source:
    """A text with a name, readable again.

    Raises `OSError` from `read` when the bytes cannot be had.

    Slots:
        stream: all of it is applied at once and alone: standard input, what a tool rendered.
    """

    __slots__ = ("name", "read", "stream")

    def __init__(self, name: str, read: Callable[[], bytes], *, stream: bool = False) -> None:
        self.name = name
        self.read = read
        self.stream = stream

    @classmethod
    def of(cls, name: str, content: bytes | str) -> Source:
        """Return a source that holds its content: standard input, a test."""
        kept = content.encode() if isinstance(content, str) else content
        return cls(name, lambda: kept)

    def __repr__(self) -> str:
        return f"Source({self.name!r})"


class Mapping(dict[str, Any]):
    """A YAML mapping with its marks: `keys_at[i]` and `values_at[i]` belong to the i-th key.

    `flow` says that it is written in braces.
    """

    __slots__ = ("end_mark", "flow", "keys_at", "start_mark", "values_at")

    keys_at: list[Event]
    values_at: list[Event | Mapping | Sequence]
    start_mark: RuamelMark
    end_mark: RuamelMark
    flow: bool


class Sequence(list[Any]):
    """A YAML sequence with its marks: `items_at[i]` belongs to the i-th item; `flow` as in `Mapping`."""

    __slots__ = ("end_mark", "flow", "items_at", "start_mark")

    items_at: list[Event | Mapping | Sequence]
    start_mark: RuamelMark
    end_mark: RuamelMark
    flow: bool


class Fault:
    """What is wrong with a text itself: it cannot be parsed, or not be read as Kubernetes reads YAML.

    Slots:
        id: the finding's id, for example `yaml-syntax`.
        message: one sentence.
        span: offsets in the text.
        path: the field path, empty if there is none.
        related: further spans with what they are.
    """

    __slots__ = ("id", "message", "path", "related", "span")

    def __init__(
        self, fault: str, message: str, span: Span, path: FieldPath = (), related: tuple[tuple[Span, str], ...] = ()
    ) -> None:
        self.id = fault
        self.message = message
        self.span = span
        self.path = path
        self.related = related


class Document:
    """One YAML document of a source: plain values, and where each key and value stands.

    Most documents are never asked for a place, so the values come without marks, and the marks when they are asked for.

    Slots:
        source: where it comes from.
        index: kubectl's count of documents in the source, from 0.
        text: what the parser reads; offsets in it count from `base`.
        base: the offset of `text` in the source's text.
        span: the whole document in the source's text.
        value: the value, `None` when it could not be read.
        faults: what is wrong with its text.
        skipped: why it is not checked, empty if it is.
    """

    __slots__ = (
        "_found",
        "_marked",
        "_numbers",
        "_searches",
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
        self._numbers: dict[int, dict[str, int]] = {}
        self._searches = 0
        self._found: dict[tuple[FieldPath, bool], Span] = {}

    def marked(self) -> Any:
        """Return the value once more, as `Mapping`s and `Sequence`s."""
        if self._marked is None:
            from k8snetlint.source.marked_parser import parse  # noqa: PLC0415 - the parser makes documents, findings ask for marks

            # Faults are noted once: by the first reading of a document that is not ordinary.
            reading = self if self.value is None else Document(self.source, self.index, self.text, self.base)
            self._marked = parse(reading)
        return self._marked

    def locate(self, path: FieldPath, *, key: bool = False) -> Span:
        """Return where `path` stands: its value, or with `key` its key; its key, too, if the value is not written.

        A field that is missing is located at its parent's key, in a list item at the item's first character, in the
        document at its first key.
        """
        try:
            return self.find(path, key=key)
        except Unusual:
            return self._locate_by_marks(path, key=key)

    def find(self, path: FieldPath, *, key: bool = False) -> Span:
        """Return what `locate` returns, found without the marks.

        Raises:
            Unusual: the document is not ordinary there, or was searched so often that the marks cost less.
        """
        # The fast parser gives plain collections.
        if (path, key) in self._found:
            return self._found[path, key]
        if self._searches >= SEARCHES or type(self.value) not in (dict, list):
            raise Unusual
        from k8snetlint.source.fast_spans import find_span  # noqa: PLC0415 - findings only

        self._searches += 1
        span = find_span(self.text, self.value, path, key=key)
        found = self._found[path, key] = self.span if span is None else (self.base + span[0], self.base + span[1])
        return found

    def _locate_by_marks(self, path: FieldPath, *, key: bool) -> Span:
        value = self.marked()
        here = self.span
        if isinstance(value, Mapping) and value.keys_at:
            here = self._span_of(value.keys_at[0])
        last = len(path) - 1
        for depth, step in enumerate(path):
            if isinstance(value, Mapping) and isinstance(step, str) and step in value:
                at = self._number_of(value, step)
                here = self._span_of(value.keys_at[at])
                wanted = None if key else value.values_at[at]
            elif isinstance(value, Sequence) and isinstance(step, int) and step < len(value):
                wanted = value.items_at[step]
            else:
                return here
            span = here if wanted is None else self._span_of(wanted)
            # What is written as nothing (`ports:`) has no place of its own, and parsers differ about it.
            written = span[0] < span[1]
            if depth == last:
                return span if written else here
            if isinstance(value, Sequence) and written:
                here = (span[0], span[0] + 1)
            value = value[step]
        return here

    def _number_of(self, mapping: Mapping, key: str) -> int:
        """Return which of a mapping's keys one is; many findings may ask for keys of one mapping."""
        numbers = self._numbers.get(id(mapping))
        if numbers is None:
            numbers = self._numbers[id(mapping)] = {each: number for number, each in enumerate(mapping)}
        return numbers[key]

    def _span_of(self, node: Event | Mapping | Sequence) -> Span:
        return self.base + node.start_mark.index, self.base + _end_of(node)


def _end_of(node: Event | Mapping | Sequence) -> int:
    """Return the end of a node; a block collection ends with its last child, not with the next token."""
    while isinstance(node, Mapping | Sequence):
        children = node.values_at if isinstance(node, Mapping) else node.items_at
        if not children or node.flow:
            return node.end_mark.index
        node = children[-1]
    return node.end_mark.index
