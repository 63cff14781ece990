"""What a selector that matches nothing was probably meant to say.

A near miss is one label that is nearly there: misspelt, called by the name of an object instead of its label, under
another key, missing at one of many that carry it; or all of them, in one other namespace, or on an object that is not
a pod. Where two things are equally near, none is named.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from k8snetlint.model.namespace import NAME_LABEL, known_labels
from k8snetlint.model.service import Service
from k8snetlint.model.spelling import typo_distance as slip
from k8snetlint.model.workload import Workload
from k8snetlint.source.similar import distance
from naive.index import index_of, pairs_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from k8snetlint.model.resource import Resource
    from k8snetlint.model.selectors import LabelSelector
    from k8snetlint.source.document import Place
    from naive.cluster import Cluster
    from naive.question import Question

MISSPELT, OTHER_KEY, OBJECT_NAME, OBJECT_LABELS, MISSING_LABEL, OTHER_NAMESPACE = (
    *("misspelt", "other-key", "object-name", "object-labels", "missing-label", "other-namespace"),
)
NAMING_KEYS = frozenset({"name", "namespace", "ns"})
"""Keys under which people expect a namespace's name, and which nobody sets by himself."""
_NAME_KEYS = frozenset(
    {
        *("app", "name", "k8s-app", "component", "run", "service", "io.kompose.service"),
        *("app.kubernetes.io/name", "app.kubernetes.io/component", "app.kubernetes.io/instance"),
    }
)
"""Keys whose values name an application: one is easily written for another."""
_MANY = 3
_FEW = 2


class Near(NamedTuple):
    """A near miss.

    Attributes:
        kind: one of the names above.
        key, value: the label of the selector that matches nothing; empty where the whole selector is meant.
        meant: what to write instead: a value, or `key: value`; a namespace; empty if no words say it.
        label: what the near object has, for a note at its place.
        near: the object.
        place: where the label stands there, or the object's name.
    """

    kind: str
    key: str
    value: str
    meant: str
    label: str
    near: Resource | None
    place: Place | None


def near_pods(question: Question) -> Near | None:
    """Return what is near in the namespaces themselves, and says enough even if there are pods that are not shown."""
    labels = _object_labels(question) or _service_name(question)
    if labels:
        return labels
    found: list[tuple[int, Near]] = []
    for workload in (*question.there, *question.inner):
        missing = _only_missing(question.selector, workload.pod_labels)
        if missing:
            near = list(_near_labels(missing, question.selector, workload.pod_labels, workload, workload.template))
            found += near or _only_one_meant(question, missing, workload)
    best = _the_best(found)
    if best and best.kind == MISSPELT and _is_a_name(question, best):
        return None
    return best


def _only_one_meant(question: Question, wanted: tuple[str, str], workload: Workload) -> Iterator[tuple[int, Near]]:
    """Yield a label that differs in a letter or two, if a Service is called by it, or only it stands by these pods."""
    (key, value), asker = wanted, question.asker
    has = workload.pod_labels.get(key, "")
    if not isinstance(asker, Service) or min(len(has), len(value)) <= _MANY or any(map(str.isdigit, has + value)):
        return
    if asker.name != has:
        elsewhere = asker.source is not workload.source or _is_selected(question, workload)
        if elsewhere or value[:-1] == has[:-1]:
            return
    far = distance(value, has, _FEW)
    if far <= _FEW:
        label = f"{workload.kind} {workload.name} has {key}={has}"
        place = workload.at(*workload.template, "metadata", "labels", key)
        yield far, Near(MISSPELT, key, value, has, label, workload, place)


def _is_selected(question: Question, workload: Workload) -> bool:
    return any(isinstance(other, Service) and workload.selected_by(selector) for other, selector in question.others())


def far_pods(question: Question) -> Near | None:
    """Return what is near as long as no pods are there that the manifests do not show."""
    return _other_key(question) or _missing_label(question) or _other_namespace(question)


