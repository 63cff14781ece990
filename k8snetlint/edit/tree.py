"""Where all parts of one document are written: keys, colons, dashes, values, comments. Edits need it.

The marks of `marks.Mapping` are for findings: they lack merge keys and empty values.
"""

from __future__ import annotations

import enum
import re
from bisect import bisect_left
from typing import TYPE_CHECKING, Any

from k8snetlint.edit.change import Refused
from k8snetlint.source.events import (
    AliasEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    YAMLError,
    events_of,
)
from k8snetlint.source.scalars import STR, resolve_key

if TYPE_CHECKING:
    from collections.abc import Callable

    from k8snetlint.source.paths import FieldPath
    from k8snetlint.source.text import Span

_SKIPPED = re.compile(r"(?:[ \t\r\n\ufeff]+|#[^\n]*)*")
_PROPERTY = re.compile(r"!<[^>\s]*>|[&!][^\s,\[\]{}]*")


class Kind(enum.Enum):
    """What a node is."""

    MAPPING = enum.auto()
    SEQUENCE = enum.auto()
    SCALAR = enum.auto()
    ALIAS = enum.auto()


class Node:
    """A value or a key as it is written.

    Slots:
        start: where it begins, with its anchor and its tag.
        properties_end: where its anchor and its tag end, None without them.
        content: where it begins without them.
        end: where it ends; a block collection with its last child, a block scalar without trailing empty lines.
        flow: it is a collection in brackets.
        style: the quote of a scalar, `|` or `>` of a block scalar, or "".
        children: the entries or items of a collection.
    """

    __slots__ = ("_numbers", "children", "content", "end", "flow", "kind", "properties_end", "start", "style")

    def __init__(self, kind: Kind, start: int, content: int, end: int, *, style: str = "", flow: bool = False) -> None:
        self.kind = kind
        self.start = start
        self.properties_end: int | None = None
        self.content = content
        self.end = end
        self.style = style
        self.flow = flow
        self.children: list[Entry] = []
        self._numbers: dict[str | None, int] | None = None

    @property
    def is_block(self) -> bool:
        """Whether it is a collection without brackets."""
        return self.kind in (Kind.MAPPING, Kind.SEQUENCE) and not self.flow

    @property
    def is_written(self) -> bool:
        """Whether it has more than an anchor or a tag."""
        return self.content < self.end

    def child(self, step: str | int) -> Entry | None:
        """Return the entry with a key, or the item with an index."""
        number = self.number(step)
        return None if number is None else self.children[number]

    def number(self, step: str | int) -> int | None:
        """Return the number of the child that is the entry with a key, or the item with an index."""
        if self.kind is Kind.MAPPING and isinstance(step, str):
            if self._numbers is None:
                names = [entry.name for entry in self.children]
                self._numbers = dict(zip(reversed(names), reversed(range(len(names))), strict=True))
            return self._numbers.get(step)
        exists = self.kind is Kind.SEQUENCE and isinstance(step, int) and 0 <= step < len(self.children)
        return int(step) if exists else None


class Entry:
    """An entry of a mapping, or an item of a sequence.

    Slots:
        start: where it begins: at its key or dash; an item in brackets at its value.
        head: the end of the colon or the dash, after which a value may follow.
        key: the key, None for an item.
        name: the key's text, None for an item and for a merge key.
    """

    __slots__ = ("head", "key", "name", "start", "value")

    def __init__(self, start: int, head: int, value: Node, key: Node | None = None, name: str | None = None) -> None:
        self.start = start
        self.head = head
        self.value = value
        self.key = key
        self.name = name

    @property
    def end(self) -> int:
        """Where it ends, without the comment after it."""
        return max(self.head, self.value.end)


class Tree:
    """The tree of a text: the root node, and all comments in order."""

    __slots__ = ("_shared", "comments", "root")

    def __init__(self, text: str, root: Node, tokens: list[Span]) -> None:
        self.root = root
        self.comments = list(_comments(text, tokens))
        self._shared = [start for start, _ in tokens if text[start] in "&*"]

    def find(self, path: FieldPath) -> Node:
        """Return the node at a path that contains no alias."""
        node = self.root
        for step in path:
            entry = node.child(step)
            if entry is None:
                raise Refused
            node = entry.value
        return node

    def is_shared(self, span: Span) -> bool:
        """Tell whether a part of the text has an anchor or an alias."""
        at = bisect_left(self._shared, span[0])
        return at < len(self._shared) and self._shared[at] < span[1]


def tree_of(text: str) -> Tree:
    """Return the tree of the text of a document without faults."""
    for pure in (False, True):
        try:
            return _Reader(text, events_of(text, pure=pure)).tree()
        except YAMLError:
            continue
    raise Refused


