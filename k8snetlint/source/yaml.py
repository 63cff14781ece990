"""The YAML parser: libyaml's events become plain values that know where they stand.

ruamel's own round-trip loader is 56 times slower, and types scalars as no API server does.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from k8snetlint.source.aliases import EXPANSION_FACTOR, EXPANSION_ROOM, expanded_size, merge_into
from k8snetlint.source.document import Fault, Mapping, Sequence
from k8snetlint.source.events import (
    AliasEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
    YAMLError,
    events_of,
    explain,
)
from k8snetlint.source.paths import field_path
from k8snetlint.source.scalars import MERGE, STR, Scalar, ScalarError, resolve, resolve_key, resolve_tagged

if TYPE_CHECKING:
    from collections.abc import Callable

    from k8snetlint.source.document import Document
    from k8snetlint.source.paths import FieldPath

DEPTH_LIMIT = 200
"""Nested collections; the deepest schema of Kubernetes stays below 40."""
_MEMO_LENGTH, _MEMO_SIZE = 100, 100_000

_plain: dict[str, Scalar] = {}
"""What a plain scalar is, by its text: manifests repeat the same few thousand."""
_keys: dict[str, str | None] = {}


class _Stop(Exception):  # noqa: N818 - no error: the fault has been noted
    """The document cannot be read further."""


def parse(text: str, document: Document, *, pure: bool = False) -> None:
    """Read the first YAML document of `text` into `document.value`, and note what is wrong in `document.faults`.

    Offsets of faults are those of the source's text: `document.base` is added. A text of comments only gives None.
    `pure` takes the parser written in Python even where the C extension is there.
    """
    faults = len(document.faults)
    try:
        _Builder(document, events_of(text, pure=pure)).build(text)
    except YAMLError as error:
        message, start, end = explain(error, text)
        if not pure and message.endswith("found unexpected ':'"):
            # go-yaml reads `[web:80]`, the libyaml of the C extension does not yet.
            del document.faults[faults:]
            parse(text, document, pure=True)
        else:
            document.faults.append(Fault("yaml-syntax", message, (document.base + start, document.base + end)))
    except _Stop:
        pass


class _Builder:
    """Builds one document from events, without recursion.

    Slots:
        stack: the collections around the one being filled; the last key or item of each is the one below it.
        anchors: what each anchor names, redefined ones the last.
        merges: by the identity of a mapping, its merge keys: how many keys stood before, the value, the key's event.
        aliases: the events of aliases that name collections, with what they name.
    """

    __slots__ = ("aliases", "anchors", "base", "document", "merged", "merges", "next", "stack")

    def __init__(self, document: Document, get: Callable[[], Any]) -> None:
        self.document = document
        self.base = document.base
        self.next = get
        self.stack: list[Mapping | Sequence] = []
        self.anchors: dict[str, Any] = {}
        self.merges: dict[int, list[tuple[int, Any, Any]]] = {}
        self.merged = 0
        self.aliases: list[tuple[Any, Mapping | Sequence]] = []

    def build(self, text: str) -> None:
        """Read one document; a second one is noted, not read."""
        get = self.next
        get()  # the stream's start
        if get().__class__ is StreamEndEvent:
            return
        root = Sequence()
        root.items_at = []
        child = self._item(root, get())
        if child is not None:
            self._fill(child)
        if self.aliases:
            self._bound_expansion(root[0])
        self.document.value = root[0]
        get()  # the document's end
        try:
            event = get()
            after = None if event.__class__ is StreamEndEvent else event.start_mark.index
        except YAMLError as error:
            after = explain(error, text)[1]
        if after is not None:
            self._fault("kubectl reads only the first document of this part; what begins here is ignored", after)

    def _fill(self, here: Mapping | Sequence) -> None:
        """Read events until `here` is complete."""
        stack = self.stack
        while True:
            child = self._entries(here) if here.__class__ is Mapping else self._items(here)
            if child is not None:
                stack.append(here)
                if len(stack) >= DEPTH_LIMIT:
                    self._fault(f"nested deeper than {DEPTH_LIMIT} levels", child.start_mark.index)
                    raise _Stop
                here = child
            elif stack:
                here = stack.pop()
            else:
                return

    def _entries(self, here: Any) -> Mapping | Sequence | None:
        """Read entries of a mapping up to its end, or up to a collection, which is returned to be filled."""
        get, plain, keys = self.next, _plain, _keys
        add_key, add_value = here.keys_at.append, here.values_at.append
        while True:
            event = get()
            if event.__class__ is MappingEndEvent:
                here.end_mark = event.end_mark
                if id(here) in self.merges:
                    self._merge(here)
                return None
            # Plain and seen before, in nearly every case.
            if event.__class__ is ScalarEvent and event.implicit[0] and event.value in keys and event.anchor is None:
                key = keys[event.value]
            else:
                key = self._key(event)
            if key is None or key in here:
                if key is None and self._skips_entry(event):
                    continue
                if key is None:
                    return self._merge_value(here, event)
                self._duplicate(here, key, event)
            at = get()
            add_key(event)
            if at.__class__ is ScalarEvent:
                if at.implicit[0] and at.value in plain and at.anchor is None:
                    here[key] = plain[at.value]
                else:
                    here[key] = self._scalar(at)
                add_value(at)
            elif at.__class__ is AliasEvent:
                here[key] = self._alias(at)
                add_value(at)
            else:
                child = here[key] = self._start(at)
                add_value(child)
                return child

    def _items(self, here: Any) -> Mapping | Sequence | None:
        """Read items of a sequence up to its end, or up to a collection, which is returned to be filled."""
        get = self.next
        while True:
            event = get()
            if event.__class__ is SequenceEndEvent:
                here.end_mark = event.end_mark
                return None
            child = self._item(here, event)
            if child is not None:
                return child

    def _item(self, here: Sequence, event: Any) -> Mapping | Sequence | None:
        if event.__class__ is ScalarEvent:
            here.append(self._scalar(event))
            here.items_at.append(event)
            return None
        if event.__class__ is AliasEvent:
            here.append(self._alias(event))
            here.items_at.append(event)
            return None
        child = self._start(event)
        here.append(child)
        here.items_at.append(child)
        return child

    def _start(self, event: Any) -> Mapping | Sequence:
        """Return the empty collection that `event` begins."""
        child: Mapping | Sequence
        if event.__class__ is MappingStartEvent:
            child = Mapping()
            child.keys_at = []
            child.values_at = []
        else:
            child = Sequence()
            child.items_at = []
        child.start_mark = event.start_mark
        child.flow = event.flow_style
        if event.anchor is not None:
            self.anchors[event.anchor] = child
        return child

    def _scalar(self, event: Any) -> Scalar:
        """Return a scalar's value, and remember what the text of a plain one means."""
        text: str = event.value
        value: Scalar = text
        if event.implicit[0]:
            value = resolve(text)
            if isinstance(value, float) and not math.isfinite(value):
                self._fault_at(f"json: unsupported value: {_go_float(value)}", event)
                value = None
            elif len(text) <= _MEMO_LENGTH:
                _remember(_plain, text, value)
        elif not event.implicit[1]:
            try:
                value = resolve_tagged(str(event.tag), text)
            except ScalarError as error:
                self._fault_at(str(error), event)
                value = None
        if event.anchor is not None:
            self.anchors[event.anchor] = value
        return value

    def _alias(self, event: Any) -> Any:
        """Return what an alias names; a collection is shared, not copied."""
        if event.anchor not in self.anchors:
            self._fault_at(f"unknown anchor '{event.anchor}' referenced", event)
            raise _Stop
        value = self.anchors[event.anchor]
        if isinstance(value, Mapping | Sequence):
            if not hasattr(value, "end_mark"):
                self._fault_at(f"anchor '{event.anchor}' value contains itself", event)
                raise _Stop
            self.aliases.append((event, value))
        return value

    def _key(self, event: Any) -> str | None:
        """Return the string that a key becomes; None for a merge key and for what cannot be a key."""
        value: Any = None
        if event.__class__ is ScalarEvent:
            text: str = event.value
            if event.implicit[0]:
                value = None if text == "<<" else resolve_key(text)
                if len(text) <= _MEMO_LENGTH:
                    _remember(_keys, text, value)
            elif event.implicit[1] or str(event.tag) == STR:
                value = text
            elif str(event.tag) != MERGE:
                self._scalar(event)
                value = resolve_key(text)
            if event.anchor is not None:
                self.anchors[event.anchor] = text
        elif event.__class__ is AliasEvent:
            value = self._alias(event)
        return value if isinstance(value, str) else None

    def _skips_entry(self, event: Any) -> bool:
        """Note a key that cannot be one and read over its entry; False for a merge key."""
        if event.__class__ is ScalarEvent and event.value == "<<":
            return False
        end = self._read_over(event)
        self._fault("a mapping or null cannot be a key", event.start_mark.index, end, fault="yaml-syntax")
        self._read_over(self.next())
        return True

    def _read_over(self, event: Any) -> int:
        """Read up to the end of the node that begins with `event`; return its offset."""
        depth = 0
        while True:
            if event.__class__ in (MappingStartEvent, SequenceStartEvent):
                depth += 1
                if depth > DEPTH_LIMIT:
                    self._fault(f"nested deeper than {DEPTH_LIMIT} levels", event.start_mark.index)
                    raise _Stop
            elif event.__class__ in (MappingEndEvent, SequenceEndEvent):
                depth -= 1
            if depth == 0:
                return int(event.end_mark.index)
            event = self.next()

    def _duplicate(self, here: Mapping, key: str, event: Any) -> None:
        """Note a key that stands twice, and drop the first entry: kubectl keeps the last one."""
        at = list(here).index(key)
        first = here.keys_at[at]
        where = (self.base + first.start_mark.index, self.base + first.end_mark.index)
        path = tuple(_last_step(outer) for outer in self.stack)
        self._fault(
            f'key "{key}" already set in map',
            event.start_mark.index,
            event.end_mark.index,
            fault="api-duplicate-key",
            path=field_path((*path, key)),
            related=((where, "first set here; kubectl keeps only the last one"),),
        )
        del here[key], here.keys_at[at], here.values_at[at]

    def _merge_value(self, here: Mapping, event: Any) -> Mapping | Sequence | None:
        """Read the value of a merge key; it is merged when `here` ends and all are complete."""
        holder = Sequence()
        holder.items_at = []
        child = self._item(holder, self.next())
        self.merges.setdefault(id(here), []).append((len(here), holder[0], event))
        return child if child is not None else self._entries(here)

    def _merge(self, here: Mapping) -> None:
        """Merge what the merge keys of `here` name."""
        merges = self.merges.pop(id(here))
        for _, value, event in merges:
            for merged in value if isinstance(value, Sequence) else (value,):
                if not isinstance(merged, Mapping):
                    self._fault_at("map merge requires map or sequence of maps as the value", event)
                    raise _Stop
                self.merged += len(merged)
            if self.merged > EXPANSION_ROOM:
                self._fault_at("document contains excessive aliasing: merge keys", event)
                raise _Stop
        merge_into(here, [(before, value) for before, value, _ in merges])

    def _bound_expansion(self, root: Any) -> None:
        """Refuse a document that aliases blow up beyond what anything may walk."""
        sizes: dict[int, int] = {}
        total = expanded_size(root, sizes)
        if total > EXPANSION_FACTOR * len(sizes) + EXPANSION_ROOM:
            event, _ = max(self.aliases, key=lambda alias: sizes.get(id(alias[1]), 1))
            self._fault_at(f"document contains excessive aliasing: it expands to {total:,} nodes", event)
            raise _Stop

    def _fault(
        self,
        message: str,
        start: int,
        end: int | None = None,
        *,
        fault: str = "yaml-syntax",
        path: FieldPath = (),
        related: tuple[tuple[tuple[int, int], str], ...] = (),
    ) -> None:
        span = (self.base + start, self.base + (start + 1 if end is None else end))
        self.document.faults.append(Fault(fault, message, span, path, related))

    def _fault_at(self, message: str, event: Any) -> None:
        self._fault(message, event.start_mark.index, event.end_mark.index)


def _remember(memo: dict[str, Any], text: str, value: Scalar) -> None:
    if len(memo) >= _MEMO_SIZE:
        memo.clear()
    memo[text] = value


def _last_step(collection: Mapping | Sequence) -> str | int:
    return next(reversed(collection)) if isinstance(collection, Mapping) else len(collection) - 1


def _go_float(value: float) -> str:
    return "NaN" if math.isnan(value) else "+Inf" if value > 0 else "-Inf"
