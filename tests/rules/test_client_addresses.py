"""Which ipBlocks are for clients whose addresses do not arrive at the pods."""

from __future__ import annotations

import pytest
from manifests import deployment, policy, service

from k8snetlint import Config, Source, lint
from k8snetlint.model.environment import Environment

RULE = "netpol-ipblock-behind-snat"
WEB = deployment("web", ports="{name: http, containerPort: 8080}")
BALANCER = service("web", spec="type: LoadBalancer", ports="{port: 80, targetPort: 8080}")
POD = "statefulset.kubernetes.io/pod-name: web"
EACH = service("web", f"{POD}-1", spec="type: LoadBalancer", ports="{port: 80, targetPort: 8080}")
INSIDE = service("web", ports="{port: 80, targetPort: 8080}")
INGRESS = (
    "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: shop, namespace: prod}\n"
    "spec: {defaultBackend: {service: {name: web, port: {number: 80}}}}\n"
)
TEMPLATE = "apiVersion: v1\nkind: Service\nmetadata:\n  {{- labels }}\n"


def block(cidr: str = "203.0.113.0/24", ports: str = "", labels: str = "app: web") -> str:
    """Return a policy with an ingress rule for a block."""
    return policy(labels, name="web", peer=f"ipBlock: {{cidr: '{cidr}'}}", ports=ports)


def reported(*files: str, cni: str = "") -> list[str]:
    """Return the messages of the rule."""
    sources = [Source.of(f"{number}.yaml", text) for number, text in enumerate(files)]
    found = lint(sources, Config(environment=Environment(cni=cni))).findings
    return [each.message for each in found if each.id == RULE]


@pytest.mark.parametrize(
    "files",
    [
        pytest.param((block(), WEB, BALANCER), id="a LoadBalancer"),
        pytest.param((block(), WEB, BALANCER.replace("LoadBalancer", "NodePort")), id="a NodePort"),
        pytest.param((block(), WEB, INSIDE, INGRESS), id="an Ingress"),
        pytest.param((block(ports="{port: 8080}"), WEB, BALANCER), id="the target port"),
        pytest.param((block(ports="{port: 9}, {port: http}"), WEB, BALANCER), id="the name of the target port"),
        pytest.param((block("2001:db8::/32"), WEB, BALANCER), id="IPv6"),
        pytest.param((block("198.51.100.7/32"), WEB, BALANCER), id="one client"),
        pytest.param((block(labels=""), WEB, BALANCER), id="every pod"),
        pytest.param((block(), WEB, BALANCER.replace("type:", "externalTrafficPolicy: Cluster, type:")), id="Cluster"),
    ],
)
def test_other_addresses_arrive(files: tuple[str, ...]) -> None:
    assert len(reported(*files)) == 1


@pytest.mark.parametrize(
    "files",
    [
        pytest.param((block(), WEB, BALANCER.replace("type:", "externalTrafficPolicy: Local, type:")), id="Local"),
        pytest.param((block(), WEB, INSIDE), id="no clients from outside"),
        pytest.param(
            (
                block(),
                WEB,
                BALANCER,
                INSIDE.replace("{name: web,", "{name: b,").replace(
                    "spec: {", "spec: {type: NodePort, externalTrafficPolicy: Local, "
                ),
            ),
            id="another Service with Local",
        ),
        pytest.param((block("10.0.0.0/8"), WEB, BALANCER), id="a private network, perhaps of nodes"),
        pytest.param((block("0.0.0.0/0"), WEB, BALANCER), id="all addresses"),
        pytest.param((block("0.0.0.0/1"), WEB, BALANCER), id="a network with private ones in it"),
        pytest.param((block("130.211.0.0/22"), WEB, BALANCER), id="load balancers of Google"),
        pytest.param((block("nonsense"), WEB, BALANCER), id="not a CIDR"),
        pytest.param((block(ports="{port: 9090}"), WEB, BALANCER), id="another port"),
        pytest.param((block(ports="{port: 8080, protocol: UDP}"), WEB, BALANCER), id="another protocol"),
        pytest.param((block(labels="app: db"), WEB, BALANCER), id="other pods"),
        pytest.param((block(labels=f"{POD}-0"), WEB, EACH), id="another pod of the same workload"),
        pytest.param((block().replace("[Ingress]", "[Egress]"), WEB, BALANCER), id="ingress is not isolated"),
        pytest.param((block(), WEB.replace("containerPort", "hostPort: 80, containerPort"), BALANCER), id="a hostPort"),
        pytest.param(
            (
                block(),
                WEB,
                service("web", spec="type: LoadBalancer", ports="{port: 80, targetPort: 8080}").replace(
                    "namespace: prod", "namespace: prod, annotations: {cloud.google.com/neg: '{}'}"
                ),
            ),
            id="an annotation by which the addresses arrive",
        ),
        pytest.param((block(), WEB, BALANCER.replace("prod", "test")), id="a Service of another namespace"),
        pytest.param((block(), WEB, BALANCER, TEMPLATE), id="Services may be missing"),
    ],
)
def test_addresses_of_clients_may_arrive(files: tuple[str, ...]) -> None:
    assert reported(*files) == []


@pytest.mark.parametrize(
    ("cni", "times"),
    [("", 1), ("kube-router", 1), ("cilium", 0), ("cilium@1.16", 0), ("calico", 0), ("flannel@0.24.0", 0)],
)
def test_plugins(cni: str, times: int) -> None:
    assert len(reported(block(), WEB, BALANCER, cni=cni)) == times


def test_each_rule_is_reported_once() -> None:
    blocks = "ipBlock: {cidr: 203.0.113.0/24}}, {ipBlock: {cidr: 198.51.100.0/24}"
    (message,) = reported(policy("app: web", peer=blocks), WEB, BALANCER)
    assert message.startswith(
        "clients in 203.0.113.0/24 reach Deployment web through Service web, so their connections"
    )
