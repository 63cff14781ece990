"""Connections between groups say the same as the engine says about each pair, on random clusters."""

from __future__ import annotations

import os

import pytest
from manifests import cluster_of, deployment, namespace, pod, policy
from random_clusters import OpenCluster, mixed_resources

from k8snetlint import Source
from k8snetlint.connectivity.alike import Groups
from k8snetlint.connectivity.connections import Asked, Connections, Pair
from k8snetlint.connectivity.engine import Connectivity, Verdict
from k8snetlint.connectivity.ip_space import AddressRange
from k8snetlint.connectivity.peer_sets import ShownPeer
from k8snetlint.connectivity.peers import workload_peer
from k8snetlint.connectivity.port_sets import NONE, difference, port_set, union
from k8snetlint.connectivity.query import numbers, parse_peer, workloads
from k8snetlint.connectivity.reasons import verdict_of
from k8snetlint.connectivity.uncertain import reasons
from k8snetlint.model.cluster import Cluster
from k8snetlint.model.environment import Environment
from k8snetlint.model.networkpolicy import Direction
from k8snetlint.model.ports import PortRange, Protocol

CLUSTERS = int(os.environ.get("K8SNETLINT_CLUSTERS", "200"))
_SOURCE = Source.of("random.yaml", "")


def random_cluster(seed: int) -> Connectivity:
    return Connectivity(Cluster(mixed_resources(seed), Environment(whole_cluster=seed % 2 == 0)))


