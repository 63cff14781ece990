"""Port numbers and names: whose they are, and when nobody can tell."""

from __future__ import annotations

import pytest

from k8snetlint import Config, Finding, Source, lint

RULE = "netpol-port-of-another-workload"
POLICY = """\
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: p, namespace: shop}
spec: {podSelector: {matchLabels: {app: web}}, ingress: [{ports: [{port: 5432}]}]}
"""
EGRESS = """\
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: p, namespace: shop}
spec:
  podSelector: {}
  policyTypes: [Egress]
  egress: [{to: [{podSelector: {matchLabels: {app: web}}}], ports: [{port: 5432}]}]
"""


def pod(name: str, ports: str, more: str = "", *, namespace: str = "shop", notes: str = "") -> str:
    return (
        f"apiVersion: v1\nkind: Pod\nmetadata:\n  name: {name}\n  namespace: {namespace}\n  labels: {{app: {name}}}\n"
        f"  annotations: {{{notes}}}\nspec:\n  containers:\n  - name: c\n    image: i\n    ports: [{ports}]\n{more}"
    )


def service(name: str, ports: str, selector: str = "") -> str:
    return (
        f"apiVersion: v1\nkind: Service\nmetadata: {{name: {name}, namespace: shop}}\n"
        f"spec: {{selector: {{app: {selector or name}}}, ports: [{ports}]}}\n"
    )


def config_map(data: str, name: str = "settings") -> str:
    return f"apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: {name}, namespace: shop}}\ndata: {{a: '{data}'}}\n"


WEB = pod("web", "{containerPort: 8080}")
DB = pod("db", "{containerPort: 5432}")
SERVICE = service("db", "{port: 5432}")


def found(*documents: str) -> list[Finding]:
    report = lint([Source.of("all.yaml", "---\n".join(documents))], Config())
    assert [each.message for each in report.findings if each.id == "internal-error"] == []
    return [each for each in report.findings if each.id == RULE]


@pytest.mark.parametrize(
    "documents",
    [
        pytest.param((POLICY, WEB, DB, SERVICE), id="ingress"),
        pytest.param((EGRESS, WEB, DB, SERVICE), id="egress"),
        pytest.param(
            (POLICY, WEB, pod("db", "{containerPort: 5432, name: sql}"), service("db", "{port: 1, targetPort: sql}")),
            id="a Service by the port's name",
        ),
        pytest.param(
            (POLICY, pod("web", "{containerPort: 8080}", "    args: ['15432', '54321']\n"), DB, SERVICE),
            id="other numbers that hold it",
        ),
        pytest.param(
            (POLICY, WEB, DB, SERVICE, pod("other", "{containerPort: 5432}", namespace="blog")),
            id="another namespace declares it",
        ),
        pytest.param(
            (
                POLICY,
                pod("web", "{containerPort: 8080}", "    envFrom: [{configMapRef: {name: settings}}]\n"),
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

    assert finding.message.startswith("port 5432 is a port of Pod db, and no pod ")
    assert [each.message for each in finding.related] == ["Pod db declares it here", "Service db sends to it"]


READING = {
    "envFrom": "    envFrom: [{configMapRef: {name: settings}}]\n",
    "env": "    env: [{name: A, valueFrom: {configMapKeyRef: {name: settings, key: a}}}]\n",
    "volume": "  volumes: [{name: v, configMap: {name: settings}}]\n",
    "projected volume": "  volumes: [{name: v, projected: {sources: [{configMap: {name: settings}}]}}]\n",
}


@pytest.mark.parametrize("how", READING)
@pytest.mark.parametrize("there", [[config_map("listen 5432;")], [], [config_map("a"), config_map("b") + "---\n"]])
def test_a_configmap_that_the_pods_read_may_say_it(how: str, there: list[str]) -> None:
    web = pod("web", "{containerPort: 8080}", READING[how])

    assert found(POLICY, web, DB, SERVICE, *there) == []


@pytest.mark.parametrize(
    "web",
    [
        pytest.param(pod("web", "{containerPort: 8080}", "    args: ['--sql=:5432']\n"), id="an argument"),
        pytest.param(
            pod("web", "{containerPort: 8080}", "    env: [{name: A, value: '5432'}]\n"), id="an environment value"
        ),
        pytest.param(
            pod("web", "{containerPort: 8080}", "    livenessProbe: {tcpSocket: {port: 5432}}\n"), id="a probe"
        ),
        pytest.param(pod("web", "{containerPort: 8080}", notes="prometheus.io/port: '5432'"), id="an annotation"),
        pytest.param(pod("web", ""), id="no ports at all"),
        pytest.param(pod("web", "{containerPort: 5432}"), id="declared"),
        pytest.param(pod("web", "{containerPort: 5432, protocol: UDP}"), id="declared for another protocol"),
    ],
)
def test_pods_that_may_serve_it(web: str) -> None:
    assert found(POLICY, web, DB, SERVICE) == []


@pytest.mark.parametrize(
    "others",
    [
        pytest.param([DB], id="no Service"),
        pytest.param([DB, service("db", "{port: 5432, targetPort: 1}")], id="its Service sends elsewhere"),
        pytest.param([DB, SERVICE, pod("cache", "{containerPort: 5432}")], id="two declare it"),
        pytest.param([SERVICE, pod("db", "{containerPort: 5432, protocol: UDP}")], id="another protocol"),
        pytest.param(
            [DB, SERVICE, service("web", "{port: 5432, targetPort: 8080}")], id="a Service of the pods has it"
        ),
        pytest.param(
            [DB, SERVICE, service("web", "{port: 1, targetPort: 5432}")], id="a Service of the pods sends to it"
        ),
        pytest.param([pod("db", "{containerPort: 5432}", namespace="blog"), SERVICE], id="another namespace"),
    ],
)
def test_others_whose_port_it_may_not_be(others: list[str]) -> None:
    assert found(POLICY, WEB, *others) == []
