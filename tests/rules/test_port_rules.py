"""What the rules about declared ports say beyond their pages: how sure they are, and where they keep silent."""

from __future__ import annotations

import pytest

from k8snetlint import Config, Finding, Severity, Source, lint

POLICY = """\
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web}
spec:
  podSelector: {matchLabels: {app: web}}
  ingress:
  - ports:
    - port: PORT
"""
SERVICE = """\
apiVersion: v1
kind: Service
metadata: {name: web}
spec:
  selector: {app: web}
  ports:
  - port: 80
    targetPort: PORT
"""
PODS = """\
apiVersion: v1
kind: Pod
metadata: {name: web, labels: {app: web}}
spec:
  containers:
  - name: web
    image: example.com/web:1
    ports:
    - {name: http, containerPort: 8080}
"""
STATEFULSET = """\
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: web}
spec:
  serviceName: web
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
      - name: web
        image: example.com/web:1
"""
TEMPLATE = "apiVersion: v1\nkind: Pod\nmetadata:\n  {{- labels }}\n"


def findings(rule: str, **files: str) -> list[Finding]:
    sources = [Source.of(f"{name}.yaml", text) for name, text in files.items()]
    return [each for each in lint(sources, Config()).findings if each.id == rule]


@pytest.mark.parametrize(
    ("rule", "asker"),
    [
        pytest.param("netpol-named-port-unresolved", POLICY, id="a policy"),
        pytest.param("service-named-target-port-missing", SERVICE, id="a Service"),
    ],
)
def test_a_name_that_nobody_declares(rule: str, asker: str) -> None:
    asker = asker.replace("PORT", "htttp")

    together = findings(rule, all=f"{asker}---\n{PODS}")
    apart = findings(rule, asker=asker, pods=PODS)

    assert [each.severity for each in together] == [Severity.ERROR], "all pods are in its own file"
    assert [each.severity for each in apart] == [Severity.WARNING], "other files may bring others"
    assert together[0].help == "did you mean `http`?"
    assert not findings(rule, asker=asker, pods=PODS, more=TEMPLATE), "a template may bring others"
    assert findings(rule, all=f"{asker}---\n{PODS}", more=TEMPLATE), "what is in one file belongs together"


@pytest.mark.parametrize(
    "pods",
    [
        pytest.param(PODS.replace("http,", "${NAME},"), id="a name is a placeholder"),
        pytest.param(PODS.replace("8080", "'${PORT}'"), id="a number is a placeholder"),
        pytest.param(PODS.replace("app: web", "app: other"), id="no pod is selected"),
    ],
)
def test_silent_where_ports_are_not_known(pods: str) -> None:
    assert not findings("service-named-target-port-missing", all=f"{SERVICE.replace('PORT', 'htttp')}---\n{pods}")


def test_service_port_is_replaced_by_the_target_port() -> None:
    service = SERVICE.replace("PORT", "http")

    found = findings("netpol-policy-uses-service-port", a=POLICY.replace("PORT", "80"), b=service, c=PODS)

    assert [each.help for each in found] == ["did you mean `8080`?"]
    assert [each.path for each in found[0].related] == ["b.yaml"]


def test_service_port_of_two_services_that_disagree_may_be_the_pods_own() -> None:
    services = f"{SERVICE.replace('PORT', 'http')}---\n{SERVICE.replace('PORT', '80').replace('name: web', 'name: b')}"

    assert not findings("netpol-policy-uses-service-port", a=POLICY.replace("PORT", "80"), b=services, c=PODS)


def test_two_examples_with_the_same_labels_are_not_one_application() -> None:
    other = PODS.replace("name: web,", "name: agent,").replace("spec:\n", "spec:\n  hostNetwork: true\n")
    policy = POLICY.replace("PORT", "8080")

    assert findings("netpol-selects-host-network-pods", **{"a/policy": policy, "a/agent": other})
    assert not findings("netpol-selects-host-network-pods", **{"a/policy": policy, "b/agent": other})


def test_a_service_that_is_not_headless_is_worth_knowing() -> None:
    found = findings("service-statefulset-service", a=STATEFULSET, b=SERVICE.replace("PORT", "80"))

    assert [each.severity for each in found] == [Severity.INFO]


def test_a_port_for_the_wrong_protocol_says_it_better_than_dns() -> None:
    policy = """\
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web}
spec:
  podSelector: {}
  policyTypes: [Egress]
  egress:
  - to:
    - podSelector: {matchLabels: {app: web}}
    ports:
    - port: 53
"""
    pods = PODS.replace("{name: http, containerPort: 8080}", "{containerPort: 53, protocol: UDP}")

    assert not findings("netpol-dns-port-without-protocol", a=policy, b=pods)
    assert [each.help for each in findings("netpol-protocol-mismatch", a=policy, b=pods)] == ["did you mean `UDP`?"]
