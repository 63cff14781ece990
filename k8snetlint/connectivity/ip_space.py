"""The addresses of the world, cut into ranges that every ipBlock contains wholly or not at all.

A set of ranges is an integer: the n-th range is bit n. Both families are cut separately, the ranges of IPv4 come first.
"""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING, NamedTuple

from k8snetlint.model.addresses import Address, parse_cidr
from k8snetlint.model.bitsets import first

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from k8snetlint.model.addresses import Network
    from k8snetlint.model.networkpolicy import IPBlock

_BITS = {4: 32, 6: 128}


class AddressRange(NamedTuple):
    """The addresses `first`..`last` of a family, 4 or 6, both included."""

    family: int
    first: int
    last: int

    @property
    def is_everything(self) -> bool:
        """Whether it contains all addresses of its family."""
        return self.first == 0 and self.last == (1 << _BITS[self.family]) - 1

    def networks(self) -> Iterator[str]:
        """Yield the CIDRs that together are the range."""
        first, bits = self.first, _BITS[self.family]
        while first <= self.last:
            size = (first & -first).bit_length() - 1 if first else bits
            while first + (1 << size) - 1 > self.last:
                size -= 1
            yield f"{Address(self.family, first)}/{bits - size}"
            first += 1 << size

    def __str__(self) -> str:
        """Return the CIDR, or first and last address where it is no CIDR."""
        networks = list(self.networks())
        if len(networks) == 1:
            return networks[0]
        return f"{Address(self.family, self.first)}-{Address(self.family, self.last)}"


class IpSpace:
    """All addresses of some families, cut at the ends of some ipBlocks.

    Attributes:
        ranges: the ranges, by family and address.
        everything: the set of all of them.
    """

    def __init__(self, blocks: Iterable[IPBlock], families: Iterable[int] = (4, 6)) -> None:
        cuts: dict[int, set[int]] = {family: {0} for family in sorted(families)}
        for text in {text for block in blocks for text in (block.cidr or "", *(block.except_ or ()))}:
            network = parse_cidr(text)
            if network is not None and network.family in cuts:
                cuts[network.family].update((network.first, network.last + 1))
        self._starts: dict[int, list[int]] = {}
        self._offsets: dict[int, int] = {}
        found: list[AddressRange] = []
        for family, points in cuts.items():
            end = 1 << _BITS[family]
            starts = sorted(points - {end})
            self._starts[family], self._offsets[family] = starts, len(found)
            found += [
                AddressRange(family, first, after - 1) for first, after in zip(starts, [*starts[1:], end], strict=True)
            ]
        self.ranges = tuple(found)
        self.everything = (1 << len(found)) - 1

    def of_block(self, block: IPBlock) -> int:
        """Return the set of the addresses that a block contains; empty if the API server rejects its CIDR."""
        network = parse_cidr(block.cidr or "")
        if network is None:
            return 0
        bits = self.of_network(network)
        for text in block.except_ or ():
            without = parse_cidr(text)
            if without is not None:
                bits &= ~self.of_network(without)
        return bits

    def of_network(self, network: Network) -> int:
        """Return the set of the addresses of a network at whose ends the space is cut."""
        starts = self._starts.get(network.family)
        if starts is None:
            return 0
        offset = self._offsets[network.family]
        first, after = bisect_left(starts, network.first), bisect_left(starts, network.last + 1)
        return ((1 << (after - first)) - 1) << (offset + first)

    def of_address(self, address: Address) -> int:
        """Return the set of the one range with an address."""
        starts = self._starts.get(address.family)
        if starts is None:
            return 0
        return 1 << (self._offsets[address.family] + bisect_left(starts, address.value + 1) - 1)

    def touching(self, network: Network) -> int:
        """Return the set of the ranges that have an address of a network."""
        low = self.of_address(Address(network.family, network.first))
        high = self.of_address(Address(network.family, network.last))
        return (high << 1) - low

    def merged(self, bits: int) -> Iterator[AddressRange]:
        """Yield the ranges of a set; those that touch are one."""
        for offset, starts in zip(self._offsets.values(), self._starts.values(), strict=True):
            rest = bits >> offset & ((1 << len(starts)) - 1)
            at = offset
            while rest:
                # What follows each other is taken at once: most sets are nearly everything, or a few ranges.
                start = at + first(rest)
                rest >>= start - at
                at = start + first(~rest)
                rest >>= at - start
                yield self.ranges[start]._replace(last=self.ranges[at - 1].last)


def merged(ranges: Iterable[AddressRange]) -> Iterator[AddressRange]:
    """Yield ranges, which are given in order; those that touch are one."""
    pending: AddressRange | None = None
    for each in ranges:
        if pending and pending.family == each.family and pending.last + 1 == each.first:
            pending = pending._replace(last=each.last)
            continue
        if pending:
            yield pending
        pending = each
    if pending:
        yield pending
