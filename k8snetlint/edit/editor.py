"""From symbolic changes to edits of the text, which keep every byte that need not change.

Each change is made in the text, and the result is parsed again: it is refused unless it has exactly the expected value
and all comments.
"""

from __future__ import annotations

import contextlib
from collections import Counter
from typing import TYPE_CHECKING, Any

from k8snetlint.edit.buffer import EditBuffer, apply_edits, is_json
from k8snetlint.edit.change import ChangeError, Edit, Op, Refused, apply_changes, is_same, order_changes
from k8snetlint.edit.delete import delete, extent
from k8snetlint.edit.difference import difference, replay
from k8snetlint.edit.insert import insert_item, rename_key, set_value
from k8snetlint.edit.move import join, move, nest
from k8snetlint.edit.part import part_of
from k8snetlint.source.document import Document, Source
from k8snetlint.source.fast_line import Unusual
from k8snetlint.source.fast_parser import plain_value
from k8snetlint.source.split import documents

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from k8snetlint.edit.change import Change
    from k8snetlint.source.text import Span

__all__ = ["Editor", "apply_edits", "edits_of"]

_OTHER_BREAKS = ("\x85", "\u2028", "\u2029")
_NOTHING = (0, 0)


class Editor:
    """Makes edits of one document; its text is parsed once for all of them.

    Args:
        document: the document.
        whole: a text of at most so many characters is edited as a whole; of a longer one, a part is.
        room: how many characters, for all fixes together, are edited as a whole because a longer text has no such part.
    """

    __slots__ = ("_buffer", "_document", "_room", "_whole")

    def __init__(self, document: Document, *, whole: int = 1_000, room: int = 5_000_000) -> None:
        self._document = document
        self._whole = whole
        self._room = room
        is_readable = not (document.faults or document.skipped or document.value is None)
        self._buffer = EditBuffer.of(document.text) if is_readable and _is_editable(document.text) else None

    def edits(self, changes: tuple[Change, ...]) -> tuple[Edit, ...]:
        """Return the edits of the source's text for `changes`, ordered, without overlaps; none if they are not safe."""
        document = self._document
        try:
            edits = self._edits(changes)
        except (Refused, ChangeError):
            return ()
        return tuple(Edit(document.base + edit.start, document.base + edit.end, edit.text) for edit in edits)

    def _edits(self, changes: tuple[Change, ...]) -> tuple[Edit, ...]:
        buffer, document = self._buffer, self._document
        if buffer is None or any(
            change.at.document != document.index or change.at.source.name != document.source.name for change in changes
        ):
            raise Refused
        if len(buffer.text) > self._whole:
            part = part_of(buffer, document.value, changes)
            if part is not None:
                start, _ = part.span
                # Where the part itself would have to be replaced, the whole text is edited.
                with contextlib.suppress(Refused):
                    edits = _change(buffer.part(part.span), part.value, part.changes).edits()
                    return tuple(Edit(start + edit.start, start + edit.end, edit.text) for edit in edits)
            self._room -= len(buffer.text)
            if self._room < 0:
                raise Refused
        return _change(buffer, document.value, changes).edits()


def edits_of(document: Document, changes: tuple[Change, ...]) -> tuple[Edit, ...]:
    """Return the edits for changes of one document; see `Editor.edits`."""
    return Editor(document).edits(changes)


def _change(buffer: EditBuffer, old: Any, changes: tuple[Change, ...]) -> EditBuffer:
    """Return a text, whose value is `old`, after all changes."""
    value = old
    # Together with other changes, what is deleted has probably moved, and its comments would have to move, too.
    only_deletes = all(change.op is Op.DELETE for change in changes)
    for change in order_changes(changes):
        deleted = extent(buffer, change.path) if only_deletes else _NOTHING
        buffer, value = _step(buffer, value, change, deleted)
    if not is_same(value, apply_changes(old, changes)):
        raise Refused
    return buffer


def _is_editable(text: str) -> bool:
    """Tell whether a text has the same lines in YAML and in editors."""
    return "\r" not in text.replace("\r\n", "\n") and not any(other in text for other in _OTHER_BREAKS)


def _step(buffer: EditBuffer, value: Any, change: Change, deleted: Span) -> tuple[EditBuffer, Any]:
    """Return the text and its value after one change, made in the first way that has the expected result.

    Comments in the span `deleted` may be deleted.
    """
    expected = apply_changes(value, (change,))
    for attempt in _attempts(buffer, value, change, expected):
        try:
            changed = attempt()
            if _is_right(changed, buffer, expected, deleted):
                return changed, expected
        except Refused:
            continue
    raise Refused


def _attempts(buffer: EditBuffer, value: Any, change: Change, expected: Any) -> Iterator[Callable[[], EditBuffer]]:
    """Yield the ways to make a change; the first one keeps most of the text."""
    path = change.path

    def by_difference() -> EditBuffer:
        return replay(buffer, difference(value, expected))

    match change.op:
        case Op.SET:
            yield by_difference
            yield lambda: set_value(buffer, path, change.value, after=change.after)
            yield lambda: set_value(buffer, path, change.value, after=change.after, flow=True)
        case Op.INSERT:
            yield lambda: insert_item(buffer, path, change.value)
            yield lambda: insert_item(buffer, path, change.value, flow=True)
        case Op.DELETE:
            yield lambda: delete(buffer, path)
        case Op.RENAME:
            yield lambda: rename_key(buffer, path, change.value)
        case Op.MOVE:
            yield lambda: move(buffer, path, (*change.at.root, *change.value), change.after)
            yield by_difference
        case Op.NEST:
            yield lambda: nest(buffer, path, *change.value)
            yield by_difference
        case Op.JOIN:
            yield lambda: join(buffer, path)
            yield by_difference


def _read(text: str) -> Any:
    """Return the value of the only document in a text."""
    try:
        return plain_value(text)
    except Unusual:
        document = Document(Source.of("", b""), 0, text)
        value = document.marked_value()
        if document.faults:
            raise Refused from None
        return value


def _is_right(changed: EditBuffer, before: EditBuffer, expected: Any, deleted: Span) -> bool:
    """Tell whether a text has the expected value, and all comments of the text before except those deleted."""
    if not is_same(_read(changed.text), expected):
        return False
    if before.json and not is_json(changed.text):
        return False
    if before.text.endswith("\n") and not changed.text.endswith("\n"):
        return False
    if len(list(documents(changed.text))) != len(list(documents(before.text))):
        return False
    # A first `{` lets kubectl read the whole file as JSON.
    if changed.text.lstrip().startswith("{") and not before.text.lstrip().startswith("{"):
        return False
    kept = Counter(
        before.text[start:end].rstrip() for start, end in before.tree.comments if not deleted[0] <= start < deleted[1]
    )
    return kept <= Counter(changed.text[start:end].rstrip() for start, end in changed.tree.comments)
