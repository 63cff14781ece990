"""What an unknown field was probably meant to be: a known one misspelt, or one that belongs elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from k8snetlint.model.environment import NEWEST, OLDEST
from k8snetlint.source.paths import format_path
from k8snetlint.source.similar import closest
from k8snetlint.validation.schemas import definition, field_of, fields_of, reference

if TYPE_CHECKING:
    from k8snetlint.model.environment import Version
    from k8snetlint.source.paths import FieldPath

_EVERYWHERE = frozenset({"apiVersion", "ip", "key", "kind", "name", "type", "value"})
"""Fields of so many structs that another one's tells nothing."""


class Struct(NamedTuple):
    """One struct of an object: its definition, where it stands, and its value."""

    name: str
    path: FieldPath
    value: dict[str, Any]


def meant(key: str, structs: tuple[Struct, ...], version: Version) -> str | None:
    """Return what is meant by a key that the last of `structs` does not know: a field's name, or a path.

    A misspelling comes first. Otherwise the field is looked for in the structs around, the nearest one that has it,
    and in those right below; it must be found in one only.
    """
    *around, here = structs
    candidates = [field for field in fields_of(here.name, version) if field not in here.value]
    near = closest(key, candidates)
    if near or key in _EVERYWHERE:
        return near
    above = next((each.path for each in reversed(around) if field_of(each.name, key, version)), None)
    places = [] if above is None else [format_path((*above, key))]
    places += _below(key, here, version)
    return places[0] if len(places) == 1 else None


def _below(key: str, here: Struct, version: Version) -> list[str]:
    """Return the paths of the key in structs below: in those that are written, otherwise in those that could be."""
    found = {}
    for field, schema in fields_of(here.name, version).items():
        target = reference(schema.get("items", schema))
        if target and field_of(target, key, version):
            found[field] = "[]" if "items" in schema else ""
            value = here.value.get(field)
            if found[field] and isinstance(value, list) and len(value) == 1:
                found[field] = "[0]"
    written = {field: index for field, index in found.items() if here.value.get(field)}
    return [f"{format_path((*here.path, field))}{index}.{key}" for field, index in (written or found).items()]


def other_version(name: str, key: str, version: Version) -> str:
    """Return in which versions a struct has a field that it does not have in `version`, empty if in none."""
    if key not in definition(name).get("properties", {}):
        return ""
    minors = range(OLDEST[1], NEWEST[1] + 1)
    having = [minor for minor in minors if field_of(name, key, (OLDEST[0], minor))]
    if version[1] < having[0]:
        return f"a field since Kubernetes {OLDEST[0]}.{having[0]}"
    return f"no field any more since Kubernetes {OLDEST[0]}.{having[-1] + 1}"
