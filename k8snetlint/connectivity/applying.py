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
        self._areas = [_Area(bits, destinations) for bits in areas]
        self._bits = tuple(areas)
        self._most = [_Unions(self._sources, area.most, self._ports) for area in self._areas]

    def to(self, destination: int) -> Numbers:
        """Return the groups that apply to a destination."""
        area = next(number for number, bits in enumerate(self._bits) if bits >> destination & 1)
        return self._areas[area].to(area, destination)

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
        most: those that apply to most destinations.
    """

    def __init__(self, area: int, groups: Iterable[int]) -> None:
        size = area.bit_count()
        self.most: list[int] = []
        listed: dict[int, list[int]] = {}
        missing: dict[int, list[int]] = {}
        for number, bits in enumerate(groups):
            inside = bits & area
            where = listed
            if 2 * inside.bit_count() > size:
                self.most.append(number)
                inside, where = area & ~bits, missing
            for each in positions(inside):
                where.setdefault(each, []).append(number)
        self._listed = {destination: tuple(each) for destination, each in listed.items()}
        self._missing = {destination: tuple(each) for destination, each in missing.items()}

    def to(self, area: int, destination: int) -> Numbers:
        return Numbers(area, self._listed.get(destination, ()), self._missing.get(destination, ()))


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

    def without(self, missing: Iterable[int]) -> Iterator[tuple[K, int]]:
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
        key = kinds.setdefault(ports, len(kinds)), sources
        by_sources[key] = by_sources.get(key, 0) | destinations
    by_destinations: dict[tuple[int, int], int] = {}
    for (kind, sources), destinations in by_sources.items():
        same = kind, destinations
        by_destinations[same] = by_destinations.get(same, 0) | sources
    listed = list(kinds)
    yield from (
        (kind, listed[kind], sources, destinations) for (kind, destinations), sources in by_destinations.items()
    )
