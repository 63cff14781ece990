"""The names of peers in formats for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.connectivity.namespaces import OTHER_NAMESPACES
from k8snetlint.connectivity.peer_sets import ShownPeer
from k8snetlint.connectivity.peers import addresses
from k8snetlint.source.escape import escape

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from k8snetlint.connectivity.connections import Connections
    from k8snetlint.connectivity.peer_sets import Member, PeerSet

FEW = 10
"""At most so many names are written for one set of peers."""
_FEW_MISSING = 3
"""A namespace without so many of its pods is written as that."""


def name_of(member: Member) -> str:
    """Return `prod/web (Deployment)`."""
    if not isinstance(member, ShownPeer):
        return escape(str(member))
    details = ", ".join((member.peer.workload, *(f"{key}={value}" for key, value in member.labels)))
    return escape(f"{member.peer} ({details})")


class Names:
    """Names sets of peers in few words: `any pod in prod`.

    Args:
        found: the connections of a cluster.
    """

    def __init__(self, found: Connections) -> None:
        self._connectivity = found.connectivity
        self._names = found.names
        self._pods = found.connectivity.classes.everything & ~found.controllers
        # Many connections have the same end.
        self._known: dict[tuple[int, int], list[str]] = {}
        self._namespaces: dict[str, int] = {}
        for number, each in enumerate(found.connectivity.classes.every):
            if not each.role and each.namespace is not None:
                self._namespaces[each.namespace] = self._namespaces.get(each.namespace, 0) | 1 << number

    def of(self, peers: PeerSet, other_end: PeerSet | None = None) -> list[str]:
        """Return a name for each part of a set.

        Args:
            peers: the set.
            other_end: the other end of a connection; a workload is not named as its own peer.
        """
        if peers.only is not None:
            return _few([name_of(each) for each in peers.members], "workload")
        own = other_end.bits if other_end is not None and other_end.is_single else 0
        key = peers.bits, own & peers.bits
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = self._of(*key)
        return known

    def _of(self, bits: int, own: int) -> list[str]:
        """Return a name for each part of a set, without that of a workload that is its own peer."""
        pods = bits & self._pods
        controllers = bits & self._connectivity.classes.everything & ~self._pods
        if pods == self._pods:
            named, rest = ["any pod"], 0
        else:
            whole = {
                namespace: all_
                for namespace in self._namespaces_of(pods)
                if (all_ := self._namespaces.get(namespace, 0)) and not all_ & ~pods and self._is_more_than_one(all_)
            }
            named = list(self._whole_namespaces(whole))
            rest = pods & ~sum(whole.values())
        if rest != own:
            rest &= ~own
        for name, most in self._nearly_whole(rest, pods):
            named.append(name)
            rest &= ~most
        named += self._members(rest | controllers)
        return [*named, *_few(list(self._addresses(bits)), "range")]

    def _namespaces_of(self, pods: int) -> list[str]:
        """Return the namespaces of some pods, sorted; empty for that which is chosen when the manifests are applied."""
        return sorted(each or "" for each in self._connectivity.classes.namespaces_of(pods))

    def _whole_namespaces(self, whole: Mapping[str, int]) -> Iterator[str]:
        """Yield names of namespaces of which all pods are meant; those without a workload are one line."""
        shown = [each for each, bits in whole.items() if bits & self._connectivity.classes.shown]
        yield from _few([f"any pod in {escape(each)}" for each in shown], "namespace")
        empty = [escape(each) for each in whole if each not in (*shown, OTHER_NAMESPACES)]
        if empty:
            yield f"any pod in {', '.join(_few(empty, 'namespace'))}"
        if OTHER_NAMESPACES in whole:
            yield "pods in other namespaces"

    def _nearly_whole(self, listed: int, pods: int) -> Iterator[tuple[str, int]]:
        """Yield names of namespaces of which all workloads but a few are meant, and too many to list, with these pods.

        Args:
            listed: the pods that are to be named.
            pods: these and those that need no name.
        """
        classes = self._connectivity.classes
        if listed.bit_count() <= FEW:
            return
        for namespace in self._namespaces_of(listed):
            every = self._namespaces.get(namespace, 0)
            missing = every & classes.shown & ~pods
            if (every & listed).bit_count() > FEW and self._names.size(missing) <= _FEW_MISSING:
                what = "workload" if every & ~classes.shown & ~pods else "pod"
                but = ", ".join(name_of(each) for each in self._names.members_of(missing))
                yield f"any {what} in {escape(namespace)}{f' except {but}' if but else ''}", every & listed

    def _members(self, bits: int) -> list[str]:
        size = self._names.size(bits & self._connectivity.classes.everything)
        shown = size if size <= FEW + 1 else FEW
        named = [name_of(each) for each in self._names.members_of(bits, shown)]
        return named if shown == size else [*named, f"and {size - FEW:,} more workloads"]

    def _is_more_than_one(self, bits: int) -> bool:
        hidden = bits & ~self._connectivity.classes.shown
        return bool(hidden) or self._names.size(bits) > 1

    def _addresses(self, bits: int) -> Iterator[str]:
        connectivity = self._connectivity
        bits &= connectivity.addresses
        if not bits:
            return
        if bits == connectivity.addresses:
            yield "any address"
            return
        for family in (4, 6):
            ranges = [each for each in addresses(connectivity, bits) if each.family == family]
            others = [each for each in addresses(connectivity, connectivity.addresses & ~bits) if each.family == family]
            if len(others) < len(ranges) and others:
                whole = "0.0.0.0/0" if family == 4 else "::/0"
                yield f"{whole} except {', '.join(_few([str(each) for each in others], 'range'))}"
            else:
                yield from map(str, ranges)


def compact(member: Member) -> str:
    """Return a name as options take it: `prod/Deployment/web`."""
    if isinstance(member, ShownPeer):
        peer = member.peer
        labels = ",".join(f"{key}={value}" for key, value in member.labels)
        return "/".join(filter(None, (peer.namespace, peer.workload, peer.name))) + (f"?{labels}" if labels else "")
    return str(member)


def _few(names: list[str], word: str) -> list[str]:
    if len(names) <= FEW + 1:
        return names
    return [*names[:FEW], f"and {len(names) - FEW:,} more {word}s"]
