"""Why not even a near miss would say anything: what selects, or what may be selected, is not as it is written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.model.namespace import NAME_LABEL
from k8snetlint.model.tables.controllers import is_operator_label
from k8snetlint.model.tables.runtime import is_put_on_namespaces, is_put_on_pods
from k8snetlint.source.templates import is_placeholder
from naive.index import index_of, pairs_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.model.resource import Resource
    from k8snetlint.model.selectors import LabelSelector
    from naive.cluster import Cluster
    from naive.question import Question


def blind(question: Question) -> Iterator[str]:
    """Yield why not even a near miss would say anything."""
    cluster, selector, asker = question.cluster, question.selector, question.asker
    if _has_placeholder(selector) or any(map(is_placeholder, question.spaces)):
        yield "the selector or the namespace contains a placeholder"
    if asker.patched:
        yield "a patch changes the object"
    external = cluster.environment.external
    for key, value in pairs_of(selector):
        if f"{key}={value}" in external.labels:
            yield f"pods labelled {key}={value} are declared external"
        if is_operator_label(key, value):
            yield f"pods labelled {key}={value} are created by an operator"
        if is_put_on_pods(key, value):
            yield f"the label {key} is added to pods at runtime"
    for name in set(external.namespaces).intersection(question.spaces):
        yield f"namespace {name} is declared external"
    for namespace, why in index_of(cluster).unread:
        if may_be_in(namespace, question.spaces):
            yield why
    other = index_of(cluster).elsewhere(selector)
    if other:
        yield f"only {other.source.name} has matching pods, and it is not applied together with this object"


def blind_for_namespaces(cluster: Cluster, selector: LabelSelector, asker: Resource) -> Iterator[str]:
    """Yield why nothing can be said about a selector of namespaces."""
    if _has_placeholder(selector):
        yield "the selector contains a placeholder"
    if asker.patched:
        yield "a patch changes the object"
    external = cluster.environment.external
    for key, value in pairs_of(selector):
        if f"{key}={value}" in external.labels or (key == NAME_LABEL and value in external.namespaces):
            yield f"a namespace with {key}={value} is declared external"
        if is_put_on_namespaces(key):
            yield f"the label {key} is added to namespaces by a platform"
    index = index_of(cluster)
    if index.odd_namespace():
        yield index.odd_namespace()
    other = index.namespace_elsewhere(selector)
    if other:
        yield f"only {other.source.name} has a matching Namespace, and it is not applied together with this object"


def _has_placeholder(selector: LabelSelector) -> bool:
    return any(is_placeholder(key) or is_placeholder(value) for key, value in pairs_of(selector))


def may_be_in(namespace: str | None, spaces: tuple[str, ...]) -> bool:
    """Tell whether what is in a namespace may be in one of `spaces`; no spaces are all."""
    return not namespace or not spaces or namespace in spaces or is_placeholder(namespace)
