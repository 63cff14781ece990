"""The resources of other scopes of a run: variants of a part of this one, or what is applied as well."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from k8snetlint.model.all_resources import place_of
from k8snetlint.model.bitsets import first, positions
from k8snetlint.model.namespace import Namespace
from k8snetlint.model.networkpolicy import NetworkPolicy
from k8snetlint.model.workload import Workload

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from k8snetlint.model.all_resources import AllResources, Written
    from k8snetlint.model.resource import Resource
    from k8snetlint.model.selectors import LabelSelector
    from k8snetlint.model.service import Service


class Elsewhere:
    """The workloads and namespaces of a run that are not in one of its scopes, as written or as changed.

    Args:
        run: the resources of all scopes; None if there is no other scope.
        own: those of the scope.
    """

    def __init__(self, run: AllResources | None, own: tuple[Resource, ...]) -> None:
        self._run = run
        self._own = own

    @cached_property
    def _owned(self) -> tuple[int, int]:
        return self._run.positions_of(self._own) if self._run is not None else (0, 0)

    def workloads(self, selector: LabelSelector) -> Iterator[Workload]:
        """Yield the workloads whose pods a selector matches."""
        if self._run is not None:
            found = self._run.pod_labels.matching(selector) & ~self._owned[0]
            yield from (self._run.workloads[position] for position in positions(found))

    def namespaces(self, selector: LabelSelector) -> Iterator[Namespace]:
        """Yield the Namespaces that a selector matches."""
        if self._run is not None:
            found = self._run.namespace_labels.matching(selector) & ~self._owned[1]
            yield from (self._run.namespaces[position] for position in positions(found))

    def service(self, name: str, namespace: str | None) -> Service | None:
        """Return a Service of a name that may be in a namespace, None without one."""
        if self._run is None:
            return None
        named = self._run.services_by_name.get(name, ())
        near = (each for each in named if namespace is None or each.namespace in (None, namespace))
        return next((each for each in near if place_of(each) not in self._places), None)

    def policy_that(self, allows: Callable[[NetworkPolicy], bool], namespace: str | None) -> NetworkPolicy | None:
        """Return a policy that allows something and may go to a namespace, without one to any; None if no policy does.

        Another version of a policy of this scope does not count: it takes the place of that one.

        Args:
            allows: tells whether a policy allows it; always the same function for the same question.
            namespace: the namespace.
        """
        if self._run is None:
            return None
        by_namespace = self._run.policies_that(allows)
        names = by_namespace if namespace is None else (namespace, None)
        found = (each for name in names for each in by_namespace.get(name, ()))
        others = (each for each in found if place_of(each) not in self._places and not self.is_variant(each))
        return next(others, None)

    @cached_property
    def _places(self) -> frozenset[Written]:
        return frozenset(map(place_of, self._own))

    def uses(self, namespace: str) -> bool:
        """Tell whether other scopes have a workload in a namespace, or define it."""
        if self._run is None:
            return False
        workloads, namespaces = self._owned
        defined = self._run.namespace_names[namespace] & ~namespaces
        return bool(defined or self._run.workloads_by_namespace[namespace] & ~workloads)

    def workload_near(self, resource: Resource, namespace: str) -> Workload | None:
        """Return the first workload in a namespace and in the folder of a resource, None without one."""
        if self._run is None:
            return None
        found = self._run.workloads_by_folder[resource.folder, namespace] & ~self._owned[0]
        return self._run.workloads[first(found)] if found else None

    def is_variant(self, resource: Resource) -> bool:
        """Tell whether a resource of another scope is defined in this one as well, in another way."""
        defined = self._defined.get((resource.group, resource.kind, resource.name), set())
        return bool(defined) and (resource.namespace is None or not defined.isdisjoint((resource.namespace, None)))

    @cached_property
    def _defined(self) -> dict[tuple[str, str, str | None], set[str | None]]:
        found: dict[tuple[str, str, str | None], set[str | None]] = {}
        for each in self._own:
            if isinstance(each, Workload | Namespace | NetworkPolicy):
                found.setdefault((each.group, each.kind, each.name), set()).add(each.namespace)
        return found
