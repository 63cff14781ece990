"""What the manifests do not answer is listed with its reason, at the place that asks."""

from __future__ import annotations

import pytest
from manifests import deployment, manifest, policy, service, sources

from k8snetlint import Config, lint

WEB = deployment(namespace="shop", ports="{containerPort: 8080}")
TEMPLATE = "{metadata: {labels: {app: web}}, spec: {containers: [{name: web, image: web}]}}"
PLATFORM = manifest("example.com/v1", "Platform", "web", namespace="shop", spec=f"{{template: {TEMPLATE}}}")
BASE = "resources: [policy.yaml, service.yaml, web.yaml]\n"
PORTS = "[{op: add, path: /spec/template/spec/containers/0/ports/-, value: {containerPort: 1}}]"
REPLICAS = "[{op: add, path: /spec/replicas, value: 2}]"
A_PATCH = "a patch may change the ports of Deployment web"


def patched(patch: str) -> str:
    return f"{BASE}patches: [{{target: {{kind: Deployment}}, patch: '{patch}'}}]\n"


def asking(port: str) -> str:
    return policy("app: web", namespace="shop", peer="", ports=f"{{port: {port}}}")


def questions(kustomization: str, port: str, pods: str = WEB) -> set[tuple[str, str]]:
    files = {
        "policy.yaml": asking(port),
        "service.yaml": service(namespace="shop", ports=f"{{port: 80, targetPort: {port}}}"),
        "web.yaml": pods,
    }
    files |= {"kustomization.yaml": kustomization} if kustomization else {}
    report = lint(sources(files), Config())
    return {(each.field, each.reason) for each in report.unanswered}


@pytest.mark.parametrize(
    ("kustomization", "port", "pods", "expected"),
    [
        pytest.param(patched(PORTS), "443", WEB, {("spec.ingress[0].ports", A_PATCH)}, id="a number"),
        pytest.param(
            patched(PORTS),
            "http",
            WEB,
            {("spec.ingress[0].ports", A_PATCH), ("spec.ports", A_PATCH)},
            id="a name, of a Service as well",
        ),
        pytest.param(patched(REPLICAS), "443", WEB, set(), id="a patch of something else"),
        pytest.param("", "443", WEB, set(), id="no patch"),
        pytest.param(
            "",
            "443",
            PLATFORM,
            {("spec.ingress[0].ports", "the manifests do not show all ports of Platform web")},
            id="pods of an operator",
        ),
        pytest.param(
            BASE.replace("]", ", 'https://example.com/base?ref=v1']"),
            "443",
            WEB,
            {("spec.ingress[0].ports", ". includes https://example.com/base?ref=v1, which is not read")},
            id="a remote base",
        ),
    ],
)
def test_ports(kustomization: str, port: str, pods: str, expected: set[tuple[str, str]]) -> None:
    assert questions(kustomization, port, pods) == expected


def test_a_question_is_listed_once() -> None:
    """A base of two overlays is judged twice."""
    files = {"base/policy.yaml": asking("443"), "base/kustomization.yaml": "resources: [policy.yaml]\n"}
    files |= {f"{name}/kustomization.yaml": "resources: [../base]\nnamespace: shop\n" for name in ("one", "two")}
    report = lint(sources(files), Config())

    assert [(each.field, each.reason) for each in report.unanswered] == [
        ("spec.podSelector", "the manifests contain no workload in namespace shop")
    ]
