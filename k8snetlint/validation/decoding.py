"""What the API server's decoder says of a document that it does not take, in its words.

Go names the struct and the path without list indexes in a type error, the path with them for an unknown field:

    json: cannot unmarshal string into Go struct field ServicePort.spec.ports.port of type int32
    unknown field "spec.ingress[0].from[0].ports"

The server stops at the first type error, and looks for unknown fields only when there is none; here all are told.

Source: https://github.com/kubernetes-sigs/json, measured with Kubernetes 1.37.2.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from k8snetlint.finding import Problem
from k8snetlint.source.paths import MapKey
from k8snetlint.validation.literals import NO_QUANTITY, number, quantity_error, time_error
from k8snetlint.validation.misplaced import Struct, meant, other_version
from k8snetlint.validation.schemas import INT32, INT64, field_of, reference

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from k8snetlint.model.environment import Version
    from k8snetlint.source.paths import FieldPath, Place
    from k8snetlint.validation.schemas import Schema

Found = tuple[str, Problem]

_EMBEDDED_NAMED = (1, 35)
"""Since then messages name embedded structs, too (sigs.k8s.io/json as of July 2025)."""


class Spot(NamedTuple):
    """Where the decoder is.

    Attributes:
        path: the field's path.
        field: the same in Go's words: without indexes, behind the name of the struct that has the field.
        structs: the structs around it, the outermost first.
    """

    path: FieldPath
    field: str
    structs: tuple[Struct, ...]


class Decoder:
    """Walks one object along its schema and yields what does not fit."""

    def __init__(
        self, version: Version, *, at: Callable[[FieldPath, bool], Place], is_placeholder: Callable[[str], bool]
    ) -> None:
        self.version = version
        self.at = at
        self.is_placeholder = is_placeholder

    def problems(self, value: Any, name: str) -> Iterator[Found]:
        """Yield all problems of an object with its definition's name, in the document's order."""
        yield from self._struct(value, name, Spot((), "", ()), ())

    def _decode(self, value: Any, schema: Schema, spot: Spot, names: tuple[str, ...]) -> Iterator[Found]:
        """Yield the problems of a field's value, or of an item or value of the field's list or map."""
        if value is None:
            return
        kind = reference(schema) or schema["type"]
        match kind:
            case "string" | "boolean":
                if value.__class__ is not (str if kind == "string" else bool):
                    yield from self._mismatch(
                        value, spot, go_type(schema), "a string" if kind == "string" else "a bool"
                    )
            case "integer":
                yield from self._integer(value, spot, schema["format"], schema["format"])
            case "array":
                yield from self._list(value, schema, spot, names)
            case "object":
                yield from self._map(value, schema, spot, names)
            case "IntOrString":
                if not isinstance(value, str):
                    yield from self._integer(value, spot, "int32", "int32 or a string")
            case "Quantity":
                yield from self._quantity(value, spot)
            case "Time":
                if isinstance(value, str):
                    yield from self._literal(value, spot, time_error(value), "a time")
                else:
                    yield from self._mismatch(value, spot, "string", "a time")
            case "FieldsV1":
                return
            case _:
                yield from self._struct(value, kind, spot, names)

    def _struct(self, value: Any, name: str, spot: Spot, names: tuple[str, ...]) -> Iterator[Found]:
        if not isinstance(value, dict):
            yield from self._mismatch(value, spot, _qualified(name), "an object")
            return
        struct = Struct(name, spot.path, value)
        for key, child in value.items():
            path = (*spot.path, key)
            schema = field_of(name, key, self.version)
            if schema is None:
                yield from self._unknown(path, (*spot.structs, struct))
                continue
            embedded = schema.get("x-go-embedded") if self.version >= _EMBEDDED_NAMED else None
            inner = (*names, embedded, key) if embedded else (*names, key)
            field = ".".join((name.rpartition(".")[2], *inner))
            yield from self._decode(child, schema, Spot(path, field, (*spot.structs, struct)), inner)

    def _list(self, value: Any, schema: Schema, spot: Spot, names: tuple[str, ...]) -> Iterator[Found]:
        if not isinstance(value, list):
            yield from self._mismatch(value, spot, go_type(schema), "a list")
            return
        for index, item in enumerate(value):
            yield from self._decode(item, schema["items"], spot._replace(path=(*spot.path, index)), names)

    def _map(self, value: Any, schema: Schema, spot: Spot, names: tuple[str, ...]) -> Iterator[Found]:
        if not isinstance(value, dict):
            yield from self._mismatch(value, spot, go_type(schema), "an object")
            return
        for key, child in value.items():
            there = spot._replace(path=(*spot.path, MapKey(key)))
            yield from self._decode(child, schema["additionalProperties"], there, names)

    def _integer(self, value: Any, spot: Spot, kind: str, expected: str) -> Iterator[Found]:
        bound = INT32 if kind == "int32" else INT64
        whole = value.__class__ is int or (isinstance(value, float) and value.is_integer())
        if not whole or not -bound <= value < bound:
            yield from self._mismatch(value, spot, kind, expected)

    def _quantity(self, value: Any, spot: Spot) -> Iterator[Found]:
        if isinstance(value, str):
            yield from self._literal(value, spot, quantity_error(value), "a quantity")
        elif value.__class__ not in (int, float):
            yield from self._literal(value, spot, NO_QUANTITY, "a quantity")

    def _literal(self, value: Any, spot: Spot, error: str, expected: str) -> Iterator[Found]:
        """Yield the problem of a type that decodes itself: the server then tells no field."""
        if error and not (isinstance(value, str) and self.is_placeholder(value)):
            label = f"expected {expected}, found {_describe(value)}"
            yield "api-type", Problem(error, self.at(spot.path, False), label=label)  # noqa: FBT003 - the value

    def _mismatch(self, value: Any, spot: Spot, wanted: str, expected: str) -> Iterator[Found]:
        if isinstance(value, str) and self.is_placeholder(value):
            return
        found = _json_type(value)
        if found == "number" and wanted in ("int32", "int64"):
            found = f"number {number(value)}"
        message = f"json: cannot unmarshal {found} into Go struct field {spot.field} of type {wanted}"
        label = f"expected {expected}, found {_describe(value)}"
        yield "api-type", Problem(message, self.at(spot.path, False), label=label)  # noqa: FBT003 - the value

    def _unknown(self, path: FieldPath, structs: tuple[Struct, ...]) -> Iterator[Found]:
        key = path[-1]
        if not isinstance(key, str) or self.is_placeholder(key):
            return
        message = f'unknown field "{_strict_path(path)}"; without strict validation the field is dropped'
        label = other_version(structs[-1].name, key, self.version)
        near = None if label else meant(key, structs, self.version)
        yield "api-unknown-field", Problem(message, self.at(path, True), near=near, label=label)  # noqa: FBT003 - the key


def _qualified(name: str) -> str:
    """Return a definition's name in Go: `v1.ServicePort`."""
    return name if "." in name else f"v1.{name}"


