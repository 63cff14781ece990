"""Which Services select pods, and to which ports they send."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

from k8snetlint.evidence.ports import port_declarations
from k8snetlint.model.aspects import NAME, PORTS
from k8snetlint.model.endpoints import Endpoints, EndpointSlice
from k8snetlint.model.resource import Resource
from k8snetlint.model.service import Service, ServicePort
from k8snetlint.model.tables.link_variables import variable_of
from k8snetlint.source.templates import is_placeholder

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from k8snetlint.model.cluster import Cluster
    from k8snetlint.model.members import Pods
    from k8snetlint.model.workload import Workload

R = TypeVar("R", bound=Resource)

PortMapping = tuple[Service, ServicePort, int]
"""A Service, its port, and the port of the pods to which it sends."""


def port_mapping(cluster: Cluster, pods: Pods, number: int, protocol: str) -> PortMapping | None:
    """Return the Service that maps a number to another port that its pods declare.

    None of these pods declares the number itself. It is None if any Service sends to that very number: then some
    process listens on it nevertheless.
    """
    answers, key = cluster.index.answers, ("port mapping", pods.bits, number, protocol)
    if key not in answers:
        answers[key] = _port_mapping(cluster, pods, number, protocol)
    found: PortMapping | None = answers[key]
    return found


def _port_mapping(cluster: Cluster, pods: Pods, number: int, protocol: str) -> PortMapping | None:
    selecting = cluster.index.selecting
    in_front = _in_front_of(cluster, pods)
    if in_front & (selecting.patched | selecting.ports["target", number, protocol]):
        return None
    for service in selecting.members.of(in_front & selecting.ports["port", number, protocol]):
        # Clients of a headless Service connect to the pods, and its ports are not mapped.
        if not isinstance(service, Service) or service.cluster_ip == "None":
            continue
        selected = pods.among(selecting.selected_by(service) & cluster.index.namespace_set_of(service).workloads)
        for entry in service.ports:
            target = entry.effective_target_port
            if (entry.port, entry.protocol) == (number, protocol) and target is not None:
                targets = {each.container_port for each in port_declarations(cluster, selected, target, protocol)}
                if targets:
                    return service, entry, min(filter(None, targets))
    return None


def only_server(cluster: Cluster, pods: Pods, number: int, protocol: str) -> tuple[Workload, Service] | None:
    """Return the only other workload of their namespace that declares a number which none of these pods declares.

    It is None unless all of these pods declare ports, a Service sends to that number of the other workload, and no
    Service of these pods has anything to do with it.
    """
    answers, key = cluster.index.answers, ("only server", pods.bits, number, protocol)
    if key not in answers:
        answers[key] = _only_server(cluster, pods, number, protocol)
    found: tuple[Workload, Service] | None = answers[key]
    return found


def _only_server(cluster: Cluster, pods: Pods, number: int, protocol: str) -> tuple[Workload, Service] | None:
    index, declarations = cluster.index, cluster.index.declarations
    declaring = declarations.declaring_number(number) & index.seen
    namespace_set = index.namespace_set_of(pods.first)
    if (
        pods.bits & ~declarations.any_port
        or pods.bits & declaring
        or pods.bits & ~namespace_set.workloads
        or not namespace_set.names
    ):
        return None
    others = declaring & namespace_set.workloads
    if others.bit_count() != 1 or not others & declarations.declaring(number, protocol) & declarations.complete:
        return None
    other = index.workloads.first(others)
    if use_port(cluster, pods, number, protocol):
        return None
    for service in services_of(cluster, other):
        for target in (each.effective_target_port for each in service.ports if each.protocol == protocol):
            named_ports = port_declarations(cluster, index.pods_of(other), target, protocol) if target else ()
            if any(each.container_port == number for each in named_ports):
                return other, service
    return None


def use_port(cluster: Cluster, pods: Pods, number: int, protocol: str) -> bool:
    """Tell whether a Service of these pods may have a number as its port, or send to it."""
    selecting = cluster.index.selecting
    about = selecting.ports["port", number, protocol] | selecting.ports["target", number, protocol]
    return bool(_in_front_of(cluster, pods) & (about | selecting.patched))


def sends_to(cluster: Cluster, service: Service, pods: Pods, number: int, protocol: str) -> bool:
    """Tell whether another Service of these pods sends to a number: then some process listens on it."""
    selecting = cluster.index.selecting
    others = _in_front_of(cluster, pods) & ~selecting.members.bit_of(service)
    return bool(others & (selecting.patched | selecting.ports["target", number, protocol]))


def _in_front_of(cluster: Cluster, pods: Pods) -> int:
    """Return which Services of their namespaces select any of these pods."""
    index, key = cluster.index, ("services", pods.bits)
    found: int | None = index.answers.get(key)
    if found is None:
        found = 0
        for workload in pods:
            found |= index.selecting.services_of(workload) & index.namespace_set_of(workload).selecting
        index.answers[key] = found
    return found


class _ByNamespace(Generic[R]):
    """Resources by a name, and then by their namespaces; None is the namespace that is open."""

    __slots__ = ("_cluster", "_found")

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._found: dict[str, dict[str | None, list[R]]] = {}

    def add(self, name: str, resource: R) -> None:
        namespaces = self._found.setdefault(name, {})
        namespaces.setdefault(self._cluster.known_namespace_of(resource), []).append(resource)

    def near(self, name: str, subject: Resource) -> list[R]:
        """Return those of a name that may be in the namespace of a resource."""
        namespaces = self._found.get(name)
        if namespaces is None:
            return []
        namespace = self._cluster.known_namespace_of(subject)
        if namespace is None:
            return [each for found in namespaces.values() for each in found]
        return [*namespaces.get(namespace, ()), *namespaces.get(None, ())]


def services_named(cluster: Cluster, name: str, subject: Resource) -> list[Service]:
    """Return the Services of a name that may be in the namespace of a resource, with or without a selector."""
    answers = cluster.index.answers
    by_name: _ByNamespace[Service] | None = answers.get(services_named)
    if by_name is None:
        by_name = answers[services_named] = _ByNamespace(cluster)
        for each in cluster.known(Service):
            by_name.add(each.name or "", each)
    return by_name.near(name, subject)


def services_by_variable(cluster: Cluster, variable: str, workload: Workload) -> list[Service]:
    """Return the Services for which the containers of a workload get an environment variable."""
    answers = cluster.index.answers
    by_variable: _ByNamespace[Service] | None = answers.get(services_by_variable)
    if by_variable is None:
        by_variable = answers[services_by_variable] = _ByNamespace(cluster)
        for each in cluster.known(Service):
            if each.name and not each.is_headless and each.type != "ExternalName" and each.knows(NAME, PORTS):
                by_variable.add(variable_of(each.name), each)
    together = cluster.applied_together or workload.namespace
    return [each for each in by_variable.near(variable, workload) if together or each.folder == workload.folder]


def has_endpoints(cluster: Cluster, service: Service) -> bool:
    """Tell whether an EndpointSlice or an Endpoints object may belong to a Service."""
    answers = cluster.index.answers
    by_name: _ByNamespace[Resource] | None = answers.get(has_endpoints)
    if by_name is None:
        by_name = answers[has_endpoints] = _ByNamespace(cluster)
        every: list[Endpoints | EndpointSlice] = [*cluster.known(Endpoints), *cluster.known(EndpointSlice)]
        for each in every:
            by_name.add(each.service_name, each)
        for other in cluster.known(Resource):
            if other.kind in ("EndpointSlice", "Endpoints"):
                by_name.add(other.name or "", other)
    return bool(by_name.near(service.name or "", service))


def services_of(cluster: Cluster, workload: Workload) -> Iterator[Service]:
    """Yield the Services with a selector that select the pods of a workload, and may be in its namespace."""
    selecting = cluster.index.selecting
    found = selecting.services_of(workload) & cluster.index.namespace_set_of(workload).selecting
    return (each for each in selecting.members.of(found) if isinstance(each, Service))


def are_unrelated(cluster: Cluster, pods: Pods) -> bool:
    """Tell whether workloads are of built-in kinds, and have no image in common."""
    answers, key = cluster.index.answers, ("unrelated", pods.bits)
    known: bool | None = answers.get(key)
    if known is None:
        known = answers[key] = _share_no_image(pods)
    return known


def _share_no_image(workloads: Iterable[Workload]) -> bool:
    seen: set[str] = set()
    for each in workloads:
        images = set(each.images)
        if each.kind == "Rollout" or not images or images & seen or any(map(is_placeholder, images)):
            return False
        seen |= images
    return True
