"""The values of single events: scalars, keys, aliases."""

from __future__ import annotations

import math
from typing import Any

from k8snetlint.source.events import AliasEvent, MappingStartEvent, ScalarEvent
from k8snetlint.source.faults import Faults
from k8snetlint.source.marks import Mapping, Sequence
from k8snetlint.source.scalars import (
    MERGE,
    Scalar,
    ScalarError,
    go_value,
    key_text,
    resolve,
    resolve_key,
    resolve_tagged,
)


class Stop(Exception):  # noqa: N818 - not an error: the fault has been reported
    """The rest of the document cannot be read."""


class Nodes:
    """Turns the events of one document into values, and collects its faults.

    Slots:
        faults: what is wrong with them.
        anchors: the value of each anchor; the last one if it is redefined.
        aliases: the events of aliases of collections, with the collection.
        has_infinite: whether a number was read that JSON does not have.
    """

    __slots__ = ("_anchored_scalars", "aliases", "anchors", "faults", "has_infinite")

    def __init__(self, base: int) -> None:
        self.faults = Faults(base)
        self.anchors: dict[str, Any] = {}
        self.aliases: list[tuple[Any, Mapping | Sequence]] = []
        self.has_infinite = False
        self._anchored_scalars: dict[str, Any] = {}

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
        """Return a scalar's value; one that JSON does not have is a float."""
        text: str = event.value
        value: Scalar = text
        if event.tag is not None:
            try:
                value = resolve_tagged(str(event.tag), text)
            except ScalarError as error:
                self.faults.add_at(str(error), event)
                value = None
            self.has_infinite |= isinstance(value, float) and not math.isfinite(value)
        elif event.implicit[0]:
            value = resolve(text)
            if isinstance(value, float) and not math.isfinite(value):
                self.has_infinite = True
        if event.anchor is not None:
            self.anchors[event.anchor] = value
            self._anchored_scalars[event.anchor] = event
        return value

    def alias(self, event: Any) -> Any:
        """Return the value of an alias; a collection is shared, not copied."""
        if event.anchor not in self.anchors:
            self.faults.add_at(f"unknown anchor '{event.anchor}' referenced", event)
            raise Stop
        value = self.anchors[event.anchor]
        if isinstance(value, Mapping | Sequence):
            if not hasattr(value, "end_mark"):
                self.faults.add_at(f"anchor '{event.anchor}' value contains itself", event)
                raise Stop
            self.aliases.append((event, value))
        return value

    def key(self, event: Any) -> str | None:
        """Return the string that a key becomes; None for a merge key and for an invalid key."""
        if event.__class__ is ScalarEvent:
            if event.anchor is not None:
                self.scalar(event)
            if event.tag is None:
                text: str = event.value
                return text if not event.implicit[0] else None if text == "<<" else resolve_key(text)
            return None if is_merge_key(event) else self._tagged_key(event)
        if event.__class__ is AliasEvent and not isinstance(self.alias(event), Mapping | Sequence):
            return self._tagged_key(self._anchored_scalars[event.anchor])
        return None

    def _tagged_key(self, event: Any) -> str | None:
        """Return what the scalar of an event becomes as a key, also if it was marked with an anchor elsewhere."""
        try:
            return key_text(go_scalar(event))
        except ScalarError as error:
            self.faults.add_at(str(error), event)
            return ""


def is_merge_key(event: Any) -> bool:
    """Tell whether a key says that a mapping is merged into its own."""
    return event.__class__ is ScalarEvent and event.value == "<<" and (event.implicit[0] or str(event.tag) == MERGE)


def go_scalar(event: Any) -> Scalar:
    """Return the Go value of a scalar.

    Raises:
        ScalarError: its text is not valid for its tag.
    """
    is_text = event.tag is None and not event.implicit[0]
    return event.value if is_text else go_value(event.tag, event.value)
