"""What the NetworkPolicies of a cluster allow.

Source: https://kubernetes.io/docs/concepts/services-networking/network-policies/
"""

from __future__ import annotations

import enum
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from k8snetlint.connectivity.ip_space import IpSpace
from k8snetlint.connectivity.pods import PodClasses, hidden_controllers
from k8snetlint.connectivity.policies import PolicyReader, same_rules
from k8snetlint.connectivity.port_sets import NONE, PortSet, difference
from k8snetlint.connectivity.profiles import UNKNOWN, Profile, profile_in
from k8snetlint.connectivity.rows import Rows
from k8snetlint.connectivity.undecided import NOTHING_UNDECIDED, undecided
from k8snetlint.model.addresses import parse_cidr
from k8snetlint.model.bitsets import positions
from k8snetlint.model.ingress import Ingress
from k8snetlint.model.networkpolicy import Direction, NetworkPolicy

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.connectivity.policies import PolicySets, SameRules
    from k8snetlint.model.addresses import Network
    from k8snetlint.model.cluster import Cluster
    from k8snetlint.model.workload import Workload

_NARROW = 64
"""Policies that select so many pods are listed at each of them."""


class Verdict(enum.StrEnum):
    """Whether a connection is possible."""

    ALLOWED = "allowed"
    DENIED = "denied"
    DEPENDS = "depends"
    """It depends on the CNI plugin, or on the node of a pod."""
    UNKNOWN = "unknown"
    """It depends on something that no manifest shows."""


class Traffic(NamedTuple):
    """Which sources may connect to a destination on which ports; `always` or `possible` as in `Certain`."""

    always: bool
    ports: PortSet
    sources: int


