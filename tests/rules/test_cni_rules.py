"""Rules about CNI plugins: what their pages do not show."""

from __future__ import annotations

import json

import pytest
from manifests import deployment, service

from k8snetlint import Config, Finding, Source, lint
from k8snetlint.model.environment import Environment, parse_version

FLANNEL = """\
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: kube-flannel-ds, namespace: kube-flannel}
spec:
  selector: {matchLabels: {app: flannel}}
  template:
    metadata: {labels: {app: flannel}}
    spec:
      hostNetwork: true
      tolerations: [{operator: Exists}]
      containers: [{name: kube-flannel, image: 'ghcr.io/flannel-io/flannel:v0.28.10'}]
      volumes: [{name: cni, hostPath: {path: /etc/cni/net.d}}]
"""
NETPOL = FLANNEL.replace("'}]", "'}, {name: netpol, image: networking/kube-network-policies}]")
CILIUM = FLANNEL.replace("kube-flannel-ds", "cilium").replace("ghcr.io/flannel-io/flannel:v0.28.10", "cilium/cilium:v1")
POLICY = """\
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: %s, namespace: shop}
spec: {podSelector: {}, policyTypes: [Ingress], ingress: [{from: [{podSelector: {}}]}]}
"""
ROLE = "apiVersion: rbac.authorization.k8s.io/v1beta1\nkind: ClusterRole\nmetadata: {name: flannel}\nrules: []\n"


def found(files: dict[str, str], rule: str, **facts: object) -> list[Finding]:
    """Return the findings of a rule."""
    environment = Environment(**facts)  # type: ignore[arg-type]  # named as its fields
    report = lint([Source.of(name, text) for name, text in files.items()], Config(environment=environment))
    assert not [each for each in report.findings if each.id == "internal-error"]
    return [each for each in report.findings if each.id == rule]


@pytest.mark.parametrize(
    ("cni", "files", "severities"),
    [
        pytest.param("kubenet", {"a.yaml": POLICY % "a"}, ["warning"], id="kubenet is configured"),
        pytest.param("calico", {"a.yaml": POLICY % "a"}, [], id="Calico is configured"),
        pytest.param("aws-vpc-cni", {"a.yaml": POLICY % "a"}, [], id="whether it is told to enforce is not known"),
        pytest.param("", {"a.yaml": POLICY % "a"}, [], id="the plugin is not known"),
        pytest.param("", {"a.yaml": POLICY % "a", "f.yaml": FLANNEL}, ["warning"], id="Flannel in the same folder"),
        pytest.param("", {"a.yaml": POLICY % "a", "hack/f.yaml": FLANNEL}, ["info"], id="Flannel in another folder"),
        pytest.param("calico", {"a.yaml": POLICY % "a", "f.yaml": FLANNEL}, [], id="what is configured counts"),
        pytest.param("flannel", {"f.yaml": FLANNEL}, [], id="no policy"),
        pytest.param("flannel", {"a.yaml": POLICY % "a", "f.yaml": NETPOL}, [], id="manifests show more"),
    ],
)
def test_policies_that_nothing_enforces(cni: str, files: dict[str, str], severities: list[str]) -> None:
    findings = found(files, "cni-policy-not-enforced", cni=cni)

    assert [each.severity.word for each in findings] == severities


def test_all_policies_that_nothing_enforces_are_one_finding() -> None:
    (finding,) = found(
        {"a.yaml": "---\n".join(POLICY % f"p{n}" for n in range(30))}, "cni-policy-not-enforced", cni="flannel"
    )

    assert "NetworkPolicy p0 and 29 others have no effect" in finding.message
    assert len(finding.related) == 8


def test_rules_about_what_policies_allow_are_silent_where_nothing_enforces_them() -> None:
    closed = POLICY.replace("podSelector: {}}]", "namespaceSelector: {}}]") % "a"
    web = deployment("web", "app: web", namespace="shop", ports="{containerPort: 8080}")
    opened = service(
        "web", "app: web", namespace="shop", ports="{port: 80, targetPort: 8080}", spec="type: LoadBalancer"
    )
    files = {"a.yaml": f"{closed}---\n{web}---\n{opened}"}

    assert found(files, "netpol-external-service-blocked")
    assert not found({**files, "f.yaml": FLANNEL}, "netpol-external-service-blocked")


