"""Custom resources, as the API server validates them by the schema of their CustomResourceDefinition.

A schema is compiled into closures, each part of it when a value first needs it. What the server decides in steps is
one walk here: it prunes unknown fields (strict validation rejects them), drops nulls that are not allowed, fills in
defaults, and then validates.

Source: https://github.com/kubernetes/apiextensions-apiserver/tree/v0.37.2/pkg/apiserver (schema, validation) and
https://github.com/kubernetes/kube-openapi/tree/master/pkg/validation
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from k8snetlint.source.paths import MapKey
from k8snetlint.source.templates import has_placeholder, is_placeholder
from k8snetlint.validation.causes import INVALID, Cause, Causes, quoted
from k8snetlint.validation.structural_values import (
    add_unknown,
    check_array,
    check_number,
    check_string,
    is_known,
    type_causes,
    type_of,
    words,
)

if TYPE_CHECKING:
    from k8snetlint.source.paths import FieldPath
    from k8snetlint.validation.schemas import Schema

Value = Any
Check = Callable[[Value, "FieldPath", Causes], None]
"""Adds to the causes why a value at a path is rejected."""

_META = frozenset({"apiVersion", "kind", "metadata"})
_PRESERVES = "x-kubernetes-preserve-unknown-fields"


def compile_root(schema: Schema) -> Check:
    """Return what checks an object by the schema of its version."""
    return _compile({**schema, "x-kubernetes-embedded-resource": True}, None, is_root=True)


def _compile(schema: Schema, structure: Schema | None, *, is_root: bool = False) -> Check:
    """Return what checks a value by a schema.

    Args:
        schema: a part of the schema, or of what `allOf`, `anyOf`, `oneOf` and `not` hold.
        structure: for the latter, the schema of the value itself, which has the defaults; None for the schema itself.
        is_root: whether it is the schema of a whole object.
    """
    types = _types(schema)
    of_type: dict[str, Check] = {}
    alternatives = _alternatives(schema, schema if structure is None else structure)
    enum = schema.get("enum")

    def check(value: Value, path: FieldPath, causes: Causes) -> None:
        kind = type_of(value)
        if types and kind not in types:
            if kind == "null" and schema.get("nullable"):
                return
            if not (kind == "integer" and "number" in types):
                if not (isinstance(value, str) and is_placeholder(value)):
                    causes += type_causes(kind, types, schema.get("format"), path)
                return
        if kind != "null":
            # Most parts of a large schema are for fields that nobody writes.
            inner = of_type.get(kind)
            if inner is None:
                inner = of_type[kind] = _compile_for(kind, schema, structure, is_root=is_root)
            inner(value, path, causes)
            for each in alternatives:
                each(value, path, causes)
        if enum and not is_known(value, enum) and not has_placeholder(value):
            causes.not_supported(path, value, map(_enum_text, enum), field=words(path))

    return check


def _types(schema: Schema) -> tuple[str, ...]:
    if schema.get("x-kubernetes-int-or-string"):
        return ("integer", "string")
    return (schema["type"],) if schema.get("type") else ()


def _enum_text(value: Value) -> str:
    from k8snetlint.validation.causes import go_json  # noqa: PLC0415 - only for an error

    return value if isinstance(value, str) else go_json(value)


def _compile_for(kind: str, schema: Schema, structure: Schema | None, *, is_root: bool) -> Check:
    """Return what checks values of one type."""
    if kind == "object":
        return _object(schema, structure, is_root=is_root)
    if kind == "array":
        return _array(schema, structure)
    if kind == "string":
        return lambda value, path, causes: check_string(value, schema, path, causes)
    if kind in ("integer", "number"):
        return lambda value, path, causes: check_number(value, schema, path, causes)
    return _accept


def _accept(value: Value, path: FieldPath, causes: Causes) -> None:
    """Accept every value."""


def _object(schema: Schema, structure: Schema | None, *, is_root: bool) -> Check:
    fields = _Fields(schema, structure, is_root=is_root)
    required = schema.get("required") or ()
    least, most = schema.get("minProperties"), schema.get("maxProperties")

    def check(value: Value, path: FieldPath, causes: Causes) -> None:
        written = 0
        for key, child in value.items():
            if child is None and fields.drops_null(key):
                continue
            written += 1
            inner = fields.check(key)
            if inner is not None:
                step = key if key in fields.properties or not fields.are_keys else MapKey(key)
                inner(child, (*path, step), causes)
            elif fields.rejects(key) and not is_placeholder(key):
                written -= 1
                add_unknown(key, path, causes, fields.properties)
        for name in required:
            if fields.lacks(value, name) and not any(map(is_placeholder, value)):
                causes.required((*path, name), field=words((*path, name)))
        if least is not None or most is not None:
            number = written + fields.defaults_of(value)
            if least is not None and number < least:
                text = f"{words(path)} in body should have at least {least} properties"
                causes.invalid(path, number, text, field=words(path))
            if most is not None and number > most:
                causes.too_many(path, number, most)

    return check


class _Fields:
    """The fields of an object.

    Slots:
        properties: those that the schema names.
        are_keys: all others are keys of a map.
    """

    __slots__ = ("_checks", "_is_root", "_others", "_schema", "_structure", "are_keys", "properties")

    def __init__(self, schema: Schema, structure: Schema | None, *, is_root: bool) -> None:
        self._schema = schema
        self._is_root = is_root
        self._structure = structure
        self._checks: dict[str, Check | None] = {}
        self._others: Check | None = None
        self.properties: dict[str, Schema] = schema.get("properties") or {}
        self.are_keys = bool(schema.get("additionalProperties"))

    def check(self, key: str) -> Check | None:
        """Return what checks a field, None if nothing is known about it."""
        if key in self.properties:
            if key not in self._checks:
                structure = (self._field(key) or {}) if self._structure is not None else None
                if self._structure is None and key == "metadata" and self._is_embedded():
                    # It is of the same type everywhere, and never pruned.
                    structure = self.properties[key]
                self._checks[key] = _compile(self.properties[key], structure)
            return self._checks[key]
        if not self.are_keys or (self._is_embedded() and key in _META):
            return None
        if self._others is None:
            others = self._schema["additionalProperties"]
            if others is True:
                self._others = _nothing_known if self._structure is None else _accept
            else:
                self._others = _compile(others, None if self._structure is None else self._field(key) or {})
        return self._others

    def rejects(self, key: str) -> bool:
        """Tell whether strict validation rejects a field of which nothing is known."""
        if self._structure is not None or self._schema.get(_PRESERVES):
            return False
        return not (key in _META and self._is_embedded())

    def drops_null(self, key: str) -> bool:
        """Tell whether a null is as if the field were missing."""
        schema = self._field(key)
        return schema is not None and not schema.get("nullable")

    def lacks(self, value: dict[str, Value], key: str) -> bool:
        """Tell whether a field is missing, and no default fills it in."""
        if key in value and not (value[key] is None and self.drops_null(key)):
            return False
        return (self._field(key) or {}).get("default") is None

    def defaults_of(self, value: dict[str, Value]) -> int:
        """Return how many missing fields are filled in."""
        properties: dict[str, Schema] = (self._structure or self._schema).get("properties") or {}
        return sum(each.get("default") is not None and value.get(key) is None for key, each in properties.items())

    def _field(self, key: str) -> Schema | None:
        structure = self._schema if self._structure is None else self._structure
        others = structure.get("additionalProperties")
        found = (structure.get("properties") or {}).get(key, others if isinstance(others, dict) else None)
        return found if isinstance(found, dict) else None

    def _is_embedded(self) -> bool:
        return bool(self._schema.get("x-kubernetes-embedded-resource"))


def _nothing_known(value: Value, path: FieldPath, causes: Causes) -> None:
    """Add that all fields in a value are unknown: `additionalProperties: true` keeps scalars only."""
    if isinstance(value, dict):
        for key in value:
            if not is_placeholder(key):
                add_unknown(key, path, causes, {})
    for index, item in enumerate(value if isinstance(value, list) else ()):
        _nothing_known(item, (*path, index), causes)


def _array(schema: Schema, structure: Schema | None) -> Check:
    items = schema.get("items")
    if items and structure is None and schema.get(_PRESERVES):
        # The server keeps unknown fields of the items, too (skipPrune in pkg/apiserver/schema/pruning/algorithm.go).
        items = {**items, _PRESERVES: True}
    outer = None if structure is None else structure.get("items")
    of_items = _compile(items, None if structure is None else outer or {}) if items else None
    # A null item that has a default is filled in.
    fills = items is not None and items.get("default") is not None and not items.get("nullable")

    def check(value: Value, path: FieldPath, causes: Causes) -> None:
        for index, item in enumerate(value if of_items else ()):
            if of_items and not (item is None and fills):
                of_items(item, (*path, index), causes)
        check_array(value, schema, path, causes)

    return check


def _alternatives(schema: Schema, structure: Schema) -> list[Check]:
    """Return the checks for what a schema says by other schemas."""
    found: list[Check] = []
    if "not" in schema:
        found.append(
            _by_number([schema["not"]], structure, lambda number: number == 0, "must not validate the schema (not)")
        )
    if schema.get("anyOf"):
        text = "must validate at least one schema (anyOf)"
        found.append(_by_number(schema["anyOf"], structure, lambda number: number > 0, text))
    if schema.get("oneOf"):
        text = "must validate one and only one schema (oneOf). Found {} valid"
        found.append(_by_number(schema["oneOf"], structure, lambda number: number == 1, text))
    found += [_compile(each, structure) for each in schema.get("allOf") or ()]
    return found


def _by_number(schemas: list[Schema], structure: Schema, holds: Callable[[int], bool], text: str) -> Check:
    """Return what demands that some number of schemas accept a value."""
    checks = [_compile(each, structure) for each in schemas]

    def check(value: Value, path: FieldPath, causes: Causes) -> None:
        number = 0
        for each in checks:
            tried = Causes()
            each(value, path, tried)
            number += not tried
        if not holds(number) and not has_placeholder(value):
            found = "none valid" if number == 0 else f"{number} valid alternatives"
            detail = f"{quoted(words(path))} {text.replace('{} valid', found)}"
            # The server does not name the field.
            causes.append(Cause(INVALID, path, f'Invalid value: "": {detail}', ""))

    return check
