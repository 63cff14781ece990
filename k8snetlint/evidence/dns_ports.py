"""Whether Services have the port that a host name is used with."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from k8snetlint.model.aspects import NAME, PORTS
from k8snetlint.model.service import Service

if TYPE_CHECKING:
    from collections.abc import Sequence

    from k8snetlint.evidence.dns_names import UsedName
    from k8snetlint.model.service import ServicePort

_SHOWN = 5


class MissingPort(NamedTuple):
    """A port that a Service does not have.

    Attributes:
        why: which port, and which ones it has: the end of a sentence.
        instead: the port to use, None if it is not known.
    """

    why: str
    instead: int | None


def services_with_ports(used: UsedName) -> list[Service]:
    """Return the Services of a name, none if one has no port of its own, or not all of its ports are known."""
    found: list[Service] = []
    for each in used.services:
        readable = isinstance(each, Service) and each.ports and each.knows(NAME, PORTS)
        if not readable or not isinstance(each, Service):
            return []
        if each.type == "ExternalName" or each.cluster_ip == "None" or used.name.hostname:
            return []
        if any(port.port is None for port in each.ports):
            return []
        found.append(each)
    return found


def missing_port(used: UsedName, services: Sequence[Service]) -> MissingPort | None:
    """Return the port of a name that none of some Services has; None if one of them has it, or none is meant."""
    ports = [port for each in services for port in each.ports]
    name, protocol = used.name.port, used.name.protocol
    if name:
        if any(each.name == name and each.protocol == protocol for each in ports):
            return None
        return MissingPort(f"{protocol} port named {name}", None)
    number = used.use.port
    if number is None or any(each.port == number for each in ports):
        return None
    return _missing(number, ports)


def _missing(number: int, ports: Sequence[ServicePort]) -> MissingPort:
    targets = {each.port for each in ports if each.effective_target_port == number}
    if len(targets) == 1:
        (port,) = targets
        return MissingPort(f"port {number}, which is the targetPort of its port {port}", port)
    nodes = {each.port for each in ports if each.node_port == number}
    if len(nodes) == 1:
        (port,) = nodes
        return MissingPort(f"port {number}, which is the node port of its port {port}", port)
    numbers = list(dict.fromkeys(str(each.port) for each in ports))
    more = f" and {len(numbers) - _SHOWN} more" if len(numbers) > _SHOWN else ""
    own = {each.port for each in ports}
    return MissingPort(
        f"port {number}; it has {', '.join(numbers[:_SHOWN])}{more}", own.pop() if len(own) == 1 else None
    )
