"""Whether connections from outside of the cluster arrive at pods with the addresses of the clients.

A proxy replaces the address of a client by its own, and so does the node that forwards a connection to a pod, unless
the Service has `externalTrafficPolicy: Local`.

Source: https://kubernetes.io/docs/tutorials/services/source-ip/
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.connectivity.services import ingress_targets, targets
from k8snetlint.model.addresses import parse_cidr
from k8snetlint.model.aspects import EXPOSURE, NAME, PORTS, ROUTES, SELECTORS
from k8snetlint.model.bitsets import bits_of
from k8snetlint.model.ports import NamedPort, PortRange
from k8snetlint.model.service import Service

if TYPE_CHECKING:
    from k8snetlint.connectivity.services import Target
    from k8snetlint.model.cluster import Cluster
    from k8snetlint.model.ingress import Ingress
    from k8snetlint.model.networkpolicy import Port
    from k8snetlint.model.workload import Workload

_KEEPING = (
    "cloud.google.com/neg",  # https://cloud.google.com/kubernetes-engine/docs/how-to/standalone-neg
    "kube-router.io/service.dsr",  # https://www.kube-router.io/docs/dsr/
    # https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/service/nlb/
    "service.beta.kubernetes.io/aws-load-balancer-nlb-target-type",
    "service.beta.kubernetes.io/aws-load-balancer-target-group-attributes",
    "service.cilium.io/forwarding-mode",  # https://docs.cilium.io/en/stable/network/kubernetes/kubeproxy-free/
)
"""Annotations of Services with which connections may arrive with the addresses of the clients."""
_NOT_CLIENTS = tuple(
    network
    for cidr in (
        *("10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16"),
        *("fc00::/7", "fe80::/10"),
        # Load balancers and health checks: https://cloud.google.com/load-balancing/docs/health-check-concepts
        *("35.191.0.0/16", "130.211.0.0/22", "209.85.152.0/22", "209.85.204.0/22"),
    )
    if (network := parse_cidr(cidr)) is not None
)
"""Networks of nodes and load balancers: their addresses arrive at the pods."""


class ClientAddresses:
    """The workloads with connections from outside of the cluster.

    Args:
        cluster: the scope.
    """

    def __init__(self, cluster: Cluster) -> None:
        index = self._index = cluster.index
        every = enumerate(index.workloads.every)
        on_node = bits_of(number for number, each in every if any(port.host_port for port in each.ports))
        self._kept = on_node | index.on_host_network
        self._replaced = 0
        self._by_port: dict[PortRange, int] = {}
        self._ways: dict[Workload, dict[PortRange, Service | Ingress]] = {}
        for service in cluster.known(Service):
            self._add_service(cluster, service)
        for ingress, service, target in ingress_targets(cluster) if cluster.has_any("Ingress") else ():
            if ingress.knows(NAME, ROUTES) and service.knows(NAME, SELECTORS, PORTS):
                self._add(ingress, target)

    def _add_service(self, cluster: Cluster, service: Service) -> None:
        is_known = service.knows(NAME, SELECTORS, PORTS, EXPOSURE)
        if is_known and service.type not in ("LoadBalancer", "NodePort"):
            return
        kept = service.external_traffic_policy == "Local" or not service.annotations.keys().isdisjoint(_KEEPING)
        for target in targets(cluster, service):
            if kept or not is_known:
                self._kept |= self._index.workloads.bit_of(target.workload)
            else:
                self._add(service, target)

    def _add(self, way: Service | Ingress, target: Target) -> None:
        bit = self._index.workloads.bit_of(target.workload)
        port = PortRange(target.protocol, target.number, target.number)
        self._replaced |= bit
        self._by_port[port] = self._by_port.get(port, 0) | bit
        self._ways.setdefault(target.workload, {}).setdefault(port, way)

    def replacing(self, pods: int, ports: tuple[Port, ...] | None) -> tuple[Workload, Service | Ingress] | None:
        """Return one of some workloads to which connections arrive with other addresses, and through what.

        Args:
            pods: the workloads; it is None if the addresses of clients arrive at any of them.
            ports: only connections to these ports count; None or empty for all.
        """
        if pods & self._kept or not pods & self._replaced:
            return None
        if not ports:
            workload = self._index.workloads.first(pods & self._replaced)
            return workload, next(iter(self._ways[workload].values()))
        for named in (each.ports() for each in ports):
            found = pods & self._by_port.get(named, 0) if isinstance(named, PortRange) else 0
            if found and isinstance(named, PortRange):
                workload = self._index.workloads.first(found)
                return workload, self._ways[workload][named]
        return self._replacing_name(pods, ports)

    def _replacing_name(self, pods: int, ports: tuple[Port, ...]) -> tuple[Workload, Service | Ingress] | None:
        declarations = self._index.declarations
        for named in (each.ports() for each in ports):
            if not isinstance(named, NamedPort):
                continue
            found = self._index.pods(pods & self._replaced & declarations.declaring(named.name, named.protocol.value))
            for each in declarations.of_port(found, named.name, named.protocol.value) if found else ():
                way = self._ways[found.first].get(PortRange(named.protocol, number := each.container_port or 0, number))
                return None if way is None else (found.first, way)
        return None


def client_addresses(cluster: Cluster) -> ClientAddresses:
    """Return the workloads of a scope with connections from outside of it, always the same object."""
    answers = cluster.index.answers
    known: ClientAddresses | None = answers.get(client_addresses)
    if known is None:
        known = answers[client_addresses] = ClientAddresses(cluster)
    return known


def may_be_of_clients(cidr: str) -> bool:
    """Tell whether a CIDR is neither that of nodes or load balancers, nor all addresses."""
    network = parse_cidr(cidr)
    return network is not None and network.length > 0 and not any(network.overlaps(each) for each in _NOT_CLIENTS)
