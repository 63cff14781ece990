"""Two states of a cluster side by side: the peers that both have, numbered once, and the workloads of one only."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from k8snetlint.connectivity.ip_space import AddressRange
from k8snetlint.connectivity.peers import HiddenPeer, WorkloadPeer, peers_of, workload_peer
from k8snetlint.model.addresses import Address
from k8snetlint.model.bitsets import bits_of, first, positions

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from k8snetlint.connectivity.engine import Connectivity
    from k8snetlint.connectivity.peers import Peer
    from k8snetlint.model.workload import Workload

Pair = tuple["Workload", "Workload"]
"""A workload as it was and as it is."""


class SharedPeer(NamedTuple):
    """Pods that policies treated alike before, and treat alike now; or a range of addresses.

    Attributes:
        old, new: its numbers in both states.
        peers: the names of the pods; empty for addresses.
        addresses: the range; None for pods.
        workloads: what makes the pods; empty where no manifest shows them.
    """

    old: int
    new: int
    peers: tuple[Peer, ...] = ()
    addresses: AddressRange | None = None
    workloads: tuple[Pair, ...] = ()


class SharedPeers:
    """The peers of two states: pods first, then addresses; the n-th is bit n of a set.

    Attributes:
        old, new: the states.
        every: the peers.
        offset: the number of the first range of addresses.
        pods, addresses: the sets of both kinds.
        removed, added: the workloads that only one of the states has.
    """

    def __init__(self, old: Connectivity, new: Connectivity) -> None:
        self.old, self.new = old, new
        pods = [*self._workloads(), *self._hidden()]
        self.offset = len(pods)
        self.every = (*pods, *self._ranges())
        self.pods = (1 << self.offset) - 1
        self.addresses = ((1 << len(self.every)) - 1) & ~self.pods
        self._from_old = _Translation(each.old for each in self.every)
        self._from_new = _Translation(each.new for each in self.every)

    def unseen(self) -> int:
        """Return the other pods of namespaces whose workloads are shown: whether there are any is not known."""
        shown = {peer.namespace for each in self.every if each.workloads for peer in each.peers}
        return bits_of(
            number
            for number, each in enumerate(self.every[: self.offset])
            if not each.workloads and all(peer.namespace in shown for peer in each.peers)
        )

    def of_old(self, bits: int) -> int:
        """Return the shared peers in a set of the old state."""
        return self._from_old.of(bits)

    def of_new(self, bits: int) -> int:
        """Return the shared peers in a set of the new state."""
        return self._from_new.of(bits)

    def in_old(self, bits: int) -> int:
        """Return a set of shared peers as one of the old state."""
        return bits_of(self.every[each].old for each in positions(bits))

    def in_new(self, bits: int) -> int:
        """Return a set of shared peers as one of the new state."""
        return bits_of(self.every[each].new for each in positions(bits))

    def _workloads(self) -> list[SharedPeer]:
        before, after = _by_name(self.old), _by_name(self.new)
        grouped: dict[tuple[int, int], list[tuple[WorkloadPeer, Pair]]] = {}
        added: list[Workload] = []
        removed: list[Workload] = []
        for peer in sorted(before.keys() | after.keys()):
            # Workloads of one name are variants; nothing but their order tells which is which.
            then, now = before.get(peer, ()), after.get(peer, ())
            for one, other in zip(then, now, strict=False):
                key = self.old.classes.class_of[one], self.new.classes.class_of[other]
                grouped.setdefault(key, []).append((peer, (one, other)))
            removed += then[len(now) :]
            added += now[len(then) :]
        self.added, self.removed = tuple(added), tuple(removed)
        return [
            SharedPeer(
                *key, tuple(dict.fromkeys(peer for peer, _ in found)), workloads=tuple(pair for _, pair in found)
            )
            for key, found in grouped.items()
        ]

    def _hidden(self) -> list[SharedPeer]:
        before, after = _hidden_pods(self.old), _hidden_pods(self.new)
        return [SharedPeer(before[each], after[each], (each,)) for each in sorted(before.keys() & after.keys())]

    def _ranges(self) -> list[SharedPeer]:
        found: list[SharedPeer] = []
        old, new = self.old.space, self.new.space
        ends = {(each.family, each.last) for each in (*old.ranges, *new.ranges)}
        families = {each.family for each in old.ranges} & {each.family for each in new.ranges}
        for family in sorted(families):
            start = 0
            for last in sorted(end for one, end in ends if one == family):
                address = Address(family, start)
                before, now = first(old.of_address(address)), first(new.of_address(address))
                numbers = self.old.offset + before, self.new.offset + now
                found.append(SharedPeer(*numbers, addresses=AddressRange(family, start, last)))
                start = last + 1
        return found


class _Translation:
    """Sets of one state as sets of shared peers; rows repeat the same sets, so each is translated once."""

    def __init__(self, numbers: Iterable[int]) -> None:
        found: dict[int, list[int]] = {}
        for shared, number in enumerate(numbers):
            found.setdefault(number, []).append(shared)
        self._masks = {number: bits_of(each) for number, each in found.items()}
        self._known: dict[int, int] = {}

    def of(self, bits: int) -> int:
        known = self._known.get(bits)
        if known is None:
            known = 0
            for each in positions(bits):
                known |= self._masks.get(each, 0)
            self._known[bits] = known
        return known


def _by_name(connectivity: Connectivity) -> dict[WorkloadPeer, Sequence[Workload]]:
    found: dict[WorkloadPeer, list[Workload]] = {}
    for each in connectivity.classes.class_of:
        found.setdefault(workload_peer(connectivity, each), []).append(each)
    return {
        peer: sorted(each, key=lambda workload: sorted(workload.pod_labels.items())) for peer, each in found.items()
    }


def _hidden_pods(connectivity: Connectivity) -> dict[HiddenPeer, int]:
    names = (peers_of(connectivity, number) for number in range(connectivity.offset))
    return {peer: number for number, peers in enumerate(names) for peer in peers if isinstance(peer, HiddenPeer)}
