"""What only follows from another finding of the same object is not reported as well."""

from __future__ import annotations

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


def found(text: str) -> list[str]:
    findings = lint([Source.of("a.yaml", text)], Config()).findings
    return [f"{each.id} {each.field}" for each in findings if each.severity.word != "info"]


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


def test_who_ignores_the_cause_gets_the_consequence() -> None:
    findings = lint([Source.of("a.yaml", CLASH)], Config(ignore=("api-duplicate",))).findings
    assert findings == ()
    findings = lint([Source.of("a.yaml", WORKLOAD + TEMPLATE)], Config(ignore=("api-required",))).findings
    assert [each.id for each in findings] == ["api-invalid"]
