"""Where the connections to a Service without a selector go: to the addresses that Endpoints and EndpointSlices list."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from k8snetlint.model.addresses import Address, parse_cidr, parse_ip
from k8snetlint.model.endpoints import Endpoints, EndpointSlice
from k8snetlint.model.ports import PortRange, protocol_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from k8snetlint.connectivity.engine import Connectivity
    from k8snetlint.model.endpoints import Endpoint
    from k8snetlint.model.service import Service, ServicePort
    from k8snetlint.model.workload import Workload


class ListedEndpoint(NamedTuple):
    """A pod that manifests show, or an address, and its port."""

    end: Workload | Address
    port: PortRange


def listed_endpoints(
    connectivity: Connectivity, service: Service, ports: Iterable[ServicePort]
) -> Iterator[ListedEndpoint]:
    """Yield where some ports of a Service lead to, as far as it is known."""
    names = {each.name or "" for each in ports}
    for endpoint in _of(connectivity, service):
        protocol = protocol_of(endpoint.protocol)
        end = _end(connectivity, service, endpoint)
        if endpoint.port_name in names and protocol is not None and end is not None:
            yield ListedEndpoint(end, PortRange(protocol, endpoint.port, endpoint.port))


def _of(connectivity: Connectivity, service: Service) -> Iterator[Endpoint]:
    cluster = connectivity.cluster
    namespace = cluster.known_namespace_of(service)
    every: list[Endpoints | EndpointSlice] = [*cluster.known(Endpoints), *cluster.known(EndpointSlice)]
    for each in every:
        if each.service_name == service.name and cluster.known_namespace_of(each) == namespace:
            yield from each.endpoints


def _end(connectivity: Connectivity, service: Service, endpoint: Endpoint) -> Workload | Address | None:
    """Return the pod or the address of an endpoint; None for a pod that no manifest shows."""
    cluster = connectivity.cluster
    if endpoint.pod is not None:
        namespace = cluster.known_namespace_of(service)
        named = (each for each in connectivity.named.get(endpoint.pod, ()) if each.kind == "Pod")
        return next((each for each in named if cluster.known_namespace_of(each) == namespace), None)
    address = parse_ip(endpoint.address)
    networks = map(parse_cidr, cluster.environment.pod_cidrs)
    if address is None or any(each is not None and address in each for each in networks):
        return None
    return address
