"""Port numbers and names: whose they are, and when nobody can tell."""

from __future__ import annotations

import pytest
from manifests import manifest, pod, policy, service, together

from k8snetlint import Config, Finding, Source, lint

RULE = "netpol-port-of-another-workload"
POLICY = policy("app: web", peer="", ports="{port: 5432}")
EGRESS = policy(direction="Egress", peer="podSelector: {matchLabels: {app: web}}", ports="{port: 5432}")
HTTP, SQL = "{containerPort: 8080}", "{containerPort: 5432}"


def config_map(data: str, name: str = "settings") -> str:
    return manifest("v1", "ConfigMap", name) + f"data: {{a: '{data}'}}\n"


WEB = pod("web", ports=HTTP)
DB = pod("db", ports=SQL)
SERVICE = service("db", ports="{port: 5432}")


def found(*documents: str) -> list[Finding]:
    report = lint([Source.of("all.yaml", together(*documents))], Config())
    assert [each.message for each in report.findings if each.id == "internal-error"] == []
    return [each for each in report.findings if each.id == RULE]


@pytest.mark.parametrize(
    "documents",
    [
        pytest.param((POLICY, WEB, DB, SERVICE), id="ingress"),
        pytest.param((EGRESS, WEB, DB, SERVICE), id="egress"),
        pytest.param(
            (
                POLICY,
                WEB,
                pod("db", ports="{containerPort: 5432, name: sql}"),
                service("db", ports="{port: 1, targetPort: sql}"),
            ),
            id="a Service by the port's name",
        ),
        pytest.param(
            (POLICY, pod("web", ports=HTTP, container="args: ['15432', '54321']"), DB, SERVICE),
            id="other numbers that hold it",
        ),
        pytest.param(
            (POLICY, WEB, DB, SERVICE, pod("other", ports=SQL, namespace="blog")),
            id="another namespace declares it",
        ),
        pytest.param(
            (
                POLICY,
                pod("web", ports=HTTP, container="envFrom: [{configMapRef: {name: settings}}]"),
                config_map("port=8081"),
                DB,
                SERVICE,
            ),
            id="a ConfigMap that says nothing of it",
        ),
    ],
)
def test_a_port_of_another_workload(documents: tuple[str, ...]) -> None:
    (finding,) = found(*documents)

    assert finding.message.startswith("port 5432 is declared by Pod db, but by no pod ")
    assert [each.message for each in finding.related] == ["Pod db declares it here", "Service db sends traffic to it"]


READING = {
    "envFrom": ("envFrom: [{configMapRef: {name: settings}}]", ""),
    "env": ("env: [{name: A, valueFrom: {configMapKeyRef: {name: settings, key: a}}}]", ""),
    "volume": ("", "volumes: [{name: v, configMap: {name: settings}}]"),
    "projected volume": ("", "volumes: [{name: v, projected: {sources: [{configMap: {name: settings}}]}}]"),
}


@pytest.mark.parametrize("how", READING)
@pytest.mark.parametrize("there", [[config_map("listen 5432;")], [], [config_map("a"), config_map("b")]])
def test_a_configmap_that_the_pods_read_may_say_it(how: str, there: list[str]) -> None:
    container, spec = READING[how]
    web = pod("web", ports=HTTP, container=container, pod=spec)

    assert found(POLICY, web, DB, SERVICE, *there) == []


@pytest.mark.parametrize(
    "web",
    [
        pytest.param(pod("web", ports=HTTP, container="args: ['--sql=:5432']"), id="an argument"),
        pytest.param(pod("web", ports=HTTP, container="env: [{name: A, value: '5432'}]"), id="an environment value"),
        pytest.param(pod("web", ports=HTTP, container="livenessProbe: {tcpSocket: {port: 5432}}"), id="a probe"),
        pytest.param(pod("web", ports=HTTP, annotations="prometheus.io/port: '5432'"), id="an annotation"),
        pytest.param(pod("web"), id="no ports at all"),
        pytest.param(pod("web", ports=SQL), id="declared"),
        pytest.param(pod("web", ports="{containerPort: 5432, protocol: UDP}"), id="declared for another protocol"),
    ],
)
def test_pods_that_may_serve_it(web: str) -> None:
    assert found(POLICY, web, DB, SERVICE) == []


@pytest.mark.parametrize(
    "others",
    [
        pytest.param([DB], id="no Service"),
        pytest.param([DB, service("db", ports="{port: 5432, targetPort: 1}")], id="its Service sends elsewhere"),
        pytest.param([DB, SERVICE, pod("cache", ports=SQL)], id="two declare it"),
        pytest.param([SERVICE, pod("db", ports="{containerPort: 5432, protocol: UDP}")], id="another protocol"),
        pytest.param(
            [DB, SERVICE, service("web", ports="{port: 5432, targetPort: 8080}")], id="a Service of the pods has it"
        ),
        pytest.param(
            [DB, SERVICE, service("web", ports="{port: 1, targetPort: 5432}")], id="a Service of the pods sends to it"
        ),
        pytest.param([pod("db", ports=SQL, namespace="blog"), SERVICE], id="another namespace"),
    ],
)
def test_others_whose_port_it_may_not_be(others: list[str]) -> None:
    assert found(POLICY, WEB, *others) == []
