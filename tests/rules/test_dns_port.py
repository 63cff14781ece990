"""Which policies allow port 53 to DNS pods that listen on another port."""

from __future__ import annotations

import pytest
from manifests import deployment, policy, service, together

from k8snetlint import Config, Finding, Source, lint
from k8snetlint.edit.editor import apply_edits
from k8snetlint.model.environment import Environment

RULE = "netpol-dns-targets-service-port"
PORTS = "{port: 53, protocol: UDP}, {port: 53, protocol: TCP}"
OPENSHIFT = "namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: openshift-dns}}"
KUBE_SYSTEM = "namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: kube-system}}"
PODS = "podSelector: {matchLabels: {k8s-app: kube-dns}}"
TARGET = "{name: dns, port: 53, targetPort: TARGET, protocol: UDP}"
KUBE_DNS = service("kube-dns", "k8s-app: kube-dns", namespace="kube-system", ports=TARGET)
DEFAULT = service("dns-default", "a: b", namespace="openshift-dns", ports=TARGET)


def dns(peer: str = OPENSHIFT, ports: str = PORTS) -> str:
    """Return a policy with an egress rule."""
    return policy(name="dns", peer=peer, ports=ports, direction="Egress")


def found(*files: str, cni: str = "") -> list[Finding]:
    """Return the findings of the rule."""
    sources = [Source.of(f"{number}.yaml", text) for number, text in enumerate(files)]
    report = lint(sources, Config(environment=Environment(cni=cni)))
    return [each for each in report.findings if each.id == RULE]


@pytest.mark.parametrize(
    ("files", "number"),
    [
        pytest.param((dns(),), 5353, id="OpenShift"),
        pytest.param((dns(f"{OPENSHIFT}, podSelector: {{}}"),), 5353, id="OpenShift, with a podSelector"),
        pytest.param((dns(f"{KUBE_SYSTEM}}}, {{{OPENSHIFT}"),), 5353, id="another peer first"),
        pytest.param((dns(), DEFAULT.replace("TARGET", "dns")), 5353, id="OpenShift, the target is a name"),
        pytest.param((dns(), DEFAULT.replace("TARGET", "1053")), 1053, id="OpenShift, another target"),
        pytest.param((dns(KUBE_SYSTEM), KUBE_DNS.replace("TARGET", "1053")), 1053, id="kube-dns sends to 1053"),
        pytest.param(
            (dns(f"{KUBE_SYSTEM}, {PODS}"), KUBE_DNS.replace("TARGET", "1053")), 1053, id="kube-dns, its pods"
        ),
        pytest.param((dns(), policy(ports="{port: 5353}")), 5353, id="5353 for ingress"),
    ],
)
def test_another_port(files: tuple[str, ...], number: int) -> None:
    (finding,) = found(*files)
    assert f"listen on port {number}, so port 53 allows no connection" in finding.message


@pytest.mark.parametrize(
    "files",
    [
        pytest.param((dns(KUBE_SYSTEM),), id="kube-dns is not shown"),
        pytest.param((dns(KUBE_SYSTEM), KUBE_DNS.replace("TARGET", "53")), id="kube-dns sends to 53"),
        pytest.param((dns(KUBE_SYSTEM), KUBE_DNS.replace("TARGET", "dns")), id="kube-dns sends to a name"),
        pytest.param(
            (dns(f"{KUBE_SYSTEM}, podSelector: {{matchLabels: {{app: proxy}}}}"), KUBE_DNS.replace("TARGET", "1053")),
            id="other pods of kube-system",
        ),
        pytest.param((dns("namespaceSelector: {}"), KUBE_DNS.replace("TARGET", "1053")), id="all namespaces"),
        pytest.param((dns(OPENSHIFT.replace("openshift-dns", "dns")),), id="another namespace"),
        pytest.param((dns(ports="{port: 5353, protocol: UDP}"),), id="the port of the pods"),
        pytest.param((dns(ports=f"{PORTS}, {{port: 5353, protocol: UDP}}"),), id="both ports"),
        pytest.param((dns(), policy(name="b", ports="{port: 5353}", direction="Egress")), id="another policy has it"),
        pytest.param((dns(ports="{port: 53, endPort: 6000, protocol: UDP}"),), id="a range with both"),
        pytest.param((dns().replace("[Egress]", "[Ingress]"),), id="egress is not isolated"),
        pytest.param((dns(), DEFAULT.replace("TARGET", "53")), id="another definition of the Service"),
    ],
)
def test_the_right_port_or_not_known(files: tuple[str, ...]) -> None:
    assert found(*files) == []


def test_a_plugin_that_enforces_nothing() -> None:
    assert found(dns(), cni="flannel@0.24.0") == []


def test_the_port_is_added_if_there_are_other_peers() -> None:
    text = dns(f"{KUBE_SYSTEM}}}, {{{OPENSHIFT}")
    (finding,) = found(text)
    assert finding.fix is not None
    changed = apply_edits(text, finding.fix.edits)
    assert "{port: 53, protocol: UDP}, {port: 5353, protocol: UDP}, {port: 53, protocol: TCP}, {port: 5353" in changed
    assert found(changed) == []


def test_one_mistake_is_one_finding() -> None:
    coredns = deployment(
        "dns", "k8s-app: kube-dns", namespace="kube-system", ports="{containerPort: 1053, protocol: UDP}"
    )
    text = together(dns(f"{KUBE_SYSTEM}, {PODS}"), KUBE_DNS.replace("TARGET", "1053"), coredns)
    ids = [
        each.id
        for each in lint([Source.of("a.yaml", text)], Config()).findings
        if each.field == "spec.egress[0].ports[0].port"
    ]
    assert ids == [RULE]
