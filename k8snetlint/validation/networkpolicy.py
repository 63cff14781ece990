"""NetworkPolicies, as the API server validates them, in its order.

Source: https://github.com/kubernetes/kubernetes/blob/v1.37.2/pkg/apis/networking/validation/validation.go
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from k8snetlint.model.addresses import Address, parse_cidr
from k8snetlint.validation.addresses import cidr_faults, cidr_warnings
from k8snetlint.validation.causes import ApiWarning, server_field
from k8snetlint.validation.metadata import metadata
from k8snetlint.validation.names import port_name, port_number, subdomain
from k8snetlint.validation.selectors import selector

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.source.paths import FieldPath
    from k8snetlint.validation.causes import Causes
    from k8snetlint.validation.server import Server

_TYPES = ("Ingress", "Egress")
_PROTOCOLS = ("TCP", "UDP", "SCTP")
_SIDES = (("ingress", "from"), ("egress", "to"))
_WARNS_SINCE = (1, 33)
_ALL_EXCEPTS = (1, 30)
"""Before, the server stopped at the first entry of `except` that is no network, with another message."""


def validate(value: dict[str, Any], server: Server, causes: Causes) -> None:
    """Add the causes for which the server rejects a policy."""
    metadata(value, causes, name=subdomain, server=server)
    spec = value.get("spec") or {}
    selector(spec.get("podSelector"), ("spec", "podSelector"), causes)
    for side, peers in _SIDES:
        for number, rule in enumerate(spec.get(side) or ()):
            path = ("spec", side, number)
            for index, port in enumerate((rule or {}).get("ports") or ()):
                _port(port or {}, (*path, "ports", index), causes)
            for index, peer in enumerate((rule or {}).get(peers) or ()):
                _peer(peer or {}, (*path, peers, index), server, causes)
    types = spec.get("policyTypes") or ()
    if len(types) > len(_TYPES):
        causes.invalid(
            ("spec", "policyTypes"), [each or "" for each in types], "may not specify more than two policyTypes"
        )
        return
    for index, each in enumerate(types):
        if each not in _TYPES:
            causes.not_supported(("spec", "policyTypes", index), each or "", _TYPES)


def _port(value: dict[str, Any], path: FieldPath, causes: Causes) -> None:
    protocol, port, end = value.get("protocol"), value.get("port"), value.get("endPort")
    if protocol is not None and protocol not in _PROTOCOLS:
        causes.not_supported((*path, "protocol"), protocol, _PROTOCOLS)
    if isinstance(port, str):
        if end is not None:
            causes.invalid((*path, "endPort"), end, "may not be specified when `port` is non-numeric")
        causes.each_invalid((*path, "port"), port, port_name(port))
    elif port is not None:
        causes.each_invalid((*path, "port"), port, port_number(port))
        if end is not None:
            if end < port:
                causes.invalid((*path, "endPort"), end, "must be greater than or equal to `port`")
            causes.each_invalid((*path, "endPort"), end, port_number(end))
    elif end is not None:
        causes.invalid((*path, "endPort"), end, "may not be specified when `port` is not specified")


def _peer(value: dict[str, Any], path: FieldPath, server: Server, causes: Causes) -> None:
    pods, namespaces, block = value.get("podSelector"), value.get("namespaceSelector"), value.get("ipBlock")
    selector(pods, (*path, "podSelector"), causes)
    selector(namespaces, (*path, "namespaceSelector"), causes)
    if block is not None:
        _ip_block(block, (*path, "ipBlock"), server, causes)
        if pods is not None or namespaces is not None:
            causes.forbidden(path, "may not specify both ipBlock and another peer")
    elif pods is None and namespaces is None:
        causes.required(path, "must specify a peer")


def _ip_block(value: dict[str, Any], path: FieldPath, server: Server, causes: Causes) -> None:
    text = value.get("cidr")
    if not text:
        causes.required((*path, "cidr"))
        return
    whole = parse_cidr(text)
    causes.each_invalid((*path, "cidr"), text, _cidr_faults(text, server))
    if whole is None:
        return
    for index, each in enumerate(value.get("except") or ()):
        part, at = each or "", (*path, "except", index)
        causes.each_invalid(at, part, _cidr_faults(part, server))
        cidr = parse_cidr(part)
        if cidr is None and server.version < _ALL_EXCEPTS:
            return
        if cidr is not None and not (Address(cidr.family, cidr.first) in whole and whole.prefix < cidr.prefix):
            causes.invalid(at, part, "must be a strict subset of `cidr`")


def _cidr_faults(text: str, server: Server) -> list[str]:
    """Check a CIDR of an ipBlock."""
    if server.version < _ALL_EXCEPTS:
        return ["not a valid CIDR"] if parse_cidr(text) is None else []
    return cidr_faults(text, strict=server.strict_addresses)


def warnings(value: dict[str, Any], server: Server) -> Iterator[ApiWarning]:
    """Yield what the server warns of in a policy that it takes."""
    spec = value.get("spec") or {}
    if server.version < _WARNS_SINCE:
        return
    for side, peers in _SIDES:
        for number, rule in enumerate(spec.get(side) or ()):
            for index, peer in enumerate((rule or {}).get(peers) or ()):
                block = (peer or {}).get("ipBlock")
                if block:
                    path = ("spec", side, number, peers, index, "ipBlock")
                    yield from _cidr_warnings((*path, "cidr"), block.get("cidr"))
                    for place, each in enumerate(block.get("except") or ()):
                        yield from _cidr_warnings((*path, "except", place), each)


def _cidr_warnings(path: FieldPath, text: str | None) -> Iterator[ApiWarning]:
    for each in cidr_warnings(server_field(path), text or ""):
        yield ApiWarning(path, each)
