"""What stands where in a document, as its comments ask."""

from __future__ import annotations

import hashlib
from bisect import bisect_left
from typing import TYPE_CHECKING, Any

from k8snetlint.source.marks import Mapping, Sequence
from k8snetlint.source.objects import objects_of
from k8snetlint.source.text import end_of_content

if TYPE_CHECKING:
    from k8snetlint.source.document import Document
    from k8snetlint.source.text import Span, Text

_BLOCK_SCALARS = ("|", ">")
_SHORT = 100


def short(text: str) -> str:
    """Return a text, or the digest of a long one: thousands of comments may be about the same lines."""
    return text if len(text) <= _SHORT else hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


class CommentPlaces:
    """Where the scalars, the entries, the items and the objects of one document stand.

    All of it is looked for once: a document may have thousands of comments.
    """

    __slots__ = ("_document", "_names", "_nodes", "_scalars", "_spans", "_text")

    def __init__(self, document: Document, text: Text) -> None:
        self._document = document
        self._text = text
        self._spans: list[Span] = []
        self._names: tuple[str, ...] | None = None
        self._scalars: list[Span] = []
        self._nodes: list[tuple[int, int]] = []
        base = document.base
        seen: set[int] = set()
        pending: list[Any] = [document.marked_value()] if document.value is not None else []
        while pending:
            node = pending.pop()
            if not isinstance(node, Mapping | Sequence):
                if hasattr(node, "start_mark"):
                    self._scalars.append(self._scalar(node))
                continue
            # What aliases share is there once.
            if id(node) in seen:
                continue
            seen.add(id(node))
            values = node.values_at if isinstance(node, Mapping) else node.items_at
            firsts = node.keys_at if isinstance(node, Mapping) else values
            pending += values if firsts is values else [*firsts, *values]
            for first, value in zip(firsts, values, strict=True):
                self._nodes.append((base + first.start_mark.index, -base - _end(value)))
        self._scalars.sort()
        self._nodes.sort()

    def _scalar(self, event: Any) -> Span:
        """Return where a scalar stands; the line on which `|` begins a block scalar may end with a comment."""
        start, end = event.start_mark.index, event.end_mark.index
        if event.style in _BLOCK_SCALARS:
            breaks = (self._document.text.find(each, start, end) for each in "\r\n")
            start = min((at for at in breaks if at >= 0), default=end)
        return self._document.base + start, self._document.base + end

    def in_scalar(self, offset: int) -> bool:
        """Tell whether an offset lies in a key or a scalar."""
        at = bisect_left(self._scalars, (offset + 1, 0)) - 1
        return at >= 0 and offset < self._scalars[at][1]

    def node_after(self, offset: int) -> Span | None:
        """Return the largest entry or item that begins first behind an offset; block scalars without empty lines."""
        at = bisect_left(self._nodes, (offset, -len(self._text.text) - 1))
        if at == len(self._nodes):
            return None
        start, end = self._nodes[at][0], -self._nodes[at][1]
        return start, end_of_content(self._text.text, start, end)

    def name_at(self, offset: int) -> str:
        """Return which object an offset lies in; beside the items of a List, and of a document's end, the first."""
        names = self.names()
        at = bisect_left(self._spans, (offset + 1, 0)) - 1
        if at >= 0 and offset < self._spans[at][1]:
            return names[at]
        return names[0] if names else ""

    def names(self) -> tuple[str, ...]:
        """Return the group, kind, namespace and name of all objects, see `short`, in the order in which they stand."""
        if self._names is None:
            objects = [(value, root) for value, root in objects_of(self._document.value) if isinstance(value, dict)]
            self._spans = [self._document.locate(root) if root else self._document.span for _, root in objects]
            self._names = tuple(short(_name(value)) for value, _ in objects)
        return self._names


def _name(value: dict[str, Any]) -> str:
    metadata = value.get("metadata")
    named = metadata if isinstance(metadata, dict) else {}
    group = str(value.get("apiVersion")).rpartition("/")[0]
    return f"{group}/{value.get('kind')}/{named.get('namespace')}/{named.get('name')}"


def _end(node: Any) -> int:
    while isinstance(node, Mapping | Sequence):
        children = node.values_at if isinstance(node, Mapping) else node.items_at
        if not children or node.flow:
            return int(node.end_mark.index)
        node = children[-1]
    return int(node.end_mark.index)
