"""What the API server does with a Service before it validates it: it allocates addresses and node ports.

Each function is a stage of its own. The cluster's networks and IP families are judged only if they are known.

Sources: https://github.com/kubernetes/kubernetes/blob/v1.37.2/pkg/registry/core/service/storage/alloc.go and
`ValidateServiceClusterIPsRelatedFields` of
https://github.com/kubernetes/kubernetes/blob/v1.37.2/pkg/apis/core/validation/validation.go
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any, NamedTuple

from k8snetlint.model.addresses import parse_cidr, parse_ip
from k8snetlint.validation.addresses import ip_faults
from k8snetlint.validation.causes import INTERNAL, Cause, go

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.model.addresses import Address, Network
    from k8snetlint.source.paths import FieldPath
    from k8snetlint.validation.causes import Causes
    from k8snetlint.validation.server import Server

NONE, EXTERNAL_NAME, LOAD_BALANCER = "None", "ExternalName", "LoadBalancer"
ON_NODES = ("NodePort", LOAD_BALANCER)
_FAMILIES = ("IPv4", "IPv6")
_SINGLE, _REQUIRED = "SingleStack", "RequireDualStack"
_POLICIES = ("PreferDualStack", _REQUIRED, _SINGLE)
_TAKEN = "provided port is already allocated"
_WHOLE_NETWORKS_SINCE = (1, 34)
_IN_A_BITMAP = 65535
"""So many addresses of a network of IPv6 older servers give: those that a bitmap has a place for, without the first."""


class _Wanted(NamedTuple):
    """What a Service wants: its `clusterIPs`, `ipFamilies` and `ipFamilyPolicy` with what the server fills in."""

    spec: dict[str, Any]
    addresses: list[str]
    families: list[str]
    policy: str

    @property
    def is_headless(self) -> bool:
        return self.addresses == [NONE]

    @property
    def selects_nothing(self) -> bool:
        """Whether it is headless and has no selector, so that it may have any families."""
        return self.spec.get("clusterIP") == NONE and not self.spec.get("selector")


def cluster_ips(spec: dict[str, Any]) -> list[str]:
    """Return `clusterIPs` as the server has them: what is only in `clusterIP` is added."""
    several = spec.get("clusterIPs")
    if several:
        return [each or "" for each in several]
    single = spec.get("clusterIP")
    return [single] if single else []


def to_cluster_ip(spec: dict[str, Any], *index: int) -> FieldPath:
    """Return where `clusterIPs`, or one of them, is written: in `clusterIP`, if only that is."""
    return ("spec", "clusterIPs", *index) if spec.get("clusterIPs") else ("spec", "clusterIP")


def addresses(value: dict[str, Any], server: Server, causes: Causes) -> None:
    """Add the causes for which a Service cannot have the addresses that it asks for."""
    spec = value.get("spec") or {}
    several, families, policy = cluster_ips(spec), spec.get("ipFamilies"), spec.get("ipFamilyPolicy")
    if spec.get("type") == EXTERNAL_NAME or (not several and not families and policy is None):
        return
    if policy is None:
        policy = _REQUIRED if spec.get("clusterIP") == NONE and not spec.get("selector") else _SINGLE
    wanted = _Wanted(spec, several, [each or "" for each in families or ()], policy)
    found = len(causes)
    for step in (_families, _stacks, _cluster_families, _in_networks):
        step(wanted, server, causes)
        if len(causes) > found:
            return


def _families(wanted: _Wanted, server: Server, causes: Causes) -> None:
    several, single = wanted.addresses, wanted.spec.get("clusterIP") or ""
    if several and not single:
        causes.invalid(("spec", "clusterIPs"), several, "must be empty when `clusterIP` is not specified")
    elif several and several[0] != single:
        causes.invalid(("spec", "clusterIPs"), several, "first value must match `clusterIP`")
    for index, family in enumerate(wanted.families):
        if family not in _FAMILIES:
            causes.not_supported(("spec", "ipFamilies", index), family, _FAMILIES)
        if family in wanted.families[:index]:
            causes.duplicate(("spec", "ipFamilies", index), family, plain=False)
    if wanted.policy not in _POLICIES:
        causes.not_supported(("spec", "ipFamilyPolicy"), wanted.policy, _POLICIES)
    if not _are_addresses(wanted, server, causes):
        return
    if len(several) > 1 and len({_family(each) for each in several}) == 1:
        causes.invalid(("spec", "clusterIPs"), several, "may specify no more than one IP for each IP family")
    if not wanted.is_headless:
        for index, (each, family) in enumerate(zip(several, wanted.families, strict=False)):
            if family in _FAMILIES and family != _family(each):
                detail = f"expected an {family} value as indicated by `ipFamilies[{index}]`"
                causes.invalid(to_cluster_ip(wanted.spec, index), each, detail, field=f"spec.clusterIPs[{index}]")


def _are_addresses(wanted: _Wanted, server: Server, causes: Causes) -> bool:
    """Add what is wrong with each address, and tell whether nothing is."""
    several, is_sound = wanted.addresses, True
    for index, each in enumerate(several):
        if index == 0 and each == NONE:
            if len(several) > 1:
                is_sound = False
                causes.invalid(("spec", "clusterIPs"), several, "'None' must be the first and only value")
            continue
        faults = ip_faults(each, strict=server.strict_addresses)
        is_sound = is_sound and not faults
        causes.each_invalid(to_cluster_ip(wanted.spec, index), each, faults, field=f"spec.clusterIPs[{index}]")
    if len(several) > 2:
        causes.invalid(("spec", "clusterIPs"), several, "may only hold up to 2 values")
    return is_sound


def _stacks(wanted: _Wanted, server: Server, causes: Causes) -> None:
    """Compare the policy with the addresses and the families, and add the families of the addresses."""
    if wanted.policy == _SINGLE:
        for field, what, values in (
            ("clusterIPs", "cluster IPs", wanted.addresses),
            ("ipFamilies", "IP families", wanted.families),
        ):
            if len(values) == 2:
                many = f"must be 'RequireDualStack' or 'PreferDualStack' when multiple {what} are specified"
                path = ("spec", "ipFamilyPolicy" if wanted.spec.get("ipFamilyPolicy") else field)
                causes.invalid(path, wanted.policy, many, field="spec.ipFamilyPolicy")
    if wanted.is_headless:
        return
    for index, each in enumerate(wanted.addresses):
        if index >= len(wanted.families):
            family = _family(each)
            if server.ip_families and family not in server.ip_families:
                detail = f"{family} is not configured on this cluster"
                at = to_cluster_ip(wanted.spec, index)
                causes.invalid(at, wanted.addresses, detail, field=f"spec.clusterIPs[{index}]")
            else:
                wanted.families.append(family)


def _cluster_families(wanted: _Wanted, server: Server, causes: Causes) -> None:
    if not server.ip_families or wanted.selects_nothing:
        return
    if wanted.policy == _REQUIRED and len(server.ip_families) < 2:
        detail = "this cluster is not configured for dual-stack services"
        causes.invalid(("spec", "ipFamilyPolicy"), wanted.policy, detail)
    for index, family in enumerate(wanted.families):
        if family not in server.ip_families:
            causes.invalid(("spec", "ipFamilies", index), family, "not configured on this cluster")


def _in_networks(wanted: _Wanted, server: Server, causes: Causes) -> None:
    if not server.service_cidrs or wanted.is_headless:
        return
    for index, each in enumerate(wanted.addresses):
        address = parse_ip(each)
        networks = [each for each in _networks(server.service_cidrs) if address and each.family == address.family]
        if address is None or not networks or any(_gives(network, address, server) for network in networks):
            continue
        # The server has put an empty text where it will put an address of the other family.
        is_dual = wanted.policy != _SINGLE and len(server.ip_families) == 2
        empty = [""] * ((2 if is_dual else len(wanted.families)) - len(wanted.addresses))
        # Since 1.33 it only says that "the provided network does not match the current range".
        outside = f"the provided IP ({address}) is not in the valid range. The range of valid IPs is {networks[0]}"
        detail = f"failed to allocate IP {each}: {outside}"
        path, several = to_cluster_ip(wanted.spec, index), [*wanted.addresses, *empty]
        causes.invalid(path, several, detail, field="spec.clusterIPs")
        return


def _family(text: str) -> str:
    """Return the family of an address; what is not an address is IPv6 here, and the server has refused it before."""
    address = parse_ip(text)
    return "IPv4" if address is not None and address.family == 4 else "IPv6"


@functools.lru_cache(maxsize=16)
def _networks(texts: tuple[str, ...]) -> tuple[Network, ...]:
    return tuple(each for each in map(parse_cidr, texts) if each is not None)


def _gives(network: Network, address: Address, server: Server) -> bool:
    """Tell whether a network has an address to give: not its first one, and with IPv4 not its last one."""
    if address not in network:
        return False
    offset = address.value - network.first
    if address.family == 4:
        return 0 < offset < network.last - network.first
    return offset > 0 and (server.version >= _WHOLE_NETWORKS_SINCE or offset <= _IN_A_BITMAP)


def node_ports(value: dict[str, Any], server: Server, causes: Causes) -> None:
    """Add the first node port that a Service cannot have."""
    spec = value.get("spec") or {}
    if spec.get("type") not in ON_NODES:
        return
    taken: set[int] = set()
    for index, written, number in _requested(spec):
        detail = _allocation_error(number, taken, server)
        if detail:
            path, field = ("spec", "ports", written, "nodePort"), f"spec.ports[{index}].nodePort"
            causes.invalid(path, number, detail, field=field)
            return
        taken.add(number)


def _requested(spec: dict[str, Any]) -> Iterator[tuple[int, int, int]]:
    """Yield the node ports that the server requests: for which port, at which one it is written, and the number.

    Ports with the same number share the first node port that one of them has.
    """
    ports = spec.get("ports") or ()
    requested: dict[float, tuple[int, int]] = {}
    for index, each in enumerate(ports):
        if each and each.get("nodePort"):
            requested.setdefault(each.get("port") or 0, (index, each["nodePort"]))
    if not requested:
        return
    is_without = is_without_node_ports(spec)
    shared: dict[float, int] = {}
    for index, each in enumerate(ports):
        port = each or {}
        number, own = port.get("port") or 0, port.get("nodePort") or 0
        if number not in requested or (is_without and not own):
            continue
        if number not in shared:
            written, shared[number] = requested[number]
            yield index, written, shared[number]
        elif own and own != shared[number]:
            yield index, index, own


def given_node_ports(spec: dict[str, Any]) -> list[int | None]:
    """Return the node port of each port as the server allocates them: 0 for no node port, None for any free one."""
    ports = spec.get("ports") or ()
    own = [(each or {}).get("nodePort") or 0 for each in ports]
    if spec.get("type") not in ON_NODES or is_without_node_ports(spec):
        return own
    shared: dict[float, int | None] = {}
    for port, number in zip(ports, own, strict=True):
        if number:
            shared.setdefault((port or {}).get("port") or 0, number)
    return [number or shared.get((port or {}).get("port") or 0) for port, number in zip(ports, own, strict=True)]


def is_without_node_ports(spec: dict[str, Any]) -> bool:
    """Tell whether the server allocates only node ports that are requested."""
    return spec.get("type") == LOAD_BALANCER and spec.get("allocateLoadBalancerNodePorts") is False


def health_check(value: dict[str, Any], server: Server, causes: Causes) -> None:
    """Add the cause for which a Service cannot have its `healthCheckNodePort`; the server names no field."""
    spec = value.get("spec") or {}
    number = spec.get("healthCheckNodePort")
    if not number or not needs_health_check(spec):
        return
    taken = {each for _, _, each in _requested(spec)}
    detail = _allocation_error(number, taken, server)
    if detail:
        detail = f"failed to allocate requested HealthCheck NodePort {go(number)}: {detail}"
        causes.append(Cause(INTERNAL, ("spec", "healthCheckNodePort"), detail, "", number))


def needs_health_check(spec: dict[str, Any]) -> bool:
    """Tell whether load balancers ask the nodes of a Service whether they have endpoints."""
    return spec.get("type") == LOAD_BALANCER and spec.get("externalTrafficPolicy") == "Local"


def _allocation_error(number: float, taken: set[int], server: Server) -> str:
    """Return why a node port cannot be allocated, empty if it can."""
    if not server.node_ports.first <= number <= server.node_ports.last:
        return f"provided port is not in the valid range. The range of valid ports is {server.node_ports}"
    return _TAKEN if number in taken else ""
