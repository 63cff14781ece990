"""Why the API server's decoder rejects a document, in its words.

Go names the struct and the path without list indexes in a type error, the path with them for an unknown field:

    json: cannot unmarshal string into Go struct field ServicePort.spec.ports.port of type int32
    unknown field "spec.ingress[0].from[0].ports"

The server stops at the first type error, and looks for unknown fields only without type errors; here all are reported.

Source: https://github.com/kubernetes-sigs/json, measured with Kubernetes 1.37.2.
"""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, Any, NamedTuple

from k8snetlint.edit.change import set_to
from k8snetlint.finding import Fix, Problem
from k8snetlint.source.document import Document
from k8snetlint.source.load import load
from k8snetlint.source.paths import MapKey
from k8snetlint.validation.causes import quoted
from k8snetlint.validation.conformance import fits
from k8snetlint.validation.go_types import JSON_TYPES, go_name, go_type, json_type
from k8snetlint.validation.literals import NO_QUANTITY, number, quantity_error, time_error
from k8snetlint.validation.misplaced import Struct, fix_field, flatten_match_labels, other_version, suggest_field
from k8snetlint.validation.schemas import INT32, INT64, field_of, reference

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from k8snetlint.model.environment import Version
    from k8snetlint.source.document import Place, Source
    from k8snetlint.source.paths import FieldPath
    from k8snetlint.validation.schemas import Schema

Found = tuple[str, Problem]

_NOT_IN_A_SERVICE = ("spec", "selector", "matchLabels")
"""A Service's selector contains labels itself."""
_EMBEDDED_NAMED = (1, 35)
"""Since then messages name embedded structs as well (sigs.k8s.io/json as of July 2025)."""


class FieldContext(NamedTuple):
    """The field that is decoded.

    Attributes:
        path: the field's path.
        field: the same in Go's words: without indexes, after the name of the struct that has the field.
        structs: the structs around it, the outermost first.
    """

    path: FieldPath
    field: str
    structs: tuple[Struct, ...]


