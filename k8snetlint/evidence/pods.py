"""Which pods a selector matches.

It is asked of all that may stand in the namespace. That it matches nothing is said only where the manifests show
everything that counts; where something unseen may make the pods, the answer is that nobody knows, unless a near miss
says what was meant.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.evidence.answers import CannotKnow, Match, NoMatch
from k8snetlint.evidence.namespaces import namespaces
from k8snetlint.evidence.query import SelectorQuery
from k8snetlint.evidence.reasons import brings_pods, no_workload, unknown_pods, unseen_pods
from k8snetlint.evidence.suggested_pods import far_pods, near_pods
from k8snetlint.evidence.suggestion import MISSPELT
from k8snetlint.model.members import Pods
from k8snetlint.model.namespace import NAME_LABEL
from k8snetlint.model.selectors import LabelSelector
from k8snetlint.model.service import Service

if TYPE_CHECKING:
    from k8snetlint.model.cluster import Cluster
    from k8snetlint.model.networkpolicy import NetworkPolicy, Peer
    from k8snetlint.model.resource import Resource

PodAnswer = Match[Pods] | NoMatch | CannotKnow

_EMPTY = LabelSelector({})
_ENOUGH = 2
"""How many other selectors find pods where the manifests hold those of the namespace; one may do so by chance."""


def pods(cluster: Cluster, subject: Service | NetworkPolicy) -> PodAnswer:
    """Return which pods a Service's selector or a policy's `spec.podSelector` matches, in its namespace.

    A policy without a podSelector selects every pod.
    """
    answers = cluster.index.answers
    answer: PodAnswer | None = answers.get(subject)
    if answer is None:
        selector = subject.label_selector if isinstance(subject, Service) else subject.pod_selector or _EMPTY
        answer = answers[subject] = _pods(cluster, selector, subject, own=True)
    return answer


def _pods(cluster: Cluster, selector: LabelSelector, subject: Resource, *, own: bool) -> PodAnswer:
    index = cluster.index
    namespace_set = index.namespace_set_of(subject)
    found = index.pod_labels.matching(selector) & namespace_set.workloads & index.seen
    if found:
        return Match(index.pods(found))
    return _nothing(SelectorQuery(cluster, selector, subject, namespace_set, own=own))


def peer_pods(cluster: Cluster, policy: NetworkPolicy, peer: Peer) -> PodAnswer:
    """Return which pods a peer with selectors selects: in the policy's namespace, or in others."""
    answers = cluster.index.answers
    answer: PodAnswer | None = answers.get(peer)
    if answer is None:
        answer = answers[peer] = _peer_pods(cluster, policy, peer)
    return answer


def _peer_pods(cluster: Cluster, policy: NetworkPolicy, peer: Peer) -> PodAnswer:
    selector, namespace_selector = peer.pod_selector, peer.namespace_selector
    if namespace_selector is None:
        no_pods = CannotKnow("the peer selects no pods")
        return no_pods if selector is None else _pods(cluster, selector, policy, own=False)
    there = namespaces(cluster, namespace_selector, policy)
    if not isinstance(there, Match):
        return there
    index, namespace_set = cluster.index, there.found
    found = namespace_set.workloads & index.seen
    if selector is None:
        why = "no workload of the namespaces is among the manifests"
        return Match(index.pods(found)) if found else CannotKnow(why)
    found &= index.pod_labels.matching(selector)
    if found:
        return Match(index.pods(found))
    by_name = {each.key for each in namespace_selector.requirements} == {NAME_LABEL}
    if not by_name and not cluster.environment.whole_cluster:
        return CannotKnow("other namespaces may have these labels as well")
    return _nothing(SelectorQuery(cluster, selector, policy, namespace_set, named=True))


def _nothing(query: SelectorQuery) -> NoMatch | CannotKnow:
    """Return what it means that none of the workloads that are there matches."""
    cluster, index = query.cluster, query.index
    environment = cluster.environment
    candidates = query.candidates
    if not candidates and not index.inner and not environment.bare:
        return CannotKnow(no_workload(query))
    for why in unknown_pods(query):
        return CannotKnow(why)
    plain, together = index.plain, query.same_application
    here, inner = together & index.seen, together & index.inner & plain
    near = near_pods(query, here & plain, inner)
    if not near and here != candidates:
        # What is misspelt says enough, in whatever folder the pods are.
        far = near_pods(query, candidates & plain)
        near = far if far and far.kind == MISSPELT else None
    looked_at = (here | inner).bit_count()
    if near:
        return NoMatch(near, looked_at or candidates.bit_count())
    if not here and not inner:
        return NoMatch(None, 0) if environment.bare else CannotKnow(no_workload(query))
    if inner and not brings_pods(query):
        return CannotKnow(f"a variant may bring the pods: {index.workloads.first(inner).source.name}")
    if here & ~plain:
        odd = index.workloads.first(here & ~plain)
        return CannotKnow(f"a patch or a placeholder changes {odd.kind} {odd.name}")
    if not environment.whole_cluster:
        for why in unseen_pods(query):
            return CannotKnow(why)
    near = far_pods(query, here)
    if not near and not environment.whole_cluster and not _has_resolving_selectors(query, here):
        return CannotKnow("no selector of the namespace finds pods among the manifests")
    return NoMatch(near, here.bit_count())


def _has_resolving_selectors(query: SelectorQuery, here: int) -> bool:
    """Tell whether the manifests evidently hold the pods of the namespaces: others find theirs among them."""
    if here & query.index.workloads.by_source[query.subject.source]:
        return True
    selecting = query.index.selecting
    among = query.others | (query.namespace_set.selecting & selecting.members.bit_of(query.subject))
    found = [each for each in selecting.finders(among, here) if each is not query.subject]
    return len(found) >= _ENOUGH
