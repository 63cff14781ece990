"""Which rules of a direction apply to each destination, and which sources they allow together.

Rules are merged to groups, which are numbered so that those with the same ports follow each other. A group is listed at
each destination to which it applies; one that applies to most destinations at those to which it does not. So a policy
for everything but one address costs as much as one for that address.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar

from k8snetlint.model.bitsets import positions

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator, Sequence


K = TypeVar("K", bound="Hashable")
"""The kind of a rule: its ports."""
_Rule = tuple[K, int, int]
"""The ports of a rule, the sources that it allows, and the destinations to which it applies."""


class Numbers(NamedTuple):
    """The groups that apply to a destination.

    Attributes:
        area: which destinations it belongs to, pods or addresses.
        listed: groups that apply to it.
        missing: of those that apply to most destinations of its area, the ones that do not apply to it.
    """

    area: int
    listed: tuple[int, ...]
    missing: tuple[int, ...]


class Applying(Generic[K]):
    """The rules of one direction.

    Args:
        rules: the rules.
        areas: disjoint sets of destinations.
    """

    def __init__(self, rules: Iterable[_Rule[K]], areas: Sequence[int]) -> None:
        groups = sorted(_merged(rules), key=lambda each: each[0])
        kinds = {kind: ports for kind, ports, _, _ in groups}
        self._ports = [kinds[kind] for kind, *_ in groups]
        self._sources = [sources for _, _, sources, _ in groups]
        destinations = [each for *_, each in groups]
        self._areas = [_Area(number, bits, destinations) for number, bits in enumerate(areas)]
        self._most = [_Unions(self._sources, area.most, self._ports) for area in self._areas]

    def to(self, destination: int) -> Numbers:
        """Return the groups that apply to a destination."""
        for area in self._areas:
            if area.bits >> destination & 1:
                break
        return area.numbers.get(destination, area.others)

    def sources(self, numbers: Numbers) -> Iterator[tuple[K, int]]:
        """Yield the sources that some groups allow, by their ports; some ports may come twice."""
        for ports, same in groupby(numbers.listed, key=self._ports.__getitem__):
            sources = 0
            for number in same:
                sources |= self._sources[number]
            yield ports, sources
        yield from self._most[numbers.area].without(numbers.missing)


class _Area:
    """The groups by the destinations of one area.

    Attributes:
        bits: the destinations.
        most: the groups that apply to most of them.
        numbers: those that apply to a destination; where it has none, `others` apply.
    """

    def __init__(self, number: int, bits: int, groups: Iterable[int]) -> None:
        self.bits = bits
        size = bits.bit_count()
        self.most: list[int] = []
        listed: dict[int, list[int]] = {}
        missing: dict[int, list[int]] = {}
        for group, destinations in enumerate(groups):
            inside = bits & destinations
            where = listed
            if 2 * inside.bit_count() > size:
                self.most.append(group)
                inside, where = bits & ~destinations, missing
            for each in positions(inside):
                where.setdefault(each, []).append(group)
        self.numbers = {
            each: Numbers(number, tuple(listed.get(each, ())), tuple(missing.get(each, ())))
            for each in listed | missing
        }
        self.others = Numbers(number, (), ())


class _Unions(Generic[K]):
    """Unions of the sources of some groups without a few of them."""

    def __init__(self, sources: Sequence[int], numbers: Sequence[int], ports: Sequence[K]) -> None:
        self._place = {number: place for place, number in enumerate(numbers)}
        # The union of the groups below the n-th node of a tree stands at n, the groups themselves in its second half.
        self._size = len(numbers)
        self._tree = [0] * self._size + [sources[number] for number in numbers]
        for node in range(self._size - 1, 0, -1):
            self._tree[node] = self._tree[2 * node] | self._tree[2 * node + 1]
        self._spans: list[tuple[K, int, int]] = []
        after = 0
        for kind, same in groupby(numbers, key=ports.__getitem__):
            start, after = after, after + len(list(same))
            self._spans.append((kind, start, after))
        self._whole = [(kind, self._between(start, end)) for kind, start, end in self._spans]

    def without(self, missing: Sequence[int]) -> Iterable[tuple[K, int]]:
        return self._without(missing) if missing else self._whole

    def _without(self, missing: Iterable[int]) -> Iterator[tuple[K, int]]:
        places = [self._place[number] for number in missing]
        at = 0
        for (ports, start, end), whole in zip(self._spans, self._whole, strict=True):
            if at == len(places) or places[at] >= end:
                yield whole
                continue
            sources, after = 0, start
            while at < len(places) and places[at] < end:
                sources |= self._between(after, places[at])
                after = places[at] + 1
                at += 1
            yield ports, sources | self._between(after, end)

    def _between(self, start: int, end: int) -> int:
        """Return the union of the groups from one place up to before another."""
        found = 0
        start, end = start + self._size, end + self._size
        while start < end:
            if start & 1:
                found |= self._tree[start]
                start += 1
            if end & 1:
                end -= 1
                found |= self._tree[end]
            start, end = start // 2, end // 2
        return found


def _merged(rules: Iterable[_Rule[K]]) -> Iterator[tuple[int, K, int, int]]:
    """Yield the rules as groups, each after the number of its ports; those that differ in one end only are one."""
    kinds: dict[K, int] = {}
    by_sources: dict[tuple[int, int], int] = {}
    for ports, sources, destinations in rules:
        if not sources or not destinations:
            continue
        key = kinds.setdefault(ports, len(kinds)), sources
        known = by_sources.setdefault(key, destinations)
        if known is not destinations:
            by_sources[key] = known | destinations
    by_destinations: dict[tuple[int, int], int] = {}
    for (kind, sources), destinations in by_sources.items():
        same = kind, destinations
        known = by_destinations.setdefault(same, sources)
        if known is not sources:
            by_destinations[same] = known | sources
    listed = list(kinds)
    yield from (
        (kind, listed[kind], sources, destinations) for (kind, destinations), sources in by_destinations.items()
    )
