"""Ports and protocols."""

from __future__ import annotations

import enum
import functools
from typing import NamedTuple

LAST_PORT = 65535


class Protocol(enum.Enum):
    """A transport protocol of Kubernetes."""

    TCP = "TCP"
    UDP = "UDP"
    SCTP = "SCTP"

    # There is one object for each: that of `Enum` hashes the name, in Python.
    __hash__ = object.__hash__


_PROTOCOLS = {each.value: each for each in Protocol}


class PortRange(NamedTuple):
    """TCP, UDP or SCTP ports `first`..`last`, both included; 1 <= first <= last <= 65535."""

    protocol: Protocol
    first: int
    last: int

    def __contains__(self, port: object) -> bool:
        return isinstance(port, int) and self.first <= port <= self.last


class NamedPort(NamedTuple):
    """The port that a pod's containers declare under a name, which may differ from pod to pod."""

    protocol: Protocol
    name: str


def protocol_of(written: str | None) -> Protocol | None:
    """Return a protocol, TCP if none is written, None for a name that is not a protocol (`tcp`)."""
    if written is None:
        return Protocol.TCP
    return _PROTOCOLS.get(written)


@functools.lru_cache(4096, typed=True)
def policy_ports(port: int | str | None, end_port: int | None, protocol: str | None) -> PortRange | NamedPort | None:
    """Return which ports an entry of a NetworkPolicy's `ports` names, None if the API server rejects it.

    Without `port` it is every port of the protocol.

    Source: https://kubernetes.io/docs/concepts/services-networking/network-policies/#targeting-a-range-of-ports
    """
    parsed = protocol_of(protocol)
    if parsed is None:
        return None
    if isinstance(port, str):
        return NamedPort(parsed, port) if port and end_port is None else None
    if port is None:
        return PortRange(parsed, 1, LAST_PORT) if end_port is None else None
    last = port if end_port is None else end_port
    return PortRange(parsed, port, last) if 1 <= port <= last <= LAST_PORT else None