def near_namespace(cluster: Cluster, selector: LabelSelector) -> Near | None:
    """Return the near miss among namespaces: their labels where they are known, else their names."""
    found: list[tuple[int, Near]] = []
    known = cluster.namespaces()
    for name in _worth_a_look(cluster, selector):
        manifest = known[name]
        labels = known_labels(name, manifest)
        missing = _only_missing(selector, labels)
        if not missing:
            continue
        if manifest is not None:
            found += _near_labels(missing, selector, labels, manifest)
        elif missing[0] == NAME_LABEL:
            far = slip(missing[1], name)
            if far is not None:
                found.append((far, Near(MISSPELT, *missing, name, "", None, None)))
    best = _the_best(found)
    if best and best.kind == MISSPELT and _asked_by_many(cluster, best):
        return None
    return best


def _worth_a_look(cluster: Cluster, selector: LabelSelector) -> Iterable[str]:
    """Return the namespaces that may be near; all of them, if the selector returned more than one label."""
    if selector.match_expressions or len(selector.match_labels or {}) != 1:
        return cluster.namespaces()
    ((key, value),) = (selector.match_labels or {}).items()
    names = {value: None} if value in cluster.namespaces() else {}
    for other, there in cluster.namespace_labels():
        # Nearly all are told apart at a glance.
        alike = other == key and abs(len(there) - len(value)) <= _FEW and there[:1].lower() in value[:2].lower()
        if (alike and slip(value, there) is not None) or (there == value and slip(key, other) is not None):
            names |= dict.fromkeys(cluster.namespaces_labelled(other, there))
    return names


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
    wanted: tuple[str, str],
    selector: LabelSelector,
    labels: Mapping[str, str],
    owner: Resource,
    template: tuple[str, ...] = (),
) -> Iterator[tuple[int, Near]]:
    """Yield what is near a label in an object's labels, with how far it is."""
    key, value = wanted
    name = owner.name
    who = f"{owner.kind} {name}"
    has = labels.get(key)
    its = owner.at(*template, "metadata", "labels", key)
    if has is not None:
        far = slip(value, has)
        if far is not None:
            place = owner.at("metadata", "name") if key == NAME_LABEL else its
            yield far, Near(MISSPELT, key, value, has, f"{who} has {key}={has}", owner, place)
        elif value == name:
            yield 1, Near(OBJECT_NAME, key, value, has, f"{who} has {key}={has}", owner, its)
        return
    for other, there in labels.items():
        if other in selector.keys():  # noqa: SIM118 - its keys are no mapping's
            continue
        far = slip(key, other) if there == value and other != NAME_LABEL else None
        if far is not None:
            place = owner.at(*template, "metadata", "labels", other)
            yield far, Near(OTHER_KEY, key, value, f"{other}: {value}", f"{who} has {other}={value}", owner, place)
    if name and value == name and (owner.kind != "Namespace" or key.rpartition("/")[2] in NAMING_KEYS):
        own = f"{NAME_LABEL}: {name}" if owner.kind == "Namespace" else _label_with(labels, name)
        place = owner.at("metadata", "name")
        yield 0, Near(OBJECT_NAME, key, value, own, f"{who} has no label {key}", owner, place)


def _label_with(labels: Mapping[str, str], value: str) -> str:
    return next((f"{key}: {value}" for key, there in labels.items() if there == value), "")


def _is_a_name(question: Question, near: Near) -> bool:
    """Tell whether what looks misspelt is the name of something, and known as such elsewhere."""
    cluster, value = question.cluster, near.value
    index = index_of(cluster)
    if value in index.names or index.carry(near.key, value):
        return True
    for other, selector in question.others():
        if not isinstance(other, Service):
            continue
        if other.name == value and (near.key, value) in pairs_of(selector):
            return True
        # The pods that are near have their Service: this one, called like its selector, is for others.
        named = isinstance(question.asker, Service) and f"-{value}-" in f"-{question.asker.name}-"
        if named and isinstance(near.near, Workload) and near.near.selected_by(selector):
            return True
    return _asked_by_many(cluster, near)


def _asked_by_many(cluster: Cluster, near: Near) -> bool:
    """Tell whether several write what is no slip then, unless far more write what is near."""
    users = index_of(cluster).users
    asked = len(users.get((near.key, near.value), set()))
    return asked >= _MANY and len(users.get((near.key, near.meant), set())) < 4 * asked


