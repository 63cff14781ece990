"""Pods in an ambient mesh: a proxy on each node tunnels the TCP connections between them through one port.

Policies see that port, and not the one that a pod connects to, unless the mesh leaves a connection alone.

Source: https://istio.io/latest/docs/ambient/usage/networkpolicy/
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.connectivity.port_sets import ALL, NONE
from k8snetlint.model.ports import Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from k8snetlint.connectivity.port_sets import PortSet
    from k8snetlint.model.namespace import Namespace

_MODE = "istio.io/dataplane-mode"
_AMBIENT = "ambient"
TUNNEL = 15008
"""The port of the tunnel (HBONE)."""


def is_in_mesh(labels: Mapping[str, str], namespace: Namespace | None) -> bool:
    """Tell whether pods with these labels, in a namespace, are in an ambient mesh."""
    mode = labels.get(_MODE)
    if mode is None and namespace is not None:
        mode = namespace.labels.get(_MODE)
    return mode == _AMBIENT


def through_tunnel(ports: PortSet, *, certainly: bool) -> PortSet:
    """Return the ports on which two pods of a mesh reach each other, given those that policies allow.

    Args:
        ports: what policies allow.
        certainly: whether only ports count that are allowed with the tunnel and without it, or those of any of the two.
    """
    if ports.has(Protocol.TCP, TUNNEL):
        return ports if certainly else ports._replace(tcp=ALL.tcp)
    return ports._replace(tcp=NONE.tcp) if certainly else ports


def tunnelled(row: Iterable[tuple[PortSet, int]], mesh: int, *, certainly: bool) -> dict[PortSet, int]:
    """Return a row of a destination in the mesh: sources in it use the tunnel."""
    found: dict[PortSet, int] = {}
    for ports, sources in row:
        inside = through_tunnel(ports, certainly=certainly)
        for reached, bits in ((ports, sources & ~mesh), (inside, sources & mesh)):
            if bits and reached != NONE:
                found[reached] = found.get(reached, 0) | bits
    return found
