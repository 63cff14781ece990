"""What a selector of namespaces was probably meant to say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.evidence.suggestion import (
    MISSPELT,
    NAMESPACE_NAME,
    Found,
    Labelled,
    Suggestion,
    asked_by_many,
    the_best,
)
from k8snetlint.model.bitsets import first, positions
from k8snetlint.model.namespace import BUILT_IN_NAMESPACES, NAME_LABEL

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.model.cluster import Cluster
    from k8snetlint.model.namespace import Namespace
    from k8snetlint.model.selectors import LabelSelector

_NAMING_KEYS = frozenset({"name", "namespace", "ns"})
"""Keys under which people expect a namespace's name, and which nobody sets by himself."""
_STAGES = frozenset(
    {
        *("demo", "dev", "development", "int", "integration", "live", "nonprod", "preprod", "preview", "prod"),
        *("production", "qa", "sandbox", "stage", "staging", "test", "testing", "uat"),
    }
)
"""What many namespaces may be labelled with, whatever one of them is called."""


def near_namespace(cluster: Cluster, selector: LabelSelector) -> Suggestion | None:
    """Return the near miss among namespaces: their labels where they are known, else their names.

    The strongest is a Namespace that is called by the value, and lacks the key; it may stand in another scope.
    """
    index, labels = cluster.index, cluster.index.known_namespaces.labels
    there = Labelled(labels, index.known_namespaces.by_name, index.known_namespaces.manifests)
    found: list[Found] = []
    for key, value, rest in labels.all_but_one(selector, labels.every):
        plain = rest & index.known_namespaces.plain
        found += there.misspelt(key, value, rest & ~index.known_namespaces.odd if key == NAME_LABEL else plain)
        found += there.named(key, value, plain)
        found += there.other_key(key, value, plain)
        found += _called_so(cluster, key, value, rest)
    best = the_best(found) if found else _called_so_elsewhere(cluster, selector)
    if best and best.kind == MISSPELT:
        policies = index.run.asked.policies
        if asked_by_many(policies(best.key, best.value), policies(best.key, best.meant)):
            return None
    return best


def _called_so(cluster: Cluster, key: str, value: str, rest: int) -> Iterator[Found]:
    """Yield the namespace that is called by the value, and lacks the key."""
    index = cluster.index
    for position in positions(
        rest & index.known_namespaces.by_name[value] & ~index.known_namespaces.labels.with_key(key)
    ):
        manifest = index.known_namespaces.manifests[position]
        if manifest is not None and index.known_namespaces.plain >> position & 1 and _tells(cluster, key, value):
            yield Found(0, position, _lacking(key, value, manifest))
        elif manifest is None and value in BUILT_IN_NAMESPACES and key in _NAMING_KEYS:
            # Nobody defines it, but the cluster has it, and labels it with its name only.
            suggestion = Suggestion(NAMESPACE_NAME, key, value, f"{NAME_LABEL}: {value}", "", None, None)
            yield Found(0, position, suggestion)


def _called_so_elsewhere(cluster: Cluster, selector: LabelSelector) -> Suggestion | None:
    """Return the Namespace of another scope that is called by the value, if all of that name lack the key."""
    run = cluster.index.run
    for key, value, rest in run.namespace_labels.all_but_one(selector, run.namespace_labels.every):
        named = run.namespace_names[value]
        lacking = rest & named & run.plain_namespaces & ~run.namespace_labels.with_key(key)
        if lacking and lacking == named and _tells(cluster, key, value):
            return _lacking(key, value, run.namespaces[first(lacking)])
    return None


def _tells(cluster: Cluster, key: str, value: str) -> bool:
    """Tell whether a Namespace that is called by a value was meant by it, and not one that is labelled so."""
    return value not in _STAGES or _means_name(key) or bool(cluster.index.run.namespace_labels.with_key(key))


def _means_name(key: str) -> bool:
    return key.rpartition("/")[2] in _NAMING_KEYS


def _lacking(key: str, value: str, owner: Namespace) -> Suggestion:
    """Return the suggestion for a Namespace that is called by the value, and lacks the key.

    Where the key means a name, the label that all namespaces have can be written instead; elsewhere it is the label
    that is missing.
    """
    meant = f"{NAME_LABEL}: {value}" if _means_name(key) else ""
    label = f"Namespace {owner.name} has no label {key}"
    return Suggestion(NAMESPACE_NAME, key, value, meant, label, owner, owner.at("metadata", "name"))
