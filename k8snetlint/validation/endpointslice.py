"""EndpointSlices as the API server validates them.

Source: https://github.com/kubernetes/kubernetes/blob/v1.37.2/pkg/apis/discovery/validation/validation.go
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from k8snetlint.model.addresses import parse_ip
from k8snetlint.validation.addresses import ip_faults, ip_warnings
from k8snetlint.validation.causes import ApiWarning, server_field
from k8snetlint.validation.endpoints import PROTOCOLS, endpoint_faults
from k8snetlint.validation.metadata import metadata
from k8snetlint.validation.names import label, label_key, label_value, subdomain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from k8snetlint.source.paths import FieldPath
    from k8snetlint.validation.causes import Causes
    from k8snetlint.validation.server import Server

_TYPES = ("FQDN", "IPv4", "IPv6")
_MOST_ENDPOINTS, _MOST_ADDRESSES, _MOST_PORTS, _MOST_HINTS = 1000, 100, 20000, 8
_WARNS_SINCE, _NAMES_WARN_SINCE = (1, 33), (1, 34)
_NODE_HINTS = (1, 34)
"""The gate PreferSameTrafficDistribution; before, the server dropped hints for nodes."""
_DECLARATIVE = (1, 36)
"""Since then, what is missing is found by declarative validation, which has no words for it."""
_MANAGERS = ("endpointslice-controller.k8s.io", "endpointslicemirroring-controller.k8s.io")


def validate(value: dict[str, Any], server: Server, causes: Causes) -> None:
    """Add the causes for which the server rejects an EndpointSlice."""
    metadata(value, causes, name=subdomain, server=server)
    kind, ports, endpoints = value.get("addressType") or "", value.get("ports") or (), value.get("endpoints") or ()
    if not kind:
        causes.required(("addressType",))
    elif kind not in _TYPES:
        causes.not_supported(("addressType",), kind, _TYPES)
    if len(ports) > _MOST_PORTS:
        causes.too_many(("ports",), len(ports), _MOST_PORTS)
    else:
        _ports(ports, causes)
    if len(endpoints) > _MOST_ENDPOINTS:
        causes.too_many(("endpoints",), len(endpoints), _MOST_ENDPOINTS)
        return
    for index, each in enumerate(endpoints):
        _endpoint(each or {}, ("endpoints", index), kind, server, causes)


def warnings(value: dict[str, Any], server: Server) -> Iterator[ApiWarning]:
    """Yield what the server warns of in an EndpointSlice that it takes."""
    kind, labels = value.get("addressType"), (value.get("metadata") or {}).get("labels") or {}
    if kind == "FQDN" and server.version >= _NAMES_WARN_SINCE:
        # The server names a field that there is not.
        yield ApiWarning(("addressType",), "spec.addressType: FQDN endpoints are deprecated")
    if server.version < _WARNS_SINCE or labels.get("endpointslice.kubernetes.io/managed-by") in _MANAGERS:
        return
    for index, each in enumerate(value.get("endpoints") or ()):
        for number, address in enumerate((each or {}).get("addresses") or ()):
            at = ("endpoints", index, "addresses", number)
            for text in ip_warnings(server_field(at), address or ""):
                yield ApiWarning(at, text)


def _ports(value: Sequence[Any], causes: Causes) -> None:
    seen: set[str] = set()
    for index, each in enumerate(value):
        port, at = each or {}, ("ports", index)
        name, protocol = port.get("name") or "", port.get("protocol")
        if name:
            causes.each_invalid((*at, "name"), name, label(name))
        if name in seen:
            causes.duplicate((*at, "name"), name, plain=False)
        seen.add(name)
        if protocol is not None and protocol not in PROTOCOLS:
            causes.not_supported((*at, "protocol"), protocol, PROTOCOLS)
        if port.get("appProtocol") is not None:
            causes.each_invalid((*at, "appProtocol"), port["appProtocol"], label_key(port["appProtocol"]))


def _endpoint(value: dict[str, Any], path: FieldPath, kind: str, server: Server, causes: Causes) -> None:
    addresses, host, node = value.get("addresses") or (), value.get("hostname"), value.get("nodeName")
    at = (*path, "addresses")
    if not addresses:
        causes.required(at, "" if server.version >= _DECLARATIVE else "must contain at least 1 address")
    elif len(addresses) > _MOST_ADDRESSES:
        causes.too_many(at, len(addresses), _MOST_ADDRESSES)
    check = _ADDRESSES.get(kind)
    for index, each in enumerate(addresses if check else ()):
        check(each or "", (*at, index), server, causes)  # type: ignore[misc]  # only where there is one
    if node is not None:
        causes.each_invalid((*path, "nodeName"), node, subdomain(node))
    if host is not None:
        causes.each_invalid((*path, "hostname"), host, label(host))
    if value.get("hints") is not None:
        _hints(value["hints"], (*path, "hints"), server, causes)


def _ipv4(text: str, path: FieldPath, server: Server, causes: Causes) -> None:
    wrong = ip_faults(text, strict=server.strict_addresses)
    causes.each_invalid(path, text, wrong)
    if not wrong:
        _of_family(text, path, 4, causes)


def _ipv6(text: str, path: FieldPath, _: Server, causes: Causes) -> None:
    wrong = ip_faults(text, strict=True)
    address = parse_ip(text)
    if not wrong and str(address) != text:
        wrong = [f'must be in canonical form ("{address}")']
    causes.each_invalid(path, text, wrong)
    if not wrong:
        _of_family(text, path, 6, causes)


def _of_family(text: str, path: FieldPath, family: int, causes: Causes) -> None:
    address = parse_ip(text)
    # What contains an address of IPv4 is one, to Go.
    is_v4 = address is not None and (address.family == 4 or address.mapped)
    if is_v4 is not (family == 4):
        causes.invalid(path, text, f"must be an IPv{family} address", field=server_field(path[:-1]))
    causes.each_invalid(path, text, endpoint_faults(text))


def _name(text: str, path: FieldPath, _: Server, causes: Causes) -> None:
    """Check a fully qualified domain name."""
    if not text:
        causes.required(path)
        return
    name = text.removesuffix(".")
    wrong = subdomain(name)
    if wrong:
        causes.invalid(path, name, ",".join(wrong))
    elif "." not in name:
        causes.invalid(path, name, "should be a domain with at least two segments separated by dots")
    else:
        for part in name.split("."):
            wrong = label(part)
            if wrong:
                causes.invalid(path, part, ",".join(wrong))
                return


_ADDRESSES: dict[str, Callable[[str, FieldPath, Server, Causes], None]] = {"IPv4": _ipv4, "IPv6": _ipv6, "FQDN": _name}


def _hints(value: dict[str, Any], path: FieldPath, server: Server, causes: Causes) -> None:
    checks = (("forZones", label_value), ("forNodes", subdomain))
    for field, check in checks if server.version >= _NODE_HINTS else checks[:1]:
        hints, at = value.get(field) or (), (*path, field)
        if len(hints) > _MOST_HINTS:
            causes.too_many(at, len(hints), _MOST_HINTS)
            return
        seen: set[str] = set()
        for index, each in enumerate(hints):
            name = (each or {}).get("name") or ""
            if name in seen:
                causes.duplicate((*at, index, "name"), name)
            seen.add(name)
            causes.each_invalid((*at, index, "name"), name, check(name))
