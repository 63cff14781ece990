"""What only follows from another finding of the same object is not reported as well."""

from __future__ import annotations

from typing import Any

import pytest

from k8snetlint import Config, Source, lint

CLASH = """\
apiVersion: v1
kind: Service
metadata: {name: web}
spec:
  selector: {app: web}
  ports:
  - {name: http, port: 80}
  - {name: http, port: 80}
"""
TEMPLATE = "  template: {metadata: {labels: {app: web}}, spec: {containers: [{name: web, image: web}]}}\n"
WORKLOAD = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web, namespace: shop}\nspec:\n"
DEPLOYMENT = WORKLOAD + "  selector: {matchLabels: {app: web}}\n" + TEMPLATE
POLICY = """\
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: shop}
spec:
  podSelector: {matchLabels: {app: "web "}}
  policyTypes: [Ingress]
"""
SERVICE = """\
apiVersion: v1
kind: Service
metadata: {name: api, namespace: shop}
spec:
  selector: {app: "back end"}
  ports: [{port: 80}]
"""
PODS = """\
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: web}}
spec:
  initContainers:
  - {name: first, image: first, ports: [{name: http, containerPort: 8080}]}
  containers:
  - {name: web, image: web, ports: [{name: http, containerPort: 8080}]}
  - {name: other, image: other, ports: [{name: https, containerPort: 8443}, {name: http, containerPort: 8080}]}
"""
SCALER = """\
apiVersion: autoscaling/v2beta2
kind: HorizontalPodAutoscaler
metadata: {name: web, namespace: shop}
spec: {maxReplicas: 3, scaleTargetRef: {kind: Deployment, name: web}}
"""
PORT_NAME = """\
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web, namespace: shop}
spec:
  ingressClassName: nginx
  defaultBackend: {service: {name: web, port: {name: HTTP}}}
"""


def found(text: str, *, infos: bool = False, **settings: Any) -> list[str]:
    findings = lint([Source.of("a.yaml", text)], Config(**settings)).findings
    return [f"{each.id} {each.field}" for each in findings if infos or each.severity.word != "info"]


@pytest.mark.parametrize(
    ("text", "left"),
    [
        pytest.param(CLASH, ["api-duplicate spec.ports[1]"], id="a port definition twice has its name twice"),
        pytest.param(
            CLASH.replace("http, port: 80}\n  - {name: http, port: 80", "http, port: 80}\n  - {name: http, port: 81"),
            ["api-duplicate spec.ports[1].name"],
            id="a name alone",
        ),
        pytest.param(WORKLOAD + TEMPLATE, ["api-required spec.selector"], id="a missing selector matches nothing"),
        pytest.param(
            f"{DEPLOYMENT}---\n{POLICY}",
            ["api-invalid spec.podSelector.matchLabels[app]"],
            id="a selector with an invalid label matches nothing",
        ),
        pytest.param(
            f"{DEPLOYMENT}---\n{POLICY.replace('web ', 'wbe')}",
            ["netpol-selects-no-pod spec.podSelector.matchLabels.app"],
            id="a valid label that matches nothing",
        ),
        pytest.param(
            f"{DEPLOYMENT}---\n{POLICY}---\n{POLICY.replace('web ', 'wbe').replace('name: web', 'name: other')}",
            [
                "api-invalid spec.podSelector.matchLabels[app]",
                "netpol-selects-no-pod spec.podSelector.matchLabels.app",
            ],
            id="another object keeps its own",
        ),
    ],
)
def test_one_mistake_is_one_finding(text: str, left: list[str]) -> None:
    assert found(text) == left


def test_an_info_that_nothing_matches_follows_from_an_invalid_label_in_the_selector() -> None:
    text = f"{DEPLOYMENT}---\n{SERVICE}"

    assert found(text, infos=True) == ["api-invalid spec.selector[app]"]
    assert found(text, infos=True, ignore=("api-invalid",)) == ["service-selector-matches-nothing spec.selector"]
    valid = text.replace("back end", "backend")
    assert found(valid, infos=True) == ["service-selector-matches-nothing spec.selector"]


def test_a_port_that_clashes_with_several_is_one_mistake() -> None:
    findings = lint([Source.of("a.yaml", PODS)], Config()).findings

    assert [(each.id, each.severity.word, each.field) for each in findings] == [
        ("api-warning", "info", "spec.containers[0].ports[0]"),
        ("api-warning", "warning", "spec.containers[1].ports[1]"),
    ]
    assert "definition with spec.containers[0]" in findings[-1].message, "not the container that ran before"


@pytest.mark.parametrize("versions", [((1, 25),), ((1, 25), (1, 26)), ((1, 37),)])
def test_what_is_removed_is_not_deprecated_as_well(versions: tuple[tuple[int, int], ...]) -> None:
    environment = Config().environment._replace(versions=versions)
    reported = "api-warning" if versions == ((1, 25),) else "api-removed-version"

    assert found(SCALER, environment=environment) == [f"{reported} apiVersion"]


def test_all_that_is_wrong_with_a_name_is_one_mistake() -> None:
    findings = lint([Source.of("a.yaml", PORT_NAME)], Config()).findings

    assert [each.field for each in findings] == ["spec.defaultBackend.service.port.name"]
    assert findings[0].message.count("HTTP") == 1
    assert findings[0].message.endswith("and hyphens (-); must contain at least one letter (a-z)")


def test_what_is_wrong_with_two_fields_of_an_empty_entry_is_not_mixed() -> None:
    text = POLICY.replace('matchLabels: {app: "web "}', "matchExpressions: [{}]")
    findings = lint([Source.of("a.yaml", text)], Config()).findings

    at = "spec.podSelector.matchExpressions[0]"
    assert [each.field for each in findings if each.id == "api-invalid"] == [f"{at}.key", f"{at}.operator"]
    assert "operator" not in findings[0].message


def test_nothing_is_said_of_what_reaches_a_port_that_is_no_port() -> None:
    pods = f"{DEPLOYMENT}---\n{SERVICE}---\n{POLICY}  ingress: [{{from: [{{podSelector: {{}}}}]}}]\n---\n{PORT_NAME}"
    pods = pods.replace('"back end"', "web").replace('"web "', "web")
    pods = pods.replace("{name: web, port: {name: HTTP}}", "{name: api, port: {number: 80}}")

    assert found(pods) == ["netpol-ingress-controller-blocked spec.ingress"]
    beyond = pods.replace("port: 80}]", "port: 80, targetPort: 90000}]")
    assert found(beyond) == ["api-invalid spec.ports[0].targetPort"]


def test_who_ignores_the_cause_gets_the_consequence() -> None:
    findings = lint([Source.of("a.yaml", CLASH)], Config(ignore=("api-duplicate",))).findings
    assert findings == ()
    findings = lint([Source.of("a.yaml", WORKLOAD + TEMPLATE)], Config(ignore=("api-required",))).findings
    assert [each.id for each in findings] == ["api-invalid"]
