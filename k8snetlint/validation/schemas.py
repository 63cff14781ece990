"""Kubernetes' own schemas: which kinds a version serves, and which fields their objects have.

`schemas/kubernetes.json` contains all versions at once (see `schemas/SOURCES.md`); what is not in all of them carries
`x-since`, the first version that has it, and `x-until`, the first version that no longer has it.
"""

# ruff: noqa: PTH112, PTH118, PTH120, PTH123 - pathlib is not imported for one file

from __future__ import annotations

import enum
import functools
import json
import os
import re
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from pathlib import Path

    from k8snetlint.model.environment import Version

Schema = dict[str, Any]
"""A JSON Schema, or a part of one."""

INT32, INT64 = 2**31, 2**63
_QUANTITY = r"^\s*(?=\S)[+-]?[0-9]*(\.[0-9]*)?([numkMGTPE]?|[KMGTPE]i|[eE][+-]?[0-9]{1,18})\s*\Z"
_TIME = (
    r"^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T(2[0-3]|[01]?[0-9]):[0-5][0-9]:[0-5][0-9]([.,][0-9]+)?"
    r"(Z|[+-]([01][0-9]|2[0-4]):([0-5][0-9]|60))\Z"
)
"""What Go reads as a quantity and as a time (`literals` has the sources), but for the 31st of June and the like."""

_NO_OBJECTS = frozenset({"Config", "Policy"})
"""Of apiVersion v1 and no API object: a kubeconfig, and the configuration of schedulers up to 1.22."""
_OPENSHIFT = frozenset(
    {
        *("BuildConfig", "DeploymentConfig", "Group", "Image", "ImageStream", "ImageStreamTag", "OAuthClient"),
        *("Project", "ProjectRequest", "Route", "SecurityContextConstraints", "Template", "User"),
    }
)
"""OpenShift 3 served its own kinds under v1, and `oc process` reads such templates to this day."""
FOREIGN_KINDS = _NO_OBJECTS | _OPENSHIFT
"""Kinds that others write under an apiVersion without a group."""
_CONFIGURATION = frozenset({"audit.k8s.io", "eksctl.io", "k3d.io", "kind.x-k8s.io", "kubeadm.k8s.io"})
_CONFIGURATION_ENDS = (".config.k8s.io", "config.kubernetes.io")
"""Groups of what tools read, and no API server."""
_VERSION = r"v(\d+)(?:(alpha|beta)(\d+))?"


class Serving(enum.Enum):
    """Whether the API server of one Kubernetes version knows a kind."""

    SERVED = "served"
    OFF = "off"
    REMOVED = "removed"
    NOT_YET = "not yet"
    UNKNOWN = "unknown"
    CUSTOM = "custom"


class Answer(NamedTuple):
    """Whether a version serves a kind.

    Attributes:
        serving: off means that it is served only where the cluster enables it; custom, that it is of no built-in group,
            or no API object at all: that cannot be decided here.
        at: the version that removed it, or the first one that serves it; None for the other answers.
        instead: the apiVersion that serves the kind in that version, None without one.
    """

    serving: Serving
    at: Version | None = None
    instead: str | None = None


def folder() -> Path:
    """Return the folder of our schemas, in a checkout as in an installed wheel."""
    from pathlib import Path  # noqa: PLC0415 - to import it takes longer than to check a file

    return Path(_folder())


def _folder() -> str:
    package = os.path.dirname(os.path.dirname(__file__))
    installed = os.path.join(package, "schemas")
    return installed if os.path.isdir(installed) else os.path.join(os.path.dirname(package), "schemas")


@functools.cache
def _kubernetes() -> Schema:
    with open(os.path.join(_folder(), "kubernetes.json"), "rb") as file:
        loaded: Schema = json.loads(file.read())
    return loaded


@functools.lru_cache(4096)
def definition_of(group: str, version: str, kind: str) -> str | None:
    """Return the name of a kind's definition, None if its schema is not known; the core group is empty."""
    api = f"{group}/{version}" if group else version
    name: str | None = _kubernetes()["x-kubernetes-roots"].get(f"{api}/{kind}")
    return name


def definition(name: str) -> Schema:
    """Return a definition as the file has it, all versions in one."""
    found: Schema = _kubernetes()["$defs"][name]
    return found


def field_of(name: str, field: str, version: Version) -> Schema | None:
    """Return the schema of a definition's field in one version, None if it has no such field then."""
    schema = definition(name).get("properties", {}).get(field)
    if schema is not None:
        for variant in schema.get("x-variants", (schema,)):
            if _within(variant.get("x-since"), variant.get("x-until"), version):
                found: Schema = variant
                return found
    return None


def fields_of(name: str, version: Version) -> dict[str, Schema]:
    """Return the fields that a definition has in one version."""
    fields = ((field, field_of(name, field, version)) for field in definition(name).get("properties", {}))
    return {field: schema for field, schema in fields if schema is not None}


def reference(schema: Schema) -> str | None:
    """Return the name of the definition that a schema refers to."""
    ref: str | None = schema.get("$ref")
    return ref and ref.removeprefix("#/$defs/")


def _parse(text: str) -> Version:
    major, minor = text.split(".")
    return int(major), int(minor)


def _within(since: str | None, until: str | None, version: Version) -> bool:
    return (since is None or _parse(since) <= version) and (until is None or version < _parse(until))


def _group(api_version: str) -> str:
    return api_version.rpartition("/")[0]


def _stability(api_version: str) -> tuple[int, int, int]:
    """Order v1 before v1beta2 before v1beta1 before v1alpha3, and v2 before v1."""
    match = re.fullmatch(_VERSION, api_version.rpartition("/")[2])
    if not match:
        return 3, 0, 0
    stage = {None: 0, "beta": 1, "alpha": 2}[match[2]]
    return stage, -int(match[1]), -int(match[3] or 0)


