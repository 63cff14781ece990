"""What to write instead of an unknown field: it is misspelt, or in the wrong place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from k8snetlint.edit.change import delete, move, rename, set_to
from k8snetlint.finding import Fix
from k8snetlint.model.environment import NEWEST, OLDEST
from k8snetlint.source.document import Place
from k8snetlint.source.paths import MapKey, format_path
from k8snetlint.source.similar import closest
from k8snetlint.validation.conformance import fits
from k8snetlint.validation.schemas import definition, field_of, fields_of, reference

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from k8snetlint.edit.change import Change
    from k8snetlint.model.environment import Version
    from k8snetlint.source.paths import FieldPath

_EVERYWHERE = frozenset({"apiVersion", "ip", "key", "kind", "name", "type", "value"})
"""Fields of so many structs that it proves nothing if another struct has them."""


class Struct(NamedTuple):
    """One struct of an object: its definition, its path, and its value."""

    name: str
    path: FieldPath
    value: dict[str, Any]


class SuggestedField(NamedTuple):
    """A known field to write instead of an unknown one.

    Attributes:
        text: the field's name, or its path.
        path: its path from the object on; None if it is in a list, and it is not known in which item.
        struct: the definition of the struct that has the field.
        is_certain: no other field is possible.
    """

    text: str
    path: FieldPath | None
    struct: str
    is_certain: bool = True


def suggest_field(key: str, structs: tuple[Struct, ...], version: Version) -> SuggestedField | None:
    """Return what to write instead of a key that the last of `structs` does not know.

    A misspelling comes first. Otherwise the field is looked for in the nearest struct outside that has it, and in those
    directly inside; it must be found in one only.
    """
    *outer, here = structs
    near = closest(key, [field for field in fields_of(here.name, version) if field not in here.value])
    if near:
        return SuggestedField(near, (*here.path, near), here.name)
    if key in _EVERYWHERE:
        return None
    above = [each for each in reversed(outer) if field_of(each.name, key, version)]
    only = sum(key not in each.value for each in above) == 1
    # What stands there already was not meant.
    nearest = [each for each in above[:1] if key not in each.value]
    fields = [SuggestedField(format_path((*each.path, key)), (*each.path, key), each.name, only) for each in nearest]
    fields += _below(key, here, version)
    return fields[0] if len(fields) == 1 else None


def _below(key: str, here: Struct, version: Version) -> list[SuggestedField]:
    """Return the fields of the key in structs inside: in those that are written, otherwise in those that could be."""
    found = {}
    for field, schema in fields_of(here.name, version).items():
        target = reference(schema.get("items", schema))
        if target and field_of(target, key, version):
            value = here.value.get(field)
            alone = isinstance(value, list) and len(value) == 1
            path: FieldPath = (*here.path, field, 0, key) if alone else (*here.path, field, key)
            if "items" in schema and not alone:
                found[field] = SuggestedField(f"{format_path((*here.path, field))}[].{key}", None, target)
            else:
                found[field] = SuggestedField(format_path(path), path, target)
    written = [each for field, each in found.items() if here.value.get(field)]
    return [each._replace(is_certain=len(found) == 1) for each in written or found.values()]


def fix_field(
    path: FieldPath,
    field: SuggestedField,
    structs: tuple[Struct, ...],
    version: Version,
    at: Callable[[FieldPath], Place],
) -> Fix | None:
    """Return the fix that renames or moves an unknown field, None if it does not fit in the suggested place.

    Args:
        path: the path of the field.
        field: the suggested one.
        structs: those that contain it, the object first.
        version: the Kubernetes version to judge by.
        at: gives the place of a field path.
    """
    here, key = structs[-1], str(path[-1])
    schema = field_of(field.struct, str(field.path[-1]), version) if field.path else None
    value = here.value[key]
    if field.path is None or schema is None or value is None or not fits(value, schema, version):
        return None
    if field.path[:-1] == here.path:
        return Fix(f"rename `{key}` to `{field.path[-1]}`", (rename(at(path), str(field.path[-1])),), field.is_certain)
    holder, written = _value_at(structs[0].value, field.path[:-1])
    # What remains of a struct must not be empty: an empty selector would select everything.
    is_emptied = len(here.value) == 1 and field.path[: len(here.path)] != here.path
    if is_emptied or (isinstance(holder, dict) and field.path[-1] in holder):
        return None
    outwards = field.path[:-1] == path[: len(field.path) - 1]
    neighbours = list(_neighbours(path, structs[0].value, len(field.path) - 1)) if outwards else []
    if any(isinstance(each, dict) and key in each for each in neighbours):
        return None
    title = f"move `{key}` to {format_path(field.path[:-1]) or 'the top level'}"
    if holder is None and written:
        changes: tuple[Change, ...] = (set_to(at(field.path[:-1]), {str(field.path[-1]): value}), delete(at(path)))
    elif holder is None or isinstance(holder, dict):
        after = str(path[len(field.path) - 1]) if outwards else ""
        changes = (move(at(path), at(field.path), after=after),)
    else:
        return None
    return Fix(title, changes, field.is_certain and not neighbours)


def flatten_match_labels(at: Place, selector: dict[str, Any], labels: dict[str, Any]) -> Fix | None:
    """Return the fix that takes labels out of the `matchLabels` of a Service's selector, which `at` names."""
    if len(selector) > 1 or not labels or not all(isinstance(each, str) for each in labels.values()):
        return None
    above = Place(at.source, at.document, at.path[:-1], at.root)
    moves = [move(at.to(MapKey(label)), above.to(MapKey(label))) for label in labels]
    return Fix("move the labels out of matchLabels", (*moves, delete(at)), safe=True)


def _value_at(value: Any, path: FieldPath) -> tuple[Any, bool]:
    """Return the value at a path, and whether there is one, if only a null."""
    for step in path:
        if isinstance(value, dict) and step in value:
            value = value[str(step)]
        elif isinstance(value, list) and isinstance(step, int) and step < len(value):
            value = value[step]
        else:
            return None, False
    return value, True


def _neighbours(path: FieldPath, value: Any, depth: int) -> Iterator[Any]:
    """Yield the other items of the lists that a path goes through below `depth`."""
    for index, step in enumerate(path[:-1]):
        if isinstance(step, int) and index >= depth:
            yield from (each for other, each in enumerate(value) if other != step)
        value = value[step]


def other_version(name: str, key: str, version: Version) -> str:
    """Return in which versions a struct has a field that it does not have in `version`, empty if in none."""
    if key not in definition(name).get("properties", {}):
        return ""
    minors = range(OLDEST[1], NEWEST[1] + 1)
    having = [minor for minor in minors if field_of(name, key, (OLDEST[0], minor))]
    if version[1] < having[0]:
        return f"available since Kubernetes {OLDEST[0]}.{having[0]}"
    return f"removed in Kubernetes {OLDEST[0]}.{having[-1] + 1}"
