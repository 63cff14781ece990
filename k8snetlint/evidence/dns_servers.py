"""The DNS servers of a cluster: their Service and their pods."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.model.aspects import NAME, POD_LABELS
from k8snetlint.model.dns_uses import KUBE_DNS
from k8snetlint.model.service import Service
from k8snetlint.model.tables.controllers import DNS_NAMESPACE, DNS_PODS
from k8snetlint.model.workload import Workload

if TYPE_CHECKING:
    from k8snetlint.model.cluster import Cluster
    from k8snetlint.model.resource import Resource

_IMAGES = ("coredns", "kube-dns", "k8s-dns-kube-dns")


def is_cluster_dns(cluster: Cluster, service: Resource) -> bool:
    """Tell whether a Service is that of the cluster's DNS."""
    return service.name == KUBE_DNS and cluster.known_namespace_of(service) == DNS_NAMESPACE


def dns_services(cluster: Cluster) -> list[Service]:
    """Return the Service of the cluster's DNS, as often as it is defined."""
    return [each for each in cluster.known(Service) if is_cluster_dns(cluster, each)]


def dns_servers(cluster: Cluster) -> list[Workload]:
    """Return the workloads whose pods are servers of the cluster's DNS."""
    return [each for each in cluster.known(Workload) if _serves_dns(each) and _is_in_place(cluster, each)]


def _serves_dns(workload: Workload) -> bool:
    labels = workload.pod_labels.items()
    image = any(each.rpartition("/")[2] in _IMAGES for each in workload.images)
    return workload.knows(NAME, POD_LABELS) and (image or any(each in labels for each in DNS_PODS))


def _is_in_place(cluster: Cluster, workload: Workload) -> bool:
    # A cache on each node answers on an address of its own.
    return cluster.known_namespace_of(workload) == DNS_NAMESPACE and not workload.host_network
