"""The JSON Schema of configuration files, for editors: it refuses nothing that we take."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from k8snetlint.codes import ALWAYS, group_of
from k8snetlint.configfile.keys import KEYS, Takes
from k8snetlint.finding import Severity
from k8snetlint.model.environment import NEWEST, OLDEST

if TYPE_CHECKING:
    from collections.abc import Sequence

_LEVELS = [level.word for level in sorted(Severity, reverse=True)]
_REQUIRED = {"cluster": ["name", "paths"]}
_FAMILIES = r"^\s*[Ii][Pp][Vv][46]\s*(,\s*[Ii][Pp][Vv][46]\s*)?$"
_TEXT: dict[str, Any] = {"type": "string"}


def schema(known_ids: Sequence[str]) -> dict[str, Any]:
    """Return the JSON Schema of `k8snetlint.toml`, as of the table `tool.k8snetlint` of a `pyproject.toml`.

    Args:
        known_ids: all ids that a finding can have.
    """
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "$id": "urn:k8snetlint:schema:config:1",
        "title": "k8snetlint configuration",
        **_table("", known_ids),
    }


def _table(name: str, known_ids: Sequence[str]) -> dict[str, Any]:
    keys = {key.name: {"description": key.meaning, **_value(key.takes, key.name, known_ids)} for key in KEYS[name]}
    required = {"required": _REQUIRED[name]} if name in _REQUIRED else {}
    return {"type": "object", "additionalProperties": False, **required, "properties": keys}


def _value(takes: Takes, name: str, known_ids: Sequence[str]) -> dict[str, Any]:
    ids = sorted({"ALL", *known_ids, *map(group_of, known_ids)})
    may_go = [each for each in ids if each not in ALWAYS]
    match takes:
        case Takes.TEXT:
            return _TEXT
        case Takes.FLAG:
            return {"type": "boolean"}
        case Takes.LEVEL:
            return {"enum": _LEVELS}
        case Takes.TEXTS | Takes.PATTERNS | Takes.NAMES:
            return _list(_TEXT)
        case Takes.IDS:
            return _list({"enum": may_go if name == "ignore" else ids})
        case Takes.CIDRS | Takes.PODS:
            return {"anyOf": [_TEXT, _list(_TEXT)]}
        case Takes.FAMILIES:
            family = {"type": "string", "pattern": _FAMILIES}
            return {"anyOf": [family, _list(family)]}
        case Takes.VERSIONS:
            version = {"type": "string", "pattern": _versions()}
            return {"anyOf": [version, {**_list(version), "minItems": 1}]}
        case Takes.LEVELS:
            levels = {each: {"enum": _LEVELS if each in ALWAYS else [*_LEVELS, "off"]} for each in sorted(known_ids)}
            return {"type": "object", "additionalProperties": False, "properties": levels}
        case Takes.IGNORES:
            return {"type": "object", "additionalProperties": _list({"enum": may_go})}
        case Takes.TABLE:
            return _table(name, known_ids)
        case Takes.TABLES:
            return _list(_table(name, known_ids))


def _list(items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": items}


def _versions() -> str:
    """Return the pattern of one version, or of several with commas."""
    minors = "|".join(str(minor) for minor in range(OLDEST[1], NEWEST[1] + 1))
    version = rf"\s*v?0*{NEWEST[0]}\.0*({minors})(\.\d+)?([-+][^,]*)?\s*"
    return f"^{version}(,{version})*$"