def _object_labels(question: Question) -> Near | None:
    """Return the object that carries the labels itself, instead of its pods."""
    selector = question.selector
    for workload in question.there:
        if workload.labels and workload.template and selector.matches(workload.labels):
            label = f"these labels are on {workload.kind} {workload.name} itself, not on its pods"
            return Near(OBJECT_LABELS, "", "", "", label, workload, workload.at("metadata", "labels", key=True))
    for other, its_selector in question.others():
        if not isinstance(other, Service) or not other.labels or not selector.matches(other.labels):
            continue
        if any(each.selected_by(its_selector) for each in question.there):
            label = f"these labels are on Service {other.name} itself, not on its pods"
            return Near(OBJECT_LABELS, "", "", "", label, other, other.at("metadata", "labels", key=True))
    return None


def _service_name(question: Question) -> Near | None:
    """Return the Service whose name stands where a label of its pods was meant."""
    labels = question.selector.match_labels or {}
    if len(labels) != 1 or question.selector.match_expressions:
        return None
    ((key, value),) = labels.items()
    for other, selector in question.others():
        if not isinstance(other, Service) or other.name != value or not other.selector:
            continue
        if any(each.selected_by(selector) for each in question.there):
            its = other.selector
            meant = its.get(key) or "{}: {}".format(*next(iter(its.items())))
            label = f"Service {value} selects {','.join(f'{one}={two}' for one, two in its.items())}"
            place = other.at("spec", "selector", key=True)
            return Near(OBJECT_NAME, key, value, meant, label, other, place)
    return None


def _other_key(question: Question) -> Near | None:
    """Return the workload that carries a value under another key that names applications."""
    found: list[tuple[int, Near]] = []
    for workload in question.there:
        labels = workload.pod_labels
        missing = _only_missing(question.selector, labels)
        if not missing or missing[0] not in _NAME_KEYS or missing[0] in labels:
            continue
        key, value = missing
        for other in (_NAME_KEYS & labels.keys()) - {*question.selector.keys()}:
            if labels[other] == value:
                place = workload.at(*workload.template, "metadata", "labels", other)
                label = f"{workload.kind} {workload.name} has {other}={value}"
                found.append((1, Near(OTHER_KEY, key, value, f"{other}: {value}", label, workload, place)))
    return _the_best(found)


def _missing_label(question: Question) -> Near | None:
    """Return the only workload that lacks one label: which many others carry, or beside it in the same file."""
    lacking: dict[tuple[str, str], list[Workload]] = {}
    if len(tuple(question.selector.keys())) > 1:
        for workload in question.there:
            missing = _only_missing(question.selector, workload.pod_labels)
            if missing and missing[0] not in workload.pod_labels:
                lacking.setdefault(missing, []).append(workload)
    for (key, value), workloads in lacking.items():
        siblings = sum(each.pod_labels.get(key) == value for each in question.there)
        owner = workloads[0]
        if len(workloads) == 1 and (siblings >= _MANY or owner.source is question.asker.source):
            label = f"{owner.kind} {owner.name} has no label {key}"
            place = owner.at(*owner.template, "metadata", "labels", key=True)
            return Near(MISSING_LABEL, key, value, "", label, owner, place)
    return None


def _other_namespace(question: Question) -> Near | None:
    """Return the only other namespace whose pods the selector matches."""
    others: dict[str, Workload] = {}
    for each in index_of(question.cluster).carriers(question.selector) if question.spaces else ():
        namespace = question.cluster.known_namespace_of(each)
        if namespace is not None and namespace not in question.spaces:
            others.setdefault(namespace, each)
    if len(others) != 1:
        return None
    ((namespace, workload),) = others.items()
    label = f"{workload.kind} {workload.name} is in namespace {namespace}"
    place = workload.at(*workload.template, "metadata", "labels", key=True)
    return Near(OTHER_NAMESPACE, "", "", namespace, label, workload, place)


def _the_best(found: list[tuple[int, Near]]) -> Near | None:
    """Return the nearest, None if two that are equally near mean different things."""
    if not found:
        return None
    least = min(far for far, _ in found)
    nearest = [near for far, near in found if far == least]
    return nearest[0] if len({(near.key, near.meant) for near in nearest}) == 1 else None
