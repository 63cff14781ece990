"""`--schema-dir`: CustomResourceDefinitions, and JSON Schemas of custom resources.

A JSON Schema names its kind by `x-kubernetes-group-version-kind`, or by its file's name, as kubeconform has it
(`prometheus-monitoring-v1.json`) and its catalogue of CRDs (`monitoring.coreos.com/prometheus_v1.json`).
"""

from __future__ import annotations

import json
import posixpath
import re
from typing import TYPE_CHECKING, Any, NamedTuple

from k8snetlint.finding import ConfigError
from k8snetlint.git import tracked_files
from k8snetlint.source.files import find
from k8snetlint.source.load import load
from k8snetlint.source.objects import objects_of
from k8snetlint.validation.definitions import definition_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from k8snetlint.source.document import Source
    from k8snetlint.validation.definitions import Definition

_NAMES = "x-kubernetes-group-version-kind"
_CONTAINERS = ("$defs", "definitions")
_FLAT_NAME = re.compile(r"([a-z0-9]+)-([a-z0-9.-]+)-(v[0-9]+(?:(?:alpha|beta)[0-9]+)?)\.json")
_NAME_IN_GROUP = re.compile(r"([a-z0-9]+)_(v[0-9]+(?:(?:alpha|beta)[0-9]+)?)\.json")
"""How kubeconform's users call files: kind, group or its first part, version; and in a folder of the group."""

Key = tuple[str, str, str]
"""Group, version and kind."""


class Schemas(NamedTuple):
    """What `--schema-dir` gives, as in `Config`: JSON Schemas, and what CustomResourceDefinitions define."""

    schemas: Mapping[Key, Mapping[str, object]]
    definitions: Mapping[tuple[str, str], Definition]


def read_schemas(paths: Sequence[str]) -> Schemas:
    """Return the schemas in folders.

    A JSON Schema stands for itself in a file, or among the `definitions` of one.

    Raises:
        MissingPathError: a path does not exist.
        ConfigError: a file is no JSON, or no JSON Schema, or refers to another file; or a folder names no kind.
    """
    schemas: dict[Key, Mapping[str, object]] = {}
    definitions: dict[tuple[str, str], Definition] = {}
    for path in paths:
        is_empty = True
        for source in find([path], tracked_files=tracked_files).sources:
            if source.name.endswith((".yaml", ".yml")):
                defined = {(each.group, each.kind): each for each in _definitions(source)}
                definitions.update(defined)
                is_empty = is_empty and not defined
                continue
            whole = _read(source)
            defined = {(each.group, each.kind): each for each in [definition_in(whole)] if each}
            definitions.update(defined)
            found = dict(_kinds(source.name, whole)) if isinstance(whole, dict) and not defined else {}
            if found:
                _check(source.name, whole)
            schemas.update(found)
            is_empty = is_empty and not (found or defined)
        if is_empty:
            wanted = f"a JSON Schema with `{_NAMES}` or a name like `{{kind}}-{{group}}-{{version}}.json`"
            raise ConfigError(f"`{path}` contains no CustomResourceDefinition and no {wanted.removeprefix('a ')}")
    return Schemas(schemas, definitions)


def _definitions(source: Source) -> Iterator[Definition]:
    """Yield what the CustomResourceDefinitions of a YAML file define."""
    try:
        documents = load(source).documents
    except OSError as error:
        raise ConfigError(f"{source.name}: {error}") from error
    for document in documents:
        for value, _ in objects_of(document.value):
            definition = definition_in(value)
            if definition:
                yield definition


def _read(source: Source) -> Any:
    try:
        return json.loads(source.read())
    except OSError as error:
        raise ConfigError(f"{source.name}: {error}") from error
    except json.JSONDecodeError as error:
        where = f"{source.name}:{error.lineno}:{error.colno}"
        raise ConfigError(f"{where}: not JSON: {error.msg[:1].lower()}{error.msg[1:]}") from error
    except (ValueError, RecursionError) as error:
        raise ConfigError(f"{source.name}: cannot be read as JSON") from error


def _kinds(name: str, whole: dict[str, Any]) -> Iterator[tuple[Key, Mapping[str, object]]]:
    """Yield the schemas of one file, each with all that it refers to."""
    keys = _keys(name, whole)
    yield from ((key, whole) for key in keys or _keys_by_name(name, whole))
    for container in _CONTAINERS:
        parts = whole.get(container)
        for part_name, part in parts.items() if isinstance(parts, dict) else ():
            if isinstance(part, dict):
                pointer = part_name.replace("~", "~0").replace("/", "~1").replace("%", "%25")
                schema = {"$ref": f"#/{container}/{pointer}", container: parts}
                yield from ((key, schema) for key in _keys(name, part))


def _keys(name: str, schema: dict[str, Any]) -> list[Key]:
    kinds = schema.get(_NAMES, [])
    keys = []
    for kind in kinds if isinstance(kinds, list) else [kinds]:
        parts = [kind.get(part) for part in ("group", "version", "kind")] if isinstance(kind, dict) else [None]
        if not all(isinstance(part, str) for part in parts):
            raise ConfigError(f"{name}: `{_NAMES}` contains something other than group, version and kind")
        keys.append((str(parts[0]), str(parts[1]), str(parts[2])))
    return keys


def _keys_by_name(name: str, schema: dict[str, Any]) -> list[Key]:
    """Return the kind that a file is called after, in lower case, if it holds a schema of objects."""
    if not isinstance(schema.get("properties"), dict):
        return []
    folder, file = posixpath.split(name)
    group = posixpath.basename(folder)
    in_group = _NAME_IN_GROUP.fullmatch(file) if "." in group else None
    if in_group:
        return [(group, in_group[2], in_group[1])]
    flat = _FLAT_NAME.fullmatch(file)
    return [(flat[2], flat[3], flat[1])] if flat else []


def _check(name: str, schema: dict[str, Any]) -> None:
    """Refuse what would fail, or reach for the network, while a manifest is checked."""
    from jsonschema.exceptions import SchemaError  # noqa: PLC0415 - only with --schema-dir
    from jsonschema.validators import Draft202012Validator, validator_for  # noqa: PLC0415 - only with --schema-dir

    try:
        validator_for(schema, default=Draft202012Validator).check_schema(schema)
    except SchemaError as error:
        raise ConfigError(f"{name}: not a JSON Schema: {error.json_path}: {error.message}") from error
    except RecursionError as error:
        raise ConfigError(f"{name}: nested too deeply") from error
    for reference in _references(schema):
        if not reference.startswith("#"):
            raise ConfigError(f"{name}: refers to `{reference}`; only references within the file are followed")


def _references(value: Any) -> Iterator[str]:
    todo = [value]
    while todo:
        here = todo.pop()
        if isinstance(here, dict):
            todo += here.values()
            if isinstance(here.get("$ref"), str):
                yield here["$ref"]
        elif isinstance(here, list):
            todo += here