def go_type(schema: Schema) -> str:
    """Return the type that Go has for a field."""
    target = reference(schema)
    if "x-go-type" in schema:
        return str(schema["x-go-type"])
    if target:
        return _qualified(target)
    match schema["type"]:
        case "array":
            return "[]" + go_type(schema["items"])
        case "object":
            values = schema["additionalProperties"]
            return "v1.ResourceList" if reference(values) == "Quantity" else "map[string]" + go_type(values)
        case "boolean":
            return "bool"
        case plain:
            return str(schema.get("format", plain))


def _json_type(value: Any) -> str:
    if isinstance(value, bool):
        return "bool"
    if isinstance(value, int | float):
        return "number"
    return "string" if isinstance(value, str) else "array" if isinstance(value, list) else "object"


def _describe(value: Any) -> str:
    """Return a value for a label: `the string "80"`."""
    kind = _json_type(value)
    if kind == "string":
        line = " ".join(value.split())
        return f'the string "{line if len(line) <= 40 else line[:39] + "…"}"'
    if kind == "bool":
        return f"the bool {'true' if value else 'false'}"
    return f"the number {number(value)}" if kind == "number" else "a list" if kind == "array" else "an object"


def _strict_path(path: FieldPath) -> str:
    """Return a path as strict decoding writes it between quotes."""
    text = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return text.removeprefix(".").replace("\\", "\\\\").replace('"', '\\"')
