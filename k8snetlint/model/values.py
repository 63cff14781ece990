"""Plain values of a manifest, narrowed to the type of a field."""

from __future__ import annotations

_TEXT = frozenset({str})


class Unknown(Exception):  # noqa: N818 - no error: a placeholder will be replaced by a struct or list
    """The content of an object is not known before a placeholder in it is replaced."""


def struct(value: object) -> dict[str, object]:
    """Return a mapping, an empty one for null.

    Raises:
        Unknown: it is something else.
    """
    if value is None or isinstance(value, dict):
        return value or {}
    raise Unknown


def entries(value: object) -> list[object]:
    """Return a list, an empty one for null.

    Raises:
        Unknown: it is something else.
    """
    if value is None or isinstance(value, list):
        return value or []
    raise Unknown


def mapping(value: object) -> dict[str, object]:
    """Return a mapping, an empty one for anything else."""
    return value if isinstance(value, dict) else {}


def items(value: object) -> list[object]:
    """Return a list, an empty one for anything else."""
    return value if isinstance(value, list) else []


def text(value: object) -> str | None:
    """Return a string, None for anything else."""
    return value if isinstance(value, str) else None


def number(value: object) -> int | None:
    """Return a whole number, None for anything else; `8e3` and `80.0` are whole, as the API server decodes them."""
    if isinstance(value, bool):
        return None
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value if isinstance(value, int) else None


def number_or_text(value: object) -> int | str | None:
    """Return the value of an IntOrString, None for anything else."""
    return value if isinstance(value, str) else number(value)


def strings(value: object) -> dict[str, str]:
    """Return a map of strings, without entries of other types; null is the empty string, as the API server reads it."""
    entries = mapping(value)
    if _TEXT.issuperset(map(type, entries.values())):
        return dict(entries)  # type: ignore[arg-type]  # what mypy does not see: all of them are strings
    return {key: entry or "" for key, entry in entries.items() if entry is None or isinstance(entry, str)}
