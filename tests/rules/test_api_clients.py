"""Policies that close the API server to pods that use the API."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from manifests import KUSTOMIZATION, together

from k8snetlint import Config, Finding, Severity, Source, lint
from k8snetlint.model.environment import Environment
from k8snetlint.rules.usual_objects import workload

if TYPE_CHECKING:
    from collections.abc import Sequence

BLOCKED = "netpol-apiserver-egress-blocked"
RBAC = "apiVersion: rbac.authorization.k8s.io/v1\n"
ACCOUNT = "serviceAccountName: operator"
PODS = workload("Deployment", "operator", namespace="shop", pod=ACCOUNT)


def policy(egress: str, types: str = "Egress") -> str:
    """Return a policy for all pods; its rules are written as entries in flow style."""
    return (
        "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: out, namespace: shop}\n"
        f"spec: {{podSelector: {{}}, policyTypes: [{types}], egress: [{egress}]}}\n"
    )


def binding(
    role: str = "edit", *, kind: str = "RoleBinding", of: str = "ClusterRole", subject: str = "namespace: shop"
) -> str:
    """Return a binding for the ServiceAccount of these pods."""
    where = ", namespace: shop" if kind == "RoleBinding" else ""
    account = f"{{kind: ServiceAccount, name: operator{subject and f', {subject}'}}}"
    reference = f"{{apiGroup: rbac.authorization.k8s.io, kind: {of}, name: {role}}}"
    return f"{RBAC}kind: {kind}\nmetadata: {{name: operator{where}}}\nroleRef: {reference}\nsubjects: [{account}]\n"


def role(rules: str, kind: str = "Role") -> str:
    """Return a role with one rule."""
    where = ", namespace: shop" if kind == "Role" else ""
    return f"{RBAC}kind: {kind}\nmetadata: {{name: own{where}}}\nrules: [{{{rules}}}]\n"


INSIDE = "{to: [{namespaceSelector: {}}]}"
READS = "apiGroups: [''], resources: [pods], verbs: [get, list]"
USES = "apiGroups: [policy], resources: [podsecuritypolicies], verbs: [use]"


def found(manifests: Sequence[str], environment: Environment | None = None) -> list[Finding]:
    """Return the findings of the rule in one file."""
    report = lint([Source.of("all.yaml", together(*manifests))], Config(environment=environment or Environment()))
    assert not [each for each in report.findings if each.id.startswith(("internal-", "api-", "yaml-"))]
    return [each for each in report.findings if each.id == BLOCKED]


@pytest.mark.parametrize(
    ("granting", "blocked"),
    [
        pytest.param((binding(),), True, id="a RoleBinding to a role of every cluster"),
        pytest.param((binding("cluster-admin", kind="ClusterRoleBinding"),), True, id="a ClusterRoleBinding"),
        pytest.param((binding("own", of="Role"), role(READS)), True, id="a Role"),
        pytest.param((binding("own"), role(READS, "ClusterRole")), True, id="a ClusterRole"),
        pytest.param((binding("own"), role(READS)), False, id="a Role where a ClusterRole is named"),
        pytest.param((binding("own", of="Role"), role(USES)), False, id="a role to use a policy"),
        pytest.param(
            (binding("own"), role("nonResourceURLs: [/metrics], verbs: [get]", "ClusterRole")), False, id="URLs only"
        ),
        pytest.param((binding("own"),), False, id="a role that no manifest shows"),
        pytest.param((binding(subject="namespace: other"),), False, id="an account of another namespace"),
        pytest.param((binding().replace("name: operator, ", "name: other, "),), False, id="another account"),
        pytest.param((binding().replace("kind: ServiceAccount", "apiGroup: '', kind: User"),), False, id="a user"),
        pytest.param((), False, id="no binding"),
    ],
)
def test_what_shows_that_pods_use_the_api(granting: tuple[str, ...], *, blocked: bool) -> None:
    findings = found((PODS, policy(INSIDE), *granting))

    assert [each.severity for each in findings] == [Severity.INFO] * blocked


@pytest.mark.parametrize(
    ("egress", "blocked"),
    [
        pytest.param(INSIDE, True, id="pods of all namespaces"),
        pytest.param("", True, id="nothing"),
        pytest.param("{ports: [{port: 53, protocol: UDP}]}", True, id="the DNS"),
        pytest.param("{ports: [{port: 443, protocol: UDP}]}", True, id="another protocol"),
        pytest.param("{ports: [{port: 443}]}", False, id="the port of the Service"),
        pytest.param("{ports: [{port: 6443}]}", False, id="the port of the server"),
        pytest.param("{ports: [{port: 8443}]}", False, id="the port of minikube"),
        pytest.param("{ports: [{port: 80, endPort: 9999}]}", False, id="a range"),
        pytest.param("{ports: [{port: https}]}", False, id="a name"),
        pytest.param("{to: [{ipBlock: {cidr: 10.96.0.1/32}}]}", False, id="an address"),
        pytest.param("{to: [{ipBlock: {cidr: 0.0.0.0/0}}], ports: [{port: 80}]}", True, id="addresses on another port"),
        pytest.param("{}", False, id="everything"),
        pytest.param(
            "{to: [{namespaceSelector: {}, podSelector: {matchLabels: {component: kube-apiserver}}}]}",
            False,
            id="a selector for API servers",
        ),
    ],
)
def test_what_may_be_the_api_server(egress: str, *, blocked: bool) -> None:
    assert bool(found((PODS, policy(egress), binding()))) is blocked


@pytest.mark.parametrize(
    ("pods", "blocked"),
    [
        pytest.param(PODS, True, id="a Deployment"),
        pytest.param(PODS.replace(ACCOUNT, f"{ACCOUNT}, automountServiceAccountToken: false"), False, id="no token"),
        pytest.param(PODS.replace(ACCOUNT, f"{ACCOUNT}, hostNetwork: true"), False, id="the network of the node"),
        pytest.param(workload("Deployment", "operator", namespace="shop"), False, id="no account"),
        pytest.param(PODS.replace("namespace: shop", "namespace: other", 1), False, id="another namespace"),
    ],
)
def test_which_pods(pods: str, *, blocked: bool) -> None:
    assert bool(found((pods, policy(INSIDE), binding()))) is blocked


def test_an_account_without_token_connects_to_nothing() -> None:
    account = "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: operator, namespace: shop}\n"

    assert found((PODS, policy(INSIDE), binding(), account))
    assert not found((PODS, policy(INSIDE), binding(), f"{account}automountServiceAccountToken: false\n"))


def test_pods_that_are_not_isolated_for_egress() -> None:
    assert not found((PODS, policy("", "Ingress").replace(", egress: []", ""), binding()))


def test_a_policy_is_reported_once_for_all_its_pods() -> None:
    other = workload("Deployment", "worker", namespace="shop", pod=ACCOUNT)

    (finding,) = found((PODS, other, policy(INSIDE), binding()))

    assert "allows Deployment operator and Deployment worker to connect" in finding.message


def test_a_plugin_that_enforces_no_policies_closes_nothing() -> None:
    assert not found((PODS, policy(INSIDE), binding()), Environment(cni="flannel"))


def test_a_binding_of_another_application_grants_nothing() -> None:
    one = together(PODS, policy(INSIDE)).replace(", namespace: shop", "")
    other = binding(subject="namespace: default").replace(", namespace: shop", "")

    def reported(folder: str) -> bool:
        report = lint([Source.of("a/one.yaml", one), Source.of(f"{folder}/other.yaml", other)], Config())
        return any(each.id == BLOCKED for each in report.findings)

    assert reported("a")
    assert not reported("b")


def test_a_kustomization_moves_the_account_and_the_binding() -> None:
    files = {
        "all.yaml": together(PODS, policy(INSIDE), binding()),
        "kustomization.yaml": f"{KUSTOMIZATION}namespace: shop-system\nnamePrefix: shop-\nresources: [all.yaml]\n",
    }

    report = lint([Source.of(*each) for each in files.items()], Config())

    assert [each.id for each in report.findings if each.id in (BLOCKED, "internal-error")] == [BLOCKED]


@pytest.mark.parametrize(
    "broken",
    ["subjects: 1", "subjects: [a]", "subjects: [{kind: ServiceAccount}]", "roleRef: []", "roleRef: {name: 1}"],
)
def test_a_binding_that_cannot_be_read_grants_nothing(broken: str) -> None:
    report = lint(
        [
            Source.of(
                "a.yaml",
                together(
                    PODS, policy(INSIDE), f"{RBAC}kind: RoleBinding\nmetadata: {{name: a, namespace: shop}}\n{broken}\n"
                ),
            )
        ],
        Config(),
    )

    assert not [each for each in report.findings if each.id in (BLOCKED, "internal-error")]
