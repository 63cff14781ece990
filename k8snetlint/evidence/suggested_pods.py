"""Suggestions for a selector that matches no pod.

One label nearly matches: it is misspelt, or the name of an object is written instead of its label, or it has another
key, or one of many workloads lacks it. Or all labels match, in one other namespace, or on an object that is not a pod.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.evidence.answers import (
    DIFFERENT_PODS,
    MISSING_LABEL,
    MISSPELT,
    OBJECT_LABELS,
    OBJECT_NAME,
    OTHER_KEY,
    OTHER_NAMESPACE,
    UNUSED_KEY,
    Suggestion,
)
from k8snetlint.evidence.labelled_objects import Candidate, LabelledObjects, is_common, labels_path, nearest
from k8snetlint.evidence.service_owners import suggest_owner
from k8snetlint.model.bitsets import first, positions
from k8snetlint.model.namespace_requests import MANY
from k8snetlint.model.service import Service
from k8snetlint.model.spelling import typo_distance
from k8snetlint.model.workload import Workload
from k8snetlint.source.similar import distance

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.evidence.query import SelectorQuery
    from k8snetlint.model.index import Index

_NAME_KEYS = (
    *("app", "name", "k8s-app", "component", "run", "service", "io.kompose.service"),
    *("app.kubernetes.io/name", "app.kubernetes.io/component", "app.kubernetes.io/instance"),
)
"""Keys whose values name an application: they are easily confused."""
_EDITS = 2
"""By how many letters the label that only one workload has may differ."""


def suggest_pods(query: SelectorQuery, here: int, inner: int = 0) -> Suggestion | None:
    """Return a suggestion in the namespaces themselves that holds even if there are pods that are not shown.

    Args:
        query: the question.
        here: the set of the workloads that are considered.
        inner: workloads of variants, whose labels count as well.
    """
    named = suggest_owner(query, here) if isinstance(query.subject, Service) else None
    return named or _object_labels(query, here) or _service_name(query, here) or _near_label(query, here | inner)


def _labelled_objects(index: Index) -> LabelledObjects:
    """Return the workloads by the labels of their pods."""
    known: LabelledObjects | None = index.answers.get("labelled pods")
    if known is None:
        known = LabelledObjects(index.pod_labels, index.workloads.by_name, index.workloads.every)
        index.answers["labelled pods"] = known
    return known


def _near_label(query: SelectorQuery, within: int) -> Suggestion | None:
    index = query.index
    objects = _labelled_objects(index)
    candidates: list[Candidate] = []
    requested = set(query.selector.keys())
    for key, value, rest in index.pod_labels.all_but_one(query.selector, within):
        candidates += objects.similar_values(key, value, rest)
        candidates += objects.values_of_named(key, value, rest)
        candidates += objects.similar_keys(key, value, rest, requested)
        named = rest & index.workloads.by_name[value]
        candidates += _with_name(query, key, value, named) if named else ()
        if isinstance(query.subject, Service):
            candidates += _only_one_possible(query, objects, (key, value), rest)
    suggestion = nearest(candidates)
    if suggestion and suggestion.kind == MISSPELT and _is_a_name(query, suggestion):
        return None
    return suggestion


def _with_name(query: SelectorQuery, key: str, value: str, named: int) -> Iterator[Candidate]:
    """Yield those of the workloads whose name is the value that lack the key."""
    workloads = query.index.workloads
    requested = set(query.selector.keys())
    for position in positions(named & ~query.index.pod_labels.with_key(key)):
        owner = workloads.every[position]
        labels = owner.pod_labels.items()
        same = (f"{other}: {written}" for other, written in labels if written == value and other not in requested)
        replacement = next(same, "")
        if not replacement and len(requested) > 1:
            # The labels with this value are requested already: this one is redundant.
            yield Candidate(0, position, _lacking_label(query, key, value, owner))
            continue
        label = f"{owner.kind} {owner.name} has no label {key}"
        place = owner.at("metadata", "name")
        yield Candidate(0, position, Suggestion(OBJECT_NAME, key, value, replacement, label, owner, place))


def _lacking_label(query: SelectorQuery, key: str, value: str, owner: Workload) -> Suggestion:
    """Return the suggestion for pods that have all requested labels but one; perhaps no pod has its key."""
    requested = (query.selector.match_labels or {}).items()
    others = ", ".join(f"{other}={written}" for other, written in requested if other != key)
    used = query.candidates & query.index.pod_labels.with_key(key)
    label = f"{owner.kind} {owner.name} has {others or 'all others'}, but no label {key}"
    place = owner.at(*labels_path(owner), key=True)
    return Suggestion(MISSING_LABEL if used else UNUSED_KEY, key, value, "", label, owner, place)


def _only_one_possible(
    query: SelectorQuery, objects: LabelledObjects, wanted: tuple[str, str], rest: int
) -> Iterator[Candidate]:
    """Yield what a Service's own name says, or what differs by a letter or two where no other Service selects it."""
    (key, value), subject = wanted, query.subject
    for similar in objects.labels.spellings(key).near(value, _EDITS) if len(value) > MANY else ():
        owners = rest & objects.labels.pairs[key, similar] & ~objects.names[value] if len(similar) > MANY else 0
        if not owners or typo_distance(value, similar) is not None:
            continue
        edits = distance(value, similar, _EDITS)
        if edits > _EDITS:
            continue
        if not _is_part(similar, subject.name) or _is_part(value, subject.name):
            # Numbers and last letters distinguish things that belong together.
            two_things = value[:-1] == similar[:-1] or any(map(str.isdigit, value + similar))
            owners = 0 if two_things else _without_service(query, owners)
        if owners:
            yield objects.candidate(edits, first(owners), MISSPELT, wanted, similar)
    # Pods have the Service's own name under this key: no other Service selects them, or they match all other labels.
    named = rest & objects.labels.pairs[key, subject.name or ""] if not _is_part(value, subject.name) else 0
    if named and (len(query.selector.requirements) > 1 or (named := _without_service(query, named))):
        yield objects.candidate(_EDITS, first(named), OBJECT_NAME, wanted, subject.name or "")


