"""Rules look at objects as they are written; what a patch or a placeholder changes later is not reported."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from k8snetlint import Config, Source, lint

if TYPE_CHECKING:
    from k8snetlint.finding import Finding

KUSTOMIZATION = "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: [a.yaml]\n"
PATCH = KUSTOMIZATION + "patches: [{target: {kind: KIND}, patch: '[{op: replace, path: PATH, value: b}]'}]\n"


def findings(text: str, kustomization: str = "") -> list[Finding]:
    files = {"a.yaml": text, **({"kustomization.yaml": kustomization} if kustomization else {})}
    return list(lint([Source.of(*each) for each in files.items()], Config()).findings)


def ids(text: str, kustomization: str = "") -> set[str]:
    return {each.id for each in findings(text, kustomization)}


def policy(spec: str, metadata: str = "name: web") -> str:
    head = f"apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {{{metadata}}}\n"
    return f"{head}spec:\n  podSelector: {{matchLabels: {{app: web}}}}\n  policyTypes: [Egress]\n{spec}"


def to(port: str, block: str = "10.0.0.0/8") -> str:
    return policy(f"  egress: [{{to: [{{ipBlock: {{cidr: '{block}'}}}}], ports: [{port}]}}]\n")


def host(text: str) -> str:
    return (
        "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: web}\n"
        f"spec: {{defaultBackend: {{service: {{name: web, port: {{number: 80}}}}}}, rules: [{{host: '{text}'}}]}}\n"
    )


def workload(labels: str, selector: str = "app: web") -> str:
    return (
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\n"
        f"spec:\n  selector: {{matchLabels: {{{selector}}}}}\n"
        f"  template:\n    metadata: {{labels: {{{labels}}}}}\n    spec: {{containers: [{{name: a, image: a}}]}}\n"
    )


def namespace(name: str, label: str) -> str:
    labels = f"labels: {{kubernetes.io/metadata.name: {label}}}"
    return f"apiVersion: v1\nkind: Namespace\nmetadata: {{name: '{name}', {labels}}}\n"


def config_map(name: str, space: str) -> str:
    return f"apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: '{name}', namespace: '{space}'}}\n"


def dns(metadata: str) -> str:
    peer = "podSelector: {matchLabels: {k8s-app: kube-dns}}"
    return policy(f"  egress: [{{to: [{{{peer}}}], ports: [{{port: 53, protocol: UDP}}]}}]\n", metadata)


@pytest.mark.parametrize(
    ("rule", "known", "unknown"),
    [
        pytest.param("netpol-named-port-on-ipblock", to("{port: metrics}"), to("{port: '${PORT}'}"), id="a port"),
        pytest.param(
            "netpol-port-invalid",
            to("{port: a-name-that-is-too-long}"),
            to("{port: 'a-name-that-is-${LONG}'}"),
            id="a part of a port",
        ),
        pytest.param(
            "netpol-cidr-invalid", to("{port: 1}", "a.example.com"), to("{port: 1}", "__A__.example.com"), id="a cidr"
        ),
        pytest.param("ingress-host-invalid", host("web:80"), host("${WEB}:80"), id="a host"),
        pytest.param(
            "workload-selector-template-mismatch", workload("app: db"), workload("app: '${APP}'"), id="labels of pods"
        ),
        pytest.param(
            "workload-selector-template-mismatch",
            workload("app: db"),
            workload("app: db", "app: '<app>'"),
            id="a selector",
        ),
        pytest.param(
            "netpol-metadata-name-label-override", namespace("a", "b"), namespace("${A}", "b"), id="a name beside it"
        ),
        pytest.param(
            "netpol-metadata-name-label-override", namespace("a", "b"), namespace("a", "'${B}'"), id="a label"
        ),
        pytest.param(
            "netpol-dns-peer-wrong-namespace",
            dns("name: web, namespace: shop"),
            dns("name: web, namespace: '${SHOP}'"),
            id="the namespace of a policy",
        ),
        pytest.param(
            "manifest-duplicate-object",
            f"{config_map('a', 'b')}---\n{config_map('a', 'b')}",
            f"{config_map('a', '${B}')}---\n{config_map('a', '${B}')}",
            id="the namespace of one of two objects",
        ),
    ],
)
def test_nothing_is_found_where_a_placeholder_decides(rule: str, known: str, unknown: str) -> None:
    assert rule in ids(known)
    assert ids(unknown) & {rule, "internal-error"} == set()


def test_what_stands_beside_a_placeholder_is_reported() -> None:
    (finding,) = findings(policy("").replace("[Egress]", "[ingress, '${TYPE}']"))

    assert (finding.id, finding.field) == ("netpol-policy-types-invalid", "spec.policyTypes[0]")


@pytest.mark.parametrize(
    ("rule", "text", "kind", "path"),
    [
        pytest.param(
            "workload-selector-template-mismatch",
            workload("app: db"),
            "Deployment",
            "/spec/selector/matchLabels/app",
            id="a selector",
        ),
        pytest.param("manifest-duplicate-object", f"{config_map('a', 'b')}---\n{config_map('a', 'b')}", "ConfigMap",
                     "/metadata/namespace", id="a namespace"),
    ],
)  # fmt: skip
def test_nothing_is_found_where_a_patch_decides(rule: str, text: str, kind: str, path: str) -> None:
    patch = PATCH.replace("KIND", kind)

    assert rule in ids(text, KUSTOMIZATION)
    assert rule in ids(text, patch.replace("PATH", "/metadata/annotations"))
    assert rule not in ids(text, patch.replace("PATH", path))


@pytest.mark.parametrize(
    ("path", "has_fix"),
    [
        ("/spec/egress/0/ports/0/protocol", False),
        ("/spec/podSelector/matchLabels/app", True),
        ("/metadata/labels", True),
    ],
)
def test_a_fix_of_what_a_patch_changes_is_not_offered(path: str, has_fix: bool) -> None:  # noqa: FBT001 - a parameter
    patch = PATCH.replace("KIND", "NetworkPolicy").replace("PATH", path)
    (finding,) = (each for each in findings(to("{port: http}"), patch) if each.id == "netpol-named-port-on-ipblock")

    assert (finding.fix is not None) is has_fix
