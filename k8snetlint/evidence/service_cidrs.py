"""The CIDRs from which the API server allocates addresses of Services: an option, and ServiceCIDRs of the manifests.

Source: https://kubernetes.io/docs/reference/networking/virtual-ips/#ip-address-objects
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from k8snetlint.model.addresses import parse_cidr, parse_ip
from k8snetlint.model.resource import Resource
from k8snetlint.model.values import items, mapping, text

if TYPE_CHECKING:
    from k8snetlint.model.addresses import Address
    from k8snetlint.model.cluster import Cluster

_DEFAULT = "kubernetes"
"""The ServiceCIDR that the API server makes of its option."""


class Outside(NamedTuple):
    """An address that is in no network of an option.

    Attributes:
        networks: what the option is for the family of the address, as a text.
        extension: the ServiceCIDR that has the address; None if no object has it.
    """

    networks: str
    extension: Resource | None


class ServiceCidrs:
    """The ServiceCIDRs of a scope.

    Attributes:
        known: whether the networks of all of them can be read.
    """

    def __init__(self, cluster: Cluster) -> None:
        self._by_network: dict[tuple[int, int, int], Resource] = {}
        self.known = True
        for each in cluster.known(Resource):
            if (each.group, each.kind) == ("networking.k8s.io", "ServiceCIDR"):
                self._add(each, cluster)
        self._sizes = {(family, length) for family, length, _ in self._by_network}
        self.has_default = any(each.name == _DEFAULT for each in self._by_network.values())

    def _add(self, resource: Resource, cluster: Cluster) -> None:
        value: Any = cluster.definition_of(resource) if cluster.definition_of and not resource.patches else {}
        networks = [parse_cidr(text(each) or "") for each in items(mapping(mapping(value).get("spec")).get("cidrs"))]
        self.known &= bool(networks) and None not in networks
        for network in networks:
            if network is not None:
                self._by_network.setdefault((network.family, network.length, network.first), resource)

    def around(self, address: Address) -> Resource | None:
        """Return the ServiceCIDR that has an address, None without one."""
        for family, length in self._sizes:
            low = (32 if family == 4 else 128) - length
            found = self._by_network.get((family, length, address.value >> low << low))
            if found is not None and family == address.family:
                return found
        return None


def outside(cluster: Cluster, address: str) -> Outside | None:
    """Return which CIDRs the address of a Service is outside of; None if it is not, or if they are not known."""
    ip, cidrs = parse_ip(address), _service_cidrs(cluster)
    if ip is None or not cidrs.known:
        return None
    given = [each for each in map(parse_cidr, cluster.environment.service_cidrs) if each and each.family == ip.family]
    extension = cidrs.around(ip)
    if any(ip in network for network in given):
        return None
    if given:
        return Outside(" and ".join(map(str, given)), extension)
    sure = cluster.environment.whole_cluster and cidrs.has_default and not cluster.environment.service_cidrs
    return Outside("all ServiceCIDRs", None) if sure and extension is None else None


def _service_cidrs(cluster: Cluster) -> ServiceCidrs:
    answers = cluster.index.answers
    found: ServiceCidrs | None = answers.get(ServiceCidrs)
    if found is None:
        found = answers[ServiceCidrs] = ServiceCidrs(cluster)
    return found
