"""Answers to questions about the whole of a scope: yes, no, or nobody can tell from these manifests.

What a selector matches is asked of all that may stand in the namespace. That it matches nothing is said only where
the manifests show everything that counts; where something unseen may make the pods, the answer is that we cannot know,
unless a near miss says what was meant.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar

from k8snetlint.model.cluster import ALWAYS_THERE, NAME_LABEL, labels_of
from k8snetlint.model.delivery import Delivery
from k8snetlint.model.namespace import Namespace
from k8snetlint.model.near import Near, near_namespace, near_pods
from k8snetlint.model.resource import Resource
from k8snetlint.model.tables.controllers import is_operator_label
from k8snetlint.model.tables.podless import may_make_pods
from k8snetlint.model.workload import Workload
from k8snetlint.source.templates import is_placeholder

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from k8snetlint.model.cluster import Cluster
    from k8snetlint.model.networkpolicy import NetworkPolicy, Peer
    from k8snetlint.model.selectors import LabelSelector
    from k8snetlint.source.paths import Place

T = TypeVar("T")


class Match(NamedTuple, Generic[T]):
    """Something matches: all that does, judged or not."""

    found: tuple[T, ...]


class NoMatch(NamedTuple):
    """Nothing matches; `near` is what was probably meant, `of` the number of what was looked at."""

    near: Near | None
    of: int


class CannotKnow(NamedTuple):
    """Nothing here matches, but something that is not here may."""

    why: str


def pods(
    cluster: Cluster, selector: LabelSelector, asker: Resource, at: Place
) -> Match[Workload] | NoMatch | CannotKnow:
    """Return which workloads of a resource's namespace make pods that a selector matches.

    Args:
        cluster: the scope.
        selector: the empty one matches all pods.
        asker: the resource that selects; pods of its namespace are asked for.
        at: where the selector stands, for the note about what cannot be known.
    """
    there = cluster.workloads_of(asker)
    found = tuple(each for each in there if each.made_for(selector))
    if found:
        return Match(found)
    namespace = cluster.namespace_of(asker)
    if not there:
        return _cannot(cluster, at, f"no workload of namespace {namespace} is among the manifests")
    return _nothing(cluster, selector, asker, at, there, (namespace,))


def peer_pods(cluster: Cluster, policy: NetworkPolicy, peer: Peer) -> Match[Workload] | NoMatch | CannotKnow:
    """Return which workloads make pods that a peer with selectors selects: in the policy's namespace, or in others."""
    at = peer.at("podSelector") if peer.pod_selector is not None else peer.at("namespaceSelector")
    if peer.namespace_selector is None:
        if peer.pod_selector is None:
            return _cannot(cluster, peer.place, "the peer selects no pods")
        return pods(cluster, peer.pod_selector, policy, at)
    spaces = namespaces(cluster, peer.namespace_selector, policy, peer.at("namespaceSelector"))
    if not isinstance(spaces, Match):
        return spaces
    there = cluster.workloads_in(spaces.found)
    found = tuple(each for each in there if peer.pod_selector is None or each.made_for(peer.pod_selector))
    if found:
        return Match(found)
    names = ", ".join(spaces.found[:3])
    if not there or peer.pod_selector is None:
        return _cannot(cluster, at, f"no workload of namespace {names} is among the manifests")
    return _nothing(cluster, peer.pod_selector, policy, at, there, spaces.found)


def namespaces(
    cluster: Cluster, selector: LabelSelector, asker: Resource, at: Place
) -> Match[str] | NoMatch | CannotKnow:
    """Return the names of the namespaces that a selector matches; those that only are named count by their names."""
    known = cluster.namespaces()
    found = tuple(name for name in _candidates(cluster, selector) if selector.matches(labels_of(name, known[name])))
    if found:
        return Match(found)
    manifests = [each for each in known.values() if each is not None]
    for why in _blind_for_namespaces(cluster, selector, asker, manifests):
        return _cannot(cluster, at, why)
    near = near_namespace(selector, known)
    if near or cluster.environment.whole_cluster:
        return NoMatch(near, len(manifests))
    for why in _namespace_doubts(cluster, selector, known):
        return _cannot(cluster, at, why)
    return NoMatch(None, len(manifests))


