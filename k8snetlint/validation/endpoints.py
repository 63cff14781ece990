"""Endpoints, and addresses that an endpoint can have, as the API server validates them.

Source: `ValidateEndpoints` and `ValidateEndpointIP` of
https://github.com/kubernetes/kubernetes/blob/v1.37.2/pkg/apis/core/validation/validation.go
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from k8snetlint.model.addresses import parse_ip
from k8snetlint.validation.addresses import ip_faults, ip_warnings
from k8snetlint.validation.causes import ApiWarning, server_field
from k8snetlint.validation.metadata import metadata
from k8snetlint.validation.names import label, label_key, port_number, subdomain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.source.paths import FieldPath
    from k8snetlint.validation.causes import Causes
    from k8snetlint.validation.server import Server

PROTOCOLS = ("SCTP", "TCP", "UDP")
_ADDRESSES = ("addresses", "notReadyAddresses")
_WARNS_SINCE = (1, 33)
_NO_ADDRESS = "must be a valid IP address"


def validate(value: dict[str, Any], server: Server, causes: Causes) -> None:
    """Add the causes for which the server rejects Endpoints."""
    metadata(value, causes, name=subdomain, keeps_generation=True, server=server)
    for index, each in enumerate(value.get("subsets") or ()):
        subset, at = each or {}, ("subsets", index)
        if not (subset.get("addresses") or subset.get("notReadyAddresses")):
            causes.required(at, "must specify `addresses` or `notReadyAddresses`")
        for field in _ADDRESSES:
            for number, address in enumerate(subset.get(field) or ()):
                _address(address or {}, (*at, field, number), server, causes)
        ports = subset.get("ports") or ()
        for number, port in enumerate(ports):
            _port(port or {}, (*at, "ports", number), causes, needs_name=len(ports) > 1)


def warnings(value: dict[str, Any], server: Server) -> Iterator[ApiWarning]:
    """Yield what the server warns of in Endpoints that it takes."""
    labels = (value.get("metadata") or {}).get("labels") or {}
    if server.version < _WARNS_SINCE or labels.get("endpoints.kubernetes.io/managed-by") == "endpoint-controller":
        return
    for index, each in enumerate(value.get("subsets") or ()):
        for field in _ADDRESSES:
            for number, address in enumerate((each or {}).get(field) or ()):
                at = ("subsets", index, field, number, "ip")
                for text in ip_warnings(server_field(at), (address or {}).get("ip") or ""):
                    yield ApiWarning(at, text)


def _address(value: dict[str, Any], path: FieldPath, server: Server, causes: Causes) -> None:
    text, host, node = value.get("ip") or "", value.get("hostname"), value.get("nodeName")
    at = (*path, "ip")
    causes.each_invalid(at, text, ip_faults(text, strict=server.strict_addresses))
    causes.each_invalid(at, text, endpoint_faults(text) if parse_ip(text) else [_NO_ADDRESS])
    if host:
        causes.each_invalid((*path, "hostname"), host, label(host))
    if node is not None:
        causes.each_invalid((*path, "nodeName"), node, subdomain(node))


def _port(value: dict[str, Any], path: FieldPath, causes: Causes, *, needs_name: bool) -> None:
    name, number, protocol = value.get("name"), value.get("port") or 0, value.get("protocol")
    if name:
        causes.each_invalid((*path, "name"), name, label(name))
    elif needs_name:
        causes.required((*path, "name"))
    causes.each_invalid((*path, "port"), number, port_number(number))
    if protocol and protocol not in PROTOCOLS:
        causes.not_supported((*path, "protocol"), protocol, PROTOCOLS)
    if value.get("appProtocol") is not None:
        causes.each_invalid((*path, "appProtocol"), value["appProtocol"], label_key(value["appProtocol"]))


def endpoint_faults(text: str) -> list[str]:
    """Check an address of an endpoint; a text that is not an IP address has no faults here."""
    address = parse_ip(text)
    if address is None:
        return []
    number, is_v4 = address.value, address.family == 4
    if not number:
        return [f"may not be unspecified ({text})"]
    if number >> 24 == 127 if is_v4 else number == 1:
        return ["may not be in the loopback range (127.0.0.0/8, ::1/128)"]
    if number >> 16 == 0xA9FE if is_v4 else number >> 118 == 0xFE80 >> 6:
        return ["may not be in the link-local range (169.254.0.0/16, fe80::/10)"]
    # Any flags of a multicast address of IPv6 are taken, whatever the sentence says.
    if number >> 8 == 0xE00000 if is_v4 else (number >> 112) & 0xFF0F == 0xFF02:
        return ["may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)"]
    return []
