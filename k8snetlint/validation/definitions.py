"""CustomResourceDefinitions: which kinds they define, which versions they serve, and what those look like.

Only `apiextensions.k8s.io/v1` counts: nothing serves v1beta1 any more, whose schemas need not be structural.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from k8snetlint.source.templates import is_placeholder
from k8snetlint.validation.structural import compile_root

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Mapping

    from k8snetlint.validation.schemas import Schema
    from k8snetlint.validation.structural import Check

API_VERSION, KIND = "apiextensions.k8s.io/v1", "CustomResourceDefinition"

_ALTERNATIVES = 5_000
"""A schema with more is not used: each is tried for each value."""
_OBJECTS = ("properties", "patternProperties")
_LISTS = ("allOf", "anyOf", "oneOf")
_NUMBERS = ("minimum", "maximum", "multipleOf")
_SIZES = ("minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties")
_FLAGS = (
    *("exclusiveMaximum", "exclusiveMinimum", "nullable"),
    *("x-kubernetes-embedded-resource", "x-kubernetes-int-or-string", "x-kubernetes-preserve-unknown-fields"),
)
_TEXTS = ("format", "pattern", "type", "x-kubernetes-list-type")
_TYPES = {
    **dict.fromkeys(_NUMBERS, (int, float)),
    **dict.fromkeys(_SIZES, (int,)),
    **dict.fromkeys(_FLAGS, (bool,)),
    **dict.fromkeys(_TEXTS, (str,)),
    **dict.fromkeys(("required", "enum", *_LISTS, "x-kubernetes-list-map-keys"), (list,)),
    **dict.fromkeys(_OBJECTS, (dict,)),
    "items": (dict,),
    "not": (dict,),
    "additionalProperties": (dict, bool),
}
"""The keywords that are read, and the types of their values."""


class DefinedVersion(NamedTuple):
    """A version of a defined kind.

    Attributes:
        served: whether the server serves it.
        check: adds why an object is rejected by the schema; None if no schema can be used.
        has_rules: whether there are CEL rules in it, which are not evaluated here.
        resets_status: whether the server drops the status of an object that is created.
    """

    served: bool
    check: Check | None
    has_rules: bool
    resets_status: bool


class Definition(NamedTuple):
    """A kind that a CustomResourceDefinition defines.

    Attributes:
        group, kind: its names.
        namespaced: whether its objects are in namespaces.
        versions: what they look like in each version.
    """

    group: str
    kind: str
    namespaced: bool
    versions: Mapping[str, DefinedVersion]


def defined_kind(value: Mapping[str, Any]) -> tuple[str, str] | None:
    """Return the group and the kind that an object defines, None if it defines none."""
    if value.get("kind") != KIND or value.get("apiVersion") != API_VERSION:
        return None
    spec = value.get("spec")
    names = spec.get("names") if isinstance(spec, dict) else None
    found = (spec.get("group"), names.get("kind")) if isinstance(spec, dict) and isinstance(names, dict) else ()
    texts = [each for each in found if isinstance(each, str) and not is_placeholder(each)]
    return (texts[0], texts[1]) if len(texts) == len(found) == 2 else None


def definition_in(value: Any, wanted: Container[str] | None = None) -> Definition | None:
    """Return what a CustomResourceDefinition defines; None if it is not one, or one that the server would not take.

    Args:
        value: an object.
        wanted: the versions whose schemas are needed, None for all.
    """
    kind = defined_kind(value) if isinstance(value, dict) else None
    if kind is None:
        return None
    spec = value["spec"]
    versions = dict(_versions(spec.get("versions"), wanted))
    if not versions or spec.get("preserveUnknownFields") or spec.get("scope") not in ("Cluster", "Namespaced"):
        return None
    return Definition(*kind, spec["scope"] == "Namespaced", versions)


def _versions(written: Any, wanted: Container[str] | None) -> Iterator[tuple[str, DefinedVersion]]:
    for each in written if isinstance(written, list) else ():
        name, served = (each.get("name"), each.get("served")) if isinstance(each, dict) else (None, None)
        if not isinstance(name, str) or not isinstance(served, bool) or is_placeholder(name):
            continue
        holder = each.get("schema")
        schema = holder.get("openAPIV3Schema") if isinstance(holder, dict) else None
        is_sound = has_rules = False
        if isinstance(schema, dict) and (wanted is None or name in wanted):
            is_sound, has_rules = _examine(schema)
        schema = schema if is_sound and isinstance(schema, dict) and schema.get("type") == "object" else None
        subresources = each.get("subresources")
        resets = isinstance(subresources, dict) and subresources.get("status") is not None
        yield name, DefinedVersion(served, compile_root(schema) if schema else None, has_rules, resets)


def _examine(schema: Schema) -> tuple[bool, bool]:
    """Return whether all that is read of a schema has the right types, and whether there are CEL rules in it."""
    has_rules = False
    seen: set[int] = set()
    todo: list[Any] = [schema]
    while todo:
        here = todo.pop()
        # What an anchor names is looked at once.
        if id(here) in seen:
            continue
        seen.add(id(here))
        if not isinstance(here, dict) or "$ref" in here:
            return False, has_rules
        has_rules = has_rules or bool(here.get("x-kubernetes-validations"))
        for key, value in here.items():
            types = _TYPES.get(key)
            if types and value is not None and (not isinstance(value, types) or _is_other(value, types)):
                return False, has_rules
        if any(map(is_placeholder, _texts(here))):
            return False, has_rules
        todo += _parts(here)
    return _alternatives(schema, {}) <= _ALTERNATIVES, has_rules


def _parts(schema: Schema) -> list[Any]:
    """Return the schemas that a schema consists of."""
    parts = [each for key in ("items", "not", "additionalProperties") if isinstance(each := schema.get(key), dict)]
    parts += [each for key in _OBJECTS for each in (schema.get(key) or {}).values()]
    return parts + [each for key in _LISTS for each in schema.get(key) or ()]


def _alternatives(schema: Schema, known: dict[int, int]) -> int:
    """Return how many alternatives there are in a schema; one that an anchor names counts wherever it is named."""
    if id(schema) not in known:
        own = len(schema.get("anyOf") or ()) + len(schema.get("oneOf") or ()) + len(schema.get("allOf") or ())
        known[id(schema)] = own + ("not" in schema) + sum(_alternatives(each, known) for each in _parts(schema))
    return known[id(schema)]


def _is_other(value: Any, types: tuple[type, ...]) -> bool:
    """Tell whether a value is a boolean in the place of a number."""
    return isinstance(value, bool) and bool not in types


def _texts(schema: Schema) -> Iterator[str]:
    """Yield what a template may have put into a schema; descriptions quote placeholders."""
    for key in ("required", "enum", "x-kubernetes-list-map-keys"):
        yield from (each for each in schema.get(key) or () if isinstance(each, str))
    yield from (each for each in (schema.get("type"), schema.get("format")) if each)
    yield from (each for each in schema.get("properties") or () if isinstance(each, str))
