"""What the API server warns of in Services that it takes.

Sources: https://github.com/kubernetes/kubernetes/blob/v1.37.2/pkg/api/service/warnings.go, and until Kubernetes 1.32
https://github.com/kubernetes/kubernetes/blob/v1.32.0/pkg/api/service/warnings.go with other words for addresses
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from k8snetlint.model.addresses import parse_cidr, parse_ip
from k8snetlint.source.paths import MapKey
from k8snetlint.validation.addresses import cidr_warnings, ip_warnings
from k8snetlint.validation.causes import ApiWarning, quoted
from k8snetlint.validation.service import CLUSTER_IP, TOPOLOGY_HINTS, TOPOLOGY_MODE
from k8snetlint.validation.service_allocation import EXTERNAL_NAME, NONE, cluster_ips, to_cluster_ip

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.model.addresses import Address
    from k8snetlint.source.paths import FieldPath
    from k8snetlint.validation.server import Server

_SINCE = (1, 27)
_IGNORED_SINCE = (1, 28)
_ADDRESSES_SINCE = (1, 33)
_HEADLESS_SINCE = (1, 34)
_PREFER_CLOSE_SINCE = (1, 35)
_EXTERNAL_IPS_SINCE = (1, 36)
_INVALID = "was accepted, but will be invalid in a future Kubernetes release"
_LEADING_ZERO = "ParseAddr({}): IPv4 field has octet with leading zero"
_NOT_CANONICAL = "is not in RFC 5952 canonical format ({}), which may cause controller apply-loops"
_has_leading_zero = re.compile(r"(?:^|[.:])0[0-9]+\.|\.0[0-9]+$").search


def warnings(value: dict[str, Any], server: Server) -> Iterator[ApiWarning]:
    """Yield what the server warns of in a Service that it takes."""
    if server.version < _SINCE:
        return
    notes = (value.get("metadata") or {}).get("annotations")
    if notes and TOPOLOGY_HINTS in notes:
        text = f"annotation {TOPOLOGY_HINTS} is deprecated, please use {TOPOLOGY_MODE} instead"
        yield ApiWarning(("metadata", "annotations", MapKey(TOPOLOGY_HINTS)), text)
    spec = value.get("spec") or {}
    kind, single, external = spec.get("type") or CLUSTER_IP, spec.get("clusterIP"), spec.get("externalIPs")
    is_headless = kind == CLUSTER_IP and single == NONE
    if single and single != NONE:
        for index, each in enumerate(cluster_ips(spec)):
            yield from _of_address(f"spec.clusterIPs[{index}]", to_cluster_ip(spec, index), each, server)
    if is_headless and server.version >= _HEADLESS_SINCE:
        yield from _headless(spec)
    for index, each in enumerate(external or ()):
        yield from _of_address(f"spec.externalIPs[{index}]", ("spec", "externalIPs", index), each or "", server)
    if external and not is_headless and kind != EXTERNAL_NAME and server.version >= _EXTERNAL_IPS_SINCE:
        text = "spec.externalIPs is deprecated and may no longer be implemented in some clusters"
        yield ApiWarning(("spec", "externalIPs"), text)
    if spec.get("loadBalancerIP"):
        yield from _of_address("spec.loadBalancerIP", ("spec", "loadBalancerIP"), spec["loadBalancerIP"], server)
    for index, each in enumerate(spec.get("loadBalancerSourceRanges") or ()):
        path = ("spec", "loadBalancerSourceRanges", index)
        yield from _of_network(f"spec.loadBalancerSourceRanges[{index}]", path, each or "", server)
    yield from _of_type(spec, kind, server)
    if spec.get("trafficDistribution") == "PreferClose" and server.version >= _PREFER_CLOSE_SINCE:
        text = 'spec.trafficDistribution: "PreferClose" is deprecated; use "PreferSameZone"'
        yield ApiWarning(("spec", "trafficDistribution"), text)


def _headless(spec: dict[str, Any]) -> Iterator[ApiWarning]:
    for field in ("loadBalancerIP", "externalIPs"):
        if spec.get(field):
            yield ApiWarning(("spec", field), f"spec.{field} is ignored for headless services")
    # 1.34.0 warned of the default, None, as well, which was a mistake.
    if spec.get("sessionAffinity") not in (None, "", NONE):
        yield ApiWarning(("spec", "sessionAffinity"), "spec.SessionAffinity is ignored for headless services")


def _of_type(spec: dict[str, Any], kind: str, server: Server) -> Iterator[ApiWarning]:
    if server.version < _IGNORED_SINCE:
        return
    if kind == EXTERNAL_NAME and spec.get("externalIPs"):
        yield ApiWarning(("spec", "externalIPs"), f'spec.externalIPs is ignored when spec.type is "{EXTERNAL_NAME}"')
    if kind != EXTERNAL_NAME and spec.get("externalName"):
        yield ApiWarning(
            ("spec", "externalName"), f'spec.externalName is ignored when spec.type is not "{EXTERNAL_NAME}"'
        )


def _of_address(field: str, path: FieldPath, text: str, server: Server) -> Iterator[ApiWarning]:
    if server.version >= _ADDRESSES_SINCE:
        yield from (ApiWarning(path, each) for each in ip_warnings(field, text))
        return
    address = parse_ip(text)
    if address is None:
        return
    if _has_leading_zero(text):
        yield ApiWarning(path, f"{field}: IP address {_INVALID}: {_LEADING_ZERO.format(quoted(text))}")
    elif ":" in text and _canonical(address) != text:
        yield ApiWarning(
            path, f"{field}: IPv6 address {quoted(text)} {_NOT_CANONICAL.format(quoted(_canonical(address)))}"
        )


def _of_network(field: str, path: FieldPath, text: str, server: Server) -> Iterator[ApiWarning]:
    if server.version >= _ADDRESSES_SINCE:
        yield from (ApiWarning(path, each) for each in cidr_warnings(field, text))
        return
    cidr = parse_cidr(text)
    if cidr is None:
        return
    address, _, prefix = text.partition("/")
    canonical = f"{_canonical(cidr.address)}/{cidr.prefix}"
    if _has_leading_zero(address):
        wrong = f"netip.ParsePrefix({quoted(text)}): {_LEADING_ZERO.format(quoted(address))}"
    elif len(prefix) > 1 and prefix[0] == "0":
        wrong = f"netip.ParsePrefix({quoted(text)}): bad bits after slash: {quoted(prefix)}"
    elif ":" in text and canonical != text:
        yield ApiWarning(path, f"{field}: IPv6 prefix {quoted(text)} {_NOT_CANONICAL.format(quoted(canonical))}")
        return
    else:
        return
    yield ApiWarning(path, f"{field}: IP prefix {_INVALID}: {wrong}")


def _canonical(address: Address) -> str:
    """Return an address as Go's `netip` writes it: one that is mapped to IPv6 as one of IPv6."""
    return f"::ffff:{address}" if address.mapped else str(address)
