"""Workloads that one of two states has: who may connect to them from elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.connectivity.comparison import Exposure, OneSided, Ports
from k8snetlint.connectivity.groups import GroupNames
from k8snetlint.connectivity.namespaces import OTHER_NAMESPACES
from k8snetlint.connectivity.peers import peers_of, workload_peer
from k8snetlint.connectivity.port_sets import NONE
from k8snetlint.connectivity.rows import refined
from k8snetlint.model.addresses import parse_cidr
from k8snetlint.model.networkpolicy import Direction

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from k8snetlint.connectivity.engine import Connectivity
    from k8snetlint.connectivity.ip_space import AddressRange
    from k8snetlint.model.workload import Workload

_PRIVATE = tuple(
    network
    for text in (
        *("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16"),
        *("fc00::/7", "fe80::/10", "::1/128"),
    )
    if (network := parse_cidr(text)) is not None
)
"""Addresses that nobody has on the internet (RFC 6890)."""


def is_public(addresses: AddressRange) -> bool:
    """Tell whether some of the addresses are on the internet."""
    return not any(
        each.family == addresses.family and each.first <= addresses.first and addresses.last <= each.last
        for each in _PRIVATE
    )


def one_sided(connectivity: Connectivity, workloads: Iterable[Workload]) -> Iterator[OneSided]:
    """Yield workloads that one state has, with who may connect to them from elsewhere."""
    names = names_in(connectivity)
    every = connectivity.classes.every
    elsewhere = sum(
        1 << number for number, each in enumerate(every) if each.namespace == OTHER_NAMESPACES and not each.role
    )
    public = sum(1 << number for number, each in enumerate(connectivity.space.ranges) if is_public(each))
    public <<= connectivity.offset
    for each in workloads:
        number = connectivity.classes.class_of[each]
        parts = refined([(connectivity.addresses | elsewhere, ())], connectivity.certain.row(number))
        found: dict[Ports, int] = {}
        for bits, (always, possible) in refined(parts, connectivity.possible.row(number)):
            if possible != NONE:
                found[Ports(always, possible)] = found.get(Ports(always, possible), 0) | bits
        reached = sum(found.values())
        exposes = [Exposure.INTERNET] if reached & public else []
        exposes += [Exposure.OTHER_NAMESPACES] if reached & elsewhere else []
        isolated = tuple(direction for direction in Direction if connectivity.possible.is_isolated(number, direction))
        exposed = sorted((names.group(bits), ports) for ports, bits in found.items())
        yield OneSided(each, workload_peer(connectivity, each), isolated, tuple(exposed), tuple(exposes))


def names_in(connectivity: Connectivity) -> GroupNames:
    """Return what names the sets of one state."""
    pods = ((tuple(peers_of(connectivity, number)), None) for number in range(connectivity.offset))
    return GroupNames((*pods, *(((), each) for each in connectivity.space.ranges)))
