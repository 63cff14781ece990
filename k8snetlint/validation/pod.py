"""Pods, as far as networks are concerned: ports, names, DNS; as the API server validates them, in its order.

Source: https://github.com/kubernetes/kubernetes/blob/v1.37.2/pkg/apis/core/validation/validation.go
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from k8snetlint.validation.addresses import ip_faults
from k8snetlint.validation.causes import server_field
from k8snetlint.validation.metadata import metadata
from k8snetlint.validation.names import label, port_name, port_number, size, subdomain, subdomain_with_underscore
from k8snetlint.validation.pod_warnings import name_warnings, pod_warnings

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from k8snetlint.source.paths import FieldPath
    from k8snetlint.validation.causes import ApiWarning, Causes
    from k8snetlint.validation.server import Server

_RESETS_GENERATION = (1, 33)
_PROTOCOLS = ("SCTP", "TCP", "UDP")
_DNS_POLICIES = ("ClusterFirstWithHostNet", "ClusterFirst", "Default", "None")
_NAMESERVERS = 3
_LONG_SEARCHES = (1, 26)
"""The gate ExpandedDNSConfig: 32 search paths of 2048 bytes, not 6 of 256."""
_HOST_PORTS_OF_PODS = (1, 28)
"""Before, templates got the host ports of their hostNetwork, as Pods do, and the fields had other names."""
_ALIASES_BY_INDEX = (1, 30)
"""Before, the server did not name the alias, nor the form of an address."""
_RELAXED_SEARCHES = (1, 33)


def validate(value: dict[str, Any], server: Server, causes: Causes) -> None:
    """Add the causes for which the server rejects a Pod."""
    metadata(value, causes, name=subdomain, keeps_generation=server.version < _RESETS_GENERATION, server=server)
    pod_spec(value.get("spec") or {}, ("spec",), server, causes, is_pod=True)


def warnings(value: dict[str, Any], server: Server) -> Iterator[ApiWarning]:
    """Yield what the server warns of in a Pod that it takes."""
    yield from name_warnings(value, server, "the Pod's hostname")
    yield from pod_warnings(value.get("spec") or {}, ("spec",), server, is_pod=True)


def pod_spec(
    value: dict[str, Any],
    path: FieldPath,
    server: Server,
    causes: Causes,
    *,
    is_pod: bool = False,
    named: bool = True,
) -> None:
    """Check the `spec` of a Pod or a template.

    Args:
        value: the spec.
        path: its path.
        server: the API server.
        causes: what is wrong is added here.
        is_pod: it is a Pod's, which gets more defaults than a template.
        named: its hostname and subdomain are looked at.
    """
    on_host = bool(value.get("hostNetwork"))
    defaulted = on_host and (is_pod or server.version < _HOST_PORTS_OF_PODS)
    _containers(value.get("containers"), (*path, "containers"), causes, defaulted=defaulted)
    for index, container in enumerate(value.get("initContainers") or ()):
        # They run one after another, so that each may have the host ports of another.
        _containers((container,), (*path, "initContainers"), causes, defaulted=defaulted, first=index)
    for index, container in enumerate(value.get("ephemeralContainers") or ()):
        _ephemeral(container or {}, (*path, "ephemeralContainers", index, "ports"), causes)
    if on_host:
        _on_host(value.get("containers") or (), (*path, "containers"), server, causes)
    policy, config = value.get("dnsPolicy"), value.get("dnsConfig")
    if policy and policy not in _DNS_POLICIES:
        causes.not_supported((*path, "dnsPolicy"), policy, _DNS_POLICIES)
    if config is not None or policy == "None":
        _dns_config(config, (*path, "dnsConfig"), server, causes, required=policy == "None")
    for field in ("hostname", "subdomain") if named else ():
        text = value.get(field)
        if text:
            causes.each_invalid((*path, field), text, label(text))
    aliases = value.get("hostAliases")
    if aliases:
        _host_aliases(aliases, (*path, "hostAliases"), server, causes)


def _containers(
    value: Sequence[Any] | None, path: FieldPath, causes: Causes, *, defaulted: bool, first: int = 0
) -> None:
    """Check the ports of containers that run together."""
    on_host = 0
    for index, container in enumerate(value or (), first):
        ports = (container or {}).get("ports")
        if ports:
            on_host += _ports(ports, (*path, index, "ports"), causes, defaulted=defaulted)
    if on_host > 1:
        _unique_on_host(value or (), path, causes, defaulted=defaulted, first=first)


def _ephemeral(value: dict[str, Any], path: FieldPath, causes: Causes) -> None:
    ports = value.get("ports")
    if ports is not None:
        _ports(ports, path, causes, defaulted=False)
        causes.forbidden(path, "cannot be set for an Ephemeral Container")


def _ports(value: Sequence[Any], path: FieldPath, causes: Causes, *, defaulted: bool) -> int:
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
    """Return the port of the host, 0 if there is none, and the field that sets it."""
    host_port: float = port.get("hostPort") or 0
    if defaulted and not host_port:
        return port.get("containerPort") or 0, "containerPort"
    return host_port, "hostPort"


def _unique_on_host(containers: Sequence[Any], path: FieldPath, causes: Causes, *, defaulted: bool, first: int) -> None:
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


def _on_host(containers: Sequence[Any], path: FieldPath, server: Server, causes: Causes) -> None:
    """Check that the host's ports are those of the containers; those that are not written will be."""
    for number, container in enumerate(containers):
        for index, each in enumerate((container or {}).get("ports") or ()):
            port = each or {}
            host_port, inner = port.get("hostPort") or 0, port.get("containerPort") or 0
            if not host_port or host_port == inner:
                continue
            at = (*path, number, "ports", index)
            if server.version < _HOST_PORTS_OF_PODS:
                causes.invalid((*at, "containerPort"), inner, "must match `hostPort` when `hostNetwork` is true")
            else:
                causes.invalid((*at, "hostPort"), host_port, "must match `containerPort` when `hostNetwork` is true")