class Decoder:
    """Walks one object along its schema and yields what does not fit.

    Attributes:
        fatal: of the yielded problems, those at which the server stops at once; of all others it names the first one
            when it has read everything.
        unsure: the paths of all values that have a wrong type, or are a placeholder for one of another type.
    """

    def __init__(
        self,
        version: Version,
        *,
        at: Callable[[FieldPath, bool], Place],
        is_placeholder: Callable[[str], bool],
        server_words: bool = False,
    ) -> None:
        """Prepare for one object; with `server_words`, messages are the server's alone."""
        self.version = version
        self.at = at
        self.is_placeholder = is_placeholder
        self.server_words = server_words
        self.fatal: list[Problem] = []
        self.unsure: list[FieldPath] = []

    def problems(self, value: Any, name: str) -> Iterator[Found]:
        """Yield all problems of an object with its definition's name, in the document's order."""
        yield from self._struct(value, name, FieldContext((), "", ()), ())

    def _decode(self, value: Any, schema: Schema, context: FieldContext, names: tuple[str, ...]) -> Iterator[Found]:
        """Yield the problems of a field's value, or of an item or value of the field's list or map."""
        if value is None:
            return
        kind = reference(schema) or schema["type"]
        match kind:
            case "string" | "boolean":
                if value.__class__ is not (str if kind == "string" else bool):
                    expected = "a string" if kind == "string" else "a boolean"
                    yield from self._mismatch(
                        value, context, go_type(schema), expected, fix=self._type_fix(value, kind, context)
                    )
            case "integer":
                expected = "a 32-bit integer" if schema["format"] == "int32" else "a 64-bit integer"
                yield from self._integer(value, context, schema["format"], expected)
            case "array":
                yield from self._list(value, schema, context, names)
            case "object":
                yield from self._map(value, schema, context, names)
            case "IntOrString":
                if not isinstance(value, str):
                    yield from self._fatal(self._integer(value, context, "int32", "a 32-bit integer or a string"))
            case "Quantity":
                yield from self._fatal(self._quantity(value, context))
            case "Time":
                yield from self._fatal(self._time(value, context))
            case "FieldsV1":
                return
            case _:
                yield from self._struct(value, kind, context, names)

    def _fatal(self, found: Iterator[Found]) -> Iterator[Found]:
        """Yield the problems of a type that decodes itself."""
        for finding_id, problem in found:
            self.fatal.append(problem)
            yield finding_id, problem

    def _time(self, value: Any, context: FieldContext) -> Iterator[Found]:
        if isinstance(value, str):
            yield from self._literal(value, context, time_error(value), "a time")
        else:
            yield from self._mismatch(value, context, "string", "a time")

    def _struct(self, value: Any, name: str, context: FieldContext, names: tuple[str, ...]) -> Iterator[Found]:
        if not isinstance(value, dict):
            yield from self._mismatch(value, context, go_name(name), "an object")
            return
        struct = Struct(name, context.path, value)
        for key, child in value.items():
            path = (*context.path, key)
            schema = field_of(name, key, self.version)
            if schema is None:
                yield from self._unknown(path, (*context.structs, struct))
                continue
            embedded = schema.get("x-go-embedded") if self.version >= _EMBEDDED_NAMED else None
            inner = (*names, embedded, key) if embedded else (*names, key)
            field = ".".join((name.rpartition(".")[2], *inner))
            yield from self._decode(child, schema, FieldContext(path, field, (*context.structs, struct)), inner)

    def _list(self, value: Any, schema: Schema, context: FieldContext, names: tuple[str, ...]) -> Iterator[Found]:
        if not isinstance(value, list):
            alone = fits(value, schema["items"], self.version)
            fix = self._type_fix(value, "array", context) if alone else None
            yield from self._mismatch(value, context, go_type(schema), "a list", fix=fix)
            return
        for index, item in enumerate(value):
            yield from self._decode(item, schema["items"], context._replace(path=(*context.path, index)), names)

    def _map(self, value: Any, schema: Schema, context: FieldContext, names: tuple[str, ...]) -> Iterator[Found]:
        if not isinstance(value, dict):
            yield from self._mismatch(value, context, go_type(schema), "an object")
            return
        for key, child in value.items():
            entry = context._replace(path=(*context.path, MapKey(key)))
            yield from self._decode(child, schema["additionalProperties"], entry, names)

    def _integer(self, value: Any, context: FieldContext, kind: str, expected: str) -> Iterator[Found]:
        bound = INT32 if kind == "int32" else INT64
        whole = value.__class__ is int or (isinstance(value, float) and value.is_integer())
        if not whole or not -bound <= value < bound:
            yield from self._mismatch(value, context, kind, expected, fix=self._type_fix(value, kind, context))

    def _quantity(self, value: Any, context: FieldContext) -> Iterator[Found]:
        if isinstance(value, str):
            yield from self._literal(value, context, quantity_error(value), "a quantity")
        elif value.__class__ not in (int, float):
            yield from self._literal(value, context, NO_QUANTITY, "a quantity")

    def _literal(self, value: Any, context: FieldContext, error: str, expected: str) -> Iterator[Found]:
        """Yield the problem of a type that decodes itself: the server does not name a field."""
        if error:
            self.unsure.append(context.path)
        if error and not (isinstance(value, str) and self.is_placeholder(value)):
            yield "api-type", self._problem(error, expected, value, context)

    def _mismatch(
        self, value: Any, context: FieldContext, wanted: str, expected: str, *, fix: Fix | None = None
    ) -> Iterator[Found]:
        self.unsure.append(context.path)
        if isinstance(value, str) and self.is_placeholder(value):
            return
        found = json_type(value)
        if found == "number" and wanted in ("int32", "int64"):
            found = f"number {number(value)}"
        message = f"json: cannot unmarshal {found} into Go struct field {context.field} of type {wanted}"
        yield "api-type", self._problem(message, expected, value, context, fix)

    def _problem(self, error: str, expected: str, value: Any, context: FieldContext, fix: Fix | None = None) -> Problem:
        # The value itself belongs into the label: labels of secrets are hidden.
        message = error if self.server_words else f"expected {expected}, found {JSON_TYPES[json_type(value)]} ({error})"
        return Problem(message, self._value_at(context.path), label=describe(value), fix=fix)

    def _type_fix(self, value: Any, wanted: str, context: FieldContext) -> Fix | None:
        """Return the fix that gives a value the wanted type, None if it would be another value."""
        at = self._value_at(context.path)
        match wanted, value:
            case "string", dict() if context.path == _NOT_IN_A_SERVICE and context.structs[-1].name == "ServiceSpec":
                return flatten_match_labels(at, context.structs[-1].value["selector"], value)
            case "string", bool() | int() | float():
                text = _as_written(at)
                return Fix("put the value in quotes", (set_to(at, text),), safe=True) if text else None
            case "boolean", "true" | "false":
                return Fix("remove the quotes", (set_to(at, value == "true"),), safe=True)
            case "int32" | "int64", str() if re.fullmatch("0|[1-9][0-9]{0,18}", value):
                fits_ = int(value) < (INT32 if wanted == "int32" else INT64)
                return Fix("remove the quotes", (set_to(at, int(value)),), safe=True) if fits_ else None
            # What has blanks or commas may be several items in one.
            case "array", _ if not isinstance(value, str) or re.fullmatch(r"[^\s,]+", value):
                return Fix("write the value as a list", (set_to(at, [value]),), safe=True)
            case _:
                return None

    def _unknown(self, path: FieldPath, structs: tuple[Struct, ...]) -> Iterator[Found]:
        key = path[-1]
        if not isinstance(key, str) or self.is_placeholder(key):
            return
        message = f'unknown field "{strict_path(path)}"; without strict validation the field is dropped'
        if self.server_words:
            # Where keys are repeated, the structs around are not those that this one is in.
            yield "api-unknown-field", Problem(message, self.at(path, True))  # noqa: FBT003 - the key
            return
        label = other_version(structs[-1].name, key, self.version)
        near = None if label else suggest_field(key, structs, self.version)
        fix = fix_field(path, near, structs, self.version, self._value_at) if near else None
        if structs[-1].name in ("IngressBackend", "IngressSpec") and fix is None:
            from k8snetlint.validation.upgrades import beta_backend_fix  # noqa: PLC0415 - only for an Ingress

            fix = beta_backend_fix(path[:-1], key, structs[-1].value, self._value_at)
        text = near.text if near else None
        yield "api-unknown-field", Problem(message, self.at(path, True), near=text, label=label, fix=fix)  # noqa: FBT003 - the key

    def _value_at(self, path: FieldPath) -> Place:
        return self.at(path, False)  # noqa: FBT003 - the value


