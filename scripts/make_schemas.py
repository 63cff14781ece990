"""Makes `schemas/kubernetes.json` from the JSON schemas of the PyPI package `kubernetes-validate`.

    python scripts/make_schemas.py            write the file
    python scripts/make_schemas.py --check    exit 1 if the file is not what would be written

The schemas of all Kubernetes versions become one: what does not exist in every version carries `x-since` (the first
version that has it) and `x-until` (the first version that no longer has it). Dropped: descriptions, `required` (no
API server enforces it) and null (allowed everywhere). Added, because the API server's messages name Go's types:
`x-go-type` where a string or map has a type of its own, `x-go-embedded` where a field is that of an embedded struct.
"""

from __future__ import annotations

import importlib.util
import json
import sys
from pathlib import Path
from typing import Any

from kubernetes_names import CLASHING, DEFAULT_BETAS, EMBEDDED, GO_TYPES, NO_OBJECTS, REMOVED

Schema = dict[str, Any]
Served = dict[tuple[str, str], list[int]]
"""The minor versions that serve a kind, by its apiVersion and name, ascending."""

FIRST, LAST = 25, 37
ROOTS = {
    "v1": ("Endpoints", "Service", "Namespace", "Pod", "ReplicationController"),
    "apps/v1": ("Deployment", "StatefulSet", "DaemonSet", "ReplicaSet"),
    "batch/v1": ("Job", "CronJob"),
    "discovery.k8s.io/v1": ("EndpointSlice",),
    "networking.k8s.io/v1": ("NetworkPolicy", "Ingress", "IngressClass"),
}
PACKAGES = {
    "v1": "core",
    "apps/v1": "apps",
    "batch/v1": "batch",
    "discovery.k8s.io/v1": "discovery",
    "networking.k8s.io/v1": "networking",
}
TARGET = Path(__file__).resolve().parent.parent / "schemas" / "kubernetes.json"
SPECIAL: dict[str, Schema] = {
    "IntOrString": {"anyOf": [{"format": "int32", "type": "integer"}, {"type": "string"}]},
    "Quantity": {"anyOf": [{"type": "number"}, {"type": "string"}], "format": "quantity"},
    "FieldsV1": {},
}
"""Types that decode themselves; FieldsV1 takes any JSON."""


def source() -> Path:
    """Return the folder of the package's schemas.

    Raises:
        ModuleNotFoundError: it is not installed.
    """
    spec = importlib.util.find_spec("kubernetes_validate")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("kubernetes_validate")
    return Path(spec.origin).parent / "kubernetes-json-schema"


def definitions(folder: Path, minor: int) -> dict[str, Schema]:
    """Return the definitions of one version by their full names."""
    text = (folder / f"v1.{minor}.0-local" / "_definitions.json").read_text(encoding="utf-8")
    found: dict[str, Schema] = json.loads(text)["$defs"]
    return found


def short(name: str) -> str:
    """Return `ServicePort` for `io.k8s.api.core.v1.ServicePort`; versions other than v1 stay in front.

    So does the group of a name that there is in two groups.
    """
    *_, group, version, last = name.split(".")
    if (group, last) in CLASHING:
        return f"{group}.{last}"
    return f"{version}.{last}" if version.startswith(("v1alpha", "v1beta")) else last


def lean(schema: Schema) -> Schema:
    """Return the part of a property's schema that decides what is decoded."""
    if "$ref" in schema:
        return {"$ref": "#/$defs/" + short(schema["$ref"].rsplit("/", 1)[1])}
    types = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    (kind,) = (name for name in types if name != "null")
    result: Schema = {"type": kind}
    if "format" in schema:
        result["format"] = schema["format"]
    for child in ("items", "additionalProperties"):
        if child in schema:
            result[child] = lean(schema[child])
    return result


def definition(name: str, schema: Schema) -> Schema:
    """Return a definition without what only documents it."""
    if name in SPECIAL:
        return SPECIAL[name]
    result = lean(schema)
    if result["type"] == "object":
        result["properties"] = {key: lean(value) for key, value in schema.get("properties", {}).items()}
    return result


def referenced(schema: Any) -> set[str]:
    """Return the names of the definitions that a schema refers to."""
    if isinstance(schema, dict):
        own = {schema["$ref"].rsplit("/", 1)[1]} if isinstance(schema.get("$ref"), str) else set()
        return own.union(*(referenced(value) for value in schema.values()))
    return set()


def closure(known: dict[str, Schema]) -> dict[str, Schema]:
    """Return the lean definitions that the roots reach in one version, by their short names."""
    todo = [f"io.k8s.api.{PACKAGES[api]}.v1.{kind}" for api, kinds in ROOTS.items() for kind in kinds]
    full = {name: short(name) for name in todo}
    result: dict[str, Schema] = {}
    while todo:
        name = todo.pop()
        result[full[name]] = definition(full[name], known[name])
        for other in referenced(known[name]) - full.keys():
            if short(other) in full.values():
                raise ValueError(f"two definitions named {short(other)}")
            full[other] = short(other)
            todo.append(other)
    return result


