"""What a selector that matches nothing was probably meant to say.

A near miss is one label that is nearly there: misspelt, called by the name of an object instead of its label, missing
at one of many that carry it, or there in one other namespace. Where two things are equally near, none is named.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from k8snetlint.model.cluster import NAME_LABEL, labels_of
from k8snetlint.source.similar import distance

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from k8snetlint.model.cluster import Cluster
    from k8snetlint.model.namespace import Namespace
    from k8snetlint.model.resource import Resource
    from k8snetlint.model.selectors import LabelSelector
    from k8snetlint.model.workload import Workload
    from k8snetlint.source.paths import Place

MISSPELT, OTHER_KEY, OBJECT_NAME, MISSING_LABEL, OTHER_NAMESPACE = (
    *("misspelt", "other-key", "object-name", "missing-label", "other-namespace"),
)
_LIMIT = 2
_SHORTEST = 3
_MANY = 3


class Near(NamedTuple):
    """A near miss.

    Attributes:
        kind: one of the names above.
        key, value: the label of the selector that matches nothing; empty where the whole selector is meant.
        meant: what to write instead: a value, or `key: value`, or a namespace.
        help: a sentence for the user.
        label: what the near object has, for a note at its place.
        near: the object.
        place: where the label stands there, or the object's name.
    """

    kind: str
    key: str
    value: str
    meant: str
    help: str
    label: str
    near: Resource | None
    place: Place | None


def near_pods(cluster: Cluster, selector: LabelSelector, there: list[Workload], spaces: tuple[str, ...]) -> Near | None:
    """Return the near miss among workloads, or the only other namespace whose pods a selector matches.

    Args:
        cluster: the scope.
        selector: what matches none of the pods.
        there: the workloads of the namespaces.
        spaces: the namespaces that were looked at.
    """
    others: dict[str, Workload] = {}
    for each in (other for found in cluster.workloads_by_namespace().values() for other in found):
        namespace = cluster.known_namespace_of(each)
        if namespace is not None and namespace not in spaces and each.made_for(selector):
            others.setdefault(namespace, each)
    if others:
        if len(others) > 1:
            return None
        namespace, workload = others.popitem()
        help_ = f"pods with these labels are in namespace {namespace} only"
        label = f"{workload.kind} {workload.name} in namespace {namespace}"
        place = workload.at(*workload.template, "metadata", "labels")
        return Near(OTHER_NAMESPACE, "", "", namespace, help_, label, workload, place)
    found: list[tuple[int, Near]] = []
    for workload in there:
        missing = _only_missing(selector, workload.pod_labels)
        if missing:
            found += _near_labels(missing, workload.pod_labels, workload, workload.template)
    best = _the_best(found)
    return best or _near_sibling(selector, there)


def near_namespace(selector: LabelSelector, known: Mapping[str, Namespace | None]) -> Near | None:
    """Return the near miss among namespaces: their labels where they are known, else their names."""
    found: list[tuple[int, Near]] = []
    for name, manifest in known.items():
        labels = labels_of(name, manifest)
        missing = _only_missing(selector, labels)
        if not missing:
            continue
        if manifest is not None:
            found += _near_labels(missing, labels, manifest)
        elif missing[0] == NAME_LABEL:
            far = _differ(missing[1], name)
            if far is not None:
                help_ = f"did you mean `{name}`?"
                found.append((far, Near(MISSPELT, *missing, name, help_, "", None, None)))
    return _the_best(found)


def _only_missing(selector: LabelSelector, labels: Mapping[str, str]) -> tuple[str, str] | None:
    """Return the one label that is asked for and not there, None if all are there, or more are missing."""
    wrong = [(key, value) for key, value in (selector.match_labels or {}).items() if labels.get(key) != value]
    for each in selector.match_expressions or ():
        if not each.matches(labels):
            if each.operator != "In" or len(each.values) != 1:
                return None
            wrong.append((each.key, each.values[0]))
    return wrong[0] if len(wrong) == 1 else None


def _near_labels(
    wanted: tuple[str, str], labels: Mapping[str, str], owner: Resource, template: tuple[str, ...] = ()
) -> Iterable[tuple[int, Near]]:
    """Yield what is near a label in an object's labels, with how far it is."""
    key, value = wanted
    name = owner.name
    who = f"{owner.kind} {name}"
    has = labels.get(key)
    label_place = owner.at(*template, "metadata", "labels", key)
    if has is not None:
        far = _differ(value, has)
        if far is not None:
            place = owner.at("metadata", "name") if key == NAME_LABEL else label_place
            near = f"{who} has {key}={has}" if key != NAME_LABEL else who
            yield far, Near(MISSPELT, key, value, has, f"did you mean `{has}`?", near, owner, place)
    elif name and value == name:
        own = f"{NAME_LABEL}: {name}" if owner.kind == "Namespace" else _best_label(labels, name)
        help_ = f"`{value}` is the name of {who}, which has no label `{key}`"
        place = owner.at("metadata", "name")
        yield 0, Near(OBJECT_NAME, key, value, own, help_, f"{who} is only called so", owner, place)
    for other, there in labels.items():
        if there == value and other not in (key, NAME_LABEL) and has is None:
            far = _differ(key, other)
            if far is not None:
                place = owner.at(*template, "metadata", "labels", other)
                help_ = f"did you mean `{other}: {value}`?"
                yield far, Near(OTHER_KEY, key, value, f"{other}: {value}", help_, f"{who} has it", owner, place)
    if has is not None and name and value == name and has != value and _differ(value, has) is None:
        help_ = f"`{value}` is the name of {who}, whose pods have {key}={has}"
        yield 1, Near(OBJECT_NAME, key, value, has, help_, f"{who} has {key}={has}", owner, label_place)


