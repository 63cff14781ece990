"""What CNI plugins and their versions do differently."""

from __future__ import annotations

import pytest
from manifests import cluster_of, deployment, policy

from k8snetlint.connectivity.assumptions import assumptions_of
from k8snetlint.connectivity.compare import compare
from k8snetlint.connectivity.engine import Connectivity
from k8snetlint.connectivity.explain import explain
from k8snetlint.connectivity.port_sets import port_set
from k8snetlint.connectivity.profiles import parse_cni, profile_of
from k8snetlint.connectivity.query import numbers, parse_peer
from k8snetlint.model.bitsets import first
from k8snetlint.model.ports import PortRange, Protocol

WEB = deployment("web", "app: web")
DB = deployment("db", "app: db", ports="{name: sql, containerPort: 5432}")
RANGE = policy("app: db", ports="{port: 5000, endPort: 5999}")
ALL_PORTS = policy("app: db", ports="{port: 1, endPort: 65535}")
NAME = policy("app: db", ports="{port: sql}")
NO_PORT = policy("app: db", ports="{protocol: TCP}")


def of(*documents: str, cni: str) -> Connectivity:
    return Connectivity(cluster_of(WEB, DB, *documents), profile=profile_of(parse_cni(cni)))


@pytest.mark.parametrize(
    ("written", "cni", "allowed"),
    [
        pytest.param(RANGE, "cilium", {5000, 5432}, id="a range, in the newest version"),
        pytest.param(RANGE, "cilium@1.17", {5000, 5432}, id="a range, in a newer version"),
        pytest.param(RANGE, "cilium@1.16.0", {5000, 5432}, id="a range, in the first version that knows it"),
        pytest.param(RANGE, "cilium@v1.15.9", {5000}, id="a range, in an older version"),
        pytest.param(RANGE, "cilium@1", {5000, 5432}, id="a range, in the newest version 1"),
        pytest.param(RANGE, "cilium@0", {5000}, id="a range, in version 0"),
        pytest.param(ALL_PORTS, "cilium@1.15", {1}, id="a range of all ports is a range"),
        pytest.param(NO_PORT, "cilium@1.15", {1, 5000, 5432, 9999}, id="without a port, no range is written"),
        pytest.param(RANGE, "kube-router@1.2", {5000}, id="kube-router, an older version"),
        pytest.param(RANGE, "kube-router@2.0", {5000, 5432}, id="kube-router, a newer version"),
        pytest.param(RANGE, "antrea@1.0", {5000}, id="Antrea, an older version"),
        pytest.param(NAME, "antrea@1.0", {5432}, id="a name, Antrea"),
        pytest.param(NAME, "antrea@0.3", {1, 5000, 5432, 9999}, id="a name, the first versions of Antrea"),
        pytest.param(NAME, "ovn-kubernetes@1.0", {1, 5000, 5432, 9999}, id="a name, OVN-Kubernetes"),
        pytest.param(NAME, "calico@3.29", {5432}, id="a name, Calico"),
        pytest.param(RANGE, "aws-vpc-cni@1.13", {1, 5000, 5432, 9999}, id="no policies before AWS VPC CNI 1.14"),
        pytest.param(RANGE, "aws-vpc-cni@1.14.1", {5000, 5432}, id="policies from AWS VPC CNI 1.14"),
    ],
)
def test_ports_that_a_plugin_allows(written: str, cni: str, allowed: set[int]) -> None:
    connectivity = of(written, cni=cni)
    web, db = (first(numbers(connectivity, parse_peer(each))) for each in ("web", "db"))

    always, possible = connectivity.ports_between(web, db)

    assert {each for each in (1, 5000, 5432, 9999) if always.has(Protocol.TCP, each)} == allowed
    assert always == possible


def test_a_migration_between_versions_shows_what_changes() -> None:
    older, newer = of(RANGE, cni="cilium@1.15"), of(RANGE, cni="cilium@1.17")

    (change,) = compare(older, newer).changes
    texts = [each.text for each in change.causes]

    assert texts == ["one of the CNI plugins ignores an endPort of NetworkPolicy prod/policy"]
    assert change.widened
    assert not compare(of(RANGE, cni="cilium@1.16"), newer).changes
    assert not compare(of(RANGE, cni="calico@3.29"), newer).changes


def test_a_migration_from_named_ports() -> None:
    (change,) = compare(of(NAME, cni="calico@3.29"), of(NAME, cni="ovn-kubernetes")).changes

    assert change.widened
    assert [each.text for each in change.causes] == [
        "one of the CNI plugins does not resolve a named port of NetworkPolicy prod/policy"
    ]


def test_what_a_plugin_ignores_is_said() -> None:
    ranges, names = of(RANGE, cni="cilium@1.15"), of(NAME, cni="ovn-kubernetes")

    assert (
        "this version of cilium ignores endPort: only the first port of a range counts" in assumptions_of(ranges).texts
    )
    assert any(each.startswith("ovn-kubernetes does not resolve names") for each in assumptions_of(names).texts)
    assert not any("endPort" in each for each in assumptions_of(of(NAME, cni="cilium@1.15")).texts)


def test_the_nearest_miss_says_that_the_range_is_ignored() -> None:
    connectivity = of(RANGE, cni="cilium@1.15")
    web, db = (first(numbers(connectivity, parse_peer(each))) for each in ("web", "db"))

    explanation = explain(connectivity, web, db, port_set([PortRange(Protocol.TCP, 5432, 5432)]))

    (of_policy,) = explanation.ingress.policies
    assert of_policy.nearest is not None
    assert of_policy.nearest.miss is not None
    (condition,) = of_policy.nearest.miss.conditions
    assert condition.text == "allows TCP 5000, not TCP 5432, as this version of cilium ignores endPort"
