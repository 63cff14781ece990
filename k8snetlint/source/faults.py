"""What is wrong with one document, noted while it is read with marks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from k8snetlint.source.entries import Repeats
from k8snetlint.source.marks import Mapping, Sequence
from k8snetlint.source.paths import field_path
from k8snetlint.source.text import Fault

if TYPE_CHECKING:
    from k8snetlint.source.marks import Event
    from k8snetlint.source.paths import FieldPath


class Faults:
    """The faults of one document.

    Slots:
        base: the offset of the parsed text in the source's text, in which faults are located.
        found: all faults.
        repeats: by the identity of a mapping, which of its keys are repeated.
    """

    __slots__ = ("base", "found", "repeats")

    def __init__(self, base: int) -> None:
        self.base = base
        self.found: list[Fault] = []
        self.repeats: dict[int, Repeats] = {}

    def add(
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
        self.found.append(Fault(fault, message, span, path, related))

    def add_at(self, message: str, event: Any) -> None:
        """Add a fault at an event."""
        self.add(message, event.start_mark.index, event.end_mark.index)

    def repeated(self, stack: list[Mapping | Sequence], mapping: Mapping, key: str, event: Event) -> None:
        """Report a key that is in a mapping already, and drop the first entry: kubectl keeps the last one.

        `stack` are the collections around the mapping, the outermost first.
        """
        first = self.repeats.setdefault(id(mapping), Repeats()).drop(mapping, key)
        first_span = (self.base + first.start_mark.index, self.base + first.end_mark.index)
        path = tuple(map(_step, stack, (*stack[1:], mapping)))
        self.add(
            f'key "{key}" already set in map',
            event.start_mark.index,
            event.end_mark.index,
            fault="api-duplicate-key",
            path=field_path((*path, key)),
            related=((first_span, "first set here; kubectl keeps only the last one"),),
        )

    def complete(self, mapping: Mapping) -> None:
        """Remove the marks of what was dropped from a mapping."""
        if id(mapping) in self.repeats:
            self.repeats.pop(id(mapping)).remove_marks(mapping)


def _step(outer: Mapping | Sequence, inner: Mapping | Sequence) -> str | int:
    """Return the step from a collection to its newest value, which is not yet in it if it is to be merged."""
    if isinstance(outer, Sequence):
        return len(outer) - 1
    key = next(reversed(outer), None)
    return key if key is not None and outer[key] is inner else "<<"
