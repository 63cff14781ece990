"""What a change of manifests, or of the CNI plugin, does to the connections of a cluster."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.connectivity.causes import Causes
from k8snetlint.connectivity.comparison import Change, Comparison, Exposure, Kind, Ports, opens
from k8snetlint.connectivity.groups import GroupNames
from k8snetlint.connectivity.one_sided import is_public, one_sided
from k8snetlint.connectivity.port_sets import NONE
from k8snetlint.connectivity.rows import refined
from k8snetlint.connectivity.shared_peers import SharedPeers
from k8snetlint.connectivity.uncertain import reasons
from k8snetlint.model.bitsets import positions, sets_by

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from k8snetlint.connectivity.engine import Connectivity
    from k8snetlint.connectivity.reasons import Reason
    from k8snetlint.connectivity.rows import Part
    from k8snetlint.model.workload import Workload

_Block = tuple[int, int]
"""Some sources, and some destinations to which all of them connect."""
_FULL = 4
"""Blocks are shown as one if at most one in so many of its pairs is an exception."""
_ASKED = 8
"""So many pairs of a change are asked why they are uncertain; the others have the same rules."""


def compare(old: Connectivity, new: Connectivity) -> Comparison:
    """Return how the connections of a cluster differ between two states."""
    shared = SharedPeers(old, new)
    changes = _without_echoes(list(_Comparing(shared).changes()))
    ordered = sorted(changes, key=_order)
    return Comparison(tuple(ordered), tuple(one_sided(new, shared.added)), tuple(one_sided(old, shared.removed)))


def _without_echoes(changes: list[tuple[Change, bool]]) -> list[Change]:
    """Leave out what is said about other pods of a namespace whose workloads are shown, if these tell as much."""
    covered: dict[str, set[str]] = {}
    for each, aside in changes:
        for key in () if aside else _keys(each):
            covered.setdefault(key, set()).update(_ways(each))

    def is_covered(change: Change) -> bool:
        keys = _keys(change)
        ways = {way for key in keys for way in covered.get(key, ())}
        return all(key in covered for key in keys) and ways.issuperset(_ways(change))

    return [each for each, aside in changes if not (aside and is_covered(each))]


def _keys(change: Change) -> tuple[str, ...]:
    """Return what a change has in common with others: the objects that cause it, or that no object does."""
    return tuple(dict.fromkeys(cause.about for cause in change.causes)) or ("",)


def _ways(change: Change) -> list[str]:
    """Return what must be covered of a change: that it opens, that it closes."""
    return [*(["opens"] if change.widened else []), *(["closes"] if change.narrowed else [])]


def _order(change: Change) -> tuple[object, ...]:
    kinds = Kind.GAINED, Kind.LOST, Kind.CHANGED
    exposures = [each not in change.exposes for each in Exposure]
    who = not change.destinations.workloads, change.destinations, change.sources
    return (not change.widened, *exposures, kinds.index(change.kind), -change.pairs, who, change.before, change.after)


class _Comparing:
    def __init__(self, shared: SharedPeers) -> None:
        self._shared = shared
        self._aside = shared.unseen()
        self._names = GroupNames(((each.peers, each.addresses) for each in shared.every), self._aside)
        self._causes = Causes(shared)
        self._changed: dict[tuple[int, ...], list[tuple[Ports, Ports, int]]] = {}
        self._internet = sum(
            1 << number for number, each in enumerate(shared.every) if each.addresses and is_public(each.addresses)
        )
        self._protected = self._of_interest()
        sizes = sets_by(len(each.peers) for each in shared.every)
        self._sizes = {size: sizes[size] for size in sizes if size}
        self._by_namespace: dict[str, int] = {}
        for number, each in enumerate(shared.every):
            for peer in each.peers:
                self._by_namespace[peer.namespace] = self._by_namespace.get(peer.namespace, 0) | 1 << number

    def _of_interest(self) -> int:
        """Return the pods whose exposure matters: those that manifests show, and those of namespaces with policies."""
        policies = (*self._shared.old.policies, *self._shared.new.policies)
        namespaces = {each.namespace or "" for each in policies}
        return sum(
            1 << number
            for number, each in enumerate(self._shared.every[: self._shared.offset])
            if each.workloads or any(peer.namespace in namespaces for peer in each.peers)
        )

    def changes(self) -> Iterator[tuple[Change, bool]]:
        """Yield the changes, and whether they are about pods that are only known to be possible."""
        grouped: dict[tuple[Ports, Ports, int], int] = {}
        for number in range(len(self._shared.every)):
            for change in self._to(number):
                grouped[change] = grouped.get(change, 0) | 1 << number
        alike: dict[tuple[Ports, Ports, int], list[_Block]] = {}
        for (before, after, sources), destinations in grouped.items():
            for number, block in enumerate(self._parts(sources, destinations)):
                if all(block):
                    alike.setdefault((before, after, number), []).append(block)
        for (before, after, number), blocks in alike.items():
            whole = self._joined(blocks)
            for block in blocks if whole is None else [whole]:
                yield self._change(before, after, block, () if whole is None else blocks), number > 0

    def _parts(self, sources: int, destinations: int) -> Iterator[_Block]:
        """Yield the parts of a block with and without pods that no manifest shows."""
        for some in (~self._aside, self._aside):
            yield from ((sources & some, destinations & others) for others in (~self._aside, self._aside))

    def _joined(self, blocks: Sequence[_Block]) -> _Block | None:
        """Return the one block of which some blocks are nearly all; None if they are not."""
        sources = destinations = 0
        for some, others in blocks:
            sources |= some
            destinations |= others
        filled = sum(self._size(some) * self._size(others) for some, others in blocks)
        total = self._size(sources) * self._size(destinations)
        return (sources, destinations) if len(blocks) > 1 and (total - filled) * _FULL <= total else None

    def _to(self, number: int) -> list[tuple[Ports, Ports, int]]:
        """Return the changes for connections to one peer, with their sources."""
        shared, peer = self._shared, self._shared.every[number]
        old, new = shared.old, shared.new
        before = old.certain.row(peer.old), old.possible.row(peer.old)
        after = new.certain.row(peer.new), new.possible.row(peer.new)
        # Rows are computed once, so equal ones are mostly the same.
        key = (*map(id, (*before, *after)), number < shared.offset)
        known = self._changed.get(key)
        if known is None:
            sources = shared.pods | (shared.addresses if number < shared.offset else 0)
            parts: list[Part] = [(sources, ())]
            for row, translated in ((before, shared.of_old), (after, shared.of_new)):
                for each in row:
                    parts = list(refined(parts, tuple((ports, translated(bits)) for ports, bits in each)))
            known = self._changed[key] = _differing(parts)
        return known

    def _change(self, before: Ports, after: Ports, block: _Block, blocks: Sequence[_Block]) -> Change:
        """Return a change; of the block, only some blocks are concerned if these are given."""
        sources, destinations = block
        shown = self._shows(sources) and self._shows(destinations)
        widened = opens(before, after, shown=shown)
        exceptions = ((sources & ~some, others) for some, others in blocks)
        return Change(
            self._names.group(sources),
            self._names.group(destinations),
            tuple(sorted((self._names.group(some), self._names.group(others)) for some, others in exceptions if some)),
            sum(self._size(some) * self._size(others) for some, others in blocks or (block,)),
            self._size(sources) * self._size(destinations),
            widened,
            opens(after, before, shown=shown),
            before,
            after,
            self._why(before, blocks or (block,), old=True),
            self._why(after, blocks or (block,), old=False),
            self._exposes(sources, destinations) if widened else (),
            self._causes.of(sources, destinations, (before, after)),
            self._workload(destinations) or self._workload(sources),
        )

    def _shows(self, bits: int) -> bool:
        """Tell whether some of a set are addresses or pods that a manifest shows."""
        return any(not each.peers or each.workloads for each in map(self._shared.every.__getitem__, positions(bits)))

    def _workload(self, bits: int) -> Workload | None:
        pairs = (self._shared.every[number].workloads for number in positions(bits & self._shared.pods))
        return next((new for found in pairs for _, new in found), None)

    def _why(self, ports: Ports, blocks: Sequence[_Block], *, old: bool) -> tuple[Reason, ...]:
        """Return why some ports are uncertain."""
        if ports.uncertain == NONE:
            return ()
        shared = self._shared
        found: set[Reason] = set()
        for source, destination in (pair for block in blocks[:_ASKED] for pair in _few(*block)):
            one, other = shared.every[source], shared.every[destination]
            if old:
                found.update(reasons(shared.old, one.old, other.old, ports.uncertain))
            else:
                found.update(reasons(shared.new, one.new, other.new, ports.uncertain))
        return tuple(sorted(found))

    def _exposes(self, sources: int, destinations: int) -> tuple[Exposure, ...]:
        found = []
        pods = destinations & self._protected
        if pods and sources & self._internet:
            found.append(Exposure.INTERNET)
        inside = {name for name, bits in self._by_namespace.items() if bits & pods}
        across = any(bits & sources and inside - {name} for name, bits in self._by_namespace.items())
        return (*found, Exposure.OTHER_NAMESPACES) if across else tuple(found)

    def _size(self, bits: int) -> int:
        """Return how many names there are in a set; all addresses are one."""
        pods = sum(size * (bits & mask).bit_count() for size, mask in self._sizes.items())
        return pods + bool(bits & self._shared.addresses)


def _differing(parts: Iterable[Part]) -> list[tuple[Ports, Ports, int]]:
    found: dict[tuple[Ports, Ports], int] = {}
    for bits, (always, possible, always_now, possible_now) in parts:
        before, after = Ports(always, possible), Ports(always_now, possible_now)
        if before != after:
            found[before, after] = found.get((before, after), 0) | bits
    return [(before, after, bits) for (before, after), bits in found.items()]


def _few(sources: int, destinations: int) -> Iterator[tuple[int, int]]:
    """Yield some pairs: one for each of the first sources, and one for each of the first destinations."""
    some, others = (
        [each for each, _ in zip(positions(bits), range(_ASKED), strict=False)] for bits in (sources, destinations)
    )
    yield from dict.fromkeys([*((each, others[0]) for each in some), *((some[0], each) for each in others)])
