"""What is open further than to the pods around it, and what no policy isolates."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from k8snetlint.model.addresses import parse_cidr
from k8snetlint.model.bitsets import bits_of, positions
from k8snetlint.model.networkpolicy import Direction

if TYPE_CHECKING:
    from k8snetlint.connectivity.connections import Asked, Connection, Connections
    from k8snetlint.connectivity.engine import Connectivity
    from k8snetlint.connectivity.peer_sets import PeerSet

_PRIVATE = tuple(
    network
    for network in map(
        parse_cidr,
        (
            *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12"),
            *("192.168.0.0/16", "224.0.0.0/3", "fc00::/7", "fe80::/10", "ff00::/8", "::/127"),
        ),
    )
    if network is not None
)
"""Networks from which nothing comes through the internet.

Source: https://www.iana.org/assignments/iana-ipv4-special-registry/
"""


class Isolation(NamedTuple):
    """Which policies isolate some workloads.

    Attributes:
        peers: the workloads.
        ingress, egress: whether one isolates them for this direction; None if that is not certain.
    """

    peers: PeerSet
    ingress: bool | None
    egress: bool | None


class Exposure(NamedTuple):
    """How open workloads are.

    Attributes:
        internet: what addresses of the internet may connect to.
        other_namespaces: what pods of other namespaces may connect to, but not all pods.
        any_pod: what all pods may connect to.
        not_isolated: the workloads that are not isolated for certain, in one direction at least.
    """

    internet: list[Connection]
    other_namespaces: list[Connection]
    any_pod: list[Connection]
    not_isolated: list[Isolation]


def asked_for_exposure(asked: Asked) -> Asked:
    """Return which connections show how open the peers are that are asked for."""
    return asked._replace(direction=Direction.INGRESS)


def exposure_of(found: Connections) -> Exposure:
    """Return how open workloads are.

    Args:
        found: the connections to them, see `asked_for_exposure`.
    """
    connectivity, names = found.connectivity, found.names
    public, pods = _public(connectivity), connectivity.classes.everything & ~found.controllers
    exposure = Exposure([], [], [], [])
    for each in found.grouped():
        if not each.destination.bits & connectivity.classes.shown or each.source.bits & found.controllers:
            continue
        if each.source.bits & public:
            exposure.internet.append(each._replace(source=names.of(each.source.bits & connectivity.addresses)))
        inside = each.source.bits & pods
        if not pods & ~(inside | each.destination.bits):
            exposure.any_pod.append(each._replace(source=names.of(inside)))
        elif elsewhere := inside & ~_namespaces_of(connectivity, each.destination.bits):
            exposure.other_namespaces.append(each._replace(source=names.of(elsewhere)))
    exposure.not_isolated.extend(_not_isolated(found))
    return exposure


def _not_isolated(found: Connections) -> list[Isolation]:
    connectivity = found.connectivity
    focus = connectivity.classes.shown if found.asked.focus is None else found.asked.focus
    alike: dict[tuple[bool | None, bool | None], int] = {}
    for number in positions(connectivity.classes.shown & focus):
        ingress, egress = (_is_isolated(connectivity, number, each) for each in Direction)
        if not (ingress and egress):
            alike[ingress, egress] = alike.get((ingress, egress), 0) | 1 << number
    return sorted(Isolation(found.names.of(bits), *isolated) for isolated, bits in alike.items())


def _is_isolated(connectivity: Connectivity, number: int, direction: Direction) -> bool | None:
    # The certain reading isolates whatever may be isolated.
    if not connectivity.certain.is_isolated(number, direction):
        return False
    return True if connectivity.possible.is_isolated(number, direction) else None


def _namespaces_of(connectivity: Connectivity, bits: int) -> int:
    every = connectivity.classes.every
    namespaces = {every[number].namespace for number in positions(bits)}
    return bits_of(number for number, each in enumerate(every) if each.namespace in namespaces and not each.role)


def _public(connectivity: Connectivity) -> int:
    found = 0
    for number, each in enumerate(connectivity.space.ranges):
        if not any(
            network.family == each.family and network.first <= each.first and each.last <= network.last
            for network in _PRIVATE
        ):
            found |= 1 << connectivity.offset + number
    return found
