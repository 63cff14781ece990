"""On which port the pods of the cluster's DNS listen, which a policy must allow instead of the Service's port 53."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from k8snetlint.evidence.policies import isolating_policies
from k8snetlint.model.aspects import NAME, PORTS
from k8snetlint.model.namespace import NAME_LABEL
from k8snetlint.model.networkpolicy import Direction
from k8snetlint.model.ports import PortRange
from k8snetlint.model.service import Service
from k8snetlint.model.tables.controllers import DNS_NAMESPACE, DNS_PODS

if TYPE_CHECKING:
    from k8snetlint.model.cluster import Cluster
    from k8snetlint.model.networkpolicy import NetworkPolicy, Peer
    from k8snetlint.model.service import ServicePort

_DNS = 53
_OPENSHIFT = "openshift-dns"
_OPENSHIFT_PORT = 5353
"""https://github.com/openshift/cluster-dns-operator/blob/master/assets/dns/daemonset.yaml."""
_SERVICES = {DNS_NAMESPACE: "kube-dns", _OPENSHIFT: "dns-default"}
"""The names of the Services, by the namespaces of the pods."""


class DnsPort(NamedTuple):
    """The port of DNS pods.

    Attributes:
        namespace: that of the pods.
        number: the port.
        entry: the port of the Service that sends to it; None without a manifest of the Service.
    """

    namespace: str
    number: int
    entry: ServicePort | None


def other_dns_port(cluster: Cluster, peer: Peer, protocol: str) -> DnsPort | None:
    """Return the port on which the DNS pods that a peer selects listen; None if that is 53, or not known."""
    namespace = _dns_namespace(peer)
    if namespace is None:
        return None
    answers, key = cluster.index.answers, (other_dns_port, namespace, protocol)
    if key not in answers:
        answers[key] = _find(cluster, namespace, protocol)
    found: DnsPort | None = answers[key]
    return found


def _dns_namespace(peer: Peer) -> str | None:
    """Return the namespace of the cluster's DNS if a peer selects the DNS pods there."""
    if peer.namespace_selector is None:
        return None
    requirements = peer.namespace_selector.requirements
    named = [each.values[0] for each in requirements if each.operator == "In" and len(each.values) == 1]
    if len(requirements) != 1 or not named or requirements[0].key != NAME_LABEL:
        return None
    (namespace,) = named
    selector = peer.pod_selector
    if namespace == _OPENSHIFT or selector is None or any(selector.matches(dict([each])) for each in DNS_PODS):
        return namespace if namespace in _SERVICES else None
    return None


def _find(cluster: Cluster, namespace: str, protocol: str) -> DnsPort | None:
    services = [
        each
        for each in cluster.known(Service)
        if each.name == _SERVICES[namespace] and cluster.known_namespace_of(each) == namespace
    ]
    entries = [
        port
        for each in services
        for port in each.ports
        if port.port == _DNS and port.protocol == protocol and each.knows(NAME, PORTS)
    ]
    targets = {each.effective_target_port for each in entries}
    if not services:
        return DnsPort(namespace, _OPENSHIFT_PORT, None) if namespace == _OPENSHIFT else None
    target = targets.pop() if len(targets) == 1 else None
    if isinstance(target, str):
        target = _OPENSHIFT_PORT if namespace == _OPENSHIFT else None
    return None if target in (None, _DNS) else DnsPort(namespace, target, entries[0])


def is_allowed(cluster: Cluster, policy: NetworkPolicy, number: int) -> bool:
    """Tell whether a policy of the namespace names a port in an egress rule, by itself or in a range."""
    namespace = cluster.known_namespace_of(policy)
    answers, key = cluster.index.answers, (is_allowed, namespace, number)
    known: bool | None = answers.get(key)
    if known is None:
        policies = isolating_policies(cluster, Direction.EGRESS)
        here = (*policies.get(namespace, ()), *policies.get(None, ()))
        known = answers[key] = any(_names(each, number) for each in here)
    return known


def _names(policy: NetworkPolicy, number: int) -> bool:
    ports = (port.ports() for each in policy.egress or () for port in each.ports or () if port.port is not None)
    return any(isinstance(each, PortRange) and number in each for each in ports)
