"""What differs between two values, as steps that change as little of a text as they can."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from k8snetlint.edit.change import Op, Refused, is_same
from k8snetlint.edit.delete import delete
from k8snetlint.edit.insert import insert_item, set_value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.edit.buffer import EditBuffer
    from k8snetlint.source.paths import FieldPath

_MOST_STEPS = 100
"""A value that differs in more places is another value, and each step reads the text again."""


class Step(NamedTuple):
    """One SET, INSERT or DELETE; its path counts items as the steps before it leave them."""

    op: Op
    path: FieldPath
    value: Any = None
    after: str = ""


def difference(old: Any, new: Any, path: FieldPath = ()) -> Iterator[Step]:
    """Yield the steps from one value to another, to be made one after another."""
    if is_same(old, new):
        return
    if isinstance(old, dict) and isinstance(new, dict) and old.keys() & new.keys():
        yield from _between_mappings(old, new, path)
    elif isinstance(old, list) and isinstance(new, list) and _common(old, new):
        yield from _between_lists(old, new, path)
    else:
        yield Step(Op.SET, path, new)


def _between_mappings(old: dict[str, Any], new: dict[str, Any], path: FieldPath) -> Iterator[Step]:
    before = ""
    for key, value in new.items():
        if key in old:
            yield from difference(old[key], value, (*path, key))
        else:
            yield Step(Op.SET, (*path, key), value, before)
        before = key
    for key in old.keys() - new.keys():
        yield Step(Op.DELETE, (*path, key))


def _between_lists(old: list[Any], new: list[Any], path: FieldPath) -> Iterator[Step]:
    first, last = _common_ends(old, new)
    olds, news = old[first : len(old) - last], new[first : len(new) - last]
    both = min(len(olds), len(news))
    for at in range(both):
        yield from difference(olds[at], news[at], (*path, first + at))
    for at in range(both, len(news)):
        yield Step(Op.INSERT, (*path, first + at), news[at])
    for at in reversed(range(both, len(olds))):
        yield Step(Op.DELETE, (*path, first + at))


def _common(old: list[Any], new: list[Any]) -> bool:
    """Tell whether two lists begin or end alike, or have as many items of the same kind: mappings, or scalars."""
    if not old or not new:
        return False
    kinds = {dict if isinstance(each, dict) else type(each) for each in (*old, *new)}
    same_shape = len(old) == len(new) and (kinds == {dict} or not kinds & {dict, list})
    return same_shape or any(_common_ends(old, new))


def _common_ends(old: list[Any], new: list[Any]) -> tuple[int, int]:
    """Return how many items are the same at the beginning, and how many of the others at the end."""
    most = min(len(old), len(new))
    first = next((at for at in range(most) if not is_same(old[at], new[at])), most)
    most -= first
    last = next((at for at in range(most) if not is_same(old[-1 - at], new[-1 - at])), most)
    return first, last


def replay(buffer: EditBuffer, steps: Iterator[Step]) -> EditBuffer:
    """Return the text with all steps made."""
    for count, (op, path, value, after) in enumerate(steps):
        if count == _MOST_STEPS or not path:
            raise Refused
        if op is Op.SET:
            buffer = set_value(buffer, path, value, after=after)
        elif op is Op.INSERT:
            buffer = insert_item(buffer, path, value)
        else:
            buffer = delete(buffer, path)
    return buffer
