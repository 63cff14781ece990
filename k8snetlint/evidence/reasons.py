"""Why nobody knows: what selects, or what may be selected, is not as it is written, or not among the manifests."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from k8snetlint.model.aspects import NAME, SELECTORS
from k8snetlint.model.bitsets import first
from k8snetlint.model.namespace import BUILT_IN_NAMESPACES, NAME_LABEL
from k8snetlint.model.networkpolicy import NetworkPolicy
from k8snetlint.model.tables.controllers import is_operator_label
from k8snetlint.model.tables.runtime import MAKER, is_put_on_namespaces, is_put_on_pods
from k8snetlint.source.templates import is_placeholder

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from k8snetlint.evidence.query import SelectorQuery
    from k8snetlint.model.cluster import Cluster
    from k8snetlint.model.resource import Resource
    from k8snetlint.model.selectors import LabelSelector


def unknown_pods(query: SelectorQuery) -> Iterator[str]:
    """Yield why not even a near miss would say anything about pods."""
    cluster, selector = query.cluster, query.selector
    if _has_placeholder(selector) or any(map(is_placeholder, query.namespace_set.names)):
        yield "a placeholder stands in the selector or the namespace"
    if query.subject.patched & {NAME, SELECTORS}:
        yield "a patch changes the object"
    external = cluster.environment.external
    for key, value in selector.pairs():
        if external.labels and f"{key}={value}" in external.labels:
            yield f"pods labelled {key}={value} are declared external"
        by_operator, while_running = _made_elsewhere(key, value)
        if by_operator:
            yield f"pods labelled {key}={value} are made by an operator"
        if while_running and not _is_written(query, key, value):
            yield f"the label {key} is put on pods while they run"
    for name in external.namespaces if query.namespace_set.names else ():
        if name in query.namespace_set.names:
            yield f"namespace {name} is declared external"
    if query.namespace_set.unread:
        yield query.namespace_set.unread
    if not brings_pods(query):
        yield from _in_variants(cluster, query.index.elsewhere.workloads(selector))


@functools.lru_cache(4096)
def _made_elsewhere(key: str, value: str) -> tuple[bool, bool]:
    """Tell whether an operator labels its pods so, and whether pods are labelled so while they run."""
    return is_operator_label(key, value), is_put_on_pods(key, value)


def _is_written(query: SelectorQuery, key: str, value: str) -> bool:
    """Tell whether a label says who made the pods, and the manifests write it on theirs: they made those."""
    return key == MAKER and bool(query.candidates & query.index.pod_labels.pairs[key, value])


def brings_pods(query: SelectorQuery) -> bool:
    """Tell whether the file of what selects brings pods, so that those outrank what a variant elsewhere holds.

    What one file brings with its Services and policies is complete; peers stand in other files.
    """
    here = query.candidates & query.index.workloads.by_source[query.subject.source]
    return query.own and bool(here) and not query.cluster.environment.bare


def unseen_pods(query: SelectorQuery) -> Iterator[str]:
    """Yield why pods that no manifest shows may be in namespaces."""
    cluster, index = query.cluster, query.index
    if brings_pods(query):
        yield from _in_variants(cluster, index.elsewhere.workloads(query.selector))
    yield from cluster.doubts
    for name in BUILT_IN_NAMESPACES:
        if name != "default" and name in query.namespace_set.names:
            yield f"the cluster has pods of its own in namespace {name}"
    matching = index.pod_labels.matching(query.selector) & index.seen & index.in_any_namespace
    if matching:
        yield f"namespace {index.workloads.first(matching).namespace} may be any"
    if query.namespace_set.pod_producer:
        yield query.namespace_set.pod_producer


def no_workload(query: SelectorQuery) -> str:
    """Return why nobody knows what is in namespaces without any workload."""
    namespace_set = query.namespace_set
    for name in namespace_set.names[:3]:
        all_resources = query.index.elsewhere.workload_beside(query.subject, name)
        if all_resources:
            where = f"{all_resources.source.name}, which is not applied together with this"
            return f"{all_resources.kind} {all_resources.name} of namespace {name} is in {where}"
    return f"no workload of namespace {', '.join(namespace_set.names[:3]) or '(open)'} is among the manifests"


def unknown_namespaces(cluster: Cluster, selector: LabelSelector, subject: Resource) -> Iterator[str]:
    """Yield why not even a near miss would say anything about namespaces."""
    if _has_placeholder(selector):
        yield "a placeholder stands in the selector"
    if SELECTORS in subject.patched:
        yield "a patch changes the object"
    external = cluster.environment.external
    for key, value in selector.pairs():
        if f"{key}={value}" in external.labels or (key == NAME_LABEL and value in external.namespaces):
            yield f"a namespace with {key}={value} is declared external"
        if is_put_on_namespaces(key):
            yield f"the label {key} is put on namespaces by a platform"
    yield from _in_variants(cluster, cluster.index.elsewhere.namespaces(selector))


def unseen_namespaces(cluster: Cluster, selector: LabelSelector, subject: Resource) -> Iterator[str]:
    """Yield why a namespace may match that no manifest shows."""
    known, index = cluster.namespaces(), cluster.index
    by_name = set(selector.keys()) == {NAME_LABEL}
    if by_name and not cluster.environment.whole_cluster:
        yield "the namespace is not among the manifests"
    if not by_name and not index.known_namespaces.defined:
        yield "no Namespace is among the manifests"
    values = {value for _, value in selector.pairs()}
    for name, manifest in known.items() if not by_name else ():
        if manifest is None and (name not in BUILT_IN_NAMESPACES or name in values):
            yield f"the labels of namespace {name} are not among the manifests"
    odd = index.known_namespaces.defined & ~index.known_namespaces.plain
    if odd:
        yield f"a patch or a placeholder changes Namespace {index.known_namespaces.names[first(odd)]}"
    if cluster.environment.whole_cluster or by_name:
        return
    yield from cluster.doubts
    if not _labels_count(cluster, subject):
        yield "no namespaceSelector finds a namespace by its labels among the manifests"


def _in_variants(cluster: Cluster, matching: Iterable[Resource]) -> Iterator[str]:
    """Yield where else something matches.

    Where only what changes is asked for, that another definition of an object still matches says nothing about the one
    that is here: before the change, this one did.
    """
    for other in matching:
        if not (cluster.environment.bare and cluster.index.elsewhere.is_variant(other)):
            yield f"it matches only in a variant: {other.source.name}"


def _labels_count(cluster: Cluster, subject: Resource) -> bool:
    """Tell whether the manifests evidently hold the labels of namespaces: another selector finds some by them."""
    answers = cluster.index.answers
    known: tuple[Resource, ...] | None = answers.get("finds namespaces")
    if known is None:
        finding = (each for each in cluster.known(NetworkPolicy) if _finds_namespaces(cluster, each))
        known = answers["finds namespaces"] = tuple(each for _, each in zip(range(2), finding, strict=False))
    return any(each is not subject for each in known)


def _finds_namespaces(cluster: Cluster, policy: NetworkPolicy) -> bool:
    index = cluster.index
    for rule in policy.rules():
        for peer in rule.peers or ():
            selector = peer.namespace_selector
            if selector is None or selector.is_empty or NAME_LABEL in set(selector.keys()):
                continue
            if index.known_namespaces.labels.matching(selector) & index.known_namespaces.defined:
                return True
    return False


def _has_placeholder(selector: LabelSelector) -> bool:
    return any(is_placeholder(key) or is_placeholder(value) for key, value in selector.pairs())
