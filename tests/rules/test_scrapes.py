"""Policies that close the ports of metrics to Prometheus."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from manifests import together

from k8snetlint import Config, Finding, Severity, Source, lint
from k8snetlint.model.environment import Environment
from k8snetlint.rules import rules_about
from k8snetlint.rules.usual_objects import service, workload

if TYPE_CHECKING:
    from collections.abc import Sequence

BLOCKED = "netpol-metrics-scrape-blocked"
PORTS = "{name: http, containerPort: 8080}, {name: metrics, containerPort: 9090}"
PODS = workload("Deployment", namespace="shop", ports=PORTS)
SERVICE = service(
    namespace="shop", own="app: web", ports="{name: http, port: 80, targetPort: 8080}, {name: metrics, port: 9090}"
)
ASKS = "prometheus.io/scrape: 'true', prometheus.io/port: '9090'"
HTTP_ONLY = "{from: [{namespaceSelector: {}}], ports: [{port: 8080}]}"


def policy(ingress: str, namespace: str = "shop") -> str:
    """Return a policy for these pods; its rules are written as entries in flow style."""
    return (
        f"apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {{name: web, namespace: {namespace}}}\n"
        f"spec: {{podSelector: {{}}, policyTypes: [Ingress], ingress: [{ingress}]}}\n"
    )


def monitor(
    endpoint: str, kind: str = "Service", *, labels: str = "app: web", spec: str = "", space: str = "shop"
) -> str:
    """Return a ServiceMonitor or PodMonitor with one endpoint."""
    field = "endpoints" if kind == "Service" else "podMetricsEndpoints"
    return (
        f"apiVersion: monitoring.coreos.com/v1\nkind: {kind}Monitor\nmetadata: {{name: web, namespace: {space}}}\n"
        f"spec: {{selector: {{matchLabels: {{{labels}}}}}, {field}: [{{{endpoint}}}]{spec}}}\n"
    )


def annotated(annotations: str) -> str:
    """Return the workload with annotations of its pods."""
    return PODS.replace("    metadata: {", f"    metadata: {{annotations: {{{annotations}}}, ")


MONITOR = monitor("port: metrics")


def found(manifests: Sequence[str], environment: Environment | None = None) -> list[Finding]:
    """Return the findings of the rule in one file."""
    report = lint([Source.of("all.yaml", together(*manifests))], Config(environment=environment or Environment()))
    assert not [each for each in report.findings if each.id.startswith(("internal-", "api-", "yaml-"))]
    return [each for each in report.findings if each.id == BLOCKED]


@pytest.mark.parametrize(
    ("asking", "blocked"),
    [
        pytest.param(MONITOR, True, id="a ServiceMonitor"),
        pytest.param(monitor("targetPort: 9090"), True, id="a ServiceMonitor by the number of the pods"),
        pytest.param(monitor("targetPort: metrics"), True, id="a ServiceMonitor by the name of the pods"),
        pytest.param(monitor("targetPort: other"), False, id="a ServiceMonitor by a name that no pod declares"),
        pytest.param(monitor("port: http"), False, id="a ServiceMonitor of the port that is allowed"),
        pytest.param(monitor("port: other"), False, id="a ServiceMonitor of no port"),
        pytest.param(monitor("path: /metrics"), False, id="a ServiceMonitor without a port"),
        pytest.param(monitor("port: metrics", labels="app: api"), False, id="a ServiceMonitor of another Service"),
        pytest.param(monitor("port: metrics", space="monitoring"), False, id="a ServiceMonitor of its own namespace"),
        pytest.param(
            monitor("port: metrics", space="monitoring", spec=", namespaceSelector: {matchNames: [shop]}"),
            True,
            id="a ServiceMonitor of that namespace",
        ),
        pytest.param(
            monitor("port: metrics", space="monitoring", spec=", namespaceSelector: {any: true}"),
            True,
            id="a ServiceMonitor of all namespaces",
        ),
        pytest.param(monitor("port: metrics", labels="app: '${APP}'"), False, id="a placeholder"),
        pytest.param(monitor("port: metrics", "Pod"), True, id="a PodMonitor"),
        pytest.param(monitor("portNumber: 9090", "Pod"), True, id="a PodMonitor by the number"),
        pytest.param(monitor("targetPort: metrics", "Pod"), True, id="a PodMonitor in the old way"),
        pytest.param(monitor("port: other", "Pod"), False, id="a PodMonitor of no port"),
        pytest.param(monitor("port: http", "Pod"), False, id="a PodMonitor of the port that is allowed"),
        pytest.param("", False, id="nothing"),
    ],
)
def test_monitors(asking: str, *, blocked: bool) -> None:
    findings = found((PODS, SERVICE, policy(HTTP_ONLY), *filter(None, [asking])))

    assert [each.severity for each in findings] == [Severity.INFO] * blocked


@pytest.mark.parametrize(
    ("annotations", "blocked"),
    [
        pytest.param(ASKS, True, id="the annotations"),
        pytest.param("prometheus.io/scrape: 'false', prometheus.io/port: '9090'", False, id="they say no"),
        pytest.param("prometheus.io/port: '9090'", False, id="the port only"),
        pytest.param("prometheus.io/scrape: 'true'", False, id="no port"),
        pytest.param("prometheus.io/scrape: 'true', prometheus.io/port: metrics", False, id="a name"),
        pytest.param("prometheus.io/scrape: 'true', prometheus.io/port: '8080'", False, id="the port that is allowed"),
        pytest.param("prometheus.io/scrape: 'true', prometheus.io/port: '15020'", True, id="a port nobody declares"),
    ],
)
def test_annotations_of_pods(annotations: str, *, blocked: bool) -> None:
    assert bool(found((annotated(annotations), policy(HTTP_ONLY)))) is blocked


def test_annotations_of_a_service() -> None:
    asking = SERVICE.replace("metadata: {", f"metadata: {{annotations: {{{ASKS}}}, ")

    (finding,) = found((PODS, asking, policy(HTTP_ONLY)))

    assert "Deployment web on port 9090, where the annotation prometheus.io/scrape" in finding.message


EXPRESSION = "{matchExpressions: [{key: name, operator: In, values: [%s]}]}"


@pytest.mark.parametrize(
    ("ingress", "blocked"),
    [
        pytest.param("{from: [{podSelector: {}}]}", True, id="pods of the namespace"),
        pytest.param(
            "{from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: shop}}}]}", True, id="its name"
        ),
        pytest.param("{from: [{podSelector: {matchLabels: {app: api}}}]}", True, id="other pods"),
        pytest.param("{from: [{podSelector: {matchLabels: {app: prometheus}}}]}", False, id="Prometheus"),
        pytest.param("{from: [{namespaceSelector: {}}]}", False, id="all namespaces"),
        pytest.param("{from: [{namespaceSelector: {matchLabels: {a: b}}}]}", False, id="another namespace"),
        pytest.param("{from: [{namespaceSelector: {}}], ports: [{port: metrics}]}", False, id="the name of the port"),
        pytest.param(
            "{from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: ingress-nginx}}}]}",
            True,
            id="the namespace of an ingress controller",
        ),
        pytest.param(
            "{from: [{namespaceSelector: {}, podSelector: {matchLabels: {app.kubernetes.io/name: traefik}}}]}",
            True,
            id="an ingress controller in any namespace",
        ),
        pytest.param(f"{{from: [{{namespaceSelector: {EXPRESSION % 'traefik'}}}]}}", True, id="an expression for one"),
        pytest.param(f"{{from: [{{namespaceSelector: {EXPRESSION % 'traefik, b'}}}]}}", False, id="another one, too"),
        pytest.param("{from: [{ipBlock: {cidr: 10.0.0.0/8}}]}", False, id="addresses"),
        pytest.param("{ports: [{port: 9090}]}", False, id="any source"),
        pytest.param("{ports: [{port: 8080}]}", True, id="any source on another port"),
    ],
)
def test_what_may_let_prometheus_in(ingress: str, *, blocked: bool) -> None:
    assert bool(found((PODS, SERVICE, policy(ingress), MONITOR))) is blocked


OWN = "{from: [{podSelector: {}}]}"
OPERATED = "apiVersion: monitoring.coreos.com/v1\nkind: Prometheus\nmetadata: {name: a, namespace: shop}\n"


@pytest.mark.parametrize(
    ("documents", "blocked"),
    [
        pytest.param((policy(OWN),), True, id="it is not shown"),
        pytest.param((policy(OWN), workload("Deployment", "prometheus", namespace="shop")), False, id="a workload"),
        pytest.param((policy(OWN), OPERATED), False, id="an object of the operator"),
        pytest.param((policy(OWN), OPERATED.replace("shop", "other")), True, id="elsewhere"),
        pytest.param(
            (policy("{from: [{podSelector: {matchLabels: {app: p}}}]}"),), True, id="a selector that matches no scraper"
        ),
        pytest.param(
            (
                policy("{from: [{podSelector: {matchLabels: {app: p}}}]}"),
                workload("Deployment", "prometheus", "app: p", namespace="shop"),
            ),
            False,
            id="a selector that matches one",
        ),
    ],
)
def test_prometheus_in_the_same_namespace(documents: tuple[str, ...], *, blocked: bool) -> None:
    assert bool(found((PODS, SERVICE, MONITOR, *documents))) is blocked


def test_the_namespace_of_the_monitoring_may_contain_prometheus() -> None:
    every = (PODS, SERVICE, policy(OWN), MONITOR)

    assert not found([each.replace("shop", "monitoring") for each in every])


def test_each_policy_is_reported_once() -> None:
    other = monitor("port: metrics", "Pod")

    assert len(found((annotated(ASKS), SERVICE, policy(HTTP_ONLY), MONITOR, other))) == 1


def test_pods_on_the_network_of_their_node_are_not_isolated() -> None:
    on_node = PODS.replace("spec: {containers", "spec: {hostNetwork: true, containers")

    assert not found((on_node, SERVICE, policy(HTTP_ONLY), MONITOR))


def test_a_plugin_that_enforces_no_policies_closes_nothing() -> None:
    assert not found((PODS, SERVICE, policy(HTTP_ONLY), MONITOR), Environment(cni="flannel"))


@pytest.mark.parametrize(
    "spec",
    [
        "spec: []",
        "spec: {endpoints: [{port: metrics}]}",
        "spec: {selector: [], endpoints: 1}",
        "spec: {selector: {}, endpoints: [1]}",
    ],
)
def test_a_monitor_that_cannot_be_read_asks_for_nothing(spec: str) -> None:
    head = MONITOR.partition("spec:")[0]

    assert not found((PODS, SERVICE, policy(HTTP_ONLY), f"{head}{spec}\n"))


def test_the_rule_is_imported_only_with_workloads() -> None:
    def ids(*kinds: str) -> list[str]:
        return [each.id for each in rules_about(kinds, lambda rule_id: rule_id == BLOCKED)]

    assert ids("NetworkPolicy", "Service") == []
    assert ids("NetworkPolicy", "Workload") == [BLOCKED]
