"""How two states of a cluster differ."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING, NamedTuple

from k8snetlint.connectivity.port_sets import NONE, PortSet, difference, intersection

if TYPE_CHECKING:
    from k8snetlint.connectivity.causes import Cause
    from k8snetlint.connectivity.groups import PeerGroup
    from k8snetlint.connectivity.peers import WorkloadPeer
    from k8snetlint.connectivity.reasons import Reason
    from k8snetlint.model.networkpolicy import Direction
    from k8snetlint.model.workload import Workload


class Kind(enum.StrEnum):
    """What becomes of some connections."""

    GAINED = "gained"
    """They were denied on all ports."""
    CHANGED = "changed"
    LOST = "lost"
    """They are denied on all ports now."""


class Exposure(enum.StrEnum):
    """Who else may connect now."""

    INTERNET = "internet"
    OTHER_NAMESPACES = "other-namespaces"


class Ports(NamedTuple):
    """The ports that are allowed in every possible cluster, and those that are in some."""

    always: PortSet
    possible: PortSet

    @property
    def uncertain(self) -> PortSet:
        """The ports that are neither allowed nor denied for sure."""
        return difference(self.possible, self.always)


class Change(NamedTuple):
    """The same change of the connections between any of some sources and any of some destinations.

    Attributes:
        sources, destinations: who connects to whom.
        exceptions: connections between these for which it is not so.
        pairs: how many pairs of workloads and other peers are concerned; all addresses count as one.
        of_pairs: how many there are with the exceptions.
        widened: more is possible than before, or something between peers that manifests show is no longer certain.
        narrowed: the same the other way round.
        before, after: the ports.
        why_before, why_after: why some of them are uncertain.
        exposes: who may connect more than before.
        causes: which changes of manifests do it; empty where only the CNI plugin is another one.
        workload: one that is concerned, as it is now; None if no manifest shows one.
    """

    sources: PeerGroup
    destinations: PeerGroup
    exceptions: tuple[tuple[PeerGroup, PeerGroup], ...]
    pairs: int
    of_pairs: int
    widened: bool
    narrowed: bool
    before: Ports
    after: Ports
    why_before: tuple[Reason, ...]
    why_after: tuple[Reason, ...]
    exposes: tuple[Exposure, ...]
    causes: tuple[Cause, ...]
    workload: Workload | None

    @property
    def kind(self) -> Kind:
        """Whether connections are gained, lost, or changed."""
        if self.before.possible == NONE:
            return Kind.GAINED
        return Kind.LOST if self.after.possible == NONE else Kind.CHANGED


class OneSided(NamedTuple):
    """A workload that only one of the states has.

    Attributes:
        workload: as its manifest says.
        peer: its name.
        isolated: the directions for which a policy certainly isolates its pods.
        exposed: who may connect to it from outside of its namespace, where nobody is named, on which ports.
        exposes: whether these are the internet or other namespaces.
    """

    workload: Workload
    peer: WorkloadPeer
    isolated: tuple[Direction, ...]
    exposed: tuple[tuple[PeerGroup, Ports], ...]
    exposes: tuple[Exposure, ...]


class Comparison(NamedTuple):
    """How two states differ: changes between what both have, new exposure first; and what only one has."""

    changes: tuple[Change, ...]
    added: tuple[OneSided, ...]
    removed: tuple[OneSided, ...]

    @property
    def widened(self) -> bool:
        """Whether anything is open that was not."""
        return any(each.widened for each in self.changes) or any(each.exposes for each in self.added)

    @property
    def is_empty(self) -> bool:
        """Whether nothing differs."""
        return not (self.changes or self.added or self.removed)


def opens(before: Ports, after: Ports, *, shown: bool) -> bool:
    """Tell whether a change does anything else than to deny.

    Args:
        before: the ports.
        after: the ports now.
        shown: whether manifests show both ends; then what becomes uncertain counts as open.
    """
    if difference(after.possible, before.possible) != NONE or difference(after.always, before.always) != NONE:
        return True
    return shown and intersection(difference(before.always, after.always), after.possible) != NONE
