"""What selects pods: the Services and policies of a cluster with their selectors."""

from __future__ import annotations

from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING

from k8snetlint.model.aspects import PORTS, SELECTORS
from k8snetlint.model.bitsets import Sets, bits_of
from k8snetlint.model.labels import LabelIndex
from k8snetlint.model.members import Members
from k8snetlint.model.networkpolicy import NetworkPolicy
from k8snetlint.model.service import Service
from k8snetlint.model.tables.controllers import ADDED_LABELS

if TYPE_CHECKING:
    from k8snetlint.model.resource import Resource
    from k8snetlint.model.scope_resources import ScopeResources
    from k8snetlint.model.selectors import LabelSelector
    from k8snetlint.model.workload import Workload

Pair = tuple[str, str]
_ANY: Pair = ("", "")
"""In place of the label of a selector that asks only for labels that controllers add."""


class Selecting:
    """The Services that have a selector, and the policies; the n-th of them is bit n.

    Attributes:
        members: all of them.
        services: the set of the Services.
    """

    def __init__(self, scope: ScopeResources, pod_labels: LabelIndex) -> None:
        self._scope = scope
        self._pod_labels = pod_labels
        services = [each for each in scope.known(Service) if each.selector]
        policies = [each for each in scope.known(NetworkPolicy) if each.pod_selector]
        self.members: Members[Resource] = Members(scope, (*services, *policies))
        every = enumerate(self.members.every)
        self.services = bits_of(position for position, each in every if isinstance(each, Service))
        self._by_workload: dict[Workload, int] = {}
        self._first_selecting: dict[tuple[int, int], tuple[Resource, ...]] = {}

    def selector(self, resource: Resource) -> LabelSelector | None:
        """Return the selector of a Service's or policy's pods."""
        match resource:
            case Service():
                return resource.label_selector
            case NetworkPolicy():
                return resource.pod_selector
            case _:
                return None

    def selected_by(self, resource: Resource) -> int:
        """Return which workloads a Service or policy selects, whatever their namespace."""
        selector = self.selector(resource)
        return self._pod_labels.matching(selector) if selector is not None else 0

    def services_of(self, workload: Workload) -> int:
        """Return which Services select the pods of a workload, whatever their namespace."""
        known = self._by_workload.get(workload)
        if known is None:
            known = 0
            for pair in (*workload.pod_labels.items(), _ANY):
                for selector, services in self._by_rarest_label.get(pair, ()):
                    if workload.selected_by(selector):
                        known |= services
            self._by_workload[workload] = known
        return known

    @cached_property
    def _by_rarest_label(self) -> dict[Pair, list[tuple[LabelSelector, int]]]:
        """Selectors of Services with the Services, each under that of its labels that the fewest pods have."""
        services: Sets[LabelSelector] = Sets()
        for position, each in enumerate(self.members.every):
            if isinstance(each, Service):
                services.add(each.label_selector, position)
        found: dict[Pair, list[tuple[LabelSelector, int]]] = {}
        size = self._pod_labels.pairs.size
        for selector in services:
            pairs = [pair for pair in (selector.match_labels or {}).items() if pair[0] not in ADDED_LABELS]
            rarest = min(pairs, key=size) if pairs else _ANY
            found.setdefault(rarest, []).append((selector, services[selector]))
        return found

    def first_selecting(self, among: int, workloads: int) -> tuple[Resource, ...]:
        """Return the first three of a set that select any of these workloads by a selector that is not empty."""
        key = among, workloads
        found = self._first_selecting.get(key)
        if found is None:
            selecting = (each for each in self.members.of(among) if self._selects(each, workloads))
            found = self._first_selecting[key] = tuple(islice(selecting, 3))
        return found

    def _selects(self, resource: Resource, workloads: int) -> bool:
        selector = self.selector(resource)
        return selector is not None and not selector.is_empty and bool(self.selected_by(resource) & workloads)

    @cached_property
    def own_labels(self) -> LabelIndex:
        """The labels of the Services themselves."""
        return LabelIndex(each.labels if isinstance(each, Service) else {} for each in self.members.every)

    @cached_property
    def labelled(self) -> int:
        """The set of the Services that have labels of their own."""
        labelled = (isinstance(each, Service) and bool(each.labels) for each in self.members.every)
        return bits_of(position for position, flag in enumerate(labelled) if flag)

    @cached_property
    def requests(self) -> dict[Pair, set[Resource]]:
        """The objects whose selectors ask for a label."""
        found: dict[Pair, set[Resource]] = {}
        for service in self._scope.known(Service):
            for pair in service.label_selector.pairs():
                found.setdefault(pair, set()).add(service)
        for policy in self._scope.known(NetworkPolicy):
            for selector, _ in policy.selectors():
                for pair in selector.pairs():
                    found.setdefault(pair, set()).add(policy)
        return found

    @cached_property
    def patched(self) -> int:
        """The Services of which a patch changes the selector or the ports."""
        every = enumerate(self.members.every)
        return self.services & bits_of(position for position, each in every if each.patched & {PORTS, SELECTORS})

    @cached_property
    def ports(self) -> Sets[tuple[str, int | str, str]]:
        """The Services by their ports: (`port` or `target`, the port, its protocol)."""
        found: Sets[tuple[str, int | str, str]] = Sets()
        for position, each in enumerate(self.members.every):
            if not isinstance(each, Service):
                continue
            keys = {("port", port.port, port.protocol) for port in each.ports if port.port is not None}
            targets = ((port.effective_target_port, port.protocol) for port in each.ports)
            for key in (*keys, *{("target", target, protocol) for target, protocol in targets if target is not None}):
                found.add(key, position)
        return found
