"""Paths of fields, written the way the API server names fields."""

from __future__ import annotations

import functools
import re
from typing import Any

FieldPath = tuple[str | int, ...]
"""Keys and list indexes from an object's root to a field; keys of free-form maps are `MapKey`s."""

_FREE_FORM = frozenset({"annotations", "binaryData", "data", "labels", "matchLabels", "nodeSelector", "stringData"})
_FIELD = re.compile(r"[A-Za-z_$][A-Za-z0-9_$-]*")


class MapKey(str):
    """A key that the user has chosen (a label, an annotation, a file of a ConfigMap), written `[key]` in a path."""

    __slots__ = ()


def field_path(steps: FieldPath) -> FieldPath:
    """Return `steps` with the keys of well-known free-form maps as `MapKey`s, for texts without a schema."""
    path = list(steps)
    for at, step in enumerate(steps[1:], 1):
        if isinstance(step, str) and steps[at - 1] in _FREE_FORM:
            path[at] = MapKey(step)
    return tuple(path)


def format_path(path: FieldPath) -> str:
    """Return `path` as the API server writes it: `spec.ingress[0].from`, `metadata.labels[app]`."""
    parts = [_format_step(step) if type(step) is str else f"[{step}]" for step in path]
    return "".join(parts).removeprefix(".")


@functools.lru_cache(maxsize=1024)
def _format_step(step: str) -> str:
    """Return a step that is not a `MapKey`, as it follows another one; all paths consist of a few hundred names."""
    return f".{step}" if _FIELD.fullmatch(step) else f"[{step}]"


def value_at(value: Any, path: FieldPath) -> Any:
    """Return the value at a path, None without one."""
    for step in path:
        if isinstance(value, dict) and isinstance(step, str):
            value = value.get(step)
        elif isinstance(value, list) and isinstance(step, int) and step < len(value):
            value = value[step]
        else:
            return None
    return value