def _best_label(labels: Mapping[str, str], name: str) -> str:
    return next((f"{key}: {value}" for key, value in labels.items() if value == name), "")


def _near_sibling(selector: LabelSelector, there: list[Workload]) -> Near | None:
    """Return the only workload that lacks one label which many others carry."""
    lacking: dict[tuple[str, str], list[Workload]] = {}
    for workload in there:
        missing = _only_missing(selector, workload.pod_labels)
        if missing and missing[0] not in workload.pod_labels and len(tuple(selector.keys())) > 1:
            lacking.setdefault(missing, []).append(workload)
    for (key, value), workloads in lacking.items():
        siblings = sum(each.pod_labels.get(key) == value for each in there)
        if len(workloads) == 1 and siblings >= _MANY:
            owner = workloads[0]
            who = f"{owner.kind} {owner.name}"
            help_ = f"{siblings} other workloads carry {key}={value}; {who} does not"
            place = owner.at(*owner.template, "metadata", "labels")
            return Near(MISSING_LABEL, key, value, f"{key}: {value}", help_, f"{who} lacks it", owner, place)
    return None


def _the_best(found: list[tuple[int, Near]]) -> Near | None:
    """Return the nearest, None if two that are equally near mean different things."""
    if not found:
        return None
    least = min(far for far, _ in found)
    nearest = [near for far, near in found if far == least]
    return nearest[0] if len({(near.key, near.meant) for near in nearest}) == 1 else None


def _differ(word: str, other: str) -> int | None:
    """Return in how many letters two names differ, None if they are two names and no slip of one.

    Numbers tell things apart, so what differs in digits alone is another thing; of a short word little may differ.
    """
    if word == other or re.sub("[0-9]+", "0", word) == re.sub("[0-9]+", "0", other):
        return None
    if word.lower() == other.lower():
        return 0
    limit = min(_LIMIT, max(1, min(len(word), len(other)) // _SHORTEST))
    if abs(len(word) - len(other)) > limit or min(len(word), len(other)) < _SHORTEST:
        return None
    far = distance(word.lower(), other.lower())
    return far if far <= limit else None
