"""Connections that manifests state, a URL in a variable of a pod for example, and that policies deny.

Nothing is asked pair by pair: the sources that may connect to a port of a Service are one set.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, NamedTuple

from k8snetlint.connectivity.blame import Blame
from k8snetlint.connectivity.services import targets
from k8snetlint.evidence.dns_names import Fate, names_with
from k8snetlint.evidence.policies import isolating_policies, why_dns_may_be_allowed
from k8snetlint.evidence.resolving import resolving
from k8snetlint.evidence.sealed import sealed_namespace
from k8snetlint.model.aspects import NAME, PORTS, SELECTORS
from k8snetlint.model.networkpolicy import Direction, NetworkPolicy
from k8snetlint.model.service import Service
from k8snetlint.model.workload import Workload

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from k8snetlint.connectivity.engine import Connectivity
    from k8snetlint.connectivity.services import Target
    from k8snetlint.evidence.config_maps import Readers
    from k8snetlint.evidence.dns_names import UsedName
    from k8snetlint.model.cluster import Cluster
    from k8snetlint.model.resource import Resource


class Ends:
    """Where the connections to an address go; the same object for all addresses with the same targets.

    Slots:
        service: the Service that the address names.
        targets: the pods and their ports.
        workloads: the same pods.
    """

    __slots__ = ("service", "targets", "workloads")

    def __init__(self, service: Service, targets: tuple[Target, ...]) -> None:
        self.service = service
        self.targets = targets
        self.workloads = frozenset(each.workload for each in targets)


class Stated(NamedTuple):
    """A connection that manifests state, and that is denied in every possible cluster.

    Attributes:
        used: the address, and where it is written.
        source: the workload whose pods connect to it.
        ends: where the connections go.
        policies: those that are to allow more, by the directions that deny the connection.
        others: how many other workloads share the address, none of which may connect: one of them may be meant.
    """

    used: UsedName
    source: Workload
    ends: Ends
    policies: dict[Direction, NetworkPolicy]
    others: int

    @property
    def address(self) -> str:
        """The address as it is written, with the port that it means."""
        port = self.used.use.port
        return f"{self.used.use.host}:{port}" if port else self.used.use.host

    @property
    def place(self) -> tuple[NetworkPolicy, Direction]:
        """The policy that is to allow more first, and for which direction."""
        direction, policy = next(iter(self.policies.items()))
        return policy, direction


def denied_connections(connectivity: Connectivity) -> dict[tuple[NetworkPolicy, Direction], list[Stated]]:
    """Return the connections that manifests state and policies deny, by the policy that is to allow more."""
    answers = connectivity.cluster.index.answers
    known: dict[tuple[NetworkPolicy, Direction], list[Stated]] | None = answers.get(denied_connections)
    if known is None:
        known = answers[denied_connections] = {}
        for each in _Finder(connectivity).found():
            known.setdefault(each.place, []).append(each)
    return known


class _Finder:
    """Finds what is denied.

    Args:
        connectivity: what the cluster allows; asked only where something may be denied.
    """

    def __init__(self, connectivity: Connectivity) -> None:
        self._connectivity = connectivity
        self._cluster: Cluster = connectivity.cluster
        self._services = frozenset(self._cluster.known(Service))
        self._blame = Blame(connectivity)
        self._isolating = [isolating_policies(self._cluster, each) for each in (Direction.EGRESS, Direction.INGRESS)]
        self._ends: dict[object, Ends | None] = {}
        self._by_targets: dict[tuple[Service, tuple[Target, ...]], Ends] = {}
        self._sources: dict[Ends, int] = {}
        self._whole: dict[Resource, int] = {}

    def found(self) -> Iterator[Stated]:
        """Yield each connection once, in the order of the text."""
        seen: set[tuple[Workload, Ends]] = set()
        for used in names_with(self._cluster, Fate.FOUND):
            ends = self._ends_of(used)
            if ends is None or not self._may_be_denied(used, ends):
                continue
            for source, others in self._denied_sources(used, ends):
                policies = {} if (source, ends) in seen else self._responsible(used, source, ends)
                if policies and self._is_stated(used):
                    seen.add((source, ends))
                    yield Stated(used, source, ends, policies, others)

    def _ends_of(self, used: UsedName) -> Ends | None:
        """Return where the connections to an address go, None if that is not known."""
        services = [each for each in used.services if each in self._services]
        service = services[0] if len(services) == 1 else None
        if not isinstance(service, Service) or not service.knows(SELECTORS, PORTS, NAME):
            return None
        key = service, used.use.port, used.name.port, used.name.protocol
        if key not in self._ends:
            found = tuple(self._targets(used, service))
            known = self._by_targets.setdefault((service, found), Ends(service, found))
            self._ends[key] = known if found else None
        return self._ends[key]

    def _targets(self, used: UsedName, service: Service) -> Iterator[Target]:
        number, name = used.use.port, used.name.port
        for each in targets(self._cluster, service):
            entry = each.service_port
            if name and (entry.name, entry.protocol) != (name, used.name.protocol):
                continue
            if name or number in (None, entry.port):
                # The name of a headless Service is the addresses of the pods: nothing translates ports.
                yield each._replace(number=entry.port) if service.is_headless and entry.port else each

    def _may_be_denied(self, used: UsedName, ends: Ends) -> bool:
        """Tell whether policies isolate pods in the namespace of the source for egress, or in that of the ends."""
        places = (used.resource, ends.targets[0].workload)
        return any(
            None in policies or self._cluster.known_namespace_of(each) in policies
            for each, policies in zip(places, self._isolating, strict=True)
        )

    def _allowed_sources(self, ends: Ends) -> int:
        """Return the peers that may connect to any of the ends in some possible cluster."""
        if ends not in self._sources:
            found = 0
            for each in ends.targets:
                row = self._connectivity.possible.row(self._connectivity.classes.class_of[each.workload])
                for ports, sources in row:
                    found |= sources if ports.has(each.protocol, each.number) else 0
            self._sources[ends] = found
        return self._sources[ends]

    def _denied_sources(self, used: UsedName, ends: Ends) -> Iterator[tuple[Workload, int]]:
        """Yield the workloads with an address that may connect to none of its ends; with how many others share it."""
        allowed, classes = self._allowed_sources(ends), self._connectivity.classes
        resource, path = used.resource, used.use.path
        if isinstance(resource, Workload):
            template = (*resource.template, "spec")
            is_source = path[: len(template)] == template and resource not in ends.workloads
            if is_source and not allowed >> classes.class_of[resource] & 1:
                yield resource, 0
            return
        around = classes.inside(self._cluster.known_namespace_of(resource)) & classes.shown
        if resource.kind == "ConfigMap" and path[0] == "data" and around & ~allowed:
            yield from self._denied_readers(resource, str(path[1]), ends)

    def _denied_readers(self, config_map: Resource, key: str, ends: Ends) -> Iterator[tuple[Workload, int]]:
        """Yield the workloads that read a key of a ConfigMap, as `_denied_sources`."""
        from k8snetlint.evidence.config_maps import readers_of  # noqa: PLC0415 - only where a reader may be denied

        class_of, allowed = self._connectivity.classes.class_of, self._allowed_sources(ends)
        own, readers = ends.workloads, readers_of(self._cluster, config_map)
        named, files = (each.get(key, {}) for each in (readers.named, readers.files))
        for each in named:
            if each not in own and not allowed >> class_of[each] & 1:
                yield each, 0
        one_key = {*named, *files} - own
        shared = next((each for each in (*files, *readers.whole) if each not in own), None)
        # Of those that share a whole ConfigMap, some may not need all of it: an address that one may use is for that.
        if shared is None or any(allowed >> class_of[each] & 1 for each in one_key):
            return
        if not self._classes_of(readers, config_map) & allowed & ~self._classes_of_own(own):
            yield shared, len(one_key - readers.whole.keys()) + len(readers.whole) - len(own & readers.whole.keys()) - 1

    def _classes_of(self, readers: Readers, config_map: Resource) -> int:
        """Return the pods of those that read a whole ConfigMap."""
        if config_map not in self._whole:
            class_of = self._connectivity.classes.class_of
            self._whole[config_map] = functools.reduce(int.__or__, (1 << class_of[each] for each in readers.whole), 0)
        return self._whole[config_map]

    def _classes_of_own(self, own: frozenset[Workload]) -> int:
        """Return the classes that have no other pods than some."""
        classes = self._connectivity.classes
        numbers = {classes.class_of[each] for each in own}
        return sum(1 << each for each in numbers if own.issuperset(classes.every[each].workloads))

    def _is_stated(self, used: UsedName) -> bool:
        from k8snetlint.evidence.stated import states_connection  # noqa: PLC0415 - findings only

        return states_connection(self._cluster, used)

    def _responsible(self, used: UsedName, source: Workload, ends: Ends) -> dict[Direction, NetworkPolicy]:
        """Return which policies are to allow more; none if nobody knows, or another rule says it."""
        target, blame = ends.targets[0], self._blame
        at = {Direction.EGRESS: source, Direction.INGRESS: target.workload}
        denying = blame.denying(source, target)
        found: dict[Direction, NetworkPolicy] = {}
        for each in denying:
            policy = blame.policy(at[each], each)
            if policy is None or not self._are_together((policy, used.resource, ends.service), source, ends):
                return {}
            if not self._is_said(policy, each, used):
                found[each] = policy
        others = (each for each in Direction if each not in denying)
        return {} if any(blame.is_half_open(at[each], each, at[each.opposite]) for each in others) else found

    def _are_together(self, subjects: Iterable[Resource], source: Workload, ends: Ends) -> bool:
        """Tell whether everything evidently belongs to one application."""
        workloads = self._cluster.index.workloads
        pods = workloads.bit_of(source)
        for workload in ends.workloads:
            pods |= workloads.bit_of(workload)
        return not any(pods & ~workloads.same_application(each, named=bool(each.namespace)) for each in subjects)

    def _is_said(self, policy: NetworkPolicy, direction: Direction, used: UsedName) -> bool:
        """Tell whether a finding about a whole namespace says it: that it is sealed, or that no name resolves."""
        if direction is Direction.INGRESS:
            sealed = sealed_namespace(self._cluster, self._cluster.known_namespace_of(policy))
            return sealed is not None and bool(sealed.services)
        # Of a name in a ConfigMap, the rule about DNS knows nothing: there it is only an info.
        pods = self._cluster.index.workloads.bit_of(used.resource) if isinstance(used.resource, Workload) else 0
        is_blocked = bool(resolving(self._cluster, policy).blocked & pods)
        return is_blocked and not why_dns_may_be_allowed(self._cluster, policy)
