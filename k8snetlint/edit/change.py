"""Changes of a document's value, which are symbolic, and edits of its text."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from k8snetlint.source.document import Place
    from k8snetlint.source.paths import FieldPath


class ChangeError(Exception):
    """A change is not possible in its document."""


class Refused(Exception):  # noqa: N818 - not an error: the text stays as it is
    """The text is written in a way in which an edit would not be safe."""


class Edit(NamedTuple):
    """A change of a text: `text` replaces what is between the offsets `start` and `end`, in code points."""

    start: int
    end: int
    text: str


def trim(text: str, edit: Edit) -> Edit:
    """Return an edit without the text at its start and its end that stays the same."""
    start, end, new = edit
    most = min(end - start, len(new))
    same = next((at for at in range(most) if text[start + at] != new[at]), most)
    start, new, most = start + same, new[same:], most - same
    same = next((at for at in range(most) if text[end - 1 - at] != new[-1 - at]), most)
    return Edit(start, end - same, new[: len(new) - same])


class Op(enum.Enum):
    """What is done at a place.

    SET: its value becomes `value`; a missing key is added, after the key `after` or as the last one.
    INSERT: `value` becomes an item of a list, before the item at the place, or after the last one.
    DELETE: the entry or the item is deleted, with its key.
    RENAME: the key becomes `value`, its value stays.
    MOVE: the entry moves to the path `value` in the same object; after the key `after`, as for SET.
    NEST: the entries `value[1]` of the mapping move below the new key `value[0]`, where the first one was.
    JOIN: the item gets the entries of the next item, which is deleted.
    REPLACE: in its text, `value[2]` replaces `value[1]` at the offset `value[0]`; the text keeps its style.
    """

    SET = enum.auto()
    INSERT = enum.auto()
    DELETE = enum.auto()
    RENAME = enum.auto()
    MOVE = enum.auto()
    NEST = enum.auto()
    JOIN = enum.auto()
    REPLACE = enum.auto()


class Change(NamedTuple):
    """One change at a place; `value` and `after` mean what `Op` says."""

    op: Op
    at: Place
    value: Any = None
    after: str = ""

    @property
    def path(self) -> FieldPath:
        """The path from the document's root."""
        return (*self.at.root, *self.at.path)

    @property
    def action(self) -> tuple[Any, ...]:
        """What distinguishes it from other changes of the same document."""
        return self.op, self.path, self.value, self.after


def set_to(at: Place, value: Any, *, after: str = "") -> Change:
    """Set the value at a place."""
    return Change(Op.SET, at, value, after)


def insert(at: Place, value: Any) -> Change:
    """Insert an item into a list, before the one at the place."""
    return Change(Op.INSERT, at, value)


def delete(at: Place) -> Change:
    """Delete an entry or an item."""
    return Change(Op.DELETE, at)


def rename(at: Place, key: str) -> Change:
    """Rename a key."""
    return Change(Op.RENAME, at, key)


def move(at: Place, to: Place, *, after: str = "") -> Change:
    """Move an entry elsewhere in the same object; missing mappings on its path are created."""
    return Change(Op.MOVE, at, to.path, after)


def nest(at: Place, key: str, *inner: str) -> Change:
    """Move some entries of a mapping below a new key."""
    return Change(Op.NEST, at, (key, inner))


def join(at: Place) -> Change:
    """Move the entries of the next item into an item."""
    return Change(Op.JOIN, at)


def replace(at: Place, start: int, old: str, new: str) -> Change:
    """Replace a part of a text, at an offset, by another one."""
    return Change(Op.REPLACE, at, (start, old, new))