def _is_part(word: str, name: str | None) -> bool:
    """Tell whether a name contains a word: `web` is a part of `svc-web`."""
    return f"-{word}-" in f"-{name}-"


def _without_service(query: SelectorQuery, workloads: int) -> int:
    """Return the first of some workloads that is in the file of the subject, and that no other Service selects."""
    index, selecting = query.index, query.index.selecting
    for position in positions(workloads & index.workloads.by_source[query.subject.source]):
        if not selecting.services_of(index.workloads.every[position]) & query.other_services:
            return 1 << position
    return 0


def _is_a_name(query: SelectorQuery, suggestion: Suggestion) -> bool:
    """Tell whether a value that looks misspelt is the name of something, and used elsewhere."""
    index, selecting = query.index, query.index.selecting
    key, value = suggestion.key, suggestion.value
    if index.workloads.by_name[value] & index.seen or index.pod_labels.pairs[key, value] & index.seen:
        return True
    services = query.other_services
    for position in positions(services & selecting.members.by_name[value]):
        service = selecting.members.every[position]
        if isinstance(service, Service) and (service.selector or {}).get(key) == value:
            return True
    # The near pods have a Service: this one, whose name is like its selector, is for others.
    named = isinstance(query.subject, Service) and _is_part(value, query.subject.name)
    if named and isinstance(suggestion.near, Workload) and selecting.services_of(suggestion.near) & services:
        return True
    requests = selecting.requests
    return is_common(len(requests.get((key, value), ())), len(requests.get((key, suggestion.replacement), ())))


def _object_labels(query: SelectorQuery, here: int) -> Suggestion | None:
    """Return the object that has the labels itself, instead of its pods."""
    index, selecting = query.index, query.index.selecting
    workloads = here & index.labelled & index.own_labels.matching(query.selector)
    if workloads:
        owner = index.workloads.first(workloads)
        label = f"these labels are on {owner.kind} {owner.name} itself, not on its pods"
        return Suggestion(OBJECT_LABELS, "", "", "", label, owner, owner.at("metadata", "labels", key=True))
    labelled = selecting.labelled & selecting.own_labels.matching(query.selector)
    for service in selecting.members.of(labelled & query.other_services) if labelled else ():
        if selecting.selected_by(service) & here:
            label = f"these labels are on Service {service.name} itself, not on its pods"
            return Suggestion(OBJECT_LABELS, "", "", "", label, service, service.at("metadata", "labels", key=True))
    return None