def _candidates(cluster: Cluster, selector: LabelSelector) -> Iterable[str]:
    """Return the names of the namespaces that a selector may match."""
    for key, value in (selector.match_labels or {}).items():
        return cluster.namespaces_labelled(key, value)
    return cluster.namespaces()


def _nothing(  # noqa: PLR0917 - what a question consists of
    cluster: Cluster,
    selector: LabelSelector,
    asker: Resource,
    at: Place,
    there: list[Workload],
    spaces: tuple[str, ...],
) -> NoMatch | CannotKnow:
    """Return what it means that none of the workloads that are there matches."""
    for why in _blind(cluster, selector, asker, there):
        return _cannot(cluster, at, why)
    near = near_pods(cluster, selector, there, spaces)
    if near:
        return NoMatch(near, len(there))
    if not cluster.environment.whole_cluster:
        for why in _doubts(cluster, spaces):
            return _cannot(cluster, at, why)
    return NoMatch(None, len(there))


def _blind(cluster: Cluster, selector: LabelSelector, asker: Resource, there: list[Workload]) -> Iterator[str]:
    """Yield why not even a near miss would say anything."""
    if _has_placeholder(selector):
        yield "a placeholder stands in the selector"
    if asker.patched:
        yield "a patch changes the object"
    for each in there:
        if each.patched:
            yield f"a patch changes {each.kind} {each.name}"
        elif any(is_placeholder(value) for value in each.pod_labels.values()):
            yield f"a placeholder stands in the labels of {each.kind} {each.name}"
    for key, value in _pairs(selector):
        if is_operator_label(key, value):
            yield f"pods labelled {key}={value} are made by an operator"
    for other in cluster.elsewhere:
        if isinstance(other, Workload) and other.made_for(selector):
            yield f"it matches only in a variant: {other.source.name}"


def _doubts(cluster: Cluster, spaces: tuple[str, ...]) -> Iterator[str]:
    """Yield why pods that no manifest shows may be in namespaces."""
    yield from cluster.doubts
    for each in cluster.known(Resource):
        if may_make_pods(each.group, each.kind) and _may_be_in(cluster.known_namespace_of(each), spaces):
            yield f"{each.kind} {each.name} ({each.group}) may make pods"
    for delivery in cluster.known(Delivery):
        if delivery.unseen and _may_be_in(delivery.target_namespace, spaces):
            yield f"{delivery.kind} {delivery.name} brings what is not among the manifests"


def _may_be_in(namespace: str | None, spaces: tuple[str, ...]) -> bool:
    return namespace is None or namespace == "" or namespace in spaces or is_placeholder(namespace)


def _pairs(selector: LabelSelector) -> Iterator[tuple[str, str]]:
    yield from (selector.match_labels or {}).items()
    for each in selector.match_expressions or ():
        if each.operator in ("In", "Exists"):
            yield from ((each.key, value) for value in each.values or ("",))


def _has_placeholder(selector: LabelSelector) -> bool:
    return any(is_placeholder(key) or is_placeholder(value) for key, value in _pairs(selector))


def _blind_for_namespaces(
    cluster: Cluster, selector: LabelSelector, asker: Resource, manifests: list[Namespace]
) -> Iterator[str]:
    if _has_placeholder(selector):
        yield "a placeholder stands in the selector"
    if asker.patched:
        yield "a patch changes the object"
    for each in manifests:
        if each.patched:
            yield f"a patch changes Namespace {each.name}"
    for other in cluster.elsewhere:
        if isinstance(other, Namespace) and selector.matches(labels_of(other.name or "", other)):
            yield f"it matches only in a variant: {other.source.name}"


def _namespace_doubts(cluster: Cluster, selector: LabelSelector, known: dict[str, Namespace | None]) -> Iterator[str]:
    if all(each is None for each in known.values()):
        yield "no Namespace is among the manifests"
    if set(selector.keys()) == {NAME_LABEL}:
        yield "the namespace is not among the manifests"
    for name, manifest in known.items():
        if manifest is None and name not in ALWAYS_THERE:
            yield f"the labels of namespace {name} are not among the manifests"
    yield from cluster.doubts


def _cannot(cluster: Cluster, at: Place, why: str) -> CannotKnow:
    cluster.cannot_know(at, why)
    return CannotKnow(why)
