"""Policies that close webhooks and aggregated APIs to the API server."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from manifests import KUSTOMIZATION, together

from k8snetlint import Config, Finding, Severity, Source, lint
from k8snetlint.model.environment import Environment
from k8snetlint.rules import rules_about
from k8snetlint.rules.usual_objects import service, workload

if TYPE_CHECKING:
    from collections.abc import Sequence

BLOCKED = "netpol-webhook-blocked"
PODS = workload("Deployment", "checks", namespace="shop", ports="{name: https, containerPort: 9443}")
SERVICE = service("checks", namespace="shop", ports="{port: 443, targetPort: https}, {port: 8443, targetPort: 9090}")
REFERENCE = "service: {name: checks, namespace: shop}"


def policy(ingress: str) -> str:
    """Return a policy for these pods; its rules are written as entries in flow style."""
    return (
        "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: checks, namespace: shop}\n"
        f"spec: {{podSelector: {{}}, policyTypes: [Ingress], ingress: [{ingress}]}}\n"
    )


def webhook(client: str = REFERENCE, kind: str = "Validating") -> str:
    """Return a configuration of one webhook."""
    fields = f"name: a.example.com, admissionReviewVersions: [v1], sideEffects: None, clientConfig: {{{client}}}"
    return (
        f"apiVersion: admissionregistration.k8s.io/v1\nkind: {kind}WebhookConfiguration\n"
        f"metadata: {{name: checks}}\nwebhooks: [{{{fields}}}]\n"
    )


API = (
    "apiVersion: apiregistration.k8s.io/v1\nkind: APIService\nmetadata: {name: v1.shop.example.com}\n"
    "spec: {service: {name: checks, namespace: shop}, group: shop.example.com, version: v1, groupPriorityMinimum: 1, "
    "versionPriority: 1}\n"
)
CONVERSION = (
    "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: carts.shop.example.com}\n"
    "spec: {group: shop.example.com, scope: Namespaced, names: {plural: carts, kind: Cart}, versions: [], "
    "conversion: {strategy: Webhook, webhook: {conversionReviewVersions: [v1], "
    "clientConfig: {service: {name: checks, namespace: shop}}}}}\n"
)
OTHER_SPACES = "{from: [{namespaceSelector: {}}], ports: [{port: 9443}]}"


def found(manifests: Sequence[str], context: str = "", environment: Environment | None = None) -> list[Finding]:
    """Return the findings of the rule in one file."""
    beside = [Source.of("context.yaml", context)] if context else []
    config = Config(environment=environment or Environment())
    report = lint([Source.of("all.yaml", together(*manifests))], config, context=beside)
    assert not [each for each in report.findings if each.id == "internal-error"]
    return [each for each in report.findings if each.id == BLOCKED]


@pytest.mark.parametrize(
    ("extension", "blocked"),
    [
        pytest.param(webhook(), True, id="a validating webhook"),
        pytest.param(webhook(kind="Mutating"), True, id="a mutating webhook"),
        pytest.param(API, True, id="an aggregated API"),
        pytest.param(CONVERSION, True, id="a conversion webhook"),
        pytest.param(webhook("service: {name: checks, namespace: shop, port: 443}"), True, id="the port is written"),
        pytest.param(webhook("service: {name: checks, namespace: shop, port: 444}"), False, id="a port that is none"),
        pytest.param(webhook("service: {name: checks, namespace: other}"), False, id="a Service elsewhere"),
        pytest.param(webhook("url: https://checks.example.com/"), False, id="a URL"),
        pytest.param(webhook("service: {namespace: shop}"), False, id="no name"),
    ],
)
def test_what_the_api_server_sends_requests_to(extension: str, *, blocked: bool) -> None:
    findings = found((PODS, SERVICE, policy(OTHER_SPACES), extension))

    assert [each.severity for each in findings] == [Severity.INFO] * blocked


@pytest.mark.parametrize(
    ("ingress", "blocked"),
    [
        pytest.param("{from: [{podSelector: {}}]}", True, id="pods of the namespace"),
        pytest.param(OTHER_SPACES, True, id="pods of all namespaces"),
        pytest.param("{ports: [{port: 443}]}", True, id="any source on the port of the Service"),
        pytest.param("{ports: [{port: 9443}]}", False, id="any source"),
        pytest.param("{ports: [{port: https}]}", False, id="any source by the name of the port"),
        pytest.param("{ports: [{port: 9000, endPort: 9999}]}", False, id="any source on a range"),
        pytest.param("{from: [{ipBlock: {cidr: 172.16.0.2/32}}]}", False, id="an address"),
        pytest.param(
            "{from: [{namespaceSelector: {matchLabels: {policy-group.network.openshift.io/host-network: ''}}}]}",
            False,
            id="the network of the nodes of OpenShift",
        ),
        pytest.param(
            "{from: [{namespaceSelector: {}, podSelector: {matchLabels: {k8s-app: konnectivity-agent}}}]}",
            False,
            id="the agent of Konnectivity",
        ),
    ],
)
def test_the_api_server_connects_from_an_address(ingress: str, *, blocked: bool) -> None:
    findings = found((PODS, SERVICE, policy(ingress), webhook()))

    assert [each.object.name for each in findings if each.object] == ["checks"] * blocked


def test_the_port_of_the_reference_decides_about_the_port_of_the_pods() -> None:
    reference = webhook("service: {name: checks, namespace: shop, port: 8443}")

    (finding,) = found((PODS, SERVICE, policy(OTHER_SPACES), reference))

    assert "Deployment checks on port 9090, where" in finding.message


def test_webhooks_of_the_context_count() -> None:
    manifests = PODS, SERVICE, policy(OTHER_SPACES)

    assert found(manifests, webhook())
    assert not found(manifests)


def test_a_sealed_namespace_is_not_said_again_for_its_webhooks() -> None:
    assert not found((PODS, SERVICE, policy(""), webhook()))


def test_another_kind_of_policy_may_let_the_api_server_in() -> None:
    other = "apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: {name: checks, namespace: shop}\nspec: {}\n"

    assert not found((PODS, SERVICE, policy(OTHER_SPACES), webhook(), other))


def test_a_plugin_that_enforces_no_policies_closes_nothing() -> None:
    assert not found((PODS, SERVICE, policy(OTHER_SPACES), webhook()), environment=Environment(cni="flannel"))


def test_a_kustomization_renames_the_service_of_a_webhook() -> None:
    manifests = (PODS, SERVICE, policy(OTHER_SPACES), webhook())
    files = {
        "all.yaml": together(*manifests),
        "kustomization.yaml": f"{KUSTOMIZATION}namespace: shop-system\nnamePrefix: shop-\nresources: [all.yaml]\n",
    }

    report = lint([Source.of(*each) for each in files.items()], Config())

    assert [each.id for each in report.findings if each.id in (BLOCKED, "internal-error")] == [BLOCKED]


def test_the_rule_is_imported_only_with_a_webhook() -> None:
    def ids(*kinds: str) -> list[str]:
        return [each.id for each in rules_about(kinds, lambda rule_id: rule_id.endswith("-blocked"))]

    assert ids("NetworkPolicy") == []
    assert ids("Namespace", "Extension") == []
    assert ids("NetworkPolicy", "Service", "Extension") == ["netpol-external-service-blocked", BLOCKED]