def skip(text: str, at: int) -> int:
    """Return where the next token begins: after blanks, line ends and comments."""
    match = _SKIPPED.match(text, at)
    return match.end() if match else at


def _comments(text: str, tokens: list[Span]) -> list[Span]:
    """Return the spans of all comments: text between tokens that begins with `#`."""
    found: list[Span] = []
    at = 0
    for start, end in [*tokens, (len(text), len(text))]:
        found += [(at + each.start(), at + each.end()) for each in re.finditer(r"#[^\r\n]*", text[at:start])]
        at = end
    return found


class _Reader:
    """Builds the tree of one text from parser events."""

    __slots__ = ("next", "text", "tokens")

    def __init__(self, text: str, get: Callable[[], Any]) -> None:
        self.text = text
        self.next = get
        self.tokens: list[Span] = []

    def tree(self) -> Tree:
        self.next()  # the stream's start
        self.next()  # the document's start
        return Tree(self.text, self._node(self.next(), 0), self.tokens)

    def _node(self, event: Any, floor: int) -> Node:
        """Return the node that begins with `event`; if it is empty, it is at `floor`."""
        start = event.start_mark.index
        if event.__class__ is AliasEvent:
            self.tokens.append((start, event.end_mark.index))
            return Node(Kind.ALIAS, start, start, event.end_mark.index)
        if event.__class__ is ScalarEvent:
            return self._scalar(event, floor)
        kind = Kind.MAPPING if event.__class__ is MappingStartEvent else Kind.SEQUENCE
        node = Node(kind, start, start, start, flow=bool(event.flow_style))
        self._read_properties(node)
        if node.flow and self.text[node.content : node.content + 1] not in ("{", "["):
            raise Refused  # `[a: 1]`, a mapping without brackets
        read = self._entry if kind is Kind.MAPPING else self._item
        at = node.content + node.flow
        while (event := self.next()).__class__ not in (MappingEndEvent, SequenceEndEvent):
            at = skip(self.text, at)
            if node.flow and self.text[at : at + 1] == ",":
                at = skip(self.text, at + 1)
            node.children.append(read(event, at, flow=node.flow))
            at = node.children[-1].end
        node.end = event.end_mark.index if node.flow else at
        return node

    def _scalar(self, event: Any, floor: int) -> Node:
        start, end = event.start_mark.index, event.end_mark.index
        if not self.text[start:end].strip():
            # Parsers differ about the place of an empty value.
            return Node(Kind.SCALAR, floor, floor, floor)
        node = Node(Kind.SCALAR, start, start, end, style=event.style or "")
        self._read_properties(node)
        if node.style in ("|", ">"):
            self._read_block_scalar(node)
        else:
            self.tokens.append((node.content, node.end))
        return node

    def _read_block_scalar(self, node: Node) -> None:
        """Set the end to that of the last line with content; the indicators may be followed by a comment."""
        match = re.compile(r"[|>][-+0-9]*").match(self.text, node.content)
        line_end = self.text.find("\n", node.content)
        if match is None or line_end < 0:
            raise Refused
        if "+" not in match[0]:
            node.end = node.content + len(self.text[node.content : node.end].rstrip())
        self.tokens += [(node.content, match.end()), (line_end, max(node.end, line_end))]

    def _read_properties(self, node: Node) -> None:
        while match := _PROPERTY.match(self.text, node.content):
            node.properties_end = match.end()
            self.tokens.append(match.span())
            node.content = skip(self.text, match.end())
        if node.kind is Kind.SCALAR and node.properties_end is not None and node.content >= node.end:
            node.content = node.end = node.properties_end

    def _entry(self, event: Any, at: int, *, flow: bool) -> Entry:
        if self.text[at : at + 1] == "?" and event.start_mark.index != at:
            raise Refused  # a key after a question mark
        key = self._node(event, at)
        colon = skip(self.text, key.end)
        has_colon = self.text[colon : colon + 1] == ":"
        if not has_colon and not flow:
            raise Refused
        head = colon + 1 if has_colon else key.end
        return Entry(key.start, head, self._node(self.next(), head), key, _name(event))

    def _item(self, event: Any, at: int, *, flow: bool) -> Entry:
        if flow:
            value = self._node(event, at)
            return Entry(value.start, value.start, value)
        if self.text[at : at + 1] != "-":
            raise Refused
        return Entry(at, at + 1, self._node(event, at + 1))


def _name(event: Any) -> str | None:
    """Return the string that a key is; None for a merge key, an alias, and a key with another tag."""
    if event.__class__ is not ScalarEvent:
        return None
    text = str(event.value)
    if event.implicit[0]:
        return None if text == "<<" else resolve_key(text)
    return text if event.implicit[1] or str(event.tag) == STR else None
