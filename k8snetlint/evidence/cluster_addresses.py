"""Hosts in fields that are addresses of the cluster's own networks."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from k8snetlint.evidence.dns_fates import Fate, UsedName
from k8snetlint.evidence.dns_names import uses_of
from k8snetlint.evidence.dns_services import ALWAYS_THERE
from k8snetlint.model.addresses import parse_cidr, parse_ip
from k8snetlint.model.aspects import EXPOSURE
from k8snetlint.model.dns_names import ClusterName, Form
from k8snetlint.model.service import Service
from k8snetlint.model.workload import Workload

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.model.addresses import Network
    from k8snetlint.model.cluster import Cluster
    from k8snetlint.model.dns_uses import DnsUse
    from k8snetlint.model.resource import Resource

_DOTS = 3
_API_SERVER = 1
"""The API server has the first address of the Services' network."""
_DNS = 10
"""Where installers put the DNS of the cluster in this network."""


class UsedAddress(NamedTuple):
    """An address in a field.

    Attributes:
        used: where it is used, with the Service of which it is the address, and its name.
        whose: `Services` or `pods`.
        network: the network of which it is; empty for the address of a known Service.
    """

    used: UsedName
    whose: str
    network: str = ""


def used_addresses(cluster: Cluster) -> Iterator[UsedAddress]:
    """Yield the hosts that are addresses of Services or pods."""
    services: dict[str, Service] | None = None
    networks = _networks(cluster)
    for resource in cluster.with_host_names:
        for use in _addresses(resource):
            if services is None:
                services = _services_by_address(cluster)
            service = services.get(use.host)
            if service is not None:
                if (service.name, cluster.namespace_of(service)) not in ALWAYS_THERE:
                    yield UsedAddress(_used(cluster, resource, use, service), "Services")
                continue
            yield from (each for each in [_in_network(resource, use, networks)] if each)


def _addresses(resource: Resource) -> Iterator[DnsUse]:
    """Yield the hosts of an object that are IPv4 addresses; those of pods on the host network do not count."""
    if isinstance(resource, Workload) and resource.host_network:
        return
    for use in uses_of(resource):
        if use.host[-1:].isdigit() and use.host.count(".") == _DOTS and (use.scheme or use.named):
            yield use


def _services_by_address(cluster: Cluster) -> dict[str, Service]:
    found: dict[str, Service] = {}
    for each in cluster.known(Service):
        if each.cluster_ip and not each.is_headless and EXPOSURE not in each.patched:
            found.setdefault(each.cluster_ip, each)
    return found


def _used(cluster: Cluster, resource: Resource, use: DnsUse, service: Service) -> UsedName:
    """Return the use of a Service's address, with its name: in another namespace with the one of the Service."""
    own = cluster.known_namespace_of(service)
    near = f"{service.name}.{own}" if own and service.name else ""
    return UsedName(resource, use, ClusterName(Form.SERVICE), Fate.FOUND, (service,), near)


def _networks(cluster: Cluster) -> list[tuple[str, Network]]:
    given = (("Services", cluster.environment.service_cidrs), ("pods", cluster.environment.pod_cidrs))
    return [(whose, each) for whose, cidrs in given for each in map(parse_cidr, cidrs) if each is not None]


def _in_network(resource: Resource, use: DnsUse, networks: list[tuple[str, Network]]) -> UsedAddress | None:
    ip = parse_ip(use.host)
    for whose, network in networks:
        if ip is None or ip not in network:
            continue
        if whose == "Services" and ip.value - network.first in (_API_SERVER, _DNS):
            return None
        return UsedAddress(UsedName(resource, use, ClusterName(Form.SERVICE), Fate.FOUND), whose, str(network))
    return None
