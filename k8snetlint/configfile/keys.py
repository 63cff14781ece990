"""Every key of a configuration file: what it takes and what it means; documentation and JSON Schema follow from it."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping


class Takes(enum.Enum):
    """What a key takes, in the words of the documentation."""

    TEXT = "a string"
    TEXTS = "a list of strings"
    PATTERNS = "a list of `.gitignore` patterns"
    NAMES = "a list of names"
    FLAG = "true or false"
    LEVEL = "a level: error, warning, info"
    VERSIONS = "a Kubernetes version, or a list of them"
    CIDRS = "a CIDR, or a list of CIDRs"
    PODS = "pods as namespace?label=value, or a list of them"
    FAMILIES = "IPv4, IPv6, or a list of both"
    IDS = "a list of ids, groups (`netpol`) or `ALL`"
    LEVELS = "a table: a level, or off, for each id"
    IGNORES = "a table: a list of ids for each pattern"
    TABLE = "a table"
    TABLES = "a list of tables"


class Key(NamedTuple):
    """One key of a table: its name, what it takes, what it means, and an example in TOML."""

    name: str
    takes: Takes
    meaning: str
    example: str


_CLUSTER = (
    Key("kubernetes-version", Takes.VERSIONS, "Kubernetes versions to check for. Default: the newest.", '"1.34"'),
    Key("node-port-range", Takes.TEXT, "The node port range of the cluster. Default: 30000-32767.", '"30000-32767"'),
    Key("service-cidr", Takes.CIDRS, "The Service CIDRs of the cluster.", '["10.96.0.0/12", "fd00:10:96::/108"]'),
    Key("ip-family", Takes.FAMILIES, "The IP families of the cluster, the primary one first.", '["IPv4", "IPv6"]'),
    Key("namespace", Takes.TEXT, "The namespace of objects without one.", '"shop"'),
    Key("cni", Takes.TEXT, "The CNI plugin of the cluster, with or without its version.", '"calico@3.29"'),
    Key("pod-cidr", Takes.CIDRS, "The pod CIDRs of the cluster.", '"10.244.0.0/16"'),
    Key(
        "ingress-controller",
        Takes.PODS,
        "The pods that serve Ingresses, if the manifests do not show which they are.",
        '"ingress-nginx?app.kubernetes.io/name=ingress-nginx"',
    ),
    Key("cluster-domain", Takes.TEXT, "The DNS domain of the cluster. Default: cluster.local.", '"cluster.local"'),
)

KEYS: Mapping[str, tuple[Key, ...]] = {
    "": (
        Key(
            "include",
            Takes.PATTERNS,
            "Files to look for in folders, instead of YAML and JSON.",
            '["deploy/**/*.yaml"]',
        ),
        Key("exclude", Takes.PATTERNS, "Files to exclude in folders.", '["**/testdata/**"]'),
        Key(
            "context",
            Takes.TEXTS,
            "More manifests of the same cluster: read, but not checked.",
            '["platform/namespaces/"]',
        ),
        Key(
            "schema-dir",
            Takes.TEXTS,
            "Folders with CustomResourceDefinitions or JSON Schemas of custom resources.",
            '["schemas"]',
        ),
        Key(
            "fail-on",
            Takes.LEVEL,
            "Findings of this level and above make the exit code 1. Default: warning.",
            '"error"',
        ),
        Key(
            "show",
            Takes.LEVEL,
            "Findings of this level and above are shown; others are counted. Default: warning.",
            '"info"',
        ),
        Key("fail-on-skipped", Takes.FLAG, "Templates that are not checked make the exit code 1.", "true"),
        *_CLUSTER,
        Key("whole-cluster", Takes.FLAG, "The manifests are complete: nothing else is in the cluster.", "true"),
        Key("cluster", Takes.TABLES, "Facts about one of several clusters.", ""),
        Key("external", Takes.TABLE, "What exists elsewhere and is never reported as missing.", ""),
        Key("lint", Takes.TABLE, "Which findings are reported, and how severe they are.", ""),
    ),
    "cluster": (
        Key("name", Takes.TEXT, "The name of the cluster in findings.", '"prod"'),
        Key("paths", Takes.PATTERNS, "The manifests of this cluster.", '["clusters/prod/**"]'),
        *_CLUSTER,
        Key("complete", Takes.FLAG, "The manifests are complete: nothing else is in this cluster.", "true"),
    ),
    "external": (
        Key("namespaces", Takes.NAMES, "Namespaces that exist elsewhere.", '["monitoring"]'),
        Key(
            "labels",
            Takes.NAMES,
            "Labels of pods and namespaces that exist elsewhere, as key=value.",
            '["team=payments"]',
        ),
        Key("services", Takes.NAMES, "Services that exist elsewhere, as namespace/name.", '["shared/redis"]'),
    ),
    "lint": (
        Key("select", Takes.IDS, "Ids and groups to report, instead of all.", '["netpol", "service"]'),
        Key("extend-select", Takes.IDS, "Ids and groups to report in addition.", '["ALL"]'),
        Key("ignore", Takes.IDS, "Ids and groups not to report.", '["netpol-deny-all"]'),
        Key("severity", Takes.LEVELS, "The level of an id.", '{ netpol-deny-all = "off" }'),
        Key(
            "per-file-ignores",
            Takes.IGNORES,
            "Ids and groups not to report for some files.",
            '{ "dev/**" = ["netpol"] }',
        ),
    ),
}
"""The keys of each table; the other tables take ids or patterns as keys."""


def names(table: str) -> tuple[str, ...]:
    """Return the keys of a table."""
    return tuple(key.name for key in KEYS[table])
