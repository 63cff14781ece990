"""What a selector of pods was probably meant to say.

A near miss is one label that is nearly there: misspelt, called by the name of an object instead of its label, under
another key, missing at one of many that carry it; or all of them, in one other namespace, or on an object that is not
a pod.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.evidence.suggestion import (
    DIFFERENT_PODS,
    MISSING_LABEL,
    MISSPELT,
    OBJECT_LABELS,
    OBJECT_NAME,
    OTHER_KEY,
    OTHER_NAMESPACE,
    UNUSED_KEY,
    Found,
    Labelled,
    Suggestion,
    asked_by_many,
    labels_path,
    the_best,
)
from k8snetlint.model.asked import MANY
from k8snetlint.model.bitsets import first, positions
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
"""Keys whose values name an application: one is easily written for another."""
_FEW = 2


def near_pods(query: SelectorQuery, here: int, inner: int = 0) -> Suggestion | None:
    """Return what is near in the namespaces themselves, and says enough even if there are pods that are not shown.

    Args:
        query: the question.
        here: the set of the workloads that are looked at.
        inner: workloads of variants, whose labels count as well.
    """
    return _object_labels(query, here) or _service_name(query, here) or _near_label(query, here | inner)


def _labelled(index: Index) -> Labelled:
    """Return the workloads by the labels of their pods."""
    known: Labelled | None = index.answers.get("labelled pods")
    if known is None:
        known = Labelled(index.pod_labels, index.workloads.by_name, index.workloads.every)
        index.answers["labelled pods"] = known
    return known


def _near_label(query: SelectorQuery, within: int) -> Suggestion | None:
    index = query.index
    there = _labelled(index)
    found: list[Found] = []
    for key, value, rest in index.pod_labels.all_but_one(query.selector, within):
        found += there.misspelt(key, value, rest)
        found += there.named(key, value, rest)
        found += there.other_key(key, value, rest)
        called = rest & index.workloads.by_name[value]
        found += _called_so(query, key, value, called) if called else ()
        found += _only_one_meant(query, there, (key, value), rest) if isinstance(query.subject, Service) else ()
    best = the_best(found)
    if best and best.kind == MISSPELT and _is_a_name(query, best):
        return None
    return best


def _called_so(query: SelectorQuery, key: str, value: str, called: int) -> Iterator[Found]:
    """Yield of the workloads that are called by the value those that lack the key."""
    workloads = query.index.workloads
    asked = set(query.selector.keys())
    for position in positions(called & ~query.index.pod_labels.with_key(key)):
        owner = workloads.every[position]
        labels = owner.pod_labels.items()
        own = next((f"{other}: {there}" for other, there in labels if there == value and other not in asked), "")
        if not own and len(asked) > 1:
            # What could be meant is asked for already: the label is one too many.
            yield Found(0, position, _lacking(query, key, value, owner))
            continue
        label = f"{owner.kind} {owner.name} has no label {key}"
        place = owner.at("metadata", "name")
        yield Found(0, position, Suggestion(OBJECT_NAME, key, value, own, label, owner, place))


def _lacking(query: SelectorQuery, key: str, value: str, owner: Workload) -> Suggestion:
    """Return the suggestion that pods have all that is asked for, but one label; nobody may have its key."""
    has = ", ".join(f"{other}={there}" for other, there in (query.selector.match_labels or {}).items() if other != key)
    used = query.candidates & query.index.pod_labels.with_key(key)
    label = f"{owner.kind} {owner.name} has {has or 'all others'}, but no label {key}"
    place = owner.at(*labels_path(owner), key=True)
    return Suggestion(MISSING_LABEL if used else UNUSED_KEY, key, value, "", label, owner, place)


def _only_one_meant(query: SelectorQuery, there: Labelled, wanted: tuple[str, str], rest: int) -> Iterator[Found]:
    """Yield what a Service is called by, or what differs in a letter or two where only it stands by these pods."""
    (key, value), subject = wanted, query.subject
    for has in there.labels.spellings(key).near(value, _FEW) if len(value) > MANY else ():
        carrying = rest & there.labels.pairs[key, has] & ~there.names[value] if len(has) > MANY else 0
        if not carrying or typo_distance(value, has) is not None:
            continue
        far = distance(value, has, _FEW)
        if far > _FEW:
            continue
        if not _is_part(has, subject.name) or _is_part(value, subject.name):
            # Numbers and last letters tell things apart that belong together.
            two_things = value[:-1] == has[:-1] or any(map(str.isdigit, value + has))
            carrying = 0 if two_things else _served_by_nobody(query, carrying)
        if carrying:
            yield there.found(far, first(carrying), MISSPELT, wanted, has)
    # Pods carry the Service's own name under this key: nobody else's, or all else that it asks for as well.
    named = rest & there.labels.pairs[key, subject.name or ""] if not _is_part(value, subject.name) else 0
    if named and (len(query.selector.requirements) > 1 or (named := _served_by_nobody(query, named))):
        yield there.found(_FEW, first(named), OBJECT_NAME, wanted, subject.name or "")


def _is_part(word: str, name: str | None) -> bool:
    """Tell whether a name says a word: `web` is a part of `svc-web`."""
    return f"-{word}-" in f"-{name}-"


def _served_by_nobody(query: SelectorQuery, carrying: int) -> int:
    """Return which workloads stand in the file of the subject, and are selected by no other Service."""
    index, selecting = query.index, query.index.selecting
    here = carrying & index.workloads.by_source[query.subject.source]
    for position in positions(here):
        if not selecting.services_of(index.workloads.every[position]) & query.other_services:
            return 1 << position
    return 0


def _is_a_name(query: SelectorQuery, near: Suggestion) -> bool:
    """Tell whether what looks misspelt is the name of something, and known as such elsewhere."""
    index, selecting, value = query.index, query.index.selecting, near.value
    if index.workloads.by_name[value] & index.seen or index.pod_labels.pairs[near.key, value] & index.seen:
        return True
    services = query.other_services
    for position in positions(services & selecting.members.by_name[value]):
        service = selecting.members.every[position]
        if isinstance(service, Service) and (service.selector or {}).get(near.key) == value:
            return True
    # The pods that are near have their Service: this one, called like its selector, is for others.
    named = isinstance(query.subject, Service) and _is_part(value, query.subject.name)
    if named and isinstance(near.near, Workload) and selecting.services_of(near.near) & services:
        return True
    users = selecting.users
    return asked_by_many(len(users.get((near.key, value), ())), len(users.get((near.key, near.meant), ())))


def _object_labels(query: SelectorQuery, here: int) -> Suggestion | None:
    """Return the object that carries the labels itself, instead of its pods."""
    index, selecting = query.index, query.index.selecting
    workloads = here & index.labelled & index.own_labels.matching(query.selector)
    if workloads:
        owner = index.workloads.first(workloads)
        label = f"{owner.kind} {owner.name} has these labels, its pods have not"
        return Suggestion(OBJECT_LABELS, "", "", "", label, owner, owner.at("metadata", "labels", key=True))
    services = query.other_services & selecting.labelled
    for service in selecting.members.of(services & selecting.own_labels.matching(query.selector)) if services else ():
        if selecting.found_by(service) & here:
            label = f"Service {service.name} has these labels, its pods have not"
            return Suggestion(OBJECT_LABELS, "", "", "", label, service, service.at("metadata", "labels", key=True))
    return None


def _service_name(query: SelectorQuery, here: int) -> Suggestion | None:
    """Return the Service whose name stands where a label of its pods was meant."""
    labels = query.selector.match_labels or {}
    if len(labels) != 1 or query.selector.match_expressions:
        return None
    ((key, value),) = labels.items()
    selecting = query.index.selecting
    for service in selecting.members.of(query.other_services & selecting.members.by_name[value]):
        if isinstance(service, Service) and selecting.found_by(service) & here:
            its = service.selector or {}
            meant = its.get(key) or "{}: {}".format(*next(iter(its.items())))
            label = f"Service {value} selects {','.join(f'{one}={two}' for one, two in its.items())}"
            return Suggestion(OBJECT_NAME, key, value, meant, label, service, service.at("spec", "selector", key=True))
    return None


def far_pods(query: SelectorQuery, here: int) -> Suggestion | None:
    """Return what is near as long as no pods are there that the manifests do not show."""
    return (
        _other_name_key(query, here)
        or _missing_label(query, here)
        or _other_namespace(query)
        or _on_different_pods(query, here)
    )


def _other_name_key(query: SelectorQuery, here: int) -> Suggestion | None:
    """Return the workload that carries a value under another key that names applications."""
    index = query.index
    there = _labelled(index)
    found: list[Found] = []
    for key, value, rest in index.pod_labels.all_but_one(query.selector, here):
        lacking = rest & ~index.pod_labels.with_key(key) if key in _NAME_KEYS else 0
        for other in _NAME_KEYS if lacking else ():
            carrying = lacking & index.pod_labels.pairs[other, value]
            if carrying:
                found.append(there.found(1, first(carrying), OTHER_KEY, (key, value), value, under=other))
    return the_best(found)


def _missing_label(query: SelectorQuery, here: int) -> Suggestion | None:
    """Return the only workload that lacks one label: which many others carry, or beside it in the same file."""
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
            return _lacking(query, key, value, owner)
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
    """Return that pods of the same file have each label that is asked for, but none has all of them."""
    index, labels = query.index, query.index.pod_labels
    all_resources = here & index.workloads.by_source[query.subject.source]
    if not all_resources:
        return None
    carrying = [
        (all_resources & labels.fulfilling(each), f"{each.key}={each.values[0]}" if each.values else each.key)
        for each in query.selector.requirements
        if each.key not in labels.added and each.operator in ("In", "Exists")
    ]
    if len(carrying) <= 1 or not all(bits for bits, _ in carrying):
        return None
    owners = [(index.workloads.first(bits), said) for bits, said in carrying]
    label = ", ".join(f"{owner.kind} {owner.name} has {said}" for owner, said in owners)
    owner = owners[0][0]
    return Suggestion(DIFFERENT_PODS, "", "", "", label, owner, owner.at(*labels_path(owner), key=True))