class Connectivity:
    """What a cluster allows, computed once and only where it is asked for.

    Peers are numbered: classes of pods first (`classes.every`), then ranges of addresses (`space.ranges`).

    Args:
        cluster: the cluster.
        profile: what its CNI plugin does.
        pod_networks: the networks of the pods' addresses; none if they are not known.
        families: the IP families that are considered.

    Attributes:
        answers: the answers that were given before, by their questions.
        undecided: what policies of other kinds may change.
    """

    def __init__(
        self,
        cluster: Cluster,
        *,
        profile: Profile = UNKNOWN,
        pod_networks: tuple[Network, ...] = (),
        families: tuple[int, ...] = (4, 6),
    ) -> None:
        self.cluster = cluster
        self.profile = profile
        self.answers: dict[Any, Any] = {}
        policies = list(cluster.known(NetworkPolicy)) if profile.enforces else []
        hidden = tuple(hidden_controllers(cluster)) if any(cluster.known(Ingress)) else ()
        self.classes = PodClasses(cluster, policies, hidden)
        self.space = IpSpace((block for each in policies for block in each.ip_blocks), families)
        self.offset = len(self.classes.every)
        self.addresses = self.space.everything << self.offset
        self.everything = self.classes.everything | self.addresses
        reader = PolicyReader(self.classes, self.space, profile, pod_networks)
        self.reader = reader
        self.policies: tuple[PolicySets, ...] = tuple(
            reader.read(each, cluster.known_namespace_of(each)) for each in policies
        )
        self.undecided = NOTHING_UNDECIDED
        if profile.enforces:
            self.undecided = undecided(cluster, self.classes, self.policies)

    @classmethod
    def of(cls, cluster: Cluster) -> Connectivity:
        """Return what a cluster allows, with the facts about it that are configured."""
        environment = cluster.environment
        networks = tuple(network for network in map(parse_cidr, environment.pod_cidrs) if network is not None)
        families = tuple(int(each[-1]) for each in environment.ip_families) or (4, 6)
        return cls(cluster, profile=profile_in(cluster), pod_networks=networks, families=families)

    @cached_property
    def named(self) -> dict[str, list[Workload]]:
        """The workloads by their names, and by those of their controllers, in the order of the manifests."""
        found: dict[str, list[Workload]] = {}
        for each in self.classes.class_of:
            for name in dict.fromkeys((each.name or "", each.controller[1] if each.controller else "")):
                found.setdefault(name, []).append(each)
        return found

    @cached_property
    def rules(self) -> dict[Direction, dict[int, SameRules]]:
        """The rules of all policies by their directions and numbers; those that say the same are one."""
        return {direction: same_rules(self.policies, direction) for direction in Direction}

    @cached_property
    def certain(self) -> Rows:
        """The rows of what is allowed in every possible cluster."""
        return self._rows(certainly=True)

    @cached_property
    def possible(self) -> Rows:
        """The rows of what is allowed in some possible cluster."""
        return self._rows(certainly=False)

    def _rows(self, *, certainly: bool) -> Rows:
        on_host = self.classes.on_host_network
        # A node always reaches the pods on it, and some plugins let pods reach their node.
        unprotected = {Direction.INGRESS: 0, Direction.EGRESS: 0}
        if not certainly and on_host:
            unprotected = {Direction.INGRESS: on_host, Direction.EGRESS: self.classes.everything}
        return Rows(
            self.classes.every,
            self.everything,
            self.policies,
            rules=self.rules,
            certainly=certainly,
            unprotected=unprotected,
            undecided=self.undecided.closed if certainly else self.undecided.opened,
        )

    def selecting(self, number: int, direction: Direction) -> tuple[PolicySets, ...]:
        """Return the policies that may select a peer and isolate for a direction, in the order of the manifests."""
        if number >= self.offset:
            return ()
        known = self._selecting.get((number, direction))
        if known is None:
            places = self._places[direction]
            wide = places.get(self.classes.every[number].namespace, ())
            selecting = [place for place in wide if self.policies[place].subjects.possible >> number & 1]
            found = sorted([*places.get(number, ()), *selecting])
            known = self._selecting[number, direction] = tuple([self.policies[place] for place in found])
        return known

    @cached_property
    def _selecting(self) -> dict[tuple[int, Direction], tuple[PolicySets, ...]]:
        return {}

    @cached_property
    def _places(self) -> dict[Direction, dict[int | str | None, list[int]]]:
        """The places of policies by the pods that they may select; of those with many pods, by their namespaces."""
        found: dict[Direction, dict[int | str | None, list[int]]] = {direction: {} for direction in Direction}
        for place, each in enumerate(self.policies):
            subjects = each.subjects.possible
            is_narrow = subjects.bit_count() <= _NARROW
            ends = list(positions(subjects) if is_narrow else self.classes.namespaces_of(subjects))
            for direction in each.isolates:
                for end in ends:
                    found[direction].setdefault(end, []).append(place)
        return found

    def traffic_to(self, destination: int) -> Iterator[Traffic]:
        """Yield which sources may connect to a peer, first what is certain, then what is only possible.

        Addresses as sources of addresses are left out.
        """
        sources = self.everything if destination < self.offset else self.classes.everything
        certain = self.certain.row(destination)
        for ports, bits in certain:
            if bits & sources:
                yield Traffic(always=True, ports=ports, sources=bits & sources)
        for ports, bits in self.possible.row(destination):
            rest = bits & sources
            for known, certainly in certain:
                both = rest & certainly
                more = difference(ports, known) if both else NONE
                if more != NONE:
                    yield Traffic(always=False, ports=more, sources=both)
                rest &= ~both
            if rest:
                yield Traffic(always=False, ports=ports, sources=rest)

    def ports_between(self, source: int, destination: int) -> tuple[PortSet, PortSet]:
        """Return the ports on which a connection is always allowed, and those on which it is possible."""
        return _ports(self.certain.row(destination), source), _ports(self.possible.row(destination), source)


def _ports(row: tuple[tuple[PortSet, int], ...], source: int) -> PortSet:
    return next((ports for ports, bits in row if bits >> source & 1), NONE)
