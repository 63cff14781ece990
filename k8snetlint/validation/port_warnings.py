"""What the API server warns of in the ports of a pod's containers.

Source: https://github.com/kubernetes/kubernetes/blob/v1.37.2/pkg/api/pod/warnings.go
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from k8snetlint.validation.causes import ApiWarning, quoted, server_field

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from k8snetlint.model.environment import Version
    from k8snetlint.source.paths import FieldPath

_NAMES_SINCE = (1, 33)


class _Port(NamedTuple):
    """A port as the server has it, with its defaults."""

    path: FieldPath
    name: str
    host_port: int
    container_port: int
    protocol: str
    host_ip: str

    @property
    def field(self) -> str:
        return server_field(self.path)

    def __str__(self) -> str:
        """Return it as Go prints the struct."""
        return (
            f"{{Name:{self.name} HostPort:{self.host_port} ContainerPort:{self.container_port} "
            f"Protocol:{self.protocol} HostIP:{self.host_ip}}}"
        )


def port_warnings(value: dict[str, Any], path: FieldPath, version: Version, *, defaulted: bool) -> Iterator[ApiWarning]:
    """Yield what the server warns of in the ports of a pod.

    Args:
        value: the `spec` of the pod.
        path: its path.
        version: that of the server.
        defaulted: a container's ports are ports of the host, too.
    """
    ports = list(_ports(value, path, defaulted=defaulted))
    yield from _port_warnings(ports)
    if version >= _NAMES_SINCE:
        yield from _port_names(ports)


def _ports(value: dict[str, Any], path: FieldPath, *, defaulted: bool) -> Iterator[_Port]:
    """Yield the ports of a pod's containers, those first that run first."""
    for field in ("initContainers", "containers"):
        for number, container in enumerate(value.get(field) or ()):
            for index, each in enumerate((container or {}).get("ports") or ()):
                port = each or {}
                inner = int(port.get("containerPort") or 0)
                yield _Port(
                    (*path, field, number, "ports", index),
                    port.get("name") or "",
                    int(port.get("hostPort") or 0) or (inner if defaulted else 0),
                    inner,
                    port.get("protocol") or "TCP",
                    port.get("hostIP") or "",
                )


def _port_warnings(ports: Sequence[_Port]) -> Iterator[ApiWarning]:
    same: dict[tuple[int, str], list[_Port]] = {}
    for port in ports:
        if port.host_ip and not port.host_port:
            yield ApiWarning(port.path, f"{port.field}: hostIP set without hostPort: {port}")
        others = same.setdefault((port.container_port, port.protocol), [])
        for other in others:
            how = _overlap(port, other)
            if how:
                yield ApiWarning(port.path, f"{port.field}: {how} port definition with {other.field}")
        others.append(port)


def _overlap(port: _Port, other: _Port) -> str:
    """Return in what way two ports with the same number and protocol get in each other's way."""
    if port.host_port == other.host_port and port.host_ip == other.host_ip:
        return "duplicate"
    if not port.host_port or not other.host_port:
        return "overlapping"
    if port.host_port == other.host_port and not (port.host_ip and other.host_ip):
        return "dangerously ambiguous"
    return ""


def _port_names(ports: Sequence[_Port]) -> Iterator[ApiWarning]:
    seen: dict[str, _Port] = {}
    for port in ports:
        first = seen.setdefault(port.name, port)
        if port.name and first is not port:
            text = f"{port.field}: duplicate port name {quoted(port.name)} with {first.field}"
            yield ApiWarning(port.path, f"{text}, services and probes that select ports by name will use {first.field}")
