"""What a policy allows of DNS, taken by itself.

A rule that allows port 53 to any peer counts: it may be a name server that no manifest shows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.model.addresses import parse_cidr
from k8snetlint.model.aspects import PORTS, SELECTORS
from k8snetlint.model.namespace import NAME_LABEL
from k8snetlint.model.networkpolicy import Direction
from k8snetlint.model.ports import Protocol, protocol_of
from k8snetlint.model.tables.controllers import DNS_NAMESPACE, DNS_PODS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from k8snetlint.model.networkpolicy import NetworkPolicy, Peer, PolicyRule, Port

_DNS_PORTS = (53, 5353)
"""The second one is that of the pods on OpenShift: https://github.com/openshift/cluster-dns-operator."""
_API_SERVER_PORT = 6443
"""That of its pods: https://kubernetes.io/docs/reference/networking/ports-and-protocols/."""
PROTOCOLS = frozenset({Protocol.UDP, Protocol.TCP})
_NOTHING: frozenset[Protocol] = frozenset()


def allows_dns(policy: NetworkPolicy) -> bool:
    """Tell whether a policy may allow DNS to the pods that it isolates."""
    if not policy.isolates(Direction.EGRESS):
        return False
    opened = any(protocols_of_rule(each, policy.namespace) for each in policy.egress or ())
    return opened or not policy.knows(PORTS, SELECTORS)


def admits_dns(policy: NetworkPolicy) -> bool:
    """Tell whether a policy may let pods of other namespaces, or addresses, connect to the port of DNS."""
    if not policy.knows(PORTS, SELECTORS):
        return True
    return any(
        (not each.peers or any(peer.namespace_selector is not None or peer.ip_block is not None for peer in each.peers))
        and (not each.ports or any(is_dns(port) or _contains_dns(port) for port in each.ports))
        for each in policy.ingress or ()
    )


def protocols_of(policy: NetworkPolicy) -> frozenset[Protocol]:
    """Return the protocols over which a policy may allow DNS."""
    found = _NOTHING.union(*(protocols_of_rule(each, policy.namespace) for each in policy.egress or ()))
    return found if found == PROTOCOLS or policy.knows(PORTS, SELECTORS) else PROTOCOLS


def protocols_of_rule(egress_rule: PolicyRule, namespace: str | None) -> frozenset[Protocol]:
    """Return the protocols over which a rule of a policy in a namespace may allow DNS."""
    found: set[Protocol | None] = set()
    ranges: set[Protocol | None] = set()
    for port in egress_rule.ports or ():
        if is_dns(port):
            found.add(_protocol(port))
        elif _contains_dns(port):
            ranges.add(_protocol(port))
    if not egress_rule.ports:
        ranges.update(PROTOCOLS)
    if ranges - found and may_be_dns(egress_rule.peers, namespace):
        found |= ranges
    return PROTOCOLS.intersection(found)


def is_dns(port: Port) -> bool:
    """Tell whether an entry of a rule is about nothing else than DNS."""
    if isinstance(port.port, str):
        return "dns" in port.port or "domain" in port.port
    return port.port in _DNS_PORTS and port.end_port in (None, port.port)


def _contains_dns(port: Port) -> bool:
    if port.port is None:
        return True
    if not isinstance(port.port, int) or port.end_port is None:
        return port.port in _DNS_PORTS
    return any(port.port <= each <= port.end_port for each in _DNS_PORTS)


def _protocol(port: Port) -> Protocol | None:
    return protocol_of(port.protocol)


def may_be_dns(peers: tuple[Peer, ...] | None, namespace: str | None) -> bool:
    """Tell whether pods or addresses of the cluster's DNS may be among some peers; no peers are all."""
    return not peers or any(_selects_dns(each, namespace) for each in peers)


def _selects_dns(peer: Peer, namespace: str | None) -> bool:
    if peer.ip_block is not None:
        return True
    selector, namespaces = peer.pod_selector, peer.namespace_selector
    if namespaces is None and namespace != DNS_NAMESPACE:
        return mentions_dns(() if selector is None else selector.texts())
    if namespaces is not None and not mentions_dns(namespaces.texts()):
        name = {NAME_LABEL: DNS_NAMESPACE}
        if not all(each.matches(name) for each in namespaces.requirements if each.key == NAME_LABEL):
            return False
    if selector is None or mentions_dns(selector.texts()):
        return True
    return any(selector.matches(dict([each])) for each in DNS_PODS)


def mentions_dns(texts: Iterable[str]) -> bool:
    """Tell whether labels or their values are about DNS."""
    return any("dns" in each for each in texts)


def is_for_clients(egress_rule: PolicyRule) -> bool:
    """Tell whether a rule allows connections to what has a name: to pods or to all addresses.

    Pods know the address of the API server from their environment.
    """
    numbers = {port.port for port in egress_rule.ports or ()}
    if any(peer.ip_block is None for peer in egress_rule.peers or ()):
        return numbers != {_API_SERVER_PORT}
    everywhere = not egress_rule.peers or any(map(is_everywhere, egress_rule.peers))
    return everywhere and (not numbers or not numbers <= {443, _API_SERVER_PORT})


def is_everywhere(peer: Peer) -> bool:
    """Tell whether a peer is all addresses of a family, but for some exceptions."""
    network = parse_cidr(peer.ip_block.cidr or "") if peer.ip_block else None
    return network is not None and network.length == 0
