"""Connections as the tests of another analyzer expect them, in the folder `K8SNETLINT_GOLDENS`.

A line of a `connections.txt` is `SOURCE => DESTINATION : PORTS`. IPv4 only; ranges of addresses are compared merged,
and connections of a workload to itself are left out, as there. Pods on the network of their node count as ordinary pods
there, which most CNI plugins do not do: for the comparison they are ordinary pods here, too.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from k8snetlint import Source
from k8snetlint.connectivity.engine import Connectivity
from k8snetlint.connectivity.peers import WorkloadPeer, peers_of, workload_peer
from k8snetlint.connectivity.pods import INGRESS_CONTROLLER
from k8snetlint.connectivity.port_sets import ALL, NONE, PortSet, intersection, port_set, union
from k8snetlint.connectivity.profiles import Profile
from k8snetlint.connectivity.services import ingress_targets
from k8snetlint.model.addresses import parse_ip
from k8snetlint.model.bitsets import positions
from k8snetlint.model.cluster import Cluster
from k8snetlint.model.environment import Environment
from k8snetlint.model.ports import PortRange, Protocol
from k8snetlint.model.resource import resource_of
from k8snetlint.source.load import load
from k8snetlint.source.objects import objects_of

if TYPE_CHECKING:
    from k8snetlint.connectivity.ip_space import AddressRange

GOLDENS = os.environ.get("K8SNETLINT_GOLDENS", "")
FOLDERS = sorted(path.parent for path in Path(GOLDENS).rglob("connections.txt")) if GOLDENS else []
CONTROLLER = "{ingress-controller}"
ADDRESSES_ONLY = Profile("outside", ip_block_matches_pods=False, ip_block_matches_nodes=False)
"""There, an ipBlock never matches pods."""

Connections = dict[tuple[str, str], PortSet]
Outside = dict[tuple[str, str, PortSet], list[tuple[int, int]]]
"""Ranges of addresses by direction (`from` or `to`), workload and ports."""

pytestmark = pytest.mark.skipif(not FOLDERS, reason="K8SNETLINT_GOLDENS names no folder with connections.txt")


def cluster_of(folder: Path) -> Cluster:
    found = []
    for path in sorted(folder.iterdir()):
        if path.suffix in (".yaml", ".yml", ".json"):
            source = Source.of(path.name, path.read_text(encoding="utf-8"))
            for document in load(source).documents:
                for value, root in objects_of(document.value):
                    assert isinstance(value, dict)
                    value.get("spec", {}).pop("hostNetwork", None)
                    found.append(resource_of(value, source, document.index, root))
    return Cluster(tuple(found), Environment(whole_cluster=True, namespace="default"))


def expected(folder: Path) -> tuple[Connections, Outside]:
    inside: Connections = {}
    outside: Outside = {}
    for line in (folder / "connections.txt").read_text(encoding="utf-8").splitlines():
        pair, _, ports = line.rpartition(" : ")
        source, _, destination = pair.partition(" => ")
        if source.endswith("[External]"):
            outside.setdefault(("from", destination, read_ports(ports)), []).append(read_range(source))
        elif destination.endswith("[External]"):
            outside.setdefault(("to", source, read_ports(ports)), []).append(read_range(destination))
        else:
            inside[source, destination] = read_ports(ports)
    return inside, {key: merged(ranges) for key, ranges in outside.items()}


def read_ports(text: str) -> PortSet:
    if text == "All Connections":
        return ALL
    found: list[PortRange] = []
    protocol = Protocol.TCP
    for part in text.split(","):
        name, _, numbers = part.rpartition(" ")
        protocol = Protocol(name) if name else protocol
        first, _, last = numbers.partition("-")
        found.append(PortRange(protocol, int(first), int(last or first)))
    return port_set(found)


def read_range(text: str) -> tuple[int, int]:
    first, last = (parse_ip(each) for each in text.removesuffix("[External]").split("-"))
    assert first is not None
    assert last is not None
    return first.value, last.value


def merged(ranges: list[tuple[int, int]]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for first, last in sorted(ranges):
        if found and first <= found[-1][1] + 1:
            found[-1] = (found[-1][0], max(last, found[-1][1]))
        else:
            found.append((first, last))
    return found


def name_of(peer: object) -> str:
    assert isinstance(peer, WorkloadPeer)
    return f"{peer.namespace}/{peer.name}[{peer.workload}]"


def computed(connectivity: Connectivity) -> tuple[Connections, Outside]:
    inside: Connections = {}
    outside: Outside = {}
    names = {
        number: [name_of(peer) for peer in peers_of(connectivity, number)]
        for number in positions(connectivity.classes.shown)
    }

    def add(direction: str, name: str, ports: PortSet, each: AddressRange) -> None:
        outside.setdefault((direction, name, ports), []).append((each.first, each.last))

    for number in (*names, *range(connectivity.offset, connectivity.offset + len(connectivity.space.ranges))):
        for ports, sources in connectivity.certain.row(number):
            for source in positions(sources):
                if source in names and number in names:
                    for one in names[source]:
                        for other in names[number]:
                            if one != other:
                                inside[one, other] = union(inside.get((one, other), NONE), ports)
                elif number in names and source >= connectivity.offset:
                    for name in names[number]:
                        add("from", name, ports, connectivity.space.ranges[source - connectivity.offset])
                elif source in names:
                    for name in names[source]:
                        add("to", name, ports, connectivity.space.ranges[number - connectivity.offset])
    return inside, {key: merged(ranges) for key, ranges in outside.items()}


def from_ingress_controller(connectivity: Connectivity) -> Connections:
    controllers = [each for each, pods in enumerate(connectivity.classes.every) if pods.role == INGRESS_CONTROLLER]
    found: Connections = {}
    for each in ingress_targets(connectivity.cluster):
        target = each.target
        wanted = port_set([PortRange(target.protocol, target.number, target.number)])
        _, possible = connectivity.ports_between(controllers[0], connectivity.classes.class_of[target.workload])
        ports = intersection(wanted, possible)
        if ports != NONE:
            pair = CONTROLLER, name_of(workload_peer(connectivity, target.workload))
            found[pair] = union(found.get(pair, NONE), ports)
    return found


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_connections(folder: Path) -> None:
    cluster = cluster_of(folder)
    connectivity = Connectivity(cluster, profile=ADDRESSES_ONLY, families=(4,))
    inside, outside = computed(connectivity)

    assert ({**inside, **from_ingress_controller(connectivity)}, outside) == expected(folder)
