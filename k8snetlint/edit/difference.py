"""The difference of two values, as steps that change as little of a text as possible."""

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
"""Each step parses the text again, so a value with more differences is replaced as a whole."""


class Step(NamedTuple):
    """One SET, INSERT or DELETE; its path is valid after the steps before it."""

    op: Op
    path: FieldPath
    value: Any = None
    after: str = ""


def difference(old: Any, new: Any, path: FieldPath = ()) -> Iterator[Step]:
    """Yield the steps from one value to another, in the order in which they are applied."""
    if is_same(old, new):
        return
    if isinstance(old, dict) and isinstance(new, dict) and old.keys() & new.keys():
        yield from _mapping_steps(old, new, path)
    elif isinstance(old, list) and isinstance(new, list) and _is_similar(old, new):
        yield from _list_steps(old, new, path)
    else:
        yield Step(Op.SET, path, new)


def _mapping_steps(old: dict[str, Any], new: dict[str, Any], path: FieldPath) -> Iterator[Step]:
    before = ""
    for key, value in new.items():
        if key in old:
            yield from difference(old[key], value, (*path, key))
        else:
            yield Step(Op.SET, (*path, key), value, before)
        before = key
    for key in old.keys() - new.keys():
        yield Step(Op.DELETE, (*path, key))


def _list_steps(old: list[Any], new: list[Any], path: FieldPath) -> Iterator[Step]:
    first, last = _common_ends(old, new)
    olds, news = old[first : len(old) - last], new[first : len(new) - last]
    common = min(len(olds), len(news))
    for at in range(common):
        yield from difference(olds[at], news[at], (*path, first + at))
    for at in range(common, len(news)):
        yield Step(Op.INSERT, (*path, first + at), news[at])
    for at in reversed(range(common, len(olds))):
        yield Step(Op.DELETE, (*path, first + at))


def _is_similar(old: list[Any], new: list[Any]) -> bool:
    """Tell whether lists have a common start or end, or the same number of items of one kind."""
    if not old or not new:
        return False
    kinds = {next((kind for kind in (dict, list) if isinstance(each, kind)), None) for each in (*old, *new)}
    return (len(old) == len(new) and len(kinds) == 1) or any(_common_ends(old, new))


def _common_ends(old: list[Any], new: list[Any]) -> tuple[int, int]:
    """Return how many items are equal at the start, and how many of the others at the end."""
    most = min(len(old), len(new))
    first = next((at for at in range(most) if not is_same(old[at], new[at])), most)
    most -= first
    last = next((at for at in range(most) if not is_same(old[-1 - at], new[-1 - at])), most)
    return first, last


def replay(buffer: EditBuffer, steps: Iterator[Step]) -> EditBuffer:
    """Return the text after all steps."""
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
