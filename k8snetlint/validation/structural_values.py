"""What the schema of a custom resource demands of strings, numbers and lists, and the server's words for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from k8snetlint.source.templates import is_placeholder
from k8snetlint.validation.automaton import UnsupportedPatternError
from k8snetlint.validation.causes import DUPLICATE, INVALID, Cause, go, go_json, quoted
from k8snetlint.validation.go_pattern import matches
from k8snetlint.validation.schemas import INT32, INT64

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from k8snetlint.source.paths import FieldPath
    from k8snetlint.validation.causes import Causes
    from k8snetlint.validation.schemas import Schema

TYPE, UNKNOWN = "TypeInvalid", "UnknownField"
"""The types of causes that only custom resources have: a wrong type, and a field that strict validation rejects."""

_FORMATS = {
    "integer": {"int32", "int64"},
    "number": {"float", "double"},
    "string": {
        *("bsonobjectid", "uri", "email", "hostname", "ipv4", "ipv6", "cidr", "mac", "uuid", "uuid3", "uuid4", "uuid5"),
        *("isbn", "isbn10", "isbn13", "creditcard", "ssn", "hexcolor", "rgbcolor", "byte", "password", "date"),
        *("duration", "datetime", "date-time", "k8s-short-name", "k8s-long-name"),
    },
}
"""The formats that the server knows, by type; it names them in the place of the type."""
_DATA_FORMATS = {"integer": "int64", "number": "float64"}
_TYPES = {str: "string", bool: "boolean", int: "integer", type(None): "null", dict: "object", list: "array"}


def type_of(value: Any) -> str:
    """Return the type of a value; a whole number is an integer however it is written."""
    found = _TYPES.get(type(value))
    if found:
        return found
    if isinstance(value, float):
        return "integer" if value.is_integer() else "number"
    return "object" if isinstance(value, dict) else "array"


def words(path: FieldPath) -> str:
    """Return a path as the server writes it in what it says of custom resources."""
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path).removeprefix(".")


def is_known(value: Any, known: Iterable[Any]) -> bool:
    """Tell whether a value is one of some; `1` and `true` are not the same."""
    return any(value == each and (type(value) is bool) == (type(each) is bool) for each in known)


def type_causes(found: str, types: tuple[str, ...], form: str | None, path: FieldPath) -> Iterator[Cause]:
    """Yield that a value has a type that its schema does not have."""
    wanted, shown, name = ",".join(types), found, words(path)
    if form in _FORMATS.get(wanted, ()):
        if found == "array" and wanted == "string":
            # The server takes it.
            return
        if found not in ("array", "null", "string"):
            wanted, shown = form or "", _DATA_FORMATS.get(found, "")
    text = f"Invalid value: {quoted(shown)}: {name} in body must be of type {wanted}: {quoted(shown)}"
    yield Cause(TYPE, path, text, name, found, types)


def add_unknown(key: str, path: FieldPath, causes: Causes, known: dict[str, Schema]) -> None:
    """Add that an object has a field that strict validation rejects."""
    text = f'unknown field "{words((*path, key))}"; without strict validation the field is dropped'
    causes.append(Cause(UNKNOWN, (*path, key), text, "", key, tuple(known)))


def check_string(value: str, schema: Schema, path: FieldPath, causes: Causes) -> None:
    """Check a string; the server names the first reason only."""
    least, most, pattern = schema.get("minLength"), schema.get("maxLength"), schema.get("pattern")
    if (least is None and most is None and not pattern) or is_placeholder(value):
        return
    if most is not None and len(value) > most:
        causes.too_long(path, most, field=words(path))
    elif least is not None and len(value) < least:
        _invalid(value, f"should be at least {least} chars long", path, causes)
    elif pattern and not _may_match(pattern, value):
        _invalid(value, f"should match '{pattern}'", path, causes)


def _may_match(pattern: str, value: str) -> bool:
    try:
        return matches(pattern, value)
    except UnsupportedPatternError:
        return True


def check_number(value: float, schema: Schema, path: FieldPath, causes: Causes) -> None:
    """Check a number."""
    bound = {"int32": INT32, "int64": INT64}.get(schema.get("format", ""), INT64)
    if schema.get("type") == "integer" and not -bound <= value < bound:
        form = (
            f"with format {schema['format']}"
            if bound == INT32 or schema.get("format") == "int64"
            else "(default format)"
        )
        text = f"Checked value must be of type integer {form} in {words(path)}"
        causes.append(Cause(INVALID, path, f'Invalid value: "": {text}', ""))
    factor, most, least = schema.get("multipleOf"), schema.get("maximum"), schema.get("minimum")
    if factor and abs(value / factor - round(value / factor)) > 1e-9:
        _invalid(value, f"should be a multiple of {go(factor)}", path, causes)
    if most is not None and (value >= most if schema.get("exclusiveMaximum") else value > most):
        relation = "less than" if schema.get("exclusiveMaximum") else "less than or equal to"
        _invalid(value, f"should be {relation} {go(most)}", path, causes)
    if least is not None and (value <= least if schema.get("exclusiveMinimum") else value < least):
        relation = "greater than" if schema.get("exclusiveMinimum") else "greater than or equal to"
        _invalid(value, f"should be {relation} {go(least)}", path, causes)


def check_array(value: list[Any], schema: Schema, path: FieldPath, causes: Causes) -> None:
    """Check how many items a list has, and that those of a set, or their keys in a map, are different."""
    least, most, kind = schema.get("minItems"), schema.get("maxItems"), schema.get("x-kubernetes-list-type")
    if least is not None and len(value) < least:
        text = f"{words(path)} in body should have at least {least} items"
        causes.invalid(path, len(value), text, field=words(path))
    if most is not None and len(value) > most:
        causes.too_many(path, len(value), most)
    if kind == "set":
        _check_set(value, path, causes)
    elif kind == "map" and all(item is None or isinstance(item, dict) for item in value):
        items = schema.get("items") or {}
        keys = sorted(schema.get("x-kubernetes-list-map-keys") or ())
        defaults = {key: (items.get("properties") or {}).get(key, {}).get("default") for key in keys}
        _check_set([{} if item is None else _keys_of(item, defaults) for item in value], path, causes)


def _keys_of(item: dict[str, Any], defaults: dict[str, Any]) -> dict[str, Any]:
    found = {key: default if item.get(key) is None else item[key] for key, default in defaults.items()}
    return {key: value for key, value in found.items() if value is not None}


def _check_set(values: list[Any], path: FieldPath, causes: Causes) -> None:
    seen: dict[str, int] = {}
    for index, value in enumerate(values):
        text = _canonical(value)
        seen[text] = seen.get(text, 0) + 1
        # The server names the second one of several.
        if seen[text] == 2 and not is_placeholder(text):
            place = (*path, index)
            causes.append(Cause(DUPLICATE, place, f"Duplicate value: {text}", words(place), value))


def _canonical(value: Any) -> str:
    return go_json(value) if isinstance(value, dict | list | str) else go(value)


def _invalid(value: Any, text: str, path: FieldPath, causes: Causes) -> None:
    shown = quoted(value) if isinstance(value, str) else go(value)
    causes.append(Cause(INVALID, path, f"Invalid value: {shown}: {words(path)} in body {text}", words(path), value))
