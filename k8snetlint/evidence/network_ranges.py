"""The CIDRs that the objects of a scope give to pods and Services."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from k8snetlint.evidence.cni import is_one_cluster
from k8snetlint.model.addresses import parse_cidr
from k8snetlint.source.templates import is_placeholder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.model.addresses import Network
    from k8snetlint.model.cluster import Cluster
    from k8snetlint.model.network_facts import NetworkRange
    from k8snetlint.model.resource import Resource
    from k8snetlint.source.document import Place


class WrittenNetwork(NamedTuple):
    """A network that an object gives to pods or Services.

    Attributes:
        resource: the object; None if it is an option.
        range: what it says; None if it is an option.
    """

    resource: Resource | None
    range: NetworkRange | None
    use: str
    network: Network
    words: str

    @property
    def place(self) -> Place | None:
        """Where it is written."""
        return self.resource.at(*self.range.path) if self.resource and self.range else None


def networks_of(cluster: Cluster, use: str) -> list[WrittenNetwork]:
    """Return all networks of a scope for pods or Services; placeholders and patched objects do not count."""
    found = [
        WrittenNetwork(each, range_, use, network, range_.words)
        for each in cluster.about_network
        if each.network and not each.patches
        for range_ in each.network.ranges
        if range_.use == use
        for network in _parsed(range_.cidrs)
    ]
    environment = cluster.environment
    given, words = (
        (environment.pod_cidrs, "--pod-cidr") if use == "pods" else (environment.service_cidrs, "--service-cidr")
    )
    return [*found, *(WrittenNetwork(None, None, use, network, words) for network in _parsed(given))]


def _parsed(cidrs: tuple[str, ...]) -> Iterator[Network]:
    for each in cidrs:
        network = None if is_placeholder(each) else parse_cidr(each)
        if network is not None:
            yield network


def are_of_one_cluster(one: WrittenNetwork, other: WrittenNetwork, cluster: Cluster) -> bool:
    """Tell whether two networks are surely those of one cluster; options are for all objects."""
    if one.resource is None or other.resource is None or one.resource.source is other.resource.source:
        return True
    return is_one_cluster(cluster)
