"""Sets of peers as few names: whole namespaces, workloads, pods that no manifest shows, ranges of addresses."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from k8snetlint.connectivity.ip_space import merged
from k8snetlint.connectivity.peers import HiddenPeer, WorkloadPeer
from k8snetlint.model.bitsets import positions

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from k8snetlint.connectivity.ip_space import AddressRange
    from k8snetlint.connectivity.peers import Peer

Item = tuple["tuple[Peer, ...]", "AddressRange | None"]
"""The names of some pods, or a range of addresses."""


class PeerGroup(NamedTuple):
    """A set of peers.

    Attributes:
        everything: it is all peers that there are.
        namespaces: all pods of these are in it, if some namespace has several peers.
        workloads: all workloads in it, those of `namespaces` as well.
        hidden: the pods in it that no manifest shows, those of `namespaces` as well.
        addresses: the ranges in it, merged.
        all_addresses: they are all that there are.
    """

    everything: bool
    namespaces: tuple[str, ...]
    workloads: tuple[WorkloadPeer, ...]
    hidden: tuple[HiddenPeer, ...]
    addresses: tuple[AddressRange, ...]
    all_addresses: bool

    def rest(self) -> Iterator[Peer]:
        """Yield the pods that are not in one of the whole namespaces."""
        yield from (each for each in self.pods() if each.namespace not in self.namespaces)

    def pods(self) -> Iterator[Peer]:
        """Yield all pods, those that manifests show first."""
        yield from self.workloads
        yield from self.hidden


class GroupNames:
    """Names the sets of some numbered peers.

    Args:
        items: the peers, pods first, then addresses by their numbers.
        aside: those that a set need not have to be everything, or a whole namespace.
    """

    def __init__(self, items: Iterable[Item], aside: int = 0) -> None:
        self._items: Sequence[Item] = tuple(items)
        self._aside = aside
        self._everything = (1 << len(self._items)) - 1 & ~aside
        self._all_addresses = sum(1 << number for number, (_, each) in enumerate(self._items) if each is not None)
        self._sizes: dict[str, int] = {}
        for peer in self._pods(self._everything):
            self._sizes[peer.namespace] = self._sizes.get(peer.namespace, 0) + 1
        self._known: dict[int, PeerGroup] = {}

    def group(self, bits: int) -> PeerGroup:
        """Return the names of a set; workloads by namespace and name, addresses numerically."""
        known = self._known.get(bits)
        if known is None:
            known = self._known[bits] = self._group(bits)
        return known

    def _pods(self, bits: int) -> set[Peer]:
        return {peer for number in positions(bits) for peer in self._items[number][0]}

    def _group(self, bits: int) -> PeerGroup:
        found = self._pods(bits)
        ranges = [each for number in positions(bits) if (each := self._items[number][1]) is not None]
        sizes: dict[str, int] = {}
        for peer in self._pods(bits & ~self._aside):
            sizes[peer.namespace] = sizes.get(peer.namespace, 0) + 1
        whole = sorted(name for name, size in sizes.items() if size > 1 and size == self._sizes[name] and name != "*")
        return PeerGroup(
            bits & self._everything == self._everything,
            tuple(whole),
            tuple(sorted(each for each in found if isinstance(each, WorkloadPeer))),
            tuple(sorted(each for each in found if isinstance(each, HiddenPeer))),
            tuple(merged(ranges)),
            bool(self._all_addresses) and bits & self._all_addresses == self._all_addresses,
        )
