"""Explanations: they say what the rows say, the rules that they cite allow it, and the others name what they lack."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from manifests import cluster_of, deployment, namespace, pod, policy, service
from random_clusters import PORTS, Generator

from k8snetlint import Source
from k8snetlint.connectivity.answers import answers, ends_of, ends_of_destination
from k8snetlint.connectivity.destinations import find_destination, parse_destination
from k8snetlint.connectivity.engine import Connectivity
from k8snetlint.connectivity.explain import explain
from k8snetlint.connectivity.port_sets import ALL, NONE, difference, intersection, port_set
from k8snetlint.connectivity.profiles import profile_of
from k8snetlint.connectivity.query import parse_peer
from k8snetlint.finding import ConfigError
from k8snetlint.model.cluster import Cluster
from k8snetlint.model.environment import Environment
from k8snetlint.model.ports import PortRange, Protocol
from k8snetlint.model.resource import resource_of

if TYPE_CHECKING:
    from k8snetlint.connectivity.answers import Answer

CLUSTERS = int(os.environ.get("K8SNETLINT_CLUSTERS", "200")) // 8
_SOURCE = Source.of("random.yaml", "")
_PORTS = (ALL, *(port_set([PortRange(Protocol(name), number, number)]) for name, number in PORTS[::4]))


@pytest.mark.parametrize("whole", [True, False])
def test_explanations_say_what_the_rows_say(*, whole: bool) -> None:
    for seed in range(CLUSTERS):
        manifests = Generator(seed).manifests()
        resources = tuple(resource_of(each, _SOURCE, number) for number, each in enumerate(manifests))
        connectivity = Connectivity(Cluster(resources, Environment(whole_cluster=whole)))
        every = range(connectivity.everything.bit_length())
        for source, destination in ((one, other) for one in every for other in every):
            if source >= connectivity.offset <= destination:
                continue
            always, possible = connectivity.ports_between(source, destination)
            for ports in _PORTS:
                found = explain(connectivity, source, destination, ports)
                assert found.allowed == intersection(always, ports)
                assert found.possible == intersection(possible, ports)
                assert bool(found.because) == (found.allowed != found.possible)
                for direction in (found.egress, found.ingress):
                    rules = [(policy.certain, rule) for policy in direction.policies for rule in policy.rules]
                    for certain, rule in rules:
                        # Each rule that is cited allows these ports, and each other one lacks something.
                        assert not certain or difference(rule.allowed, direction.allowed) == NONE
                        assert difference(rule.possible, direction.possible) == NONE
                        assert (rule.miss is None) == (rule.possible != NONE)
                        assert rule.miss is None or (rule.miss.conditions and rule.miss.distance > 0)
                        assert bool(rule.because) == (rule.allowed != rule.possible)


_WEB = deployment("web", "app: web, tier: back", ports="{containerPort: 8080, name: http}")
_DB = deployment("db", "app: db", ports="{containerPort: 5432, name: sql}")


def _answers(*documents: str, source: str, to: str, cni: str = "", whole: bool = False) -> list[Answer]:
    cluster = cluster_of(*documents, environment=Environment(whole_cluster=whole))
    connectivity = Connectivity(cluster, profile=profile_of(cni))
    query = parse_destination(to)
    destination = find_destination(connectivity, query)
    return list(
        answers(
            connectivity,
            ends_of(connectivity, parse_peer(source)),
            ends_of_destination(connectivity, destination),
            destination,
        )
    )


def _misses(rule_policy: str, *, source: str) -> list[str]:
    """Return what the nearest rule of the policy lacks, with the field that it is written in."""
    (answer,) = _answers(
        _WEB, _DB, deployment("job", "app: job", namespace="dev"), rule_policy, source=source, to="prod/db:5432"
    )
    (explained,) = answer.explanation.ingress.policies
    nearest = explained.nearest
    assert nearest is not None
    assert nearest.miss is not None
    return [f"{each.place.field}: {each.text}" for each in nearest.miss.conditions]


_PEER = "spec.ingress[0].from[0]"


@pytest.mark.parametrize(
    ("rule_policy", "source", "found"),
    [
        pytest.param(
            policy("app: db", peer="podSelector: {matchLabels: {app: web, tier: front}}"),
            "prod/web",
            [f"{_PEER}.podSelector.matchLabels.tier: label tier expects front, the pod has back"],
            id="a label differs",
        ),
        pytest.param(
            policy("app: db", peer="podSelector: {matchLabels: {team: a}}"),
            "prod/web",
            [f"{_PEER}.podSelector.matchLabels.team: label team expects a, the pod has none"],
            id="a label is missing",
        ),
        pytest.param(
            policy("app: db", peer="podSelector: {matchExpressions: [{key: tier, operator: DoesNotExist}]}"),
            "prod/web",
            [f"{_PEER}.podSelector.matchExpressions[0]: label tier must not exist, the pod has back"],
            id="an expression",
        ),
        pytest.param(
            policy("app: db", peer="podSelector: {matchLabels: {app: web}}", ports="{port: 3306}"),
            "prod/web",
            ["spec.ingress[0].ports[0].port: allows TCP 3306, not TCP 5432"],
            id="the port differs",
        ),
        pytest.param(
            policy("app: db", ports="{port: 5432, protocol: UDP}, {port: 80}"),
            "prod/web",
            ["spec.ingress[0].ports[0].port: allows TCP 80, UDP 5432, not TCP 5432"],
            id="the protocol differs",
        ),
        pytest.param(
            policy("app: db", ports="{port: http}"),
            "prod/web",
            ["spec.ingress[0].ports[0].port: the destination declares no TCP port named http"],
            id="a name of another port",
        ),
        pytest.param(
            policy("app: db", peer="podSelector: {matchLabels: {app: job}}", ports="{port: 80}"),
            "dev/job",
            [
                (
                    f"{_PEER}.podSelector: without namespaceSelector only pods in namespace prod match, the pod is in"
                    " namespace dev"
                ),
                "spec.ingress[0].ports[0].port: allows TCP 80, not TCP 5432",
            ],
            id="another namespace, and another port",
        ),
        pytest.param(
            policy("app: db", peer="namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: shop}}"),
            "dev/job",
            [
                (
                    f"{_PEER}.namespaceSelector.matchLabels[kubernetes.io/metadata.name]: namespace shop is expected,"
                    " the pod is in dev"
                )
            ],
            id="a namespace by its name",
        ),
        pytest.param(
            policy("app: db", peer="ipBlock: {cidr: 10.0.0.0/8, except: [10.1.0.0/16]}"),
            "10.1.2.3",
            [f"{_PEER}.ipBlock.except[0]: the address is in 10.1.0.0/16, which is left out of 10.0.0.0/8"],
            id="an address that is left out",
        ),
        pytest.param(
            policy("app: db"),
            "10.1.2.3",
            [f"{_PEER}: a selector matches pods, and no addresses outside of the cluster"],
            id="an address and a selector",
        ),
    ],
)
def test_misses(rule_policy: str, source: str, found: list[str]) -> None:
    assert _misses(rule_policy, source=source) == found


def test_the_nearest_of_several_rules_and_peers() -> None:
    several = """
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: db, namespace: prod}
spec:
  podSelector: {matchLabels: {app: db}}
  ingress:
  - from: [{podSelector: {matchLabels: {app: x, tier: front}}}]
  - from: [{ipBlock: {cidr: 10.0.0.0/8}}, {podSelector: {matchLabels: {app: web, tier: front}}}]
