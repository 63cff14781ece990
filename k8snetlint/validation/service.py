"""Services, as the API server validates them when it has given them addresses and node ports, in its order.

Source: https://github.com/kubernetes/kubernetes/blob/v1.37.2/pkg/apis/core/validation/validation.go
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from k8snetlint.model.addresses import parse_cidr
from k8snetlint.source.paths import MapKey
from k8snetlint.validation.addresses import cidr_faults, ip_faults
from k8snetlint.validation.causes import server_field
from k8snetlint.validation.endpoints import endpoint_faults
from k8snetlint.validation.metadata import metadata
from k8snetlint.validation.names import label, label_1035, label_key, port_name, port_number, subdomain, trimmed
from k8snetlint.validation.selectors import labels
from k8snetlint.validation.service_allocation import (
    EXTERNAL_NAME,
    LOAD_BALANCER,
    NONE,
    ON_NODES,
    cluster_ips,
    given_node_ports,
    needs_health_check,
    to_cluster_ip,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from k8snetlint.source.paths import FieldPath
    from k8snetlint.validation.causes import Causes
    from k8snetlint.validation.server import Server

CLUSTER_IP = "ClusterIP"
TOPOLOGY_HINTS = "service.kubernetes.io/topology-aware-hints"
TOPOLOGY_MODE = "service.kubernetes.io/topology-mode"
_SOURCE_RANGES = "service.beta.kubernetes.io/load-balancer-source-ranges"
_TYPES = ("ClusterIP", "ExternalName", "LoadBalancer", "NodePort")
_AFFINITIES = ("ClientIP", "None")
_PROTOCOLS = ("SCTP", "TCP", "UDP")
_POLICIES = ("Cluster", "Local")
_DISTRIBUTIONS = ("PreferClose", "PreferSameZone", "PreferSameNode")
_TO_RANGES: FieldPath = ("spec", "loadBalancerSourceRanges")
_LIST_OF_RANGES = "must be a list of IP ranges. For example, 10.240.0.0/24,10.250.0.0/24 "
_FOR_LOAD_BALANCERS = "may only be used when `type` is 'LoadBalancer'"
_KUBELET = 10250
_LONGEST_AFFINITY = 86400
_TOPOLOGY_MODES_SINCE = (1, 27)
_EXTERNAL_IPS_EXPOSE_SINCE = (1, 29)
_EACH_RANGE_SINCE = (1, 30)
_DISTRIBUTION_SINCE = (1, 31)
_KUBELET_UNTIL = (1, 32)
_SAME_DISTRIBUTION_SINCE = (1, 34)


def validate(value: dict[str, Any], server: Server, causes: Causes) -> None:
    """Add the causes for which the server rejects a Service."""
    name = label if server.relaxed_service_names else label_1035
    metadata(value, causes, name=name, keeps_generation=True, server=server)
    notes = (value.get("metadata") or {}).get("annotations") or {}
    spec = value.get("spec") or {}
    kind = spec.get("type") or CLUSTER_IP
    ports = spec.get("ports") or ()
    if TOPOLOGY_MODE in notes and TOPOLOGY_HINTS in notes and server.version >= _TOPOLOGY_MODES_SINCE:
        _topology(notes, causes)
    if not ports and kind != EXTERNAL_NAME and cluster_ips(spec) != [NONE]:
        causes.required(("spec", "ports"))
    _type(spec, kind, server, causes)
    names: set[str] = set()
    for index, port in enumerate(ports):
        _port(port or {}, ("spec", "ports", index), causes, names=names if len(ports) > 1 else None)
    labels(spec.get("selector"), ("spec", "selector"), causes)
    _affinity(spec, causes)
    for index, each in enumerate(spec.get("externalIPs") or ()):
        text = each or ""
        faults = ip_faults(text, strict=server.strict_addresses)
        causes.each_invalid(("spec", "externalIPs", index), text, faults)
        if not faults:
            causes.each_invalid(("spec", "externalIPs", index), text, endpoint_faults(text))
    if kind not in _TYPES:
        causes.not_supported(("spec", "type"), kind, _TYPES)
    if kind == CLUSTER_IP:
        for index, port in enumerate(ports):
            if port and port.get("nodePort"):
                causes.forbidden(("spec", "ports", index, "nodePort"), "may not be used when `type` is 'ClusterIP'")
    if len(ports) > 1 and not _all_differ(ports):
        _duplicates(spec, causes)
    _source_ranges(spec, notes, server, causes)
    _load_balancer(spec, causes)
    _external_traffic(spec, kind, server, causes)
    _other_traffic(spec, server, causes)


def _topology(notes: dict[str, Any], causes: Causes) -> None:
    mode, hints = notes[TOPOLOGY_MODE] or "", notes[TOPOLOGY_HINTS] or ""
    if mode != hints:
        detail = f"must match annotations[{TOPOLOGY_HINTS}] when both are specified"
        causes.invalid(("metadata", "annotations", MapKey(TOPOLOGY_MODE)), mode, detail)


def _type(spec: dict[str, Any], kind: str, server: Server, causes: Causes) -> None:
    if kind == EXTERNAL_NAME:
        _external_name(spec, causes)
    if kind not in ON_NODES:
        return
    if kind == LOAD_BALANCER and server.version <= _KUBELET_UNTIL:
        for index, port in enumerate(spec.get("ports") or ()):
            if (port or {}).get("port") == _KUBELET:
                exposed = f"may not expose port {_KUBELET} externally since it is used by kubelet"
                causes.invalid(("spec", "ports", index, "port"), _KUBELET, exposed, field=f"spec.ports[{index}]")
    if cluster_ips(spec) == [NONE]:
        detail = f"may not be set to 'None' for {kind} services"
        causes.invalid(to_cluster_ip(spec, 0), NONE, detail, field="spec.clusterIPs[0]")


def _external_name(spec: dict[str, Any], causes: Causes) -> None:
    detail = "may not be set for ExternalName services"
    if cluster_ips(spec):
        causes.forbidden(to_cluster_ip(spec), detail, field="spec.clusterIPs")
    if spec.get("ipFamilies"):
        causes.forbidden(("spec", "ipFamilies"), detail)
    if spec.get("ipFamilyPolicy") is not None:
        causes.forbidden(("spec", "ipFamilyPolicy"), detail)
    name = (spec.get("externalName") or "").removesuffix(".")
    if name:
        causes.each_invalid(("spec", "externalName"), name, subdomain(name))
    else:
        causes.required(("spec", "externalName"))


def _port(value: dict[str, Any], path: FieldPath, causes: Causes, *, names: set[str] | None) -> None:
    """Check a port; `names` are those of the ports before it, None if it is the only one."""
    name, number = value.get("name"), value.get("port") or 0
    target = value.get("targetPort") or number
    if name:
        causes.each_invalid((*path, "name"), name, label(name))
    if names is not None:
        if not name:
            causes.required((*path, "name"))
        elif name in names:
            causes.duplicate((*path, "name"), name)
        else:
            names.add(name)
    causes.each_invalid((*path, "port"), number, port_number(number))
    protocol = value.get("protocol")
    if protocol and protocol not in _PROTOCOLS:
        causes.not_supported((*path, "protocol"), protocol, _PROTOCOLS)
    at: FieldPath = (*path, "port")
    if value.get("targetPort") is not None:
        at = (*path, "targetPort")
    if isinstance(target, str):
        causes.each_invalid(at, target, port_name(target))
    elif port_number(target):
        causes.each_invalid(at, target, port_number(target), field=server_field((*path, "targetPort")))
    protocol = value.get("appProtocol")
    if protocol is not None:
        causes.each_invalid((*path, "appProtocol"), protocol, label_key(protocol))


def _affinity(spec: dict[str, Any], causes: Causes) -> None:
    affinity = spec.get("sessionAffinity")
    if not affinity:
        return
    if affinity not in _AFFINITIES:
        causes.not_supported(("spec", "sessionAffinity"), affinity, _AFFINITIES)
    if affinity == "ClientIP":
        seconds = ((spec.get("sessionAffinityConfig") or {}).get("clientIP") or {}).get("timeoutSeconds")
        if seconds is not None and not 0 < seconds <= _LONGEST_AFFINITY:
            detail = f"must be greater than 0 and less than {_LONGEST_AFFINITY}"
            causes.invalid(("spec", "sessionAffinityConfig", "clientIP", "timeoutSeconds"), seconds, detail)


def _all_differ(ports: Sequence[dict[str, Any] | None]) -> bool:
    """Tell whether each port has another number, and another node port, as almost always."""
    numbers = {(each or {}).get("port") or 0 for each in ports}
    node_ports = [each["nodePort"] for each in ports if each and each.get("nodePort")]
    return len(numbers) == len(ports) and len(set(node_ports)) == len(node_ports)


def _duplicates(spec: dict[str, Any], causes: Causes) -> None:
    """Add the ports, and the node ports, that another port of the same protocol has."""
    protocols = [(each or {}).get("protocol") or "TCP" for each in spec["ports"]]
    given = given_node_ports(spec)
    for index in _duplicate_indexes(protocols, given):
        if given[index]:
            is_written = (spec["ports"][index] or {}).get("nodePort")
            path = ("spec", "ports", index, "nodePort") if is_written else ("spec", "ports", index)
            causes.duplicate(path, given[index], field=f"spec.ports[{index}].nodePort")
    numbers = [int((each or {}).get("port") or 0) for each in spec["ports"]]
    for index in _duplicate_indexes(protocols, numbers):
        shown: dict[str, Any] = {"Name": "", "Protocol": protocols[index], "AppProtocol": None}
        shown |= {"Port": numbers[index], "TargetPort": 0, "NodePort": 0}
        causes.duplicate(("spec", "ports", index), shown)
        if given[index] is None:
            # The server gives both the same node port, and names its number, which is not known here.
            causes.duplicate(("spec", "ports", index), shown, field=f"spec.ports[{index}].nodePort")


def _duplicate_indexes(protocols: Sequence[str], numbers: Sequence[int | None]) -> Iterator[int]:
    """Yield the indexes of the pairs that occurred before."""
    seen = set()
    for index, pair in enumerate(zip(protocols, numbers, strict=True)):
        if pair in seen:
            yield index
        seen.add(pair)


def _source_ranges(spec: dict[str, Any], notes: dict[str, Any], server: Server, causes: Causes) -> None:
    ranges, is_one = spec.get("loadBalancerSourceRanges"), spec.get("type") == LOAD_BALANCER
    if ranges:
        listed = [each or "" for each in ranges]
        if not is_one:
            causes.forbidden(_TO_RANGES, _FOR_LOAD_BALANCERS, field="spec.LoadBalancerSourceRanges")
        if server.version < _EACH_RANGE_SINCE:
            if not _are_networks(listed):
                shown = f"[{' '.join(listed)}]"
                causes.invalid(_TO_RANGES, shown, _LIST_OF_RANGES, field="spec.LoadBalancerSourceRanges")
            return
        for index, text in enumerate(map(trimmed, listed)):
            faults = cidr_faults(text, strict=server.strict_addresses)
            path, field = (*_TO_RANGES, index), f"spec.LoadBalancerSourceRanges[{index}]"
            causes.each_invalid(path, text, faults, field=field)
    elif _SOURCE_RANGES in notes:
        _annotated_ranges(notes[_SOURCE_RANGES] or "", server, causes, is_one=is_one)


def _annotated_ranges(value: str, server: Server, causes: Causes, *, is_one: bool) -> None:
    """Check the ranges in an annotation, which the field has replaced."""
    path, field = ("metadata", "annotations", MapKey(_SOURCE_RANGES)), f"metadata.annotations[{_SOURCE_RANGES}]"
    if not is_one:
        causes.forbidden(path, _FOR_LOAD_BALANCERS, field=field)
    listed = value.split(",") if trimmed(value) else []
    if server.version < _EACH_RANGE_SINCE:
        if not _are_networks(listed):
            causes.invalid(path, value, _LIST_OF_RANGES, field=field)
        return
    for text in map(trimmed, listed):
        causes.each_invalid(path, text, cidr_faults(text, strict=server.strict_addresses), field=field)


def _are_networks(texts: Iterable[str]) -> bool:
    return all(parse_cidr(trimmed(each)) is not None for each in texts)


def _load_balancer(spec: dict[str, Any], causes: Causes) -> None:
    is_one, name = spec.get("type") == LOAD_BALANCER, spec.get("loadBalancerClass")
    if spec.get("allocateLoadBalancerNodePorts") is not None and not is_one:
        causes.forbidden(("spec", "allocateLoadBalancerNodePorts"), _FOR_LOAD_BALANCERS)
    if name is not None:
        if is_one:
            causes.each_invalid(("spec", "loadBalancerClass"), name, label_key(name))
        else:
            causes.forbidden(("spec", "loadBalancerClass"), _FOR_LOAD_BALANCERS)


def _external_traffic(spec: dict[str, Any], kind: str, server: Server, causes: Causes) -> None:
    policy, number = spec.get("externalTrafficPolicy"), spec.get("healthCheckNodePort")
    if policy:
        with_addresses = server.version >= _EXTERNAL_IPS_EXPOSE_SINCE
        if kind in ON_NODES or (with_addresses and kind == CLUSTER_IP and spec.get("externalIPs")):
            if policy not in _POLICIES:
                causes.not_supported(("spec", "externalTrafficPolicy"), policy, _POLICIES)
        else:
            only = (
                "for externally-accessible services"
                if with_addresses
                else "when `type` is 'NodePort' or 'LoadBalancer'"
            )
            causes.invalid(("spec", "externalTrafficPolicy"), policy, f"may only be set {only}", plain=False)
    if not number:
        return
    if needs_health_check(spec):
        causes.each_invalid(("spec", "healthCheckNodePort"), number, port_number(number))
    else:
        detail = "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'"
        causes.invalid(("spec", "healthCheckNodePort"), number, detail)


def _other_traffic(spec: dict[str, Any], server: Server, causes: Causes) -> None:
    policy, distribution = spec.get("internalTrafficPolicy"), spec.get("trafficDistribution")
    if policy is not None and policy not in _POLICIES:
        causes.not_supported(("spec", "internalTrafficPolicy"), policy, _POLICIES)
    if distribution is not None and server.version >= _DISTRIBUTION_SINCE:
        known = _DISTRIBUTIONS if server.version >= _SAME_DISTRIBUTION_SINCE else _DISTRIBUTIONS[:1]
        if distribution not in known:
            causes.not_supported(("spec", "trafficDistribution"), distribution, known, plain=True)