def _dns_config(
    value: dict[str, Any] | None, path: FieldPath, server: Server, causes: Causes, *, required: bool
) -> None:
    config = value or {}
    nameservers, searches = config.get("nameservers") or (), config.get("searches") or ()
    if required and value is None:
        causes.required(path, "must provide `dnsConfig` when `dnsPolicy` is None")
        return
    if required and not nameservers:
        detail = "must provide at least one DNS nameserver when `dnsPolicy` is None"
        causes.required((*path, "nameservers"), detail)
        return
    if len(nameservers) > _NAMESERVERS:
        detail = f"must not have more than {_NAMESERVERS} nameservers"
        causes.invalid((*path, "nameservers"), [each or "" for each in nameservers], detail)
    for index, each in enumerate(nameservers):
        causes.each_invalid((*path, "nameservers", index), each or "", _ip_faults(each or "", server))
    _searches([each or "" for each in searches], (*path, "searches"), server, causes)
    for index, each in enumerate(config.get("options") or ()):
        if not (each or {}).get("name"):
            causes.required((*path, "options", index), "must not be empty")


def _searches(value: list[str], path: FieldPath, server: Server, causes: Causes) -> None:
    paths, letters = (32, 2048) if server.version >= _LONG_SEARCHES else (6, 256)
    if len(value) > paths:
        causes.invalid(path, value, f"must not have more than {paths} search paths")
    if size(" ".join(value)) > letters:
        causes.invalid(
            path, value, f"must not have more than {letters} characters (including spaces) in the search list"
        )
    relaxed = server.version >= _RELAXED_SEARCHES
    for index, each in enumerate(value):
        if relaxed and each == ".":
            continue
        search = each.removesuffix(".")
        wrong = subdomain_with_underscore(search) if relaxed else subdomain(search)
        causes.each_invalid((*path, index), search, wrong)


def _host_aliases(value: Sequence[Any], path: FieldPath, server: Server, causes: Causes) -> None:
    by_index = server.version >= _ALIASES_BY_INDEX
    for index, alias in enumerate(value):
        text = (alias or {}).get("ip") or ""
        field = "" if by_index else server_field((*path, "ip"))
        causes.each_invalid((*path, index, "ip"), text, _ip_faults(text, server), field=field)
        field = "" if by_index else server_field((*path, "hostnames"))
        for number, each in enumerate((alias or {}).get("hostnames") or ()):
            causes.each_invalid((*path, index, "hostnames", number), each or "", subdomain(each or ""), field=field)


def _ip_faults(text: str, server: Server) -> list[str]:
    """Check an IP address."""
    wrong = ip_faults(text, strict=server.strict_addresses)
    return ["must be valid IP address"] if wrong and server.version < _ALIASES_BY_INDEX else wrong