def span(minors: list[int]) -> Schema:
    """Return `x-since` and `x-until` for the versions that have something."""
    if minors != list(range(minors[0], minors[-1] + 1)):
        raise ValueError(f"versions with a gap: {minors}")
    since = {"x-since": f"1.{minors[0]}"} if minors[0] > FIRST else {}
    return since | ({"x-until": f"1.{minors[-1] + 1}"} if minors[-1] < LAST else {})


def merged(name: str, versions: dict[int, Schema]) -> Schema:
    """Return one definition for all versions of one."""
    if name in SPECIAL or "properties" not in versions[max(versions)]:
        (only,) = {json.dumps(schema, sort_keys=True) for schema in versions.values()}
        result: Schema = json.loads(only)
        return result
    properties: Schema = {}
    for key in sorted({key for schema in versions.values() for key in schema["properties"]}):
        shapes: dict[str, list[int]] = {}
        for minor, schema in versions.items():
            if key in schema["properties"]:
                shapes.setdefault(json.dumps(schema["properties"][key], sort_keys=True), []).append(minor)
        variants = [named(name, key, json.loads(shape)) | span(minors) for shape, minors in shapes.items()]
        properties[key] = variants[0] if len(variants) == 1 else {"x-variants": variants}
    return {"properties": properties, "type": "object"}


def named(name: str, key: str, schema: Schema) -> Schema:
    """Add the names of Go's types to a property's schema."""
    fields, struct = EMBEDDED.get(name, ((), ""))
    if key in fields:
        schema["x-go-embedded"] = struct
    go_type = GO_TYPES.get(f"{name}.{key}")
    if go_type:
        schema.get("items", schema)["x-go-type"] = go_type
    value_type = GO_TYPES.get(f"{name}.{key}.*")
    if value_type:
        schema["additionalProperties"]["x-go-type"] = value_type
    return schema


def served(versions: dict[int, dict[str, Schema]]) -> Served:
    """Return which versions serve which kind of object."""
    result: Served = {}
    for minor, known in versions.items():
        for schema in known.values():
            for kind in schema.get("x-kubernetes-group-version-kind", ()):
                api = f"{kind['group']}/{kind['version']}" if kind["group"] else kind["version"]
                name = kind["kind"]
                if "items" in schema.get("properties", {}) or name in NO_OBJECTS.get(api, NO_OBJECTS["*"]):
                    continue
                result.setdefault((api, name), []).append(minor)
    return result


def kinds(found: Served) -> dict[str, dict[str, Schema]]:
    """Return since and until by apiVersion and kind, and what replaces it if that is of another group."""
    table: dict[str, dict[str, Schema]] = {}
    for (api, kind), minors in found.items():
        entry = {key.removeprefix("x-"): value for key, value in span(minors).items()}
        table.setdefault(api, {})[kind] = entry
    for until, rows in REMOVED.items():
        for api, names, *replacement in rows:
            for kind in names.split():
                if kind in table.get(api, {}):
                    raise ValueError(f"{api} {kind} is served from 1.{FIRST} on")
                entry = {"until": until} | ({"replacement": replacement[0]} if replacement else {})
                table.setdefault(api, {})[kind] = entry
    return table


def default_betas(table: dict[str, dict[str, Schema]]) -> dict[str, list[str]]:
    """Return the beta kinds that are served by default, by apiVersion."""
    for api, names in DEFAULT_BETAS.items():
        for kind in names.split():
            if kind not in table.get(api, {}):
                raise ValueError(f"{api} {kind} is not served")
    return {api: names.split() for api, names in DEFAULT_BETAS.items()}


def make(folder: Path) -> str:
    """Return the text of `schemas/kubernetes.json`."""
    known = {minor: definitions(folder, minor) for minor in range(FIRST, LAST + 1)}
    reached = {minor: closure(found) for minor, found in known.items()}
    names = sorted({name for found in reached.values() for name in found})
    table = kinds(served(known))
    result = {
        "$comment": "made by scripts/make_schemas.py; see SOURCES.md",
        "$defs": {n: merged(n, {minor: found[n] for minor, found in reached.items() if n in found}) for n in names},
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "x-kubernetes-default-betas": default_betas(table),
        "x-kubernetes-kinds": table,
        "x-kubernetes-roots": {f"{api}/{kind}": kind for api, found in ROOTS.items() for kind in found},
    }
    return json.dumps(result, sort_keys=True, separators=(",", ":")) + "\n"


def main(arguments: list[str]) -> int:
    """Write the file, or with `--check` compare it."""
    text = make(source())
    if arguments != ["--check"]:
        TARGET.write_text(text, encoding="utf-8", newline="\n")
        print(f"{TARGET.name}: {len(text)} bytes")
        return 0
    if TARGET.read_text(encoding="utf-8") == text:
        return 0
    print(f"{TARGET.name} is stale: run scripts/make_schemas.py", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