def _service_name(query: SelectorQuery, here: int) -> Suggestion | None:
    """Return the Service whose name is written in the place of a label of its pods."""
    labels = query.selector.match_labels or {}
    if len(labels) != 1 or query.selector.match_expressions:
        return None
    ((key, value),) = labels.items()
    selecting = query.index.selecting
    named = selecting.members.by_name[value]
    for service in selecting.members.of(named & query.other_services) if named else ():
        if isinstance(service, Service) and selecting.selected_by(service) & here:
            selector = service.selector or {}
            replacement = selector.get(key) or "{}: {}".format(*next(iter(selector.items())))
            label = f"Service {value} selects {','.join(f'{one}={two}' for one, two in selector.items())}"
            place = service.at("spec", "selector", key=True)
            return Suggestion(OBJECT_NAME, key, value, replacement, label, service, place)
    return None


def suggest_other_pods(query: SelectorQuery, here: int) -> Suggestion | None:
    """Return a suggestion that holds only if the manifests show all pods."""
    return (
        _other_name_key(query, here)
        or _missing_label(query, here)
        or _other_namespace(query)
        or _on_different_pods(query, here)
    )


def _other_name_key(query: SelectorQuery, here: int) -> Suggestion | None:
    """Return the workload that has a value under another key that names applications."""
    index = query.index
    objects = _labelled_objects(index)
    candidates: list[Candidate] = []
    requested = set(query.selector.keys())
    for key, value, rest in index.pod_labels.all_but_one(query.selector, here):
        lacking = rest & ~index.pod_labels.with_key(key) if key in _NAME_KEYS else 0
        for other in _NAME_KEYS if lacking else ():
            if other in requested:
                continue
            owners = lacking & index.pod_labels.pairs[other, value]
            if owners:
                candidates.append(objects.candidate(1, first(owners), OTHER_KEY, (key, value), value, under=other))
    return nearest(candidates)


def _missing_label(query: SelectorQuery, here: int) -> Suggestion | None:
    """Return the only workload that lacks one label: many others have it, or it is in the same file."""
    index = query.index
    labels = index.pod_labels
    lacking = [
        (rest & ~labels.with_key(key), key, value) for key, value, rest in labels.all_but_one(query.selector, here)
    ]
    single = [each for each in lacking if each[0].bit_count() == 1]
    for bits, key, value in sorted(single) if single and len(query.selector.requirements) > 1 else ():
        owner = index.workloads.first(bits)
        siblings = (here & labels.pairs[key, value]).bit_count()
        if siblings >= MANY or owner.source is query.subject.source:
            return _lacking_label(query, key, value, owner)
    return None


def _other_namespace(query: SelectorQuery) -> Suggestion | None:
    """Return the only other namespace whose pods the selector matches."""
    index, workloads = query.index, query.index.workloads
    matching = index.pod_labels.matching(query.selector) & index.seen if query.namespace_set.names else 0
    elsewhere = matching & ~query.namespace_set.workloads & ~workloads.by_namespace.get(None, 0)
    if not elsewhere:
        return None
    owner = workloads.first(elsewhere)
    namespace = query.cluster.known_namespace_of(owner)
    if namespace is None or elsewhere & ~workloads.by_namespace[namespace]:
        return None
    label = f"{owner.kind} {owner.name} is in namespace {namespace}"
    place = owner.at(*labels_path(owner), key=True)
    return Suggestion(OTHER_NAMESPACE, "", "", namespace, label, owner, place)


def _on_different_pods(query: SelectorQuery, here: int) -> Suggestion | None:
    """Return that pods of the same file have each requested label, but none has all of them."""
    index, labels = query.index, query.index.pod_labels
    in_same_file = here & index.workloads.by_source[query.subject.source]
    if not in_same_file:
        return None
    matching = [
        (in_same_file & labels.fulfilling(each), f"{each.key}={each.values[0]}" if each.values else each.key)
        for each in query.selector.requirements
        if each.key not in labels.added and each.operator in ("In", "Exists")
    ]
    if len(matching) <= 1 or not all(bits for bits, _ in matching):
        return None
    owners = [(index.workloads.first(bits), requirement) for bits, requirement in matching]
    label = ", ".join(f"{owner.kind} {owner.name} has {requirement}" for owner, requirement in owners)
    owner = owners[0][0]
    return Suggestion(DIFFERENT_PODS, "", "", "", label, owner, owner.at(*labels_path(owner), key=True))