@pytest.mark.parametrize("block", range(4))
def test_pairs_are_what_the_engine_says(block: int) -> None:
    for seed in range(block * CLUSTERS // 4, (block + 1) * CLUSTERS // 4):
        _assert_pairs_are_what_the_engine_says(random_cluster(seed), seed)


@pytest.mark.parametrize("seed", [490, 625, 1103, 1167, 1204, 1763, 1775, 1867, 1871])
def test_pairs_where_only_some_policies_are_uncertain(seed: int) -> None:
    cluster = Cluster(OpenCluster(seed).resources(), Environment(whole_cluster=seed % 2 == 0))
    _assert_pairs_are_what_the_engine_says(Connectivity(cluster), seed)


def _assert_pairs_are_what_the_engine_says(connectivity: Connectivity, seed: int) -> None:
    class_of = {workload_peer(connectivity, each): n for each, n in connectivity.classes.class_of.items()}
    found: dict[tuple[int, int], list[Pair]] = {}
    for pair in Connections(connectivity, Asked(to_itself=True)).pairs():
        if isinstance(pair.source, ShownPeer) and isinstance(pair.destination, ShownPeer):
            found.setdefault((class_of[pair.source.peer], class_of[pair.destination.peer]), []).append(pair)
    for source in class_of.values():
        for destination in class_of.values():
            always, possible = connectivity.ports_between(source, destination)
            allowed = uncertain = NONE
            for each in found.get((source, destination), ()):
                if each.verdict is Verdict.ALLOWED:
                    allowed = union(allowed, each.ports)
                else:
                    uncertain = union(uncertain, each.ports)
                    because = reasons(connectivity, source, destination, each.ports)
                    assert each.verdict is verdict_of(because), (seed, source, destination)
            assert allowed == always, (seed, source, destination)
            assert uncertain == difference(possible, always), (seed, source, destination)


@pytest.mark.parametrize("port", [PortRange(Protocol.TCP, 80, 80), PortRange(Protocol.UDP, 53, 53)])
def test_a_verdict_is_that_of_each_pair_and_port(port: PortRange) -> None:
    number = 0
    for seed in range(CLUSTERS):
        connectivity = random_cluster(seed)
        class_of = {workload_peer(connectivity, each): n for each, n in connectivity.classes.class_of.items()}
        asked = (Asked(to_itself=True, port=port), Asked(to_itself=True))
        for pair in (pair for each in asked for pair in Connections(connectivity, each).pairs()):
            ends = pair.source, pair.destination
            if pair.verdict is Verdict.ALLOWED or not pair.ports.has(port.protocol, port.first):
                continue
            if isinstance(ends[0], ShownPeer) and isinstance(ends[1], ShownPeer):
                source, destination = (class_of[each.peer] for each in ends if isinstance(each, ShownPeer))
                because = reasons(connectivity, source, destination, port_set([port]))
                assert pair.verdict is verdict_of(because), (seed, source, destination)
                number += 1
    assert number > CLUSTERS


EVERYWHERE, HALVES = "ipBlock: {cidr: 0.0.0.0/0}", "ipBlock: {cidr: 0.0.0.0/1}}, {ipBlock: {cidr: 128.0.0.0/1}"


def _doubtful(app: str, on_80: str, on_443: str, direction: str = "Ingress") -> list[str]:
    """Return a workload whose policies allow pods only with some plugins, on one of the ports maybe never."""
    return [
        deployment(app, f"app: {app}"),
        policy(f"app: {app}", name=f"{app}-80", peer=on_80, ports="port: 80", direction=direction),
        policy(f"app: {app}", name=f"{app}-443", peer=on_443, ports="port: 443", direction=direction),
    ]


@pytest.mark.parametrize("port", [None, PortRange(Protocol.TCP, 80, 80)])
@pytest.mark.parametrize("direction", ["Ingress", "Egress"])
def test_each_port_has_the_verdict_of_its_own_doubts(direction: str, port: PortRange | None) -> None:
    one, two = _doubtful("one", EVERYWHERE, HALVES, direction), _doubtful("two", HALVES, EVERYWHERE, direction)
    connectivity = Connectivity(cluster_of(*one, *two, deployment("web", "app: web"), deployment("api", "app: api")))
    found = {
        (str(here.peer.name), str(each.ports)): each.verdict
        for each in Connections(connectivity, Asked(port=port)).pairs()
        for here, there in [
            (each.source, each.destination) if direction == "Egress" else (each.destination, each.source)
        ]
        if isinstance(here, ShownPeer) and isinstance(there, ShownPeer) and there.peer.name == "web"
        if here.peer.name in ("one", "two") and each.verdict is not Verdict.ALLOWED
    }
    every = {
        ("one", "TCP 80"): Verdict.DEPENDS,
        ("one", "TCP 443"): Verdict.UNKNOWN,
        ("two", "TCP 80"): Verdict.UNKNOWN,
        ("two", "TCP 443"): Verdict.DEPENDS,
    }
    assert found == (every if port is None else {key: verdict for key, verdict in every.items() if "443" not in key[1]})


def test_peers_of_one_rule_have_doubts_of_their_own() -> None:
    peers = f"{EVERYWHERE}}}, {{namespaceSelector: {{matchLabels: {{team: a}}}}"
    connectivity = Connectivity(
        cluster_of(
            *(namespace(each) for each in ("prod", "known")),
            *(deployment(each, f"app: {each}", namespace=each) for each in ("known", "unseen")),
            deployment("web", "app: web"),
            policy("app: web", name="web", peer=peers),
        )
    )
    found = {
        str(each.source.peer.name): each.verdict
        for each in Connections(connectivity).pairs()
        if isinstance(each.source, ShownPeer) and isinstance(each.destination, ShownPeer)
        if each.destination.peer.name == "web"
    }
    # Whether namespace unseen has the label is not known; namespace known has not.
    assert found == {"known": Verdict.DEPENDS, "unseen": Verdict.UNKNOWN}


def test_groups_hold_each_peer_once_and_behave_alike() -> None:
    for seed in range(0, CLUSTERS, 5):
        connectivity = random_cluster(seed)
        groups = list(Groups(connectivity).every)
        assert sum(groups) == connectivity.everything
        assert sum(each.bit_count() for each in groups) == connectivity.everything.bit_count()
        for group in groups:
            members = [each for each in range(connectivity.everything.bit_length()) if group >> each & 1]
            for reading in (connectivity.certain, connectivity.possible):
                assert len({reading.row(each) for each in members}) == 1, seed


WEB_DB = (
    deployment("web", "app: web"),
    deployment("api", "app: api"),
    pod("db", "app: db"),
    policy("app: db", peer="podSelector: {matchLabels: {app: web}}", ports="{port: 5432}", name="db"),
)


def pairs(*documents: str, **asked: object) -> set[str]:
    connectivity = Connectivity(cluster_of(*documents, environment=Environment(whole_cluster=True)))
    focus = asked.pop("focus", None)
    if isinstance(focus, str):
        query = parse_peer(focus)
        asked["focus"], asked["workloads"] = numbers(connectivity, query), tuple(workloads(connectivity, query))
    found = Connections(connectivity, Asked(**asked)).pairs()  # type: ignore[arg-type] # as the test says
    return {
        f"{each.source.peer.name} -> {each.destination.peer.name} {each.ports}"
        for each in found
        if isinstance(each.source, ShownPeer) and isinstance(each.destination, ShownPeer)
    }


def test_pairs_are_between_different_workloads() -> None:
    allowed = {"web -> db TCP 5432", "web -> api all ports", "api -> web all ports"}
    assert pairs(*WEB_DB) == allowed | {"db -> web all ports", "db -> api all ports"}


def test_a_workload_may_be_asked_about_itself() -> None:
    both = pairs(*WEB_DB, to_itself=True) - pairs(*WEB_DB)
    assert both == {"web -> web all ports", "api -> api all ports"}


def test_a_focus_is_one_workload_of_those_that_behave_alike() -> None:
    alike = (deployment("one", "app: one"), deployment("two", "app: two"), deployment("three", "app: three"))
    assert pairs(*alike, focus="prod/one") == {
        f"{one} -> {other} all ports"
        for one, other in (("one", "two"), ("one", "three"), ("two", "one"), ("three", "one"))
    }


@pytest.mark.parametrize(
    ("direction", "found"),
    [(Direction.INGRESS, {"web -> db TCP 5432"}), (Direction.EGRESS, {"db -> web all ports", "db -> api all ports"})],
)
def test_a_direction_is_that_of_the_focus(direction: Direction, found: set[str]) -> None:
    assert pairs(*WEB_DB, focus="prod/db", direction=direction) == found


def test_a_port_leaves_others_out() -> None:
    port = PortRange(Protocol.TCP, 5432, 5432)
    assert pairs(*WEB_DB, port=port, focus="prod/db", direction=Direction.INGRESS) == {"web -> db TCP 5432"}
    assert not pairs(*WEB_DB, port=PortRange(Protocol.UDP, 53, 53), focus="prod/db", direction=Direction.INGRESS)


def test_both_ways_of_grouping_hold_the_same_pairs() -> None:
    for seed in range(0, CLUSTERS, 10):
        found = Connections(random_cluster(seed))
        listed = [
            {
                (source, destination, each.ports, each.verdict)
                for each in connections
                for source in each.source.members
                for destination in each.destination.members
                if source != destination
            }
            for connections in (found.grouped(), found.by_source())
        ]
        workloads_only = [
            {each for each in one if all(isinstance(end, ShownPeer) for end in each[:2])} for one in listed
        ]
        assert workloads_only[0] == workloads_only[1], seed


def test_by_source_each_has_all_addresses_but_its_own_except() -> None:
    documents = []
    for number in range(5):
        labels, block = f"app: web-{number}", f"{{cidr: 0.0.0.0/0, except: [10.0.{number}.0/24]}}"
        documents += [
            deployment(f"web-{number}", labels),
            policy(labels, name=f"web-{number}", direction="Egress", peer=f"ipBlock: {block}"),
        ]
    found = Connections(Connectivity(cluster_of(*documents), families=(4,)), Asked(direction=Direction.EGRESS))
    addresses = {
        str(source.peer.name): [str(end) for end in each.destination.members if isinstance(end, AddressRange)]
        for each in found.by_source()
        for source in each.source.members
        if isinstance(source, ShownPeer) and each.verdict is Verdict.ALLOWED
    }
    assert addresses == {
        f"web-{number}": [f"0.0.0.0-{before}", f"10.0.{number + 1}.0-255.255.255.255"]
        for number, before in enumerate(["9.255.255.255", *(f"10.0.{each}.255" for each in range(4))])
    }


def test_variants_of_a_controllers_pods_are_told_apart() -> None:
    owner = "ownerReferences: [{kind: ReplicaSet, name: old, controller: true}]"
    pods = [
        f"apiVersion: v1\nkind: Pod\nmetadata: {{name: old-{app}, namespace: prod, labels: {{app: {app}}}, {owner}}}\n"
        for app in ("web", "db")
    ]
    connectivity = Connectivity(cluster_of(*pods, policy("app: db", name="db")))
    members = {str(each) for pair in Connections(connectivity).pairs() for each in (pair.source, pair.destination)}
    assert any("('app', 'web')" in each and "name='old'" in each for each in members)
    assert any("('app', 'db')" in each for each in members)