"""
    (answer,) = _answers(_WEB, _DB, several, source="prod/web", to="prod/db", cni="cilium")
    (explained,) = answer.explanation.ingress.policies

    assert explained.nearest is explained.rules[1]
    assert explained.rules[1].miss is not None
    assert [each.text for each in explained.rules[1].miss.conditions] == ["label tier expects front, the pod has back"]


def test_peers_with_the_same_verdict_are_one_answer() -> None:
    labelled = [deployment(f"w{number}", f"app: w{number}, all: w") for number in range(5)]
    closed = policy("app: db", peer="podSelector: {matchLabels: {app: w3}}")
    found = _answers(*labelled, _DB, closed, source="prod?all=w", to="prod/db:80")

    assert [[*map(str, each.sources)] for each in found] == [
        ["prod/w0", "prod/w1", "prod/w2", "prod/w4"],
        ["prod/w3"],
    ]
    assert [each.is_always_allowed for each in found] == [False, True]
    assert [each.is_always_denied for each in found] == [True, False]


_SERVICES = (
    service("web", "app: web", ports="{port: 80, targetPort: http, name: web}"),
    service("plain", "app: db", ports="{port: 5432}"),
    service("bare", "app: db", spec="clusterIP: None", ports="{port: 80, targetPort: 5432}"),
    service("outside", spec="type: ExternalName, externalName: example.com"),
    service("nowhere", spec="type: ExternalName"),
)


@pytest.mark.parametrize(
    ("text", "ports"),
    [
        pytest.param("prod/web", "all ports", id="a workload"),
        pytest.param("prod/web:8080", "TCP 8080", id="a port"),
        pytest.param("prod/web:53/udp", "UDP 53", id="a protocol"),
        pytest.param("prod/web:http", "TCP 8080", id="a port of the pods by its name"),
        pytest.param("web.prod.svc:80", "TCP 8080", id="a Service"),
        pytest.param("web.prod.svc.cluster.local:web", "TCP 8080", id="a port of a Service by its name"),
        pytest.param("web.prod.svc", "TCP 8080", id="all ports of a Service"),
        pytest.param("prod/service/web:80", "TCP 8080", id="a Service by its kind"),
        pytest.param("prod/plain:5432", "TCP 5432", id="a Service and no workload"),
        pytest.param("bare.prod.svc:80", "TCP 80", id="a headless Service"),
        pytest.param("10.0.0.1:443", "TCP 443", id="an address"),
        pytest.param("[fd00::1]:443", "TCP 443", id="an IPv6 address"),
        pytest.param("fd00::1", "all ports", id="an IPv6 address without a port"),
        pytest.param("10.0.0.0/8:443/TCP", "TCP 443", id="a network"),
        pytest.param("internet:443", "TCP 443", id="the internet"),
    ],
)
def test_destinations(text: str, ports: str) -> None:
    connectivity = Connectivity(cluster_of(_WEB, _DB, *_SERVICES))
    found = find_destination(connectivity, parse_destination(text))

    assert {*map(str, found.ports.values())} == {ports}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("prod/web:0", "`0` is not a port; use 1 to 65535"),
        ("prod/web:80/icmp", "`icmp` is not a protocol of ports; use TCP, UDP or SCTP"),
        ("prod/web:grpc", "`prod/web` declares no port named `grpc`"),
        ("web.prod.svc:81", "Service prod/web has no port 81/TCP; it has 80/TCP"),
        ("wbe.prod.svc:80", "no Service `wbe.prod.svc`"),
        ("outside.prod.svc:80", "Service prod/outside is another name for `example.com`; name that instead"),
        ("nowhere.prod.svc:80", "Service prod/nowhere is of type ExternalName and has no externalName"),
        ("prod/wbe:80", "no workload `prod/wbe`; did you mean `prod/web`?"),
    ],
)
def test_what_is_no_destination(text: str, message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        find_destination(Connectivity(cluster_of(_WEB, _DB, *_SERVICES)), parse_destination(text))

    assert str(caught.value).startswith(message)


def test_a_destination_says_how_it_was_found() -> None:
    connectivity = Connectivity(cluster_of(_WEB, _DB, *_SERVICES))

    def notes(text: str) -> tuple[str, ...]:
        return find_destination(connectivity, parse_destination(text)).notes

    assert notes("web.prod.svc:80") == (
        "port 80/TCP of Service prod/web leads to TCP 8080 of its pods: policies see that",
    )
    assert notes("prod/web:80") == ("this is about port 80 of the pods; web.prod.svc:80 leads to their port 8080",)
    assert notes("prod/web:http") == ("port http of the pods is TCP 8080",)
    assert notes("prod/web:8080") == ()


@pytest.mark.parametrize(
    ("source", "to", "message"),
    [
        ("10.0.0.1", "internet", "both ends are addresses outside of the cluster"),
        ("ingress-controller", "prod/db", "`ingress-controller` is nothing in this cluster, which has no Ingress"),
        ("any-namespace", "prod/db", "`any-namespace` is nothing in this cluster, which has no other namespaces"),
    ],
)
def test_questions_without_an_answer(source: str, to: str, message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        _answers(namespace("prod"), _WEB, _DB, source=source, to=to, whole=True)

    assert str(caught.value).startswith(message)


def test_the_network_of_a_node() -> None:
    node = pod("node", "app: node", pod="hostNetwork: true")
    (answer,) = _answers(node, _DB, policy("app: db", peer=""), source="prod/node", to="prod/db:5432")

    assert answer.explanation.egress.on_host
    assert answer.explanation.ingress.unprotected
    assert [str(verdict) for verdict, _ in answer.verdicts()] == ["depends"]
