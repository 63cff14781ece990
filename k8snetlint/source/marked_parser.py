"""The YAML parser: libyaml's events become values that know where they are written.

ruamel's own round-trip loader is 56 times slower, and types scalars unlike the API server.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from k8snetlint.source.entries import EXPANSION_FACTOR, EXPANSION_ROOM, expanded_size, merge_into
from k8snetlint.source.events import (
    AliasEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
    YAMLError,
    explain,
)
from k8snetlint.source.fast_parser import DEPTH_LIMIT
from k8snetlint.source.go_events import UNEXPECTED_COLON, go_events
from k8snetlint.source.marks import Mapping, Sequence
from k8snetlint.source.nodes import Nodes, Stop, is_merge_key

if TYPE_CHECKING:
    from collections.abc import Callable

    from k8snetlint.source.text import Fault

SECOND_DOCUMENT = "kubectl reads only the first document of this part; what begins here is ignored"


def parse(text: str, base: int = 0, *, pure: bool = False, colons: bool = False) -> tuple[Any, list[Fault]]:
    """Return the value of a document's text with its marks, None if it cannot be read, and its faults.

    A text of comments only is None, too.

    Args:
        text: the document.
        base: the offset of the text in its source, in which faults are located.
        pure: use the parser written in Python even where the C extension is installed.
        colons: read those that libyaml does not expect as go-yaml does.
    """
    nodes = Nodes(base)
    value: Any = None
    try:
        value = _Builder(nodes, go_events(text, pure=pure, colons=colons)).build(text)
    except YAMLError as error:
        message, start, end = explain(error, text)
        if not colons and message.endswith(UNEXPECTED_COLON):
            return parse(text, base, pure=pure, colons=True)
        nodes.faults.add(message, start, end)
    except Stop:
        pass
    return value, nodes.faults.found


class _Builder:
    """Builds one document from events, without recursion.

    Slots:
        stack: the collections around the one that is filled; each is the last value in the one before it.
        merges: by the identity of a mapping, its merge keys with their values.
    """

    __slots__ = ("merged", "merges", "next", "nodes", "stack")

    def __init__(self, nodes: Nodes, get: Callable[[], Any]) -> None:
        self.next = get
        self.nodes = nodes
        self.stack: list[Mapping | Sequence] = []
        self.merges: dict[int, list[tuple[Any, Any]]] = {}
        self.merged = 0

    def build(self, text: str) -> Any:
        """Return the value of the first document; a second one is reported, not read."""
        get = self.next
        get()  # the stream's start
        if get().__class__ is StreamEndEvent:
            return None
        root = Sequence()
        root.items_at = []
        child = self._item(root, get())
        if child is not None:
            self._fill(child)
        if self.nodes.has_infinite:
            _refuse_infinite(root, self.nodes)
        if self.nodes.aliases:
            self._bound_expansion(root[0])
        get()  # the document's end
        try:
            event = get()
            after = None if event.__class__ is StreamEndEvent else event.start_mark.index
        except YAMLError as error:
            after = explain(error, text)[1]
        if after is not None:
            self.nodes.faults.add(SECOND_DOCUMENT, after)
        return root[0]

    def _fill(self, collection: Mapping | Sequence) -> None:
        """Read events until `collection` is complete."""
        stack = self.stack
        while True:
            child = self._entries(collection) if collection.__class__ is Mapping else self._items(collection)
            if child is not None:
                stack.append(collection)
                if len(stack) >= DEPTH_LIMIT:
                    self.nodes.faults.add(f"nested deeper than {DEPTH_LIMIT} levels", child.start_mark.index)
                    raise Stop
                collection = child
            elif stack:
                collection = stack.pop()
            else:
                return

    def _entries(self, mapping: Any) -> Mapping | Sequence | None:
        """Read entries of a mapping up to its end, or up to a collection, which is returned to be filled."""
        get, nodes = self.next, self.nodes
        add_key, add_value = mapping.keys_at.append, mapping.values_at.append
        while True:
            event = get()
            if event.__class__ is MappingEndEvent:
                mapping.end_mark = event.end_mark
                nodes.faults.complete(mapping)
                if id(mapping) in self.merges:
                    self._merge(mapping)
                return None
            key = nodes.key(event)
            if key is None or key in mapping:
                if key is None:
                    if not is_merge_key(event):
                        self._skip_entry(event)
                        continue
                    child = self._merge_value(mapping, event)
                    if child is not None:
                        return child
                    continue
                nodes.faults.repeated(self.stack, mapping, key, event)
            at = get()
            add_key(event)
            if at.__class__ is ScalarEvent:
                mapping[key] = nodes.scalar(at)
                add_value(at)
            elif at.__class__ is AliasEvent:
                mapping[key] = self.nodes.alias(at)
                add_value(at)
            else:
                child = mapping[key] = self.nodes.start(at)
                add_value(child)
                return child

    def _items(self, sequence: Any) -> Mapping | Sequence | None:
        """Read items of a sequence up to its end, or up to a collection, which is returned to be filled."""
        get = self.next
        while True:
            event = get()
            if event.__class__ is SequenceEndEvent:
                sequence.end_mark = event.end_mark
                return None
            child = self._item(sequence, event)
            if child is not None:
                return child

    def _item(self, sequence: Sequence, event: Any) -> Mapping | Sequence | None:
        if event.__class__ is ScalarEvent:
            sequence.append(self.nodes.scalar(event))
            sequence.items_at.append(event)
            return None
        if event.__class__ is AliasEvent:
            sequence.append(self.nodes.alias(event))
            sequence.items_at.append(event)
            return None
        child = self.nodes.start(event)
        sequence.append(child)
        sequence.items_at.append(child)
        return child

    def _skip_entry(self, event: Any) -> None:
        """Report an invalid key and skip its entry."""
        end = self._skip_node(event)
        self.nodes.faults.add("a mapping or null cannot be a key", event.start_mark.index, end)
        self._skip_node(self.next())

    def _skip_node(self, event: Any) -> int:
        """Skip the node that begins with `event`; return the offset of its end."""
        depth = 0
        while True:
            if event.__class__ in (MappingStartEvent, SequenceStartEvent):
                depth += 1
                if depth > DEPTH_LIMIT:
                    self.nodes.faults.add(f"nested deeper than {DEPTH_LIMIT} levels", event.start_mark.index)
                    raise Stop
            elif event.__class__ in (MappingEndEvent, SequenceEndEvent):
                depth -= 1
            if depth == 0:
                return int(event.end_mark.index)
            event = self.next()

    def _merge_value(self, mapping: Mapping, event: Any) -> Mapping | Sequence | None:
        """Read the value of a merge key as `_entries` does; it is merged when `mapping` is complete."""
        holder = Sequence()
        holder.items_at = []
        child = self._item(holder, self.next())
        if isinstance(holder[0], Sequence) and child is None:  # go-yaml takes an alias of a mapping only
            holder[0] = None
        self.merges.setdefault(id(mapping), []).append((event, holder[0]))
        return child

    def _merge(self, mapping: Mapping) -> None:
        """Merge the values of the merge keys of `mapping`."""
        merges = self.merges.pop(id(mapping))
        for event, value in merges:
            for merged in value if isinstance(value, Sequence) else (value,):
                if not isinstance(merged, Mapping):
                    self.nodes.faults.add_at("map merge requires map or sequence of maps as the value", event)
                    raise Stop
                self.merged += len(merged)
            if self.merged > EXPANSION_ROOM:
                self.nodes.faults.add_at("document contains excessive aliasing: merge keys", event)
                raise Stop
        merge_into(mapping, merges)

    def _bound_expansion(self, root: Any) -> None:
        """Reject a document that aliases expand to more nodes than may be visited."""
        sizes: dict[int, int] = {}
        total = expanded_size(root, sizes)
        if total > EXPANSION_FACTOR * len(sizes) + EXPANSION_ROOM:
            event, _ = max(self.nodes.aliases, key=lambda alias: sizes.get(id(alias[1]), 1))
            self.nodes.faults.add_at(f"document contains excessive aliasing: it expands to {total:,} nodes", event)
            raise Stop


def _refuse_infinite(root: Sequence, nodes: Nodes) -> None:
    """Report the numbers that JSON does not have; what was dropped or overridden is not sent, and so not at fault."""
    pending: list[Mapping | Sequence] = [root]
    seen: set[int] = set()
    while pending:
        node = pending.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        marks = node.values_at if isinstance(node, Mapping) else node.items_at
        steps: Any = list(node) if isinstance(node, Mapping) else range(len(node))
        for step, mark in zip(steps, marks, strict=True):
            value: Any = node[step]
            if isinstance(value, Mapping | Sequence):
                pending.append(value)
            elif isinstance(value, float) and not math.isfinite(value):
                nodes.faults.add_at(f"json: unsupported value: {_go_float(value)}", mark)
                node[step] = None
    nodes.faults.found.sort(key=lambda fault: fault.span)


def _go_float(value: float) -> str:
    return "NaN" if math.isnan(value) else "+Inf" if value > 0 else "-Inf"
