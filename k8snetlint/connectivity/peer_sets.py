"""Sets of peers as a reader names them."""

from __future__ import annotations

from functools import cached_property, total_ordering
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from k8snetlint.connectivity.ip_space import AddressRange
from k8snetlint.connectivity.peers import HiddenPeer, WorkloadPeer, addresses, peers_of, workload_peer
from k8snetlint.model.bitsets import bits_of, first, positions

if TYPE_CHECKING:
    from collections.abc import Collection

    from k8snetlint.connectivity.engine import Connectivity
    from k8snetlint.model.workload import Workload


class ShownPeer(NamedTuple):
    """The pods of a workload.

    Attributes:
        peer: its name.
        labels: where one controller has pods that policies tell apart, what these pods have in common.
    """

    peer: WorkloadPeer
    labels: tuple[tuple[str, str], ...] = ()


Member = ShownPeer | HiddenPeer | AddressRange
"""What a set of peers consists of."""


@total_ordering
class PeerSet:
    """Some peers, under their names.

    Attributes:
        bits: the peers.
        only: where it is not None, only these of the workloads in `bits`.
    """

    __slots__ = ("__dict__", "_names", "bits", "only")

    def __init__(self, names: PeerNames, bits: int, only: frozenset[Member] | None = None) -> None:
        self._names = names
        self.bits = bits
        self.only = only

    @cached_property
    def members(self) -> tuple[Member, ...]:
        """The names, sorted: workloads by namespace, pods that no manifest shows, addresses."""
        members = self._names.members_of(self.bits)
        if self.only is None:
            return members
        return tuple(each for each in members if not isinstance(each, ShownPeer) or each in self.only)

    @cached_property
    def is_single(self) -> bool:
        """Whether it is one workload."""
        return self.bits.bit_count() == 1 and len(self.members) == 1 and isinstance(self.members[0], ShownPeer)

    @cached_property
    def rank(self) -> int:
        """Where the first of the peers stands among all: of two sets, the one with the lower rank comes first."""
        return self._names.rank_of(self.bits)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, PeerSet) and (self.bits, self.only) == (other.bits, other.only)

    def __lt__(self, other: PeerSet) -> bool:
        if self.rank != other.rank:
            return self.rank < other.rank
        if self.only is None and other.only is None:
            return self._names.is_before(self.bits, other.bits)
        return tuple(map(sort_key, self.members)) < tuple(map(sort_key, other.members))

    def __hash__(self) -> int:
        return hash((self.bits, self.only))


class PeerNames:
    """The names of all peers of a cluster."""

    def __init__(self, connectivity: Connectivity) -> None:
        self._connectivity = connectivity
        named = [
            (number, each)
            for number in range(len(connectivity.classes.every))
            for each in peers_of(connectivity, number)
        ]
        variants: dict[WorkloadPeer | HiddenPeer, int] = {}
        for _, each in named:
            variants[each] = variants.get(each, 0) + 1
        self._variants = {each for each, number in variants.items() if number > 1}
        every = sorted(
            ((self._named(each, number) if isinstance(each, WorkloadPeer) else each, number) for number, each in named),
            key=lambda entry: sort_key(entry[0]),
        )
        self._members = [member for member, _ in every]
        self._ranks: dict[int, list[int]] = {}
        for rank, (_, number) in enumerate(every):
            self._ranks.setdefault(number, []).append(rank)
        # The classes with several names; the n-th set has those for whose further names bit n is set in their number.
        self._several = bits_of(number for number, ranks in self._ranks.items() if len(ranks) > 1)
        most = max((len(each) for each in self._ranks.values()), default=1) - 1
        self._further = [
            bits_of(number for number, ranks in self._ranks.items() if len(ranks) - 1 >> place & 1)
            for place in range(most.bit_length())
        ]
        self._known: dict[int, PeerSet] = {}

    def of(self, bits: int) -> PeerSet:
        """Return a set of peers."""
        known = self._known.get(bits)
        if known is None:
            known = self._known[bits] = PeerSet(self, bits)
        return known

    def of_workloads(self, workloads: Collection[Workload], bits: int) -> PeerSet:
        """Return those of some workloads that are in a set of peers."""
        connectivity = self._connectivity
        numbers = [(each, connectivity.classes.class_of[each]) for each in workloads]
        return PeerSet(
            self,
            bits,
            frozenset(
                self._named(workload_peer(connectivity, each), number) for each, number in numbers if bits >> number & 1
            ),
        )

    def members_of(self, bits: int, most: int | None = None) -> tuple[Member, ...]:
        """Return the names of some peers, sorted; of pods, only so many."""
        # Classes are numbered in the order of their first names: the first names are those of the first classes.
        pods = islice(positions(bits & self._connectivity.classes.everything), most)
        ranks = sorted(rank for number in pods for rank in self._ranks[number])
        return *(self._members[rank] for rank in ranks[:most]), *addresses(self._connectivity, bits)

    def size(self, pods: int) -> int:
        """Return how many names some pods have."""
        further = (len_ << place for place, each in enumerate(self._further) if (len_ := (pods & each).bit_count()))
        return pods.bit_count() + sum(further)

    def rank_of(self, bits: int) -> int:
        """Return where the first of some peers stands among all."""
        number = first(bits)
        ranks = self._ranks.get(number)
        return len(self._members) + number if ranks is None else ranks[0]

    def is_before(self, one: int, other: int) -> bool:
        """Tell whether the names of a set of peers come before those of another one, without a look at all of them."""
        different = (one ^ other) & self._connectivity.classes.everything
        if not different:
            ends = [tuple(addresses(self._connectivity, each)) for each in (one, other)]
            return ends[0] < ends[1]
        number = first(different)
        is_in_one = bool(one >> number & 1)
        without = other if is_in_one else one
        # The set without the first different name is the later one, unless it ends before that name.
        goes_on = bool(without >> number) or any(
            self._ranks[each][-1] > self._ranks[number][0]
            for each in positions(without & self._several & ((1 << number) - 1))
        )
        return is_in_one == goes_on

    def _named(self, peer: WorkloadPeer, number: int) -> ShownPeer:
        if peer not in self._variants:
            return ShownPeer(peer)
        return ShownPeer(peer, tuple(sorted(self._connectivity.classes.every[number].labels.items())))


def sort_key(member: Member) -> tuple[object, ...]:
    """Return the order of members: workloads by namespace, name and kind, hidden pods, addresses by number."""
    if isinstance(member, ShownPeer):
        peer = member.peer
        return 0, peer.namespace, peer.name, peer.workload, member.labels
    if isinstance(member, HiddenPeer):
        return 1, member.role, member.namespace
    return 2, *member
