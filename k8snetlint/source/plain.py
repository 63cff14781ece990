"""Values without marks, fast: the path of every document that nobody has anything to say about.

Whatever is out of the ordinary (anchors in use, tags, duplicate keys, errors) is left to `k8snetlint.source.yaml`.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from k8snetlint.source.events import (
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
    YAMLError,
    events_of,
)
from k8snetlint.source.scalars import Scalar, resolve, resolve_key
from k8snetlint.source.yaml import DEPTH_LIMIT

if TYPE_CHECKING:
    from collections.abc import Callable

_MEMO_LENGTH, _MEMO_SIZE = 100, 100_000

_values: dict[str, Scalar] = {}
"""What a plain scalar is, by its text: manifests repeat the same few thousand."""
_keys: dict[str, str] = {}
"""The same for plain keys."""


class Unusual(Exception):  # noqa: N818 - no error: another parser reads the text
    """The text holds something that is not ordinary."""


def plain_value(text: str) -> Any:
    """Return the value of a text's only document as dicts, lists and scalars.

    Raises:
        Unusual: the text has to be read by `k8snetlint.source.yaml.parse`.
    """
    try:
        get = events_of(text)
        get()  # the stream's start
        if get().__class__ is StreamEndEvent:
            return None
        root = _start(get())
        _fill(root, get)
        get()  # the document's end
        if get().__class__ is not StreamEndEvent:
            raise Unusual
    except YAMLError:
        raise Unusual from None
    return root


def _fill(here: Any, get: Callable[[], Any]) -> None:
    """Read events until `here` is complete."""
    stack: list[Any] = []
    while True:
        child = _entries(here, get) if here.__class__ is dict else _items(here, get)
        if child is not None:
            stack.append(here)
            if len(stack) >= DEPTH_LIMIT:
                raise Unusual
            here = child
        elif stack:
            here = stack.pop()
        else:
            return


def _entries(here: dict[str, Any], get: Callable[[], Any]) -> Any:
    """Read entries of a mapping up to its end, or up to a collection, which is returned to be filled."""
    values, keys = _values, _keys
    while True:
        event = get()
        if event.__class__ is not ScalarEvent:
            if event.__class__ is MappingEndEvent:
                return None
            raise Unusual
        key = event.value
        plain, quoted = event.implicit
        if plain:
            key = keys[key] if key in keys else _key(key)
        elif not quoted:
            raise Unusual
        if key in here:
            raise Unusual
        event = get()
        if event.__class__ is not ScalarEvent:
            child = here[key] = _start(event)
            return child
        value = event.value
        plain, quoted = event.implicit
        if plain:
            value = values[value] if value in values else _scalar(value)
        elif not quoted:
            raise Unusual
        here[key] = value


def _items(here: list[Any], get: Callable[[], Any]) -> Any:
    """Read items of a sequence up to its end, or up to a collection, which is returned to be filled."""
    values = _values
    while True:
        event = get()
        if event.__class__ is not ScalarEvent:
            if event.__class__ is SequenceEndEvent:
                return None
            child = _start(event)
            here.append(child)
            return child
        value = event.value
        plain, quoted = event.implicit
        if plain:
            value = values[value] if value in values else _scalar(value)
        elif not quoted:
            raise Unusual
        here.append(value)


def _start(event: Any) -> Any:
    if event.__class__ is MappingStartEvent:
        return {}
    if event.__class__ is SequenceStartEvent:
        return []
    raise Unusual


def _scalar(text: str) -> Scalar:
    value = resolve(text)
    if isinstance(value, float) and not math.isfinite(value):
        raise Unusual
    if len(text) <= _MEMO_LENGTH:
        if len(_values) >= _MEMO_SIZE:
            _values.clear()
        _values[text] = value
    return value


def _key(text: str) -> str:
    key = resolve_key(text)
    if key is None or text == "<<":
        raise Unusual
    if len(text) <= _MEMO_LENGTH:
        if len(_keys) >= _MEMO_SIZE:
            _keys.clear()
        _keys[text] = key
    return key
