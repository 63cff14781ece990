"""Whether a value can be decoded as the API server decodes strictly: its types are right, its fields are known.

A closure compiled from the schema decides it in a few microseconds; it walks the keys that are written.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from k8snetlint.validation.schemas import INT32, INT64, definition, field_of, reference

if TYPE_CHECKING:
    from k8snetlint.model.environment import Version
    from k8snetlint.validation.schemas import Schema

Value = Any
"""A value as the loader gives it: a mapping, a list, a string, a bool, a number, or None."""

Check = Callable[[Value], bool]
Want = type | Check
"""The class a value must have, or a function that decides."""


@functools.cache
def conforms(name: str, version: Version) -> Check:
    """Return a function that tells whether a value can be decoded as a definition, all its fields known."""
    if name == "IntOrString":
        return _int_or_string
    if name == "Quantity":
        return _quantity
    if name == "Time":
        return _time
    if name == "FieldsV1":
        return _anything
    return _struct(name, version)


def fits(value: Value, schema: Schema, version: Version) -> bool:
    """Tell whether a value can be decoded as a field, all that is in it known."""
    want = _want(schema, version)
    return type(value) is want if isinstance(want, type) else want(value)


def _want(schema: Schema, version: Version) -> Want:
    """Return what a field's value must be."""
    target = reference(schema)
    if target:
        return str if definition(target).get("type") == "string" and target != "Time" else conforms(target, version)
    match schema["type"]:
        case "string":
            return str
        case "boolean":
            return bool
        case "integer":
            return _int32 if schema["format"] == "int32" else _int64
        case "array":
            return _list(_want(schema["items"], version))
        case _:
            return _map(_want(schema["additionalProperties"], version))


def _struct(name: str, version: Version) -> Check:
    wants: dict[str, Want] = {}
    known = wants.get

    def check(value: Value) -> bool:
        if not isinstance(value, dict):
            return value is None
        for key, child in value.items():
            want = known(key)
            if want is None:
                # A field is compiled when it first occurs: most of a pod's never do.
                schema = field_of(name, key, version)
                if schema is None:
                    return False
                want = wants[key] = _want(schema, version)
            # A class is compared first: most fields are strings.
            if want is type(child) or child is None:
                continue
            if type(want) is type or not want(child):
                return False
        return True

    return check


def _list(want: Want) -> Check:
    if isinstance(want, type):
        return lambda value: isinstance(value, list) and all(type(item) is want or item is None for item in value)

    def check(value: Value) -> bool:
        if not isinstance(value, list):
            return False
        for item in value:  # noqa: SIM110 - all() with a generator takes twice as long
            if item is not None and not want(item):
                return False
        return True

    return check


def _map(want: Want) -> Check:
    def check(value: Value) -> bool:
        if not isinstance(value, dict):
            return False
        for child in value.values():
            if want is type(child) or child is None:
                continue
            if type(want) is type or not want(child):
                return False
        return True

    return check


def _int32(value: Value) -> bool:
    return (type(value) is int or (type(value) is float and value.is_integer())) and -INT32 <= value < INT32


def _int64(value: Value) -> bool:
    return (type(value) is int or (type(value) is float and value.is_integer())) and -INT64 <= value < INT64


def _int_or_string(value: Value) -> bool:
    return type(value) is str or _int32(value)


def _quantity(value: Value) -> bool:
    return _is_quantity(value) if type(value) is str else type(value) is int or type(value) is float


@functools.lru_cache(1024)
def _is_quantity(text: str) -> bool:
    from k8snetlint.validation.literals import quantity_error  # noqa: PLC0415 - a policy has no quantities

    return not quantity_error(text)


def _time(value: Value) -> bool:
    from k8snetlint.validation.literals import time_error  # noqa: PLC0415 - as above

    return type(value) is str and not time_error(value)


def _anything(value: Value) -> bool:  # noqa: ARG001 - it is a check like the others
    return True
