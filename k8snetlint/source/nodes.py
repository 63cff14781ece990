"""The values of single events: scalars, keys, aliases; and what is wrong with them."""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING, Any

from k8snetlint.source.events import AliasEvent, MappingStartEvent, ScalarEvent
from k8snetlint.source.marks import Mapping, Sequence
from k8snetlint.source.scalars import MERGE, STR, Scalar, ScalarError, resolve, resolve_key, resolve_tagged
from k8snetlint.source.text import Fault

if TYPE_CHECKING:
    from k8snetlint.source.paths import FieldPath


class Stop(Exception):  # noqa: N818 - not an error: the fault has been reported
    """The rest of the document cannot be read."""


NO_JSON = "json: unsupported value"
"""The start of the message about a number that JSON does not have."""


class Nodes:
    """Turns the events of one document into values, and collects its faults.

    Slots:
        base: the offset of the parsed text in the source's text, in which faults are located.
        faults: all faults.
        anchors: the value of each anchor; the last one if it is redefined.
        not_json: the faults of numbers that JSON does not have, in order.
        dropped: those of them that are in dropped values.
        aliases: the events of aliases of collections, with the collection.
    """

    __slots__ = ("aliases", "anchors", "base", "dropped", "faults", "not_json")

    def __init__(self, base: int) -> None:
        self.base = base
        self.faults: list[Fault] = []
        self.anchors: dict[str, Any] = {}
        self.aliases: list[tuple[Any, Mapping | Sequence]] = []
        self.not_json: list[Fault] = []
        self.dropped: set[Fault] = set()

    def fault(
        self,
        message: str,
        start: int,
        end: int | None = None,
        *,
        fault: str = "yaml-syntax",
        path: FieldPath = (),
        related: tuple[tuple[tuple[int, int], str], ...] = (),
    ) -> None:
        """Add a fault from `start` to `end`, which are offsets in the parsed text; without `end` at one character."""
        span = (self.base + start, self.base + (start + 1 if end is None else end))
        self.faults.append(Fault(fault, message, span, path, related))

    def fault_at(self, message: str, event: Any) -> None:
        """Add a fault at an event."""
        self.fault(message, event.start_mark.index, event.end_mark.index)

    def drop(self, start: int, end: int) -> None:
        """Drop the value from `start` to `end`: numbers in it that JSON does not have are not faults."""
        first = bisect_left(self.not_json, self.base + start, key=_start_of)
        behind = bisect_right(self.not_json, self.base + end, key=_start_of)
        self.dropped.update(self.not_json[first:behind])

    def start(self, event: Any) -> Mapping | Sequence:
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

    def scalar(self, event: Any) -> Scalar:
        """Return a scalar's value."""
        text: str = event.value
        value: Scalar = text
        if event.implicit[0]:
            value = resolve(text)
            if isinstance(value, float) and not math.isfinite(value):
                self.fault_at(f"{NO_JSON}: {_go_float(value)}", event)
                self.not_json.append(self.faults[-1])
                value = None
        elif not event.implicit[1]:
            try:
                value = resolve_tagged(str(event.tag), text)
            except ScalarError as error:
                self.fault_at(str(error), event)
                value = None
        if event.anchor is not None:
            self.anchors[event.anchor] = value
        return value

    def alias(self, event: Any) -> Any:
        """Return the value of an alias; a collection is shared, not copied."""
        if event.anchor not in self.anchors:
            self.fault_at(f"unknown anchor '{event.anchor}' referenced", event)
            raise Stop
        value = self.anchors[event.anchor]
        if isinstance(value, Mapping | Sequence):
            if not hasattr(value, "end_mark"):
                self.fault_at(f"anchor '{event.anchor}' value contains itself", event)
                raise Stop
            self.aliases.append((event, value))
        return value

    def key(self, event: Any) -> str | None:
        """Return the string that a key becomes; None for a merge key and for an invalid key."""
        value: Any = None
        if event.__class__ is ScalarEvent:
            text: str = event.value
            if event.implicit[0]:
                value = None if text == "<<" else resolve_key(text)
            elif event.implicit[1] or str(event.tag) == STR:
                value = text
            elif str(event.tag) != MERGE:
                self.scalar(event)
                value = resolve_key(text)
            if event.anchor is not None:
                self.anchors[event.anchor] = text
        elif event.__class__ is AliasEvent:
            value = self.alias(event)
        return value if isinstance(value, str) else None


def _start_of(fault: Fault) -> int:
    return fault.span[0]


def _go_float(value: float) -> str:
    return "NaN" if math.isnan(value) else "+Inf" if value > 0 else "-Inf"
