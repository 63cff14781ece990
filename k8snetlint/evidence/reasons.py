"""Why it is not known what a selector matches: objects are not as they are written, or not among the manifests."""

from __future__ import annotations

import functools
from itertools import islice
from typing import TYPE_CHECKING

from k8snetlint.model.aspects import NAME, SELECTORS
from k8snetlint.model.bitsets import first
from k8snetlint.model.namespace import BUILT_IN_NAMESPACES, NAME_LABEL
from k8snetlint.model.networkpolicy import NetworkPolicy
from k8snetlint.model.tables.controllers import is_operator_label
from k8snetlint.model.tables.runtime import MANAGED_BY, is_put_on_namespaces, is_put_on_pods
from k8snetlint.source.templates import is_placeholder

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from k8snetlint.evidence.query import SelectorQuery
    from k8snetlint.model.cluster import Cluster
    from k8snetlint.model.resource import Resource
    from k8snetlint.model.selectors import LabelSelector

_PODS = "matching pods"


def unknown_pods(query: SelectorQuery) -> Iterator[str]:
    """Yield why not even a suggestion of pods would be certain."""
    cluster, selector = query.cluster, query.selector
    if _has_placeholder(selector) or any(map(is_placeholder, query.namespace_set.names)):
        yield "the selector or the namespace contains a placeholder"
    if query.subject.patched & {NAME, SELECTORS}:
        yield "a patch changes the object"
    external = cluster.environment.external
    for key, value in selector.pairs():
        if external.labels and f"{key}={value}" in external.labels:
            yield f"pods labelled {key}={value} are declared external"
        by_operator, while_running = _made_elsewhere(key, value)
        if by_operator:
            yield f"pods labelled {key}={value} are created by an operator"
        if while_running and not _is_written(query, key, value):
            yield f"the label {key} is added to pods at runtime"
    for name in external.namespaces if query.namespace_set.names else ():
        if name in query.namespace_set.names:
            yield f"namespace {name} is declared external"
    if query.namespace_set.unreadable:
        yield query.namespace_set.unreadable
    if not brings_pods(query):
        yield from _in_variants(cluster, query.index.elsewhere.workloads(selector), _PODS)


@functools.lru_cache(4096)
def _made_elsewhere(key: str, value: str) -> tuple[bool, bool]:
    """Tell whether an operator labels its pods so, and whether pods are labelled so while they run."""
    return is_operator_label(key, value), is_put_on_pods(key, value)


def _is_written(query: SelectorQuery, key: str, value: str) -> bool:
    """Tell whether a label says who made the pods, and pods of the manifests have it."""
    return key == MANAGED_BY and bool(query.candidates & query.index.pod_labels.pairs[key, value])


def brings_pods(query: SelectorQuery) -> bool:
    """Tell whether the file of the subject contains pods, so that they outrank those of a variant elsewhere.

    What one file contains with its Services and policies is complete; peers are in other files.
    """
    in_same_file = query.candidates & query.index.workloads.by_source[query.subject.source]
    return query.own and bool(in_same_file) and not query.cluster.environment.bare


def missing_pods(query: SelectorQuery) -> Iterator[str]:
    """Yield why there may be pods that no manifest shows."""
    cluster, index = query.cluster, query.index
    if brings_pods(query):
        yield from _in_variants(cluster, index.elsewhere.workloads(query.selector), _PODS)
    yield from cluster.doubts
    for name in BUILT_IN_NAMESPACES:
        if name != "default" and name in query.namespace_set.names:
            yield f"the cluster itself runs pods in namespace {name}"
    matching = index.pod_labels.matching(query.selector) & index.seen & index.in_any_namespace
    if matching:
        yield f"namespace {index.workloads.first(matching).namespace} of a matching workload may be any namespace"
    if query.namespace_set.pod_producer:
        yield query.namespace_set.pod_producer


def no_workload(query: SelectorQuery) -> str:
    """Return why it is not known what is in namespaces without any workload."""
    namespace_set = query.namespace_set
    for name in namespace_set.names[:3]:
        other = query.index.elsewhere.workload_near(query.subject, name)
        if other:
            where = f"{other.source.name}, which is not applied together with this object"
            return f"{other.kind} {other.name} in namespace {name} is in {where}"
    if not namespace_set.names:
        return "the manifests contain no workload in this namespace, whose name is not known"
    return f"the manifests contain no workload in namespace {', '.join(namespace_set.names[:3])}"


def unknown_namespaces(cluster: Cluster, selector: LabelSelector, subject: Resource) -> Iterator[str]:
    """Yield why not even a suggestion of namespaces would be certain."""
    if _has_placeholder(selector):
        yield "the selector contains a placeholder"
    if SELECTORS in subject.patched:
        yield "a patch changes the object"
    external = cluster.environment.external
    for key, value in selector.pairs():
        if f"{key}={value}" in external.labels or (key == NAME_LABEL and value in external.namespaces):
            yield f"a namespace with {key}={value} is declared external"
        if is_put_on_namespaces(key):
            yield f"the label {key} is added to namespaces by a platform"
    yield from _in_variants(cluster, cluster.index.elsewhere.namespaces(selector), "a matching Namespace")


def missing_namespaces(cluster: Cluster, selector: LabelSelector, subject: Resource) -> Iterator[str]:
    """Yield why a namespace that no manifest shows may match."""
    known, index = cluster.namespaces(), cluster.index
    by_name = set(selector.keys()) == {NAME_LABEL}
    if by_name and not cluster.environment.whole_cluster:
        yield "the manifests do not contain the namespace"
    if not by_name and not index.known_namespaces.defined:
        yield "the manifests define no Namespace"
    values = {value for _, value in selector.pairs()}
    for name, manifest in known.items() if not by_name else ():
        if manifest is None and (name not in BUILT_IN_NAMESPACES or name in values):
            yield f"the manifests do not show the labels of namespace {name}"
    changed = index.known_namespaces.defined & ~index.known_namespaces.plain
    if changed:
        yield f"a patch or a placeholder changes Namespace {index.known_namespaces.names[first(changed)]}"
    if cluster.environment.whole_cluster or by_name:
        return
    yield from cluster.doubts
    if not _has_resolving_selectors(cluster, subject):
        yield "no other namespaceSelector matches a Namespace, so Namespaces may be defined elsewhere"


def _in_variants(cluster: Cluster, matching: Iterable[Resource], what: str) -> Iterator[str]:
    """Yield which resources of other scopes match.

    If only the effects of a change are asked for, another definition of an object that still matches says nothing about
    the one of this scope: before the change, this one did.
    """
    for other in matching:
        if not (cluster.environment.bare and cluster.index.elsewhere.is_variant(other)):
            yield f"only {other.source.name} has {what}, and it is not applied together with this object"


def _has_resolving_selectors(cluster: Cluster, subject: Resource) -> bool:
    """Tell whether the manifests evidently contain the labels of namespaces: another selector matches some by them."""
    answers = cluster.index.answers
    known: tuple[Resource, ...] | None = answers.get("policies that select namespaces")
    if known is None:
        policies = (each for each in cluster.known(NetworkPolicy) if _selects_namespaces(cluster, each))
        known = answers["policies that select namespaces"] = tuple(islice(policies, 2))
    return any(each is not subject for each in known)


def _selects_namespaces(cluster: Cluster, policy: NetworkPolicy) -> bool:
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
