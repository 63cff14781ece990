"""What a selector of namespaces was probably meant to say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.evidence.suggestion import MANY, MISSPELT, OBJECT_NAME, Found, Labelled, Suggestion, the_best
from k8snetlint.model.bitsets import positions
from k8snetlint.model.cluster import NAME_LABEL

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.model.cluster import Cluster
    from k8snetlint.model.resource import Resource
    from k8snetlint.model.selectors import LabelSelector

NAMING_KEYS = frozenset({"name", "namespace", "ns"})
"""Keys under which people expect a namespace's name, and which nobody sets by himself."""


def near_namespace(cluster: Cluster, selector: LabelSelector, subject: Resource) -> Suggestion | None:
    """Return the near miss among namespaces: their labels where they are known, else their names."""
    index = cluster.index
    there = Labelled(index.namespace_labels, index.namespace_sets, index.namespace_manifests)
    found: list[Found] = []
    for key, value, rest in index.namespace_labels.all_but_one(selector, index.namespace_labels.every):
        found += there.misspelt(key, value, rest if key == NAME_LABEL else rest & index.defined_namespaces)
        defined = rest & index.defined_namespaces
        found += there.named(key, value, defined)
        found += there.other_key(key, value, defined)
        found += _called_so(cluster, key, value, defined)
    best = the_best(found)
    if best and best.kind == MISSPELT and index.selecting.other_users(best.key, best.value, subject) >= MANY - 1:
        return None
    return best


def _called_so(cluster: Cluster, key: str, value: str, defined: int) -> Iterator[Found]:
    """Yield the Namespaces that are called by the value, and lack the key."""
    if key.rpartition("/")[2] not in NAMING_KEYS:
        return
    index = cluster.index
    for position in positions(defined & index.namespace_sets[value] & ~index.namespace_labels.with_key(key)):
        owner = index.namespace_manifests[position]
        if owner is not None:
            label = f"Namespace {owner.name} has no label {key}"
            place = owner.at("metadata", "name")
            yield Found(0, position, Suggestion(OBJECT_NAME, key, value, f"{NAME_LABEL}: {value}", label, owner, place))
