"""What the rules about declared ports say beyond their pages: how sure they are, and where they keep silent."""

from __future__ import annotations

import pytest
from manifests import pod, policy, service, sources, stateful_set, together

from k8snetlint import Config, Finding, Severity, lint

POLICY = policy("app: web", name="web", peer="", ports="{port: PORT}")
SERVICE = service(ports="{port: 80, targetPort: PORT}")
PODS = pod(ports="{name: http, containerPort: 8080}")
TEMPLATE = "apiVersion: v1\nkind: Pod\nmetadata:\n  {{- labels }}\n"


def findings(rule: str, **files: str) -> list[Finding]:
    named = sources({f"{name}.yaml": text for name, text in files.items()})
    return [each for each in lint(named, Config()).findings if each.id == rule]


@pytest.mark.parametrize(
    ("rule", "asker"),
    [
        pytest.param("netpol-named-port-unresolved", POLICY, id="a policy"),
        pytest.param("service-named-target-port-missing", SERVICE, id="a Service"),
    ],
)
def test_a_name_that_nobody_declares(rule: str, asker: str) -> None:
    asker = asker.replace("PORT", "htttp")

    in_one_file = findings(rule, all=together(asker, PODS))
    apart = findings(rule, asker=asker, pods=PODS)

    assert [each.severity for each in in_one_file] == [Severity.ERROR], "all pods are in its own file"
    assert [each.severity for each in apart] == [Severity.WARNING], "other files may bring others"
    assert in_one_file[0].help == "did you mean `http`?"
    assert not findings(rule, asker=asker, pods=PODS, more=TEMPLATE), "a template may bring others"
    assert findings(rule, all=together(asker, PODS), more=TEMPLATE), "what is in one file belongs together"


@pytest.mark.parametrize(
    "pods",
    [
        pytest.param(PODS.replace("http,", "${NAME},"), id="a name is a placeholder"),
        pytest.param(PODS.replace("8080", "'${PORT}'"), id="a number is a placeholder"),
        pytest.param(PODS.replace("app: web", "app: other"), id="no pod is selected"),
    ],
)
def test_silent_where_ports_are_not_known(pods: str) -> None:
    assert not findings("service-named-target-port-missing", all=together(SERVICE.replace("PORT", "htttp"), pods))


def test_service_port_is_replaced_by_the_target_port() -> None:
    named = SERVICE.replace("PORT", "http")

    found = findings("netpol-policy-uses-service-port", a=POLICY.replace("PORT", "80"), b=named, c=PODS)

    assert [each.help for each in found] == ["did you mean `8080`?"]
    assert [each.path for each in found[0].related] == ["b.yaml"]


def test_service_port_of_two_services_that_disagree_may_be_the_pods_own() -> None:
    other = service("b", "app: web", ports="{port: 80, targetPort: 80}")
    services = together(SERVICE.replace("PORT", "http"), other)

    assert not findings("netpol-policy-uses-service-port", a=POLICY.replace("PORT", "80"), b=services, c=PODS)


def test_two_examples_with_the_same_labels_are_not_one_application() -> None:
    agent = pod("agent", "app: web", namespace="", pod="hostNetwork: true")
    asker = policy("app: web", namespace="", peer="", ports="{port: 8080}")

    assert findings("netpol-selects-host-network-pods", **{"a/policy": asker, "a/agent": agent})
    assert not findings("netpol-selects-host-network-pods", **{"a/policy": asker, "b/agent": agent})


def test_a_service_that_is_not_headless_is_worth_knowing() -> None:
    found = findings("service-statefulset-service", a=stateful_set(), b=SERVICE.replace("PORT", "80"))

    assert [each.severity for each in found] == [Severity.INFO]


def test_a_port_for_the_wrong_protocol_says_it_better_than_dns() -> None:
    asker = policy(direction="Egress", peer="podSelector: {matchLabels: {app: web}}", ports="{port: 53}")
    pods = pod(ports="{containerPort: 53, protocol: UDP}")

    assert not findings("netpol-dns-port-without-protocol", a=asker, b=pods)
    assert [each.help for each in findings("netpol-protocol-mismatch", a=asker, b=pods)] == ["did you mean `UDP`?"]
