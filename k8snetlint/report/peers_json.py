"""Peers and ports as JSON, the same in all answers about connections."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from k8snetlint.connectivity.ip_space import AddressRange
from k8snetlint.connectivity.namespaces import OTHER_NAMESPACES
from k8snetlint.connectivity.peer_sets import ShownPeer
from k8snetlint.connectivity.peers import WorkloadPeer
from k8snetlint.model.addresses import Address

if TYPE_CHECKING:
    from k8snetlint.connectivity.peers import Peer
    from k8snetlint.connectivity.port_sets import PortSet


def peer_as_json(peer: Peer | ShownPeer | AddressRange) -> dict[str, Any]:
    """Return a single peer; with labels where those tell the pods of one workload apart."""
    if isinstance(peer, ShownPeer):
        return peer_as_json(peer.peer) | ({"labels": dict(peer.labels)} if peer.labels else {})
    if isinstance(peer, WorkloadPeer):
        return {"kind": "workload", "namespace": peer.namespace, "workload": peer.workload, "name": peer.name}
    if isinstance(peer, AddressRange):
        first, last = (str(Address(peer.family, each)) for each in (peer.first, peer.last))
        return {"kind": "ip", "first": first, "last": last}
    if peer.role:
        return {"kind": "special", "name": peer.role}
    if peer.namespace == OTHER_NAMESPACES:
        return {"kind": "special", "name": "other-namespaces"}
    return {"kind": "other-pods", "namespace": peer.namespace}


def ports_as_json(ports: PortSet) -> list[dict[str, Any]]:
    """Return the ranges of a set of ports."""
    return [{"protocol": each.protocol.value, "first": each.first, "last": each.last} for each in ports.ranges()]
