"""`--schema-dir`: JSON Schemas of custom resources."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from k8snetlint.finding import ConfigError
from k8snetlint.git import tracked_files
from k8snetlint.source.files import find

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from k8snetlint.source.document import Source

_NAMES = "x-kubernetes-group-version-kind"
_CONTAINERS = ("$defs", "definitions")

Key = tuple[str, str, str]
"""Group, version and kind."""


def read_schemas(paths: Sequence[str]) -> Mapping[Key, Mapping[str, object]]:
    """Return the schemas in folders of JSON files by the kinds they name in `x-kubernetes-group-version-kind`.

    A schema stands for itself in a file, or among the `definitions` of one.

    Raises:
        MissingPathError: a path does not exist.
        ConfigError: a file is no JSON, or no JSON Schema, or refers to another file; or a folder names no kind.
    """
    schemas: dict[Key, Mapping[str, object]] = {}
    for path in paths:
        before = len(schemas)
        for source in find([path], tracked_files=tracked_files).sources:
            if source.name.endswith((".yaml", ".yml")):
                continue
            whole = _read(source)
            found = dict(_kinds(source.name, whole)) if isinstance(whole, dict) else {}
            if found:
                _check(source.name, whole)
            schemas.update(found)
        if len(schemas) == before:
            raise ConfigError(f"`{path}` contains no JSON Schema that names its kind in `{_NAMES}`")
    return schemas


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
    yield from ((key, whole) for key in _keys(name, whole))
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
