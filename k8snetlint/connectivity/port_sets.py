"""Sets of TCP, UDP and SCTP ports."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, NamedTuple

from k8snetlint.model.ports import LAST_PORT, PortRange, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Ranges = tuple[tuple[int, int], ...]
"""Ranges of ports, both ends included, in order, with a gap between each two."""

_MEMORY = 1 << 14


class PortSet(NamedTuple):
    """Ports by their protocols; other protocols (ICMP) are not part of NetworkPolicies."""

    sctp: Ranges = ()
    tcp: Ranges = ()
    udp: Ranges = ()

    def ranges(self) -> Iterator[PortRange]:
        """Yield all ranges, by protocol and port."""
        for protocol, ranges in ((Protocol.SCTP, self.sctp), (Protocol.TCP, self.tcp), (Protocol.UDP, self.udp)):
            for first, last in ranges:
                yield PortRange(protocol, first, last)

    def has(self, protocol: Protocol, number: int) -> bool:
        """Tell whether a port is in the set."""
        return any(first <= number <= last for first, last in self[_ORDER[protocol]])

    def __str__(self) -> str:
        """Return `TCP 80,443, UDP 53`, `all ports` for all of them."""
        if self == ALL:
            return "all ports"
        texts = []
        for protocol in (Protocol.TCP, Protocol.UDP, Protocol.SCTP):
            ranges = self[_ORDER[protocol]]
            if ranges == _WHOLE:
                texts.append(protocol.value)
            elif ranges:
                numbers = ",".join(str(first) if first == last else f"{first}-{last}" for first, last in ranges)
                texts.append(f"{protocol.value} {numbers}")
        return ", ".join(texts) or "no ports"


_ORDER = {Protocol.SCTP: 0, Protocol.TCP: 1, Protocol.UDP: 2}
_WHOLE: Ranges = ((1, LAST_PORT),)
NONE = PortSet()
ALL = PortSet(_WHOLE, _WHOLE, _WHOLE)


def port_set(ranges: Iterable[PortRange]) -> PortSet:
    """Return the set of all ports in some ranges."""
    by_protocol: tuple[list[tuple[int, int]], ...] = ([], [], [])
    for each in ranges:
        by_protocol[_ORDER[each.protocol]].append((each.first, each.last))
    sctp, tcp, udp = (_merged(each) for each in by_protocol)
    return PortSet(sctp, tcp, udp)


@functools.lru_cache(maxsize=_MEMORY)
def union(one: PortSet, other: PortSet) -> PortSet:
    """Return the ports in any of two sets."""
    if one == ALL or not any(other):
        return one
    if other == ALL or not any(one):
        return other
    return PortSet(*(_merged([*ours, *theirs]) for ours, theirs in zip(one, other, strict=True)))


def union_of(sets: Iterable[PortSet]) -> PortSet:
    """Return the ports in any of some sets."""
    return functools.reduce(union, sets, NONE)


@functools.lru_cache(maxsize=_MEMORY)
def intersection(one: PortSet, other: PortSet) -> PortSet:
    """Return the ports in both of two sets."""
    if one == ALL:
        return other
    if other == ALL:
        return one
    return PortSet(*(_common(ours, theirs) for ours, theirs in zip(one, other, strict=True)))


@functools.lru_cache(maxsize=_MEMORY)
def difference(one: PortSet, other: PortSet) -> PortSet:
    """Return the ports of a set that are not in another one."""
    if not any(other):
        return one
    return PortSet(*(_without(ours, theirs) for ours, theirs in zip(one, other, strict=True)))


def _merged(ranges: list[tuple[int, int]]) -> Ranges:
    if len(ranges) < 2:
        return tuple(ranges)
    found: list[tuple[int, int]] = []
    for first, last in sorted(ranges):
        if found and first <= found[-1][1] + 1:
            found[-1] = (found[-1][0], max(last, found[-1][1]))
        else:
            found.append((first, last))
    return tuple(found)


def _common(ours: Ranges, theirs: Ranges) -> Ranges:
    found = []
    one = other = 0
    while one < len(ours) and other < len(theirs):
        first, last = max(ours[one][0], theirs[other][0]), min(ours[one][1], theirs[other][1])
        if first <= last:
            found.append((first, last))
        if ours[one][1] < theirs[other][1]:
            one += 1
        else:
            other += 1
    return tuple(found)


def _without(ours: Ranges, theirs: Ranges) -> Ranges:
    gaps = []
    start = 1
    for first, last in theirs:
        if start < first:
            gaps.append((start, first - 1))
        start = last + 1
    if start <= LAST_PORT:
        gaps.append((start, LAST_PORT))
    return _common(ours, tuple(gaps))
