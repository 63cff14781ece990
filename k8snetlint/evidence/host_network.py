"""Which pods on the host network policies select, as their own pods or as peers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.evidence.answers import Match
from k8snetlint.evidence.pods import peer_pods, pods
from k8snetlint.evidence.ports import are_all, belong_together
from k8snetlint.model.aspects import SELECTORS
from k8snetlint.model.networkpolicy import NetworkPolicy
from k8snetlint.model.workload import Workload

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from k8snetlint.model.cluster import Cluster
    from k8snetlint.model.networkpolicy import Peer
    from k8snetlint.source.document import Place

Notes = dict[Workload, list[tuple["Place", str]]]

_SHOWN = 3


class SelectedOnHost:
    """The workloads on the host network that judged policies select.

    Attributes:
        selections: by workload, the first places that select it as pods of a policy, each with a description.
        peers: the same for peers that select only pods on the host network.
    """

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._judged = frozenset(cluster.of(Workload))
        self.selections: Notes = {}
        self.peers: Notes = {}
        if cluster.index.on_host_network:
            self._find()

    def place_of(self, workload: Workload) -> Place:
        """Return the one place for all that is wrong: in the workload, or in the first policy if that is not judged."""
        if workload in self._judged:
            return workload.at(*workload.template, "spec", "hostNetwork")
        return next(place for notes in (self.selections, self.peers) for place, _ in notes.get(workload, ()))

    def _find(self) -> None:
        # Of what many policies select, three places are enough: what has them is not looked at again.
        selected = peers = self._cluster.index.on_host_network
        for policy in self._cluster.of(NetworkPolicy):
            if not policy.knows(SELECTORS):
                continue
            found = _selected(self._cluster, policy) & selected
            if found:
                place = policy.at("spec", "podSelector", key=True)
                selected &= ~self._note(self.selections, found, place, f"policy {policy.name} selects these pods")
            for peer in _peers(policy):
                found = _selected_as_peer(self._cluster, policy, peer) & peers
                if found:
                    place = peer.at("podSelector", key=True)
                    peers &= ~self._note(self.peers, found, place, f"policy {policy.name} selects these pods as a peer")

    def _note(self, notes: Notes, workloads: int, place: Place, text: str) -> int:
        """Note a place at workloads, and return the set of those that have enough of them."""
        full = 0
        for each in self._cluster.index.workloads.of(workloads):
            places = notes.setdefault(each, [])
            places.append((place, text))
            if len(places) == _SHOWN:
                full |= self._cluster.index.workloads.bit_of(each)
        return full


def selected_on_host(cluster: Cluster) -> SelectedOnHost:
    """Return the workloads on the host network that policies of a cluster select."""
    answers = cluster.index.answers
    found: SelectedOnHost | None = answers.get(SelectedOnHost)
    if found is None:
        found = answers[SelectedOnHost] = SelectedOnHost(cluster)
    return found


def _selected(cluster: Cluster, policy: NetworkPolicy) -> int:
    """Return the workloads on the host network that a policy selects by a label."""
    if policy.selects_every_pod:
        return 0
    answer = pods(cluster, policy)
    if not isinstance(answer, Match):
        return 0
    on_host = answer.found.among(cluster.index.on_host_network)
    return on_host.bits if on_host and belong_together(cluster, policy, on_host) else 0


def _peers(policy: NetworkPolicy) -> Iterator[Peer]:
    """Yield the peers with a podSelector of rules that have an effect, and that allow no addresses."""
    for policy_rule in policy.rules():
        peers: Iterable[Peer] = policy_rule.peers or ()
        if any(peer.ip_block is not None for peer in peers) or not policy.isolates(policy_rule.direction):
            continue
        # Without a podSelector a peer selects whole namespaces, of which only a part is known.
        yield from (peer for peer in peers if peer.pod_selector is not None and not peer.pod_selector.is_empty)


def _selected_as_peer(cluster: Cluster, policy: NetworkPolicy, peer: Peer) -> int:
    """Return the workloads that a peer selects, if all of them are on the host network."""
    answer = peer_pods(cluster, policy, peer)
    if not isinstance(answer, Match) or not are_all(cluster, policy, answer.found):
        return 0
    return 0 if answer.found.bits & ~cluster.index.on_host_network else answer.found.bits