def _as_written(at: Place) -> str:
    """Return a number or bool as it is written: `yes`, `0644`, `1.10`; empty if it is not written plainly."""
    document = next((each for each in _documents(at.source) if each.index == at.document), None)
    if document is None:
        return ""
    start, end = document.locate((*at.root, *at.path))
    text = document.text[start - document.base : end - document.base]
    return text if re.fullmatch(r"[\w.+-]+", text) else ""


@functools.lru_cache(maxsize=1)
def _documents(source: Source) -> tuple[Document, ...]:
    """Return the documents of a file without their values; such mistakes come many in one file."""
    try:
        documents = load(source).documents
    except OSError:
        return ()
    return tuple(Document(source, each.index, each.text, each.base) for each in documents)


def not_a_string(field: str, value: Any, *, server_words: bool = False) -> str:
    """Return what is said of an `apiVersion` or a `kind` that is not a string."""
    error = f"json: cannot unmarshal {json_type(value)} into Go struct field TypeMeta.{field} of type string"
    return error if server_words else f"expected a string, found {JSON_TYPES[json_type(value)]} ({error})"


def describe(value: Any) -> str:
    """Return a value for a label: `the string "80"`."""
    match json_type(value):
        case "string":
            line = " ".join(value.split())
            return f'the string "{line if len(line) <= 40 else line[:39] + "…"}"'
        case "bool":
            return f"the boolean {'true' if value else 'false'}"
        case "number":
            return f"the number {number(value)}"
        case _:
            return JSON_TYPES[json_type(value)]


def strict_path(path: FieldPath) -> str:
    """Return a path as strict decoding writes it between quotes."""
    text = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return quoted(text.removeprefix("."))[1:-1]
