"""What a patch of a kustomization removes or sets is not judged as it is written before."""

from __future__ import annotations

from typing import NamedTuple

import pytest
from manifests import KUSTOMIZATION, deployment, policy, service, sources

from k8snetlint import Config, Report, lint
from k8snetlint.linting.judging import SET_BY_PATCH
from k8snetlint.scope.patch_files import DIRECTIVE

WEB = deployment("web", ports="{name: http, containerPort: 8080}, {name: admin, containerPort: 80800}")
SIDE = WEB.replace("80800}]}", "8081}]}, {name: side, image: side, readinessProbe: {httpGet: {port: none}}}")
SERVICE = service(ports='{name: web, port: 80, targetPort: "8080"}, {name: admin, port: 81, targetPort: 8081}')
POLICY = policy("app: web", peer="ipBlock: {cidr: 10.0.0.1/8}", ports="{port: 80}")
DELETE = f"{DIRECTIVE}: delete"


class Case(NamedTuple):
    """A mistake, and patches of its object: one that removes it, and one that does not touch it."""

    text: str
    finding: str
    removes: str
    other: str


CASES = {
    "a container": Case(
        SIDE,
        "workload-probe-port-undefined",
        f"spec: {{template: {{spec: {{containers: [{{name: side, {DELETE}}}]}}}}}}",
        "spec: {replicas: 2}",
    ),
    "a port of a container": Case(
        WEB,
        "api-invalid",
        f"spec: {{template: {{spec: {{containers: [{{name: web, ports: [{{containerPort: 80800, {DELETE}}}]}}]}}}}}}",
        "spec: {replicas: 2}",
    ),
    "a port of a Service": Case(
        SERVICE,
        "service-quoted-target-port",
        f"spec: {{ports: [{{port: 80, {DELETE}}}]}}",
        "spec: {sessionAffinity: None}",
    ),
    "a field": Case(POLICY, "netpol-cidr-host-bits", "spec: {ingress: null}", "spec: {egress: []}"),
    "an object": Case(POLICY, "netpol-cidr-host-bits", DELETE, "spec: {egress: []}"),
}


def report(text: str, patch: str, *, beside: str = "") -> Report:
    head = text.partition("spec:")[0]
    files = {
        "base/app.yaml": text,
        "base/kustomization.yaml": f"{KUSTOMIZATION}resources: [app.yaml]\n",
        "prod/kustomization.yaml": f"{KUSTOMIZATION}resources: [../base]\npatches: [path: patch.yaml]\n",
        "prod/patch.yaml": f"{head}{patch}\n",
    }
    if beside:
        files["test/kustomization.yaml"] = f"{KUSTOMIZATION}resources: [../base]\n{beside}"
    return lint(sources(files), Config())


def ids(found: Report) -> set[str]:
    return {each.id for each in found.findings}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_what_a_patch_removes_is_not_judged(case: Case) -> None:
    assert case.finding in ids(report(case.text, case.other))

    found = report(case.text, case.removes)
    assert case.finding not in ids(found)
    assert found.unanswered or found.skipped, "but it is said"
    assert case.finding in ids(report(case.text, case.removes, beside="namePrefix: test-\n")), "another overlay has it"


def test_why_a_mistake_that_a_patch_removes_is_not_known() -> None:
    found = report(SERVICE, CASES["a port of a Service"].removes)

    assert [(each.field, each.reason) for each in found.unanswered if "quoted" in each.reason] == [
        ("spec.ports[0].targetPort", f"service-quoted-target-port, but {SET_BY_PATCH}"),
    ]


def test_a_patch_of_a_field_in_the_object_leaves_the_others() -> None:
    found = report(SERVICE, "spec: {ports: [{port: 80, nodePort: 30080}], type: NodePort}")

    assert "service-quoted-target-port" in ids(found)
