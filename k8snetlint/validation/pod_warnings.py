"""What the API server warns of in Pods and templates that it takes, as far as networks are concerned.

Source: https://github.com/kubernetes/kubernetes/blob/v1.37.2/pkg/api/pod/warnings.go
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from k8snetlint.validation.addresses import ip_warnings
from k8snetlint.validation.causes import ApiWarning, quoted, server_field
from k8snetlint.validation.names import label

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from k8snetlint.source.paths import FieldPath
    from k8snetlint.validation.server import Server

_NAMES_SINCE = (1, 27)
_PORTS_SINCE = (1, 28)
_PORT_NAMES_SINCE = (1, 33)
_ADDRESSES_SINCE = (1, 33)
_GENERATED = "xxxxx"
"""The server adds five random letters to `generateName`."""


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


def final_name(value: dict[str, Any]) -> tuple[str, str]:
    """Return the name that an object gets, and the field of its metadata that sets it."""
    meta = value.get("metadata") or {}
    name, prefix = meta.get("name"), meta.get("generateName")
    return (name or "", "name") if name or not prefix else (prefix[:58] + _GENERATED, "generateName")


def name_warnings(value: dict[str, Any], server: Server, use: str) -> Iterator[ApiWarning]:
    """Yield that the name of an object, which becomes that of hosts, is no DNS label."""
    if server.version < _NAMES_SINCE:
        return
    name, field = final_name(value)
    wrong = label(name)
    if wrong:
        text = f"metadata.name: this is used in {use}, which can result in surprising behavior"
        yield ApiWarning(("metadata", field), f"{text}; a DNS label is recommended: [{' '.join(wrong)}]")


def pod_warnings(
    value: dict[str, Any], path: FieldPath, server: Server, *, is_pod: bool = False
) -> Iterator[ApiWarning]:
    """Yield what the server warns of in the `spec` of a Pod or a template."""
    aliases, config = value.get("hostAliases") or (), value.get("dnsConfig") or {}
    if len(aliases) > 1:
        yield from _aliases(aliases, (*path, "hostAliases"))
    if server.version >= _PORTS_SINCE:
        ports = list(_ports(value, path, defaulted=is_pod and bool(value.get("hostNetwork"))))
        if ports:
            yield from _port_warnings(ports)
            if server.version >= _PORT_NAMES_SINCE:
                yield from _port_names(ports)
    if server.version >= _ADDRESSES_SINCE:
        for index, each in enumerate(config.get("nameservers") or ()):
            yield from _address((*path, "dnsConfig", "nameservers", index), each)
        for index, each in enumerate(aliases):
            yield from _address((*path, "hostAliases", index, "ip"), (each or {}).get("ip"))


def _aliases(value: Sequence[Any], path: FieldPath) -> Iterator[ApiWarning]:
    seen: set[str] = set()
    for index, each in enumerate(value):
        text = (each or {}).get("ip") or ""
        if text in seen:
            at = (*path, index, "ip")
            yield ApiWarning(at, f"{server_field(at)}: duplicate ip {quoted(text)}")
        seen.add(text)


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


def _address(path: FieldPath, text: str | None) -> Iterator[ApiWarning]:
    for each in ip_warnings(server_field(path), text or ""):
        yield ApiWarning(path, each)
