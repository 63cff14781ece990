"""Fixes that correct a selector to match existing objects; only its author can be sure, so they are not safe."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.edit.change import delete, rename, set_to
from k8snetlint.evidence.answers import MISSPELT, NAMESPACE_NAME, OBJECT_LABELS, OBJECT_NAME, OTHER_KEY, UNUSED_KEY
from k8snetlint.evidence.least_labels import least_labels
from k8snetlint.finding import Fix
from k8snetlint.model.namespace import NAME_LABEL
from k8snetlint.model.networkpolicy import NetworkPolicy
from k8snetlint.model.service import Service
from k8snetlint.source.paths import MapKey

if TYPE_CHECKING:
    from collections.abc import Mapping

    from k8snetlint.edit.change import Change
    from k8snetlint.evidence.answers import Suggestion
    from k8snetlint.model.cluster import Cluster
    from k8snetlint.model.members import Pods
    from k8snetlint.model.resource import Resource
    from k8snetlint.model.selectors import LabelSelector
    from k8snetlint.source.document import Place


def relabelled(resource: Resource, at: Place, near: Suggestion | None, cluster: Cluster) -> Fix | None:
    """Return the fix that corrects a selector to the suggested label, None if there is no such label.

    Args:
        resource: whose selector it is; a label that only a kustomization adds is in no file.
        at: the place of the selector.
        near: the suggestion.
        cluster: the scope.
    """
    selector = _written(resource, at)
    if near is None or selector is None:
        return None
    labels = at if isinstance(resource, Service) else at.to("matchLabels")
    if near.kind == UNUSED_KEY and near.key in (selector.match_labels or {}):
        return Fix(f"remove {near.key} from the selector", (delete(labels.to(MapKey(near.key))),), safe=False)
    if near.kind == OBJECT_LABELS:
        if near.near is None or selector.match_expressions:
            return None
        current = selector.match_labels or {}
        return _as_little(labels, current, least_labels(cluster, near.near, current))
    suggested = _suggested(near)
    change = _label(labels, selector, near, suggested) or _requirement(at, selector, near, suggested)
    return Fix(f"write {_listed(suggested)} in {at.path[-1]}", (change,), safe=False) if change else None


def _as_little(labels: Place, current: Mapping[str, str], suggested: dict[str, str]) -> Fix | None:
    """Return the fix that makes some labels of a selector others; None if there are no others."""
    changed = {key: value for key, value in suggested.items() if current.get(key) != value}
    removed = [key for key in current if key not in suggested]
    if not suggested or not (changed or removed):
        return None
    field = next(step for step in reversed(labels.path) if step != "matchLabels")
    written = f"write {_listed(changed)} in {field}" if changed else ""
    title = written or f"remove {', '.join(removed)} from {field}"
    if len(removed) == len(current):
        return Fix(title, (set_to(labels, suggested),), safe=False)
    changes = [set_to(labels.to(MapKey(key)), value) for key, value in changed.items()]
    return Fix(title, (*changes, *(delete(labels.to(MapKey(key))) for key in removed)), safe=False)


def _listed(labels: dict[str, str]) -> str:
    return ", ".join(f"{key}: {value}" for key, value in labels.items())


def _suggested(near: Suggestion) -> dict[str, str]:
    """Return the suggested label, empty if the suggestion is not a label."""
    if near.kind not in (MISSPELT, OTHER_KEY, OBJECT_NAME, NAMESPACE_NAME) or not near.replacement:
        return {}
    key, says_key, value = near.replacement.partition(": ")
    return {key: value} if says_key else {near.key: near.replacement}


def _written(resource: Resource, at: Place) -> LabelSelector | None:
    """Return a selector as it is written in its file, None if it is in no file."""
    match resource.origin or resource:
        case Service() as service:
            return service.label_selector
        case NetworkPolicy() as policy:
            return policy.selector_at(at.path)
        case _:
            return None


def narrowed(service: Service, wanted: Pods, others: Pods, cluster: Cluster) -> Fix | None:
    """Return the fix that adds to a Service's selector the one label that only the wanted pods have."""
    answers, key = cluster.index.answers, (narrowed, wanted.bits, others.bits)
    if key not in answers:
        answers[key] = _distinguishing(wanted, others)
    label: tuple[str, str] | None = answers[key]
    if label is None:
        return None
    name, value = label
    change = set_to(service.at("spec", "selector", MapKey(name)), value)
    return Fix(f"add {name}: {value} to the selector", (change,), safe=False)


def _distinguishing(wanted: Pods, others: Pods) -> tuple[str, str] | None:
    """Return the label that all wanted pods have, and none of the others; None if there is not exactly one."""
    telling = set.intersection(*(set(each.pod_labels.items()) for each in wanted))
    telling.difference_update(*(each.pod_labels.items() for each in others))
    return telling.pop() if len(telling) == 1 else None


def in_other_namespace(peer: Place, namespace: str) -> Fix:
    """Return the fix that adds a namespaceSelector with the name of a namespace to a peer."""
    selector = {"matchLabels": {NAME_LABEL: namespace}}
    change = set_to(peer.to("namespaceSelector"), selector, after="podSelector")
    return Fix(f"add a namespaceSelector for namespace {namespace}", (change,), safe=False)


def _label(labels: Place, selector: LabelSelector, near: Suggestion, suggested: dict[str, str]) -> Change | None:
    """Return the change of one entry of `matchLabels`, or of a Service's selector."""
    current = selector.match_labels or {}
    if current.get(near.key) != near.value:
        return None
    for key, value in suggested.items():
        if key == near.key:
            return set_to(labels.to(MapKey(key)), value)
        if value == near.value and key not in tuple(selector.keys()):
            return rename(labels.to(MapKey(near.key)), key)
    return set_to(labels, suggested) if suggested and len(current) == 1 else None


def _requirement(at: Place, selector: LabelSelector, near: Suggestion, suggested: dict[str, str]) -> Change | None:
    """Return the change of one entry of `matchExpressions` that requires one value."""
    for index, each in enumerate(selector.match_expressions or ()):
        if (each.key, each.values) != (near.key, (near.value,)):
            continue
        place = at.to("matchExpressions", index)
        for key, value in suggested.items():
            if key == near.key:
                return set_to(place.to("values", 0), value)
            if value == near.value:
                return set_to(place.to("key"), key)
    return None
