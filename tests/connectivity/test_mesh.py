"""Connections of pods in an ambient mesh: policies see the port of the tunnel."""

from __future__ import annotations

import pytest
from manifests import cluster_of
from random_clusters import Generator

from k8snetlint import Source
from k8snetlint.connectivity.deciding import decide
from k8snetlint.connectivity.engine import Connectivity
from k8snetlint.connectivity.query import numbers, parse_peer
from k8snetlint.connectivity.reasons import TUNNEL, verdict_of
from k8snetlint.connectivity.uncertain import reasons
from k8snetlint.model.bitsets import first
from k8snetlint.model.cluster import Cluster
from k8snetlint.model.environment import Environment
from k8snetlint.model.ports import Protocol
from k8snetlint.model.resource import resource_of
from k8snetlint.rules.usual_objects import namespace, workload

MESH = namespace("shop", "istio.io/dataplane-mode: ambient")
LEFT_OUT = "istio.io/dataplane-mode: none"


def admits(ports: str, peer: str = "podSelector: {}") -> str:
    """Return a policy that lets pods in on some ports."""
    rule = f"{{from: [{{{peer}}}]{f', ports: [{ports}]' if ports else ''}}}"
    spec = f"podSelector: {{matchLabels: {{app: db}}}}, policyTypes: [Ingress], ingress: [{rule if peer else ''}]"
    metadata = "metadata: {name: db, namespace: shop}"
    return f"apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\n{metadata}\nspec: {{{spec}}}\n"


@pytest.mark.parametrize(
    ("policy", "port", "verdict"),
    [
        pytest.param("", 8080, "allowed", id="no policy"),
        pytest.param(admits(""), 8080, "allowed", id="all ports"),
        pytest.param(admits("", ""), 8080, "denied", id="no rule"),
        pytest.param(admits("", "podSelector: {matchLabels: {app: x}}"), 8080, "denied", id="other pods"),
        pytest.param(admits("{port: 8080}"), 8080, "depends", id="the port of the pods only"),
        pytest.param(admits("{port: 8080}"), 9090, "denied", id="neither the port nor the tunnel"),
        pytest.param(admits("{port: 15008}"), 8080, "depends", id="the tunnel only"),
        pytest.param(admits("{port: 8080}, {port: 15008}"), 8080, "allowed", id="both"),
    ],
)
def test_between_pods_of_a_mesh(policy: str, port: int, verdict: str) -> None:
    pods = (workload("Deployment", "web", namespace="shop"), workload("Deployment", "db", namespace="shop"))
    connectivity = Connectivity(cluster_of(MESH, *pods, *filter(None, [policy])))
    web, db = (first(numbers(connectivity, parse_peer(each))) for each in ("web", "db"))

    always, possible = connectivity.ports_between(web, db)
    because = reasons(connectivity, web, db)

    if always.has(Protocol.TCP, port):
        assert verdict == "allowed"
    elif possible.has(Protocol.TCP, port):
        assert verdict_of(because) == verdict
        assert because == (TUNNEL,)
    else:
        assert verdict == "denied"


@pytest.mark.parametrize(
    ("web", "db"),
    [
        pytest.param({"labels": f"app: web, {LEFT_OUT}"}, {}, id="a source that is left out"),
        pytest.param({}, {"labels": f"app: db, {LEFT_OUT}"}, id="a destination that is left out"),
        pytest.param({"namespace": "other"}, {}, id="another namespace"),
        pytest.param({"pod": "hostNetwork: true"}, {}, id="the network of a node"),
    ],
)
def test_the_tunnel_needs_both_ends(web: dict[str, str], db: dict[str, str]) -> None:
    pods = (
        workload("Deployment", "web", **{"namespace": "shop", **web}),
        workload("Deployment", "db", **{"namespace": "shop", **db}),
    )
    peers = "namespaceSelector: {}"
    connectivity = Connectivity(cluster_of(MESH, namespace("other"), *pods, admits("{port: 8080}", peers)))
    one, other = (first(numbers(connectivity, parse_peer(each))) for each in ("web", "db"))

    assert TUNNEL not in reasons(connectivity, one, other)


def test_udp_is_not_tunnelled() -> None:
    pods = (workload("Deployment", "web", namespace="shop"), workload("Deployment", "db", namespace="shop"))
    connectivity = Connectivity(cluster_of(MESH, *pods, admits("{port: 53, protocol: UDP}")))
    web, db = (first(numbers(connectivity, parse_peer(each))) for each in ("web", "db"))

    always, possible = connectivity.ports_between(web, db)

    assert always == possible
    assert always.has(Protocol.UDP, 53)


@pytest.mark.parametrize("whole", [True, False])
def test_decisions_are_the_rows_and_uncertain_ones_have_reasons(*, whole: bool) -> None:
    tunnelled = 0
    for seed in range(100):
        manifests = Generator(seed).manifests()
        for number, each in enumerate(manifests):
            if each["kind"] == "Namespace" and (seed + number) % 3:
                each["metadata"]["labels"]["istio.io/dataplane-mode"] = "ambient"
        source = Source.of("random.yaml", "")
        resources = tuple(resource_of(each, source, number) for number, each in enumerate(manifests))
        connectivity = Connectivity(Cluster(resources, Environment(whole_cluster=whole)))
        for one in range(connectivity.offset):
            for other in range(connectivity.offset):
                always, possible = connectivity.ports_between(one, other)
                decision = decide(connectivity, one, other)
                assert (decision.always, decision.possible) == (always, possible), (seed, one, other)
                because = reasons(connectivity, one, other)
                assert bool(because) == (always != possible), (seed, one, other)
                tunnelled += TUNNEL in because
    assert tunnelled