@pytest.mark.parametrize(
    ("files", "whole_cluster", "number"),
    [
        pytest.param({"a.yaml": FLANNEL, "b.yaml": CILIUM}, False, 0, id="files side by side may be alternatives"),
        pytest.param({"a.yaml": FLANNEL, "b.yaml": CILIUM}, True, 1, id="files of one cluster"),
        pytest.param({"a.yaml": f"{FLANNEL}---\n{CILIUM}"}, False, 1, id="one file"),
        pytest.param(
            {
                "a.yaml": f"{FLANNEL}---\n{CILIUM}---\napiVersion: v1\nkind: ConfigMap\n"
                "metadata: {name: cilium-config}\ndata: {cni-chaining-mode: generic-veth}\n"
            },
            False,
            0,
            id="Cilium is chained",
        ),
    ],
)
def test_two_plugins(files: dict[str, str], *, whole_cluster: bool, number: int) -> None:
    assert len(found(files, "cni-two-plugins", whole_cluster=whole_cluster)) == number


def test_a_removed_api_is_one_finding_and_keeps_its_fix() -> None:
    report = lint([Source.of("a.yaml", ROLE)], Config())
    (finding,) = report.findings

    assert finding.id == "cni-manifest-removed-api"
    assert finding.fix is not None
    assert finding.fix.safe


def test_without_the_rule_the_removed_api_is_reported() -> None:
    report = lint([Source.of("a.yaml", ROLE)], Config(ignore=("cni-manifest-removed-api",)))

    assert [each.id for each in report.findings] == ["api-removed-version"]


def test_an_object_of_something_else_is_not_explained() -> None:
    report = lint([Source.of("a.yaml", ROLE.replace("flannel", "reader"))], Config())

    assert [each.id for each in report.findings] == ["api-removed-version"]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("[]", "is not a JSON object"),
        ('{"name": 1}', "has a name that is not a string"),
        ('{"name": "a", "cniVersion": 1}', "has a cniVersion that is not a string"),
        ('{"name": "a", "cniVersion": "1.0.0"}', "has no plugins"),
        ('{"name": "a", "cniVersion": "1.0.0", "plugins": []}', "has no plugins in its list"),
        ('{"name": "a", "cniVersion": "1.0.0", "plugins": {}}', "has plugins that are not a list"),
        ('{"name": "a", "cniVersion": "1.0.0", "plugins": [1]}', "has no type in plugins[0]"),
        ('{"name": "a", "cniVersion": "9.0.0", "plugins": [{"type": "a"}]}', "has the cniVersion 9.0.0; known"),
        ('{"name": "a", "cniVersion": "1.1.0"}', ""),
        ("{", "is not valid JSON"),
        ("[" * 100_000, ""),
        ('{"name": "${NETWORK}", "cniVersion": ${VERSION}}', ""),
        ('{"name": "a", "cniVersion": "0.3.1", "type": "flannel"}', ""),
    ],
)
def test_configurations(content: str, says: str) -> None:
    manifest = (
        f"apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: a}}\ndata: {{cni-conf.json: {json.dumps(content)}}}\n"
    )
    messages = [each.message for each in found({"a.yaml": manifest}, "cni-config-invalid")]

    assert len(messages) == bool(says)
    assert all(says in each for each in messages)


@pytest.mark.parametrize(("version", "number"), [("1.34", 0), ("1.35", 1)])
def test_ipvs_is_deprecated_from_a_version_on(version: str, number: int) -> None:
    manifest = "apiVersion: kubeproxy.config.k8s.io/v1alpha1\nkind: KubeProxyConfiguration\nmode: ipvs\n"

    assert len(found({"a.yaml": manifest}, "cni-deprecated-plugin", versions=(parse_version(version),))) == number


def test_networks_of_several_clusters_are_not_compared() -> None:
    networking = "networking: {podSubnet: %s, serviceSubnet: %s}\n"
    kubeadm = f"apiVersion: kubeadm.k8s.io/v1beta4\nkind: ClusterConfiguration\n{networking}"
    one, other = kubeadm % ("10.0.0.0/16", "10.1.0.0/16"), kubeadm % ("10.1.0.0/16", "10.2.0.0/16")

    assert not found({"a.yaml": one, "b.yaml": other}, "cni-cidr-overlap")
    assert len(found({"a.yaml": kubeadm % ("10.0.0.0/15", "10.1.0.0/16"), "b.yaml": other}, "cni-cidr-overlap")) == 1


@pytest.mark.parametrize(
    ("cni", "cidr", "number"),
    [
        ("cilium", "10.244.3.0/24", 1),
        ("cilium", "10.0.0.0/8", 0),
        ("calico", "10.244.3.0/24", 0),
        ("", "10.244.3.0/24", 0),
    ],
)
def test_blocks_with_addresses_of_pods(cni: str, cidr: str, number: int) -> None:
    policy = POLICY.replace("podSelector: {}}]", f"ipBlock: {{cidr: {cidr}}}}}]") % "a"

    findings = found({"a.yaml": policy}, "netpol-cni-feature-unsupported", cni=cni, pod_cidrs=("10.244.0.0/16",))

    assert len(findings) == number
