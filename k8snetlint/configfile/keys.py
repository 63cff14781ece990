"""Every key of a configuration file: what it takes and what it means; documentation and JSON Schema follow from it."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping


class Takes(enum.Enum):
    """What a key takes, in the words of the documentation."""

    TEXT = "a text"
    TEXTS = "a list of texts"
    PATTERNS = "a list of patterns as in a `.gitignore`"
    NAMES = "a list of names"
    FLAG = "true or false"
    LEVEL = "a level: error, warning, info"
    VERSIONS = "a Kubernetes version, or a list of them"
    CIDRS = "a network, or a list of them"
    FAMILIES = "IPv4, IPv6, or a list of both"
    IDS = "a list of ids, groups (`netpol`) or `ALL`"
    LEVELS = "a table: for an id a level, or off"
    IGNORES = "a table: for a pattern a list of ids"
    TABLE = "a table"
    TABLES = "a list of tables"


class Key(NamedTuple):
    """One key of a table: its name, what it takes, what it means, and an example in TOML."""

    name: str
    takes: Takes
    meaning: str
    example: str


_CLUSTER = (
    Key("kubernetes-version", Takes.VERSIONS, "The versions to judge by; the newest if none is told.", '"1.34"'),
    Key("node-port-range", Takes.TEXT, "The cluster's node ports; 30000-32767 if not told.", '"30000-32767"'),
    Key("service-cidr", Takes.CIDRS, "The networks of Services' addresses.", '["10.96.0.0/12", "fd00:10:96::/108"]'),
    Key("ip-family", Takes.FAMILIES, "The cluster's IP families, the first one first.", '["IPv4", "IPv6"]'),
    Key("namespace", Takes.TEXT, "The namespace of objects that name none.", '"shop"'),
)

KEYS: Mapping[str, tuple[Key, ...]] = {
    "": (
        Key(
            "include",
            Takes.PATTERNS,
            "What folders are searched for, instead of YAML and JSON.",
            '["deploy/**/*.yaml"]',
        ),
        Key("exclude", Takes.PATTERNS, "What is left out in folders.", '["**/testdata/**"]'),
        Key(
            "context", Takes.TEXTS, "Manifests that are there, too, but not to be checked.", '["platform/namespaces/"]'
        ),
        Key("schema-dir", Takes.TEXTS, "Folders with JSON Schemas of custom resources.", '["schemas"]'),
        Key(
            "fail-on", Takes.LEVEL, "Findings from this level on make the exit code 1; warning if not told.", '"error"'
        ),
        Key("show", Takes.LEVEL, "Findings from this level on are shown one by one; warning if not told.", '"info"'),
        Key("fail-on-skipped", Takes.FLAG, "Templates that were not checked make the exit code 1.", "true"),
        *_CLUSTER,
        Key("whole-cluster", Takes.FLAG, "Nothing else is in the cluster than these manifests.", "true"),
        Key("cluster", Takes.TABLES, "Facts about one cluster, for what lies below its paths.", ""),
        Key("external", Takes.TABLE, "What exists elsewhere and is never missing.", ""),
        Key("lint", Takes.TABLE, "Which findings are reported, and how severe they are.", ""),
    ),
    "cluster": (
        Key("name", Takes.TEXT, "What findings call the cluster.", '"prod"'),
        Key("paths", Takes.PATTERNS, "The manifests that are for it.", '["clusters/prod/**"]'),
        *_CLUSTER,
        Key("complete", Takes.FLAG, "Nothing else is in this cluster than these manifests.", "true"),
    ),
    "external": (
        Key("namespaces", Takes.NAMES, "Namespaces.", '["monitoring"]'),
        Key("labels", Takes.NAMES, "Labels of pods and namespaces, as key=value.", '["team=payments"]'),
        Key("services", Takes.NAMES, "Services, as namespace/name.", '["shared/redis"]'),
    ),
    "lint": (
        Key("select", Takes.IDS, "What is reported, instead of everything.", '["netpol", "service"]'),
        Key("extend-select", Takes.IDS, "What is reported besides.", '["ALL"]'),
        Key("ignore", Takes.IDS, "What is not reported.", '["netpol-deny-all"]'),
        Key("severity", Takes.LEVELS, "How severe an id is.", '{ netpol-deny-all = "off" }'),
        Key("per-file-ignores", Takes.IGNORES, "What is not reported of some files.", '{ "dev/**" = ["netpol"] }'),
    ),
}
"""The keys of each table; the other tables take ids or patterns as keys."""


def names(table: str) -> tuple[str, ...]:
    """Return the keys of a table."""
    return tuple(key.name for key in KEYS[table])
