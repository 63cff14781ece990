"""Answers to questions about the whole of a scope: yes, no, or nobody can tell from these manifests.

What a selector matches is asked of all that may stand in the namespace. That it matches nothing is said only where
the manifests show everything that counts; where something unseen may make the pods, the answer is that we cannot know,
unless a near miss says what was meant.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar

from k8snetlint.model.namespace import BUILT_IN_NAMESPACES, NAME_LABEL, Namespace, known_labels
from k8snetlint.model.networkpolicy import NetworkPolicy
from k8snetlint.model.workload import Workload
from k8snetlint.source.templates import is_placeholder
from naive.blind import blind, blind_for_namespaces, may_be_in
from naive.index import index_of, pairs_of
from naive.near import MISSPELT, Near, far_pods, near_namespace, near_pods
from naive.question import Question

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from k8snetlint.model.networkpolicy import Peer
    from k8snetlint.model.resource import Resource
    from k8snetlint.model.selectors import LabelSelector
    from k8snetlint.source.document import Place
    from naive.cluster import Cluster

T = TypeVar("T")
Answer = TypeVar("Answer")

_ENOUGH = 2
"""How many other selectors find pods where the manifests hold those of the namespace; one may do so by chance."""


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
    answer = _pods(cluster, selector, asker)
    return _noted(cluster, at, answer)


def _pods(cluster: Cluster, selector: LabelSelector, asker: Resource) -> Match[Workload] | NoMatch | CannotKnow:
    namespace = cluster.known_namespace_of(asker)
    spaces = () if namespace is None else (namespace,)
    found = _found(cluster, selector, spaces)
    return Match(found) if found else _nothing(Question(cluster, selector, asker, cluster.workloads_of(asker), spaces))


def _found(cluster: Cluster, selector: LabelSelector, spaces: tuple[str, ...]) -> tuple[Workload, ...]:
    """Return the workloads that match and may be in the namespaces; in any, if there are none."""
    carriers = index_of(cluster).carriers(selector)
    return tuple(each for each in carriers if not spaces or cluster.known_namespace_of(each) in (*spaces, None))


def peer_pods(cluster: Cluster, policy: NetworkPolicy, peer: Peer) -> Match[Workload] | NoMatch | CannotKnow:
    """Return which workloads make pods that a peer with selectors selects: in the policy's namespace, or in others."""
    return _peer_pods(cluster, policy, peer)


def _peer_pods(cluster: Cluster, policy: NetworkPolicy, peer: Peer) -> Match[Workload] | NoMatch | CannotKnow:
    at = peer.at("podSelector") if peer.pod_selector is not None else peer.at("namespaceSelector")
    if peer.namespace_selector is None:
        if peer.pod_selector is None:
            return _cannot(cluster, peer.place, "the peer has no podSelector")
        return pods(cluster, peer.pod_selector, policy, at)
    spaces = namespaces(cluster, peer.namespace_selector, policy, peer.at("namespaceSelector"))
    if not isinstance(spaces, Match):
        return spaces
    selector = peer.pod_selector
    if selector is None:
        there = tuple(cluster.workloads_in(spaces.found))
        why = "the manifests contain no workload in these namespaces"
        return Match(there) if there else _cannot(cluster, at, why)
    found = _found(cluster, selector, spaces.found)
    if found:
        return Match(found)
    if set(peer.namespace_selector.keys()) != {NAME_LABEL} and not cluster.environment.whole_cluster:
        return _cannot(cluster, at, "other namespaces may also have these labels")
    there_too = cluster.workloads_in(spaces.found)
    return _noted(cluster, at, _nothing(Question(cluster, selector, policy, there_too, spaces.found, named=True)))


def namespaces(
    cluster: Cluster, selector: LabelSelector, asker: Resource, at: Place
) -> Match[str] | NoMatch | CannotKnow:
    """Return the names of the namespaces that a selector matches; those that only are named count by their names."""
    answer = _namespaces(cluster, selector, asker)
    return _noted(cluster, at, answer)


def _namespaces(cluster: Cluster, selector: LabelSelector, asker: Resource) -> Match[str] | NoMatch | CannotKnow:
    known = cluster.namespaces()
    found = tuple(name for name in _candidates(cluster, selector) if selector.matches(known_labels(name, known[name])))
    if found:
        return Match(found)
    for why in blind_for_namespaces(cluster, selector, asker):
        return CannotKnow(why)
    near = near_namespace(cluster, selector)
    if not near:
        for why in _namespace_doubts(cluster, selector, asker):
            return CannotKnow(why)
    return NoMatch(near, sum(each is not None for each in known.values()))


def says_namespace(cluster: Cluster, resource: Resource) -> bool:
    """Tell whether a resource's namespace is written, and not only concluded."""
    return bool(resource.namespace or cluster.environment.namespace)


def _candidates(cluster: Cluster, selector: LabelSelector) -> Iterable[str]:
    """Return the names of the namespaces that a selector may match."""
    for key, value in (selector.match_labels or {}).items():
        return cluster.namespaces_labelled(key, value)
    return cluster.namespaces()


