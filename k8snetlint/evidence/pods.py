"""Which pods a selector matches, of all that may be in its namespace."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from k8snetlint.evidence.answers import CannotKnow, Match, NoMatch
from k8snetlint.evidence.namespaces import namespaces
from k8snetlint.evidence.query import SelectorQuery
from k8snetlint.model.members import Pods
from k8snetlint.model.namespace import NAME_LABEL
from k8snetlint.model.selectors import LabelSelector
from k8snetlint.model.service import Service

if TYPE_CHECKING:
    from collections.abc import Callable

    from k8snetlint.model.cluster import Cluster
    from k8snetlint.model.networkpolicy import NetworkPolicy, Peer
    from k8snetlint.model.resource import Resource

PodAnswer = Match[Pods] | NoMatch | CannotKnow

_EMPTY = LabelSelector({})


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
    return _no_pods()(SelectorQuery(cluster, selector, subject, namespace_set, own=own))


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
        no_selector = CannotKnow("the peer has no podSelector")
        return no_selector if selector is None else _pods(cluster, selector, policy, own=False)
    matching = namespaces(cluster, namespace_selector, policy)
    if not isinstance(matching, Match):
        return matching
    index, namespace_set = cluster.index, matching.found
    found = namespace_set.workloads & index.seen
    if selector is None:
        why = "the manifests contain no workload in these namespaces"
        return Match(index.pods(found)) if found else CannotKnow(why)
    found &= index.pod_labels.matching(selector)
    if found:
        return Match(index.pods(found))
    by_name = {each.key for each in namespace_selector.requirements} == {NAME_LABEL}
    if not by_name and not cluster.environment.whole_cluster:
        return CannotKnow("other namespaces may also have these labels")
    return _no_pods()(SelectorQuery(cluster, selector, policy, namespace_set, named=True))


@functools.cache
def _no_pods() -> Callable[[SelectorQuery], NoMatch | CannotKnow]:
    """Return the function for a selector that matches nothing; an import statement for each of them would be slow."""
    from k8snetlint.evidence.no_pods import no_pods  # noqa: PLC0415 - only where nothing matches

    return no_pods
