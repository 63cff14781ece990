"""Suggestions for a selector that matches no namespace."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.evidence.answers import MISSPELT, NAMESPACE_NAME, Suggestion
from k8snetlint.evidence.labelled_objects import Candidate, LabelledObjects, is_common, nearest
from k8snetlint.model.bitsets import first, positions
from k8snetlint.model.namespace import BUILT_IN_NAMESPACES, NAME_LABEL

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.model.cluster import Cluster
    from k8snetlint.model.namespace import Namespace
    from k8snetlint.model.selectors import LabelSelector

_NAMING_KEYS = frozenset({"name", "namespace", "ns"})
"""Keys under which people expect a namespace's name, and which no controller sets."""
_STAGES = frozenset(
    {
        *("demo", "dev", "development", "int", "integration", "live", "nonprod", "preprod", "preview", "prod"),
        *("production", "qa", "sandbox", "stage", "staging", "test", "testing", "uat"),
    }
)
"""Values with which many namespaces may be labelled, even if one of them has such a name."""


def suggest_namespace(cluster: Cluster, selector: LabelSelector) -> Suggestion | None:
    """Return the suggestion for a namespace: by its labels where they are known, else by its name.

    The strongest is a Namespace whose name is the value, and that lacks the key; it may be in another scope.
    """
    index, known = cluster.index, cluster.index.known_namespaces
    labels = known.labels
    objects = LabelledObjects(labels, known.by_name, known.manifests)
    candidates: list[Candidate] = []
    requested = set(selector.keys())
    for key, value, rest in labels.all_but_one(selector, labels.every):
        plain = rest & known.plain
        candidates += objects.similar_values(key, value, rest & ~known.uncertain if key == NAME_LABEL else plain)
        candidates += objects.values_of_named(key, value, plain)
        candidates += objects.similar_keys(key, value, plain, requested)
        candidates += _with_name(cluster, key, value, rest)
    suggestion = nearest(candidates) if candidates else _with_name_elsewhere(cluster, selector)
    if suggestion and suggestion.kind == MISSPELT:
        policies = index.run.namespace_requests.policies
        key = suggestion.key
        if is_common(policies(key, suggestion.value), policies(key, suggestion.replacement)):
            return None
    return suggestion


def _with_name(cluster: Cluster, key: str, value: str, rest: int) -> Iterator[Candidate]:
    """Yield the namespace whose name is the value, and that lacks the key."""
    known = cluster.index.known_namespaces
    for position in positions(rest & known.by_name[value] & ~known.labels.with_key(key)):
        manifest = known.manifests[position]
        if manifest is not None and known.plain >> position & 1 and _is_a_name(cluster, key, value):
            yield Candidate(0, position, _lacking_label(key, value, manifest))
        elif manifest is None and value in BUILT_IN_NAMESPACES and key in _NAMING_KEYS:
            # No manifest defines it, but the cluster has it, and labels it with its name only.
            suggestion = Suggestion(NAMESPACE_NAME, key, value, f"{NAME_LABEL}: {value}", "", None, None)
            yield Candidate(0, position, suggestion)


def _with_name_elsewhere(cluster: Cluster, selector: LabelSelector) -> Suggestion | None:
    """Return the Namespace of another scope whose name is the value, if all of that name lack the key."""
    run = cluster.index.run
    for key, value, rest in run.namespace_labels.all_but_one(selector, run.namespace_labels.every):
        named = run.namespace_names[value]
        lacking = rest & named & run.plain_namespaces & ~run.namespace_labels.with_key(key)
        if lacking and lacking == named and _is_a_name(cluster, key, value):
            return _lacking_label(key, value, run.namespaces[first(lacking)])
    return None


def _is_a_name(cluster: Cluster, key: str, value: str) -> bool:
    """Tell whether a value is probably the name of a namespace, and not a label that namespaces have."""
    return value not in _STAGES or _is_naming_key(key) or bool(cluster.index.run.namespace_labels.with_key(key))


def _is_naming_key(key: str) -> bool:
    return key.rpartition("/")[2] in _NAMING_KEYS


def _lacking_label(key: str, value: str, owner: Namespace) -> Suggestion:
    """Return the suggestion for a Namespace whose name is the value, and that lacks the key.

    If the key is for a name, the label that all namespaces have can be written instead; otherwise the Namespace needs
    the label.
    """
    replacement = f"{NAME_LABEL}: {value}" if _is_naming_key(key) else ""
    label = f"Namespace {owner.name} has no label {key}"
    return Suggestion(NAMESPACE_NAME, key, value, replacement, label, owner, owner.at("metadata", "name"))