def is_same(one: Any, other: Any) -> bool:
    """Tell whether two plain values are equal, and their types, too: 1 is neither True nor 1.0."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(is_same(value, other[key]) for key, value in one.items())
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(is_same, one, other))
    if isinstance(one, str) and isinstance(other, str):
        return one == other
    return type(one) is type(other) and bool(one == other)


def apply_changes(value: Any, changes: tuple[Change, ...]) -> Any:
    """Return a document's value after changes, as plain values; the document itself stays as it is.

    All paths are those before any change, so changes are applied from the end.

    Raises:
        ChangeError: a change is not possible.
    """
    changed = _plain(value)
    for change in order_changes(changes):
        _apply(changed, change)
    return changed


def order_changes(changes: tuple[Change, ...]) -> list[Change]:
    """Return changes from the end, so that no change invalidates the path of a later one."""
    return sorted(changes, key=lambda each: _order(each.path), reverse=True)


def _order(path: FieldPath) -> tuple[tuple[bool, Any], ...]:
    return tuple((isinstance(step, str), str(step) if isinstance(step, str) else step) for step in path)


def _plain(value: Any) -> Any:
    """Return a deep copy without marks, in which aliases share nothing."""
    if isinstance(value, dict):
        return {str(key): _plain(each) for key, each in value.items()}
    return [_plain(each) for each in value] if isinstance(value, list) else value


def _apply(document: Any, change: Change) -> None:
    if not change.path:
        raise ChangeError("the document itself cannot change")
    holder, last = _at(document, change.path[:-1]), change.path[-1]
    match change.op:
        case Op.SET:
            _set(holder, last, _plain(change.value), change.after)
        case Op.INSERT:
            if not isinstance(holder, list) or not isinstance(last, int) or last > len(holder):
                raise ChangeError("an item goes into a list")
            holder.insert(last, _plain(change.value))
        case Op.DELETE:
            _pop(holder, last)
        case Op.RENAME:
            _rename(holder, last, change.value)
        case Op.MOVE:
            to = (*change.at.root, *change.value)
            value = _pop(holder, last)
            for depth in range(len(change.at.root) + 1, len(to)):
                parent = _at(document, to[: depth - 1])
                if isinstance(parent, dict):
                    parent.setdefault(str(to[depth - 1]), {})
            target = _at(document, to[:-1])
            if isinstance(target, dict) and to[-1] in target:
                raise ChangeError("there is such a field already")
            _set(target, to[-1], value, change.after)
        case Op.NEST:
            _nest(_at(document, change.path), *change.value)
        case Op.JOIN:
            _join(holder, last)
        case Op.REPLACE:
            _replace(holder, last, *change.value)


def _at(value: Any, path: FieldPath) -> Any:
    for step in path:
        try:
            value = value[step]
        except (KeyError, IndexError, TypeError):
            raise ChangeError("there is no such field") from None
    return value


def _set(holder: Any, key: str | int, value: Any, after: str) -> None:
    if isinstance(holder, list) and isinstance(key, int) and key < len(holder):
        holder[key] = value
        return
    if not isinstance(holder, dict) or not isinstance(key, str):
        raise ChangeError("there is no such field")
    if key in holder or after not in holder:
        holder[key] = value
        return
    entries = list(holder.items())
    holder.clear()
    for name, each in entries:
        holder[name] = each
        if name == after:
            holder[key] = value


def _pop(holder: Any, key: str | int) -> Any:
    _at(holder, (key,))
    if not isinstance(holder, dict | list):
        raise ChangeError("there is no such field")
    return holder.pop(key)  # type: ignore[arg-type]  # it was found by this key


def _rename(holder: Any, old: str | int, new: str) -> None:
    _at(holder, (old,))
    if not isinstance(holder, dict) or new in holder:
        raise ChangeError("there is such a field already")
    entries = [(new if name == old else name, each) for name, each in holder.items()]
    holder.clear()
    holder.update(entries)


def _nest(holder: Any, key: str, inner: tuple[str, ...]) -> None:
    if not isinstance(holder, dict) or key in holder or not inner or not holder.keys() >= set(inner):
        raise ChangeError("the entries cannot move below the key")
    entries = list(holder.items())
    holder.clear()
    for name, each in entries:
        if name in inner:
            holder.setdefault(key, {})[name] = each
        else:
            holder[name] = each


def _join(holder: Any, index: str | int) -> None:
    if not isinstance(holder, list) or not isinstance(index, int):
        raise ChangeError("only items can be joined")
    item, other = _at(holder, (index,)), _at(holder, (index + 1,))
    if not isinstance(item, dict) or not isinstance(other, dict) or item.keys() & other.keys():
        raise ChangeError("the items cannot be one")
    item.update(other)
    del holder[index + 1]


def _replace(holder: Any, key: str | int, start: int, old: str, new: str) -> None:
    text = _at(holder, (key,))
    if not isinstance(text, str) or not text.startswith(old, start):
        raise ChangeError("the text is another one")
    holder[key] = text[:start] + new + text[start + len(old) :]