def _nothing(question: Question) -> NoMatch | CannotKnow:
    """Return what it means that none of the workloads that are there matches."""
    cluster, index = question.cluster, index_of(question.cluster)
    bare = cluster.environment.bare
    if not question.there and not any(isinstance(each, Workload) for each in cluster.inner) and not bare:
        return CannotKnow(_no_workload(question))
    for why in blind(question):
        return CannotKnow(why)
    plain = [each for each in question.there if index.is_plain(each)]
    inner = [each for each in cluster.inner if isinstance(each, Workload) and index.is_plain(each)]
    goes = question.goes_with
    here = question._replace(there=list(filter(goes, question.there)), inner=tuple(filter(goes, inner)))
    near = near_pods(here._replace(there=list(filter(goes, plain))))
    if not near and len(here.there) < len(question.there):
        # What is misspelt says enough, in whatever folder the pods are.
        far = near_pods(question._replace(there=plain))
        near = far if far and far.kind == MISSPELT else None
    if near:
        return NoMatch(near, len(here.there) + len(here.inner) or len(question.there))
    if not here.there and not here.inner:
        return NoMatch(None, 0) if bare else CannotKnow(_no_workload(question))
    for variant in here.inner:
        return CannotKnow(f"{variant.source.name} may define the pods, but is not applied together with this object")
    for each in here.there:
        if not index.is_plain(each):
            return CannotKnow(f"a patch or a placeholder changes {each.kind} {each.name}")
    if not cluster.environment.whole_cluster:
        for why in _doubts(cluster, here):
            return CannotKnow(why)
    near = far_pods(here)
    if not near and not cluster.environment.whole_cluster and not _is_shown(here):
        return CannotKnow("no other selector of the namespace matches pods, so its workloads may be defined elsewhere")
    return NoMatch(near, len(here.there))


def _no_workload(question: Question) -> str:
    if not question.spaces:
        return "the manifests contain no workload in this namespace, whose name is not known"
    return f"the manifests contain no workload in namespace {', '.join(question.spaces[:3])}"


def _doubts(cluster: Cluster, question: Question) -> Iterator[str]:
    """Yield why pods that no manifest shows may be in namespaces."""
    yield from cluster.doubts
    for name in question.spaces:
        if name in BUILT_IN_NAMESPACES and name != "default":
            yield f"the cluster itself runs pods in namespace {name}"
    for each in index_of(cluster).carriers(question.selector):
        if is_placeholder(each.namespace or ""):
            yield f"namespace {each.namespace} of a matching workload may be any namespace"
    for namespace, why in index_of(cluster).makers:
        if may_be_in(namespace, question.spaces):
            yield why


def _is_shown(question: Question) -> bool:
    """Tell whether the manifests evidently hold the pods of the namespaces: others find theirs among them."""
    if any(each.source is question.asker.source for each in question.there):
        return True
    finding = 0
    for _, selector in question.others():
        finding += not selector.is_empty and any(each.selected_by(selector) for each in question.there)
        if finding == _ENOUGH:
            return True
    return False


def _namespace_doubts(cluster: Cluster, selector: LabelSelector, asker: Resource) -> Iterator[str]:
    """Yield why a namespace may match that no manifest shows."""
    known = cluster.namespaces()
    if set(selector.keys()) == {NAME_LABEL}:
        if not cluster.environment.whole_cluster:
            yield "the manifests do not contain the namespace"
        return
    if all(each is None for each in known.values()):
        yield "the manifests define no Namespace"
    values = {value for _, value in pairs_of(selector)}
    for name, manifest in known.items():
        if manifest is None and (name not in BUILT_IN_NAMESPACES or name in values):
            yield f"the manifests do not show the labels of namespace {name}"
    if cluster.environment.whole_cluster:
        return
    yield from cluster.doubts
    if not _labels_count(cluster, asker):
        yield "no other namespaceSelector matches a Namespace, so Namespaces may be defined elsewhere"


def _labels_count(cluster: Cluster, asker: Resource) -> bool:
    """Tell whether the manifests evidently hold the labels of namespaces: another selector finds some by them."""
    for policy in cluster.known(NetworkPolicy):
        for rule in policy.rules() if policy is not asker else ():
            for peer in rule.peers or ():
                selector = peer.namespace_selector
                if selector is None or selector.is_empty or NAME_LABEL in set(selector.keys()):
                    continue
                if any(
                    each.name and selector.matches(known_labels(each.name, each)) for each in cluster.known(Namespace)
                ):
                    return True
    return False


def _cannot(cluster: Cluster, at: Place, why: str) -> CannotKnow:
    cluster.cannot_know(at, why)
    return CannotKnow(why)


def _noted(cluster: Cluster, at: Place, answer: Answer) -> Answer:
    """Return an answer; that it cannot be known is noted at the place that asks."""
    if isinstance(answer, CannotKnow):
        cluster.cannot_know(at, answer.why)
    return answer
