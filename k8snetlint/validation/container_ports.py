"""Ports of containers, and the ports of the host that they take, as the API server validates them.

Source: `validateContainerPorts`, `checkHostPortConflicts` and `validatePodHostNetworkDeps` of
https://github.com/kubernetes/kubernetes/blob/v1.37.2/pkg/apis/core/validation/validation.go
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from k8snetlint.validation.causes import server_field
from k8snetlint.validation.names import port_name, port_number
from k8snetlint.validation.pod_context import HOST_PORTS_OF_PODS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from k8snetlint.source.paths import FieldPath
    from k8snetlint.validation.causes import Causes
    from k8snetlint.validation.pod_context import PodContext

_PROTOCOLS = ("SCTP", "TCP", "UDP")


def ports(value: Sequence[Any], path: FieldPath, causes: Causes, *, defaulted: bool) -> int:
    """Check the ports of a container and return how many of them are ports of the host."""
    names: set[str] = set()
    on_host = 0
    for index, each in enumerate(value):
        port = each or {}
        name, number, protocol = port.get("name"), port.get("containerPort") or 0, port.get("protocol")
        if name:
            wrong = port_name(name)
            if wrong:
                causes.each_invalid((*path, index, "name"), name, wrong)
            elif name in names:
                causes.duplicate((*path, index, "name"), name)
            names.add(name)
        if not number:
            causes.required((*path, index, "containerPort"))
        elif not _is_port(number):
            causes.each_invalid((*path, index, "containerPort"), number, port_number(number))
        host_port, field = _host_port(port, defaulted=defaulted)
        if host_port:
            on_host += 1
        if host_port and not _is_port(host_port):
            named = server_field((*path, index, "hostPort"))
            causes.each_invalid((*path, index, field), host_port, port_number(host_port), field=named)
        if protocol and protocol not in _PROTOCOLS:
            causes.not_supported((*path, index, "protocol"), protocol, _PROTOCOLS)
    return on_host


def _is_port(number: float) -> bool:
    return 1 <= number <= 65535


def _host_port(port: dict[str, Any], *, defaulted: bool) -> tuple[float, str]:
    """Return the port of the host, 0 without one, and the field that sets it."""
    host_port: float = port.get("hostPort") or 0
    if defaulted and not host_port:
        return port.get("containerPort") or 0, "containerPort"
    return host_port, "hostPort"


def unique_on_host(
    containers: Sequence[Any], path: FieldPath, causes: Causes, *, defaulted: bool, first: int = 0
) -> None:
    """Check that containers which run together do not take a port of the host twice."""
    seen: set[str] = set()
    for number, container in enumerate(containers, first):
        for index, each in enumerate((container or {}).get("ports") or ()):
            port = each or {}
            host_port, field = _host_port(port, defaulted=defaulted)
            if not host_port:
                continue
            taken = f"{port.get('protocol') or 'TCP'}/{port.get('hostIP') or ''}/{int(host_port)}"
            if taken in seen:
                # Each init container is checked alone, and called the first one.
                named = server_field((*path, number - first, "ports", index, "hostPort"))
                causes.duplicate((*path, number, "ports", index, field), taken, field=named)
            seen.add(taken)


def on_host(value: Any, path: FieldPath, pod: PodContext, causes: Causes) -> None:
    """Check, with `hostNetwork`, that the host's ports are the containers'; those that are not written will be."""
    if not value:
        return
    for number, container in enumerate(pod.spec.get("containers") or ()):
        for index, each in enumerate((container or {}).get("ports") or ()):
            port = each or {}
            host_port, inner = port.get("hostPort") or 0, port.get("containerPort") or 0
            if not host_port or host_port == inner:
                continue
            at = (*path[:-1], "containers", number, "ports", index)
            if pod.server.version < HOST_PORTS_OF_PODS:
                causes.invalid((*at, "containerPort"), inner, "must match `hostPort` when `hostNetwork` is true")
            else:
                causes.invalid((*at, "hostPort"), host_port, "must match `containerPort` when `hostNetwork` is true")
