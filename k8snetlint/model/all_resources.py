"""The resources of all scopes of a run: each scope may ask whether the others have what it lacks."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from k8snetlint.model.bitsets import bits_of, sets_by
from k8snetlint.model.labels import LabelIndex
from k8snetlint.model.namespace import Namespace, known_labels
from k8snetlint.model.networkpolicy import NetworkPolicy
from k8snetlint.model.scope_resources import is_service
from k8snetlint.model.service import Service
from k8snetlint.model.tables.controllers import ADDED_LABELS
from k8snetlint.model.workload import Workload

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from k8snetlint.model.bitsets import Sets
    from k8snetlint.model.namespace_requests import NamespaceRequests
    from k8snetlint.model.resource import Resource
    from k8snetlint.model.services_by_name import ServicesByName
    from k8snetlint.source.document import Source
    from k8snetlint.source.paths import FieldPath

    Written = tuple[Source, int, FieldPath]


class AllResources:
    """The workloads and namespaces of a whole run, in the order of the text; the n-th is bit n of a set.

    Attributes:
        workloads, namespaces: as the kustomizations make them, a base once for each overlay.
    """

    def __init__(self, resources: Iterable[Resource] = ()) -> None:
        self._resources = tuple(resources)
        self.workloads = [each for each in self._resources if isinstance(each, Workload)]
        self.namespaces = [each for each in self._resources if isinstance(each, Namespace)]
        self._policies_that: dict[Callable[[NetworkPolicy], bool], dict[str | None, list[NetworkPolicy]]] = {}

    @cached_property
    def pod_labels(self) -> LabelIndex:
        """The labels of the pods."""
        return LabelIndex((each.pod_labels for each in self.workloads), ADDED_LABELS)

    @cached_property
    def namespace_labels(self) -> LabelIndex:
        """The labels of the namespaces."""
        return LabelIndex(known_labels(each.name or "", each) for each in self.namespaces)

    @cached_property
    def workloads_by_namespace(self) -> Sets[str | None]:
        """The sets of the workloads by the namespaces that are written."""
        return sets_by(each.namespace for each in self.workloads)

    @cached_property
    def workloads_by_folder(self) -> Sets[tuple[str, str | None]]:
        """The sets of the workloads by their folders and the namespaces that are written."""
        return sets_by((each.folder, each.namespace) for each in self.workloads)

    @cached_property
    def service_names(self) -> ServicesByName:
        """The Services by the names and namespaces that are written, also those that cannot be read."""
        from k8snetlint.model.services_by_name import ServicesByName  # noqa: PLC0415 - only where DNS names are used

        return ServicesByName(
            (each, each.namespace) for each in self._resources if each.kind == "Service" and is_service(each)
        )

    @cached_property
    def dns_clients(self) -> dict[str, dict[str, set[Written]]]:
        """The objects that use the DNS name of a Service, by the namespace and the Service that are written in it."""
        from k8snetlint.model.dns_names import parse_host  # noqa: PLC0415 - as above

        found: dict[str, dict[str, set[Written]]] = {}
        for each in self._resources:
            for use in each.dns.uses if each.dns else ():
                for name in parse_host(use.host)[:1]:
                    found.setdefault(name.namespace, {}).setdefault(name.service, set()).add(place_of(each))
        return found

    @cached_property
    def namespace_names(self) -> Sets[str | None]:
        """The sets of the namespaces by their names."""
        return sets_by(each.name for each in self.namespaces)

    @cached_property
    def plain_namespaces(self) -> int:
        """The set of the namespaces whose name and labels are those that are written."""
        return bits_of(position for position, each in enumerate(self.namespaces) if each.is_plain)

    @cached_property
    def namespace_requests(self) -> NamespaceRequests:
        """The labels by which policies ask for namespaces."""
        from k8snetlint.model.namespace_requests import NamespaceRequests  # noqa: PLC0415 - only where nothing matches

        # A base of several overlays asks once.
        policies = {place_of(each): each for each in self._resources if isinstance(each, NetworkPolicy)}.values()
        names = {each.name for each in self.namespaces if each.is_plain}
        used = {each.namespace for each in self._resources}
        return NamespaceRequests(policies, self.namespace_labels.pairs, names, used)

    @cached_property
    def _workload_places(self) -> Sets[Written]:
        return sets_by(map(place_of, self.workloads))

    @cached_property
    def _namespace_places(self) -> Sets[Written]:
        return sets_by(map(place_of, self.namespaces))

    @cached_property
    def services_by_name(self) -> dict[str | None, list[Service]]:
        """The Services by their names."""
        found: dict[str | None, list[Service]] = {}
        for each in self._resources:
            if isinstance(each, Service):
                found.setdefault(each.name, []).append(each)
        return found

    def policies_that(self, allow: Callable[[NetworkPolicy], bool]) -> dict[str | None, list[NetworkPolicy]]:
        """Return the policies that allow something, by the namespaces that are written."""
        found = self._policies_that.get(allow)
        if found is None:
            found = self._policies_that[allow] = {}
            for each in self._resources:
                if isinstance(each, NetworkPolicy) and allow(each):
                    found.setdefault(each.namespace, []).append(each)
        return found

    def positions_of(self, resources: Iterable[Resource]) -> tuple[int, int]:
        """Return the sets of the workloads and of the namespaces among some resources, as written or as changed."""
        workloads = namespaces = 0
        for each in resources:
            if isinstance(each, Workload):
                workloads |= self._workload_places[place_of(each)]
            elif isinstance(each, Namespace):
                namespaces |= self._namespace_places[place_of(each)]
        return workloads, namespaces


def place_of(resource: Resource) -> Written:
    """Return where a resource is written, whatever kustomizations make of it."""
    return resource.source, resource.document, resource.root
