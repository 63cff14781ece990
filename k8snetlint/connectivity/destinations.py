"""Where a connection goes, as users write it: a peer or a Service, with or without a port.

`shop/web:80`, `shop/web:53/UDP`, `10.0.0.1:443`, `[fd00::1]:443`, `web.shop.svc:http`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from k8snetlint.connectivity.port_sets import ALL, NONE, PortSet, port_set, union
from k8snetlint.connectivity.query import PeerQuery, numbers, parse_peer, workloads
from k8snetlint.connectivity.services import targets
from k8snetlint.finding import ConfigError
from k8snetlint.model.addresses import Address, parse_cidr, parse_ip
from k8snetlint.model.bitsets import positions
from k8snetlint.model.ports import LAST_PORT, PortRange, Protocol, protocol_of
from k8snetlint.model.service import Service

if TYPE_CHECKING:
    from collections.abc import Iterable

    from k8snetlint.connectivity.engine import Connectivity
    from k8snetlint.model.cluster import Cluster
    from k8snetlint.model.service import ServicePort
    from k8snetlint.model.workload import Workload

_PORT = re.compile(r"(?P<peer>.+):(?P<port>[A-Za-z0-9-]+)(?:/(?P<protocol>[A-Za-z]+))?")


class PortQuery(NamedTuple):
    """A port as it is asked for: a number, or the name of a port; all protocols that have it where none is given."""

    port: int | str
    protocol: Protocol | None = None

    def __str__(self) -> str:
        return f"{self.port}/{self.protocol.value}" if self.protocol else str(self.port)


class DestinationQuery(NamedTuple):
    """A destination as it is asked for.

    Attributes:
        text: as written.
        peer: without its port.
        port: None if all ports are asked about.
    """

    text: str
    peer: str
    port: PortQuery | None


class Destination(NamedTuple):
    """What a destination is in one cluster.

    Attributes:
        ports: which ports are asked about, by the number of each peer.
        peer: what was asked for; None for a Service.
        workloads: those behind a Service.
        addresses: those behind a Service without a selector.
        notes: how it was found, as sentences without a period.
    """

    ports: dict[int, PortSet]
    peer: PeerQuery | None = None
    workloads: tuple[Workload, ...] = ()
    addresses: tuple[Address, ...] = ()
    notes: tuple[str, ...] = ()


def parse_destination(text: str) -> DestinationQuery:
    """Read a destination.

    Raises:
        ConfigError: what stands after the colon is no port.
    """
    match = _PORT.fullmatch(text)
    if match is None or parse_ip(text) is not None or parse_cidr(text) is not None:
        return DestinationQuery(text, text.removeprefix("[").removesuffix("]"), None)
    peer = match["peer"]
    if peer.startswith("[") and peer.endswith("]"):
        peer = peer[1:-1]
    number, written = match["port"], match["protocol"]
    if written is not None and written.upper() not in Protocol.__members__:
        raise ConfigError(f"`{written}` is not a protocol of ports; use TCP, UDP or SCTP")
    protocol = Protocol[written.upper()] if written else None
    if not number.isdecimal():
        return DestinationQuery(text, peer, PortQuery(number, protocol))
    if not 1 <= int(number) <= LAST_PORT:
        raise ConfigError(f"`{number}` is not a port; use 1 to {LAST_PORT}")
    return DestinationQuery(text, peer, PortQuery(int(number), protocol or Protocol.TCP))


def find_destination(connectivity: Connectivity, query: DestinationQuery) -> Destination:
    """Return what a destination is in a cluster.

    Raises:
        ConfigError: the manifests show nothing of this name, or not where its connections go.
    """
    cluster = connectivity.cluster
    suffixes = (f".svc.{cluster.environment.cluster_domain}", ".svc")
    suffix = next((each for each in suffixes if query.peer.endswith(each)), None)
    if suffix is not None:
        name, dot, namespace = query.peer.removesuffix(suffix).rpartition(".")[::1]
        service = _service(cluster, namespace, name.rpartition(".")[2]) if dot else None
        if service is None:
            raise ConfigError(f"no Service `{query.peer}`; write name.namespace.svc")
        return _behind(connectivity, service, query.port)
    peer = parse_peer(query.peer)
    service = None if peer.labels or peer.special or not peer.name else _service(cluster, peer.namespace, peer.name)
    if service is not None and peer.kind.lower() == "service":
        return _behind(connectivity, service, query.port)
    try:
        found = numbers(connectivity, peer)
    except ConfigError:
        if service is not None and not peer.kind:
            return _behind(connectivity, service, query.port)
        raise
    return _of_peer(connectivity, peer, found, query.port)


def _service(cluster: Cluster, namespace: str, name: str) -> Service | None:
    """Return the Service of a name, in any namespace if none is given and only one has it."""
    found = [
        each
        for each in cluster.known(Service)
        if each.name == name and namespace in ("", cluster.known_namespace_of(each))
    ]
    return found[0] if found and (namespace or len(found) == 1) else None


def _of_peer(connectivity: Connectivity, peer: PeerQuery, found: int, port: PortQuery | None) -> Destination:
    shown = tuple(workloads(connectivity, peer))
    bits = [number for number in range(found.bit_length()) if found >> number & 1]
    if port is None:
        return Destination(dict.fromkeys(bits, ALL), peer)
    if isinstance(port.port, int):
        asked = port_set([PortRange(port.protocol or Protocol.TCP, port.port, port.port)])
        return Destination(dict.fromkeys(bits, asked), peer, notes=tuple(_not_service_ports(connectivity, shown, port)))
    by_number: dict[int, PortSet] = {}
    for each in shown:
        declared = port_set(
            PortRange(protocol, one.container_port, one.container_port)
            for one in each.ports
            if one.name == port.port and one.container_port
            if (protocol := protocol_of(one.protocol)) is not None and port.protocol in (None, protocol)
        )
        number = connectivity.classes.class_of[each]
        by_number[number] = union(by_number.get(number, NONE), declared)
    by_number = {number: ports for number, ports in by_number.items() if ports != NONE}
    if not by_number:
        raise ConfigError(f"`{peer.text}` declares no port named `{port}`")
    notes = [f"port {port} of the pods is {ports}" for ports in dict.fromkeys(by_number.values())]
    return Destination(by_number, peer, notes=tuple(notes))


def _not_service_ports(connectivity: Connectivity, shown: Iterable[Workload], port: PortQuery) -> Iterable[str]:
    """Yield which Services have the port that is asked about, and send it to another port of the pods."""
    cluster, asked = connectivity.cluster, {*shown}
    for service in cluster.known(Service) if asked else ():
        if service.cluster_ip == "None" or all(each.port != port.port for each in service.ports):
            continue
        numbers_behind = {
            each.number
            for each in targets(cluster, service)
            if each.workload in asked and (each.service_port.port, each.protocol) == (port.port, port.protocol)
        }
        for number in sorted(numbers_behind - {port.port}):
            name = f"{service.name}.{cluster.known_namespace_of(service) or ''}.svc"
            yield f"this is about port {port.port} of the pods; {name}:{port.port} leads to their port {number}"


def _behind(connectivity: Connectivity, service: Service, port: PortQuery | None) -> Destination:
    """Return the pods behind a Service, and which of their ports its port leads to."""
    cluster = connectivity.cluster
    name = f"Service {cluster.known_namespace_of(service) or ''}/{service.name}"
    if service.type == "ExternalName" and not service.external_name:
        raise ConfigError(f"{name} is of type ExternalName and has no externalName: its name leads nowhere")
    if service.type == "ExternalName":
        raise ConfigError(f"{name} is another name for `{service.external_name}`; name that instead")
    listed = [
        each
        for each in service.ports
        if port is None or (port.port in (each.port, each.name) and _is_protocol(each.protocol, port))
    ]
    if not listed:
        known = ", ".join(f"{each.port}/{each.protocol}" for each in service.ports)
        raise ConfigError(f"{name} has no port {port}; it has {known or 'none'}")
    if not service.selector:
        return _listed(connectivity, service, listed, name)
    by_number: dict[int, PortSet] = {}
    found: dict[Workload, None] = {}
    headless = service.cluster_ip == "None"
    for target in targets(cluster, service):
        if target.service_port not in listed or target.workload not in connectivity.classes.class_of:
            continue
        number = connectivity.classes.class_of[target.workload]
        # The name of a headless Service is the addresses of the pods: nothing translates ports.
        reached = target.service_port.port if headless and target.service_port.port else target.number
        ports = port_set([PortRange(target.protocol, reached, reached)])
        by_number[number] = union(by_number.get(number, NONE), ports)
        found[target.workload] = None
    if not found:
        raise ConfigError(f"{name} leads to no port of a workload that the manifests define")
    asked = ", ".join(f"{each.port}/{each.protocol}" for each in listed)
    leads_to = ", ".join(dict.fromkeys(map(str, by_number.values())))
    note = f"port {asked} of {'headless ' if headless else ''}{name} leads to {leads_to} of its pods: policies see that"
    return Destination(by_number, workloads=tuple(found), notes=(note,))


def _listed(connectivity: Connectivity, service: Service, listed: list[ServicePort], name: str) -> Destination:
    """Return the pods and addresses that are listed for a Service without a selector."""
    from k8snetlint.connectivity.endpoints import listed_endpoints  # noqa: PLC0415 - few Services have no selector

    by_number: dict[int, PortSet] = {}
    ends: dict[Workload | Address, None] = {}
    for end, port in listed_endpoints(connectivity, service, listed):
        numbers_of = (
            [connectivity.classes.class_of.get(end)] if not isinstance(end, Address) else _numbers(connectivity, end)
        )
        for number in numbers_of:
            if number is not None:
                by_number[number] = union(by_number.get(number, NONE), port_set([port]))
                ends[end] = None
    if not ends:
        raise ConfigError(f"{name} selects no pods, and no manifest shows where its connections go")
    asked = ", ".join(f"{each.port}/{each.protocol}" for each in listed)
    leads_to = ", ".join(dict.fromkeys(map(str, by_number.values())))
    return Destination(
        by_number,
        workloads=tuple(each for each in ends if not isinstance(each, Address)),
        addresses=tuple(each for each in ends if isinstance(each, Address)),
        notes=(
            f"port {asked} of {name} leads to {leads_to} of the addresses that its Endpoints or EndpointSlices list",
        ),
    )


def _numbers(connectivity: Connectivity, address: Address) -> list[int]:
    return [connectivity.offset + number for number in positions(connectivity.space.of_address(address))]


def _is_protocol(written: str, port: PortQuery) -> bool:
    # A number without a protocol was read as TCP.
    return port.protocol is None or written == port.protocol.value
