"""The API server that validates: its version, and facts about the cluster that are in its flags."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, NamedTuple

from k8snetlint.model.environment import NEWEST, NodePorts

if TYPE_CHECKING:
    from k8snetlint.model.environment import Environment, Version

_STRICT_ADDRESSES = (1, 36)
_RELAXED_SERVICE_NAMES = (1, 36)


class Server(NamedTuple):
    """An API server.

    Attributes:
        version: the Kubernetes version.
        node_ports: `--service-node-port-range`.
        service_cidrs: `--service-cluster-ip-range`; empty: not known, so addresses are not judged by it.
        ip_families: the families of the cluster, the first one first; empty: not known.
        strict_addresses: the gate StrictIPCIDRValidation, on since 1.36.
        relaxed_service_names: the gate RelaxedServiceNameValidation, on since 1.36.
        service_accounts: the admission plugin ServiceAccount, on by default: it gives a Pod the account that it lacks.
    """

    version: Version = NEWEST
    node_ports: NodePorts = NodePorts()
    service_cidrs: tuple[str, ...] = ()
    ip_families: tuple[str, ...] = ()
    strict_addresses: bool = True
    relaxed_service_names: bool = True
    service_accounts: bool = True


@functools.lru_cache(maxsize=16)
def servers_of(environment: Environment) -> tuple[Server, ...]:
    """Return the API servers of an environment, one for each version."""
    return tuple(
        Server(
            version,
            environment.node_ports,
            environment.service_cidrs,
            environment.ip_families or tuple("IPv6" if ":" in each else "IPv4" for each in environment.service_cidrs),
            strict_addresses=version >= _STRICT_ADDRESSES,
            relaxed_service_names=version >= _RELAXED_SERVICE_NAMES,
        )
        for version in environment.versions
    )