@functools.cache
def _groups() -> frozenset[str]:
    return frozenset(_group(api) for api in _kubernetes()["x-kubernetes-kinds"])


@functools.cache
def groups_by_kind() -> dict[str, tuple[str, ...]]:
    """Return every kind of Kubernetes, with all groups that serve it or once did."""
    found: dict[str, dict[str, None]] = {}
    for api, kinds in _kubernetes()["x-kubernetes-kinds"].items():
        for kind in kinds:
            found.setdefault(kind, {})[_group(api)] = None
    return {kind: tuple(groups) for kind, groups in found.items()}


def api_versions_of(kind: str, version: Version) -> list[str]:
    """Return the apiVersions that serve a kind in a version, the most stable first; those that are off as well."""
    table = _kubernetes()["x-kubernetes-kinds"]
    found = (api for api, kinds in table.items() if kind in kinds and _is_served(kinds[kind], version))
    return sorted(found, key=_stability)


def _is_served(entry: dict[str, str], version: Version) -> bool:
    return _within(entry.get("since"), entry.get("until"), version)


def _is_off(api_version: str, kind: str) -> bool:
    """Tell whether an apiVersion that has a kind serves it only where the cluster enables it."""
    if not _stability(api_version)[0]:
        return False
    return kind not in _kubernetes()["x-kubernetes-default-betas"].get(api_version, ())


def kinds_of(api_version: str, version: Version) -> list[str]:
    """Return the kinds that a version serves under an apiVersion."""
    kinds = _kubernetes()["x-kubernetes-kinds"].get(api_version, {})
    return [kind for kind, entry in kinds.items() if _is_served(entry, version)]


def serving_of(api_version: str, kind: str, version: Version) -> Answer:
    """Return whether a Kubernetes version serves a kind.

    A group is built-in if Kubernetes ever served a kind of it: other groups are custom resources. Kubeconfigs and
    OpenShift's kinds under `v1` are custom, too. A List has been taken apart, or it has no items and kubectl looks for
    its kind.
    """
    if api_version.startswith("/") and "/" not in api_version[1:]:
        # The core group has no name, with a slash as without.
        api_version = api_version[1:]
    group = _group(api_version)
    if group not in _groups():
        return Answer(Serving.CUSTOM)
    entry = _kubernetes()["x-kubernetes-kinds"].get(api_version, {}).get(kind)
    if entry is not None and _is_served(entry, version) and not _is_off(api_version, kind):
        return Answer(Serving.SERVED)
    elsewhere = api_versions_of(kind, version)
    if api_version in elsewhere:
        instead = next((api for api in elsewhere if not _is_off(api, kind)), None)
        return Answer(Serving.OFF, instead=instead)
    if entry is None:
        # Without a group, only v1 is Kubernetes' for sure: kustomize has its own `apiVersion: builtin`.
        foreign = not group and (kind in FOREIGN_KINDS or (api_version != "v1" and not elsewhere))
        if foreign:
            return Answer(Serving.CUSTOM)
        return Answer(Serving.UNKNOWN, instead=elsewhere[0] if elsewhere else None)
    instead = next((api for api in elsewhere if _group(api) == group), None) or entry.get("replacement")
    since = entry.get("since")
    if since and version < _parse(since):
        return Answer(Serving.NOT_YET, _parse(since), instead)
    return Answer(Serving.REMOVED, _parse(entry["until"]), instead)


def is_custom(group: str, kind: str) -> bool:
    """Tell whether objects of a kind are custom resources: no built-in ones, and no configuration of a tool."""
    if group in _groups() or group in _CONFIGURATION or group.endswith(_CONFIGURATION_ENDS):
        return False
    return not kind.endswith("List")


def materialise(name: str, version: Version) -> Schema:
    """Return one definition in one version as a JSON Schema of its own, for any validator.

    Unknown fields are forbidden and null is allowed everywhere, as the API server decodes: a null is as if the field
    were missing. Nothing is required. Whole floats count as integers, as JSON Schema has it.
    """
    known: dict[str, Schema] = {}
    todo = [name]
    while todo:
        current = todo.pop()
        if current not in known:
            known[current] = _object(current, version, todo)
    root = {"$schema": "https://json-schema.org/draft/2020-12/schema", "$ref": f"#/$defs/{name}"}
    return root | {"$defs": {each: known[each] for each in sorted(known)}}


def _object(name: str, version: Version, todo: list[str]) -> Schema:
    """Return a definition for `materialise`; what it refers to is added to `todo`."""
    schema = definition(name)
    if schema.get("type") != "object":
        return _nullable(schema, todo)
    fields = {field: _nullable(each, todo) for field, each in fields_of(name, version).items()}
    return {"type": ["object", "null"], "properties": fields, "additionalProperties": False}


def _nullable(schema: Schema, todo: list[str]) -> Schema:
    """Return a field's schema for `materialise`."""
    target = reference(schema)
    if target:
        todo.append(target)
        return {"$ref": schema["$ref"]}
    if "anyOf" in schema:
        result: Schema = {"anyOf": [*(_nullable(each, todo) for each in schema["anyOf"])]}
        return result | ({"pattern": _QUANTITY} if schema.get("format") == "quantity" else {})
    if "type" not in schema:
        return {}
    result = {"type": [schema["type"], "null"]}
    result |= {key: _nullable(schema[key], todo) for key in ("items", "additionalProperties") if key in schema}
    bound = {"int32": INT32, "int64": INT64}.get(schema.get("format", ""))
    if bound:
        result |= {"minimum": -bound, "maximum": bound - 1}
    elif schema.get("format") == "date-time":
        result |= {"format": "date-time", "pattern": _TIME}
    return result
