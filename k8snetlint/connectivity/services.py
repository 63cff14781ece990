"""From Services to the pods behind them, and to the ports of these pods."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from k8snetlint.model.ingress import Ingress
from k8snetlint.model.ports import LAST_PORT, Protocol, protocol_of
from k8snetlint.model.service import Service

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.model.cluster import Cluster
    from k8snetlint.model.service import ServicePort
    from k8snetlint.model.workload import Workload


class Target(NamedTuple):
    """Where the connections to a port of a Service go.

    Attributes:
        service_port: the port of the Service.
        workload: whose pods get the connections.
        protocol, number: the port of the pods.
    """

    service_port: ServicePort
    workload: Workload
    protocol: Protocol
    number: int


def targets(cluster: Cluster, service: Service) -> Iterator[Target]:
    """Yield where the connections to a Service go; nothing for a Service without a selector.

    A target port is a number, which pods need not declare, or the name under which each pod declares one.
    """
    if not service.selector or service.type == "ExternalName":
        return
    index = cluster.index
    selected = index.pod_labels.matching(service.label_selector) & index.namespace_set_of(service).workloads
    for workload in index.workloads.of(selected & index.seen):
        for each in service.ports:
            protocol, target = protocol_of(each.protocol), each.effective_target_port
            if protocol is None or target is None:
                continue
            if isinstance(target, int):
                # The API server rejects other numbers, and says so.
                if 1 <= target <= LAST_PORT:
                    yield Target(each, workload, protocol, target)
                continue
            for port in workload.ports:
                if port.name == target and port.protocol == each.protocol and port.container_port:
                    yield Target(each, workload, protocol, port.container_port)


class IngressTarget(NamedTuple):
    """A target that requests to an Ingress reach through a Service."""

    ingress: Ingress
    service: Service
    target: Target


def ingress_targets(cluster: Cluster) -> Iterator[IngressTarget]:
    """Yield where the requests to all Ingresses go, as far as manifests show it."""
    services = {(cluster.known_namespace_of(each), each.name): each for each in cluster.known(Service)}
    for ingress in cluster.known(Ingress):
        namespace = cluster.known_namespace_of(ingress)
        for backend in ingress.backends():
            service = services.get((namespace, backend.service_name))
            if service is None:
                continue
            for target in targets(cluster, service):
                if backend.port in (target.service_port.port, target.service_port.name):
                    yield IngressTarget(ingress, service, target)
