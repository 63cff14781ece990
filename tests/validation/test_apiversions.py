"""What is said of apiVersions and kinds that no API server serves, and of which nothing is said."""

from __future__ import annotations

import pytest

from k8snetlint import Config, Source, lint
from k8snetlint.edit.editor import apply_edits
from k8snetlint.model.environment import Environment, parse_version
from k8snetlint.validation.exact import answers, read
from k8snetlint.validation.schemas import Serving, serving_of
from k8snetlint.validation.server import Server

OBJECT = "apiVersion: {}\nkind: {}\nmetadata:\n  name: web\n"
POLICY = "spec:\n  podSelector: {}\n  policyTypes: [Ingress]\n"
NO_MATCH, MALFORMED, TYPE, REQUIRED = "api-no-match", "api-invalid", "api-type", "api-required"
NETWORKING, RBAC = "networking.k8s.io/v1", "rbac.authorization.k8s.io/v1"

APIVERSIONS = [
    # More than one slash, which no client can read.
    ("networking.k8s.io/v1/", "NetworkPolicy", MALFORMED, NETWORKING, "unsafe"),
    ("/networking.k8s.io/v1", "Ingress", MALFORMED, NETWORKING, "unsafe"),
    ("/apis/networking.k8s.io/v1", "Ingress", MALFORMED, NETWORKING, "unsafe"),
    ("networking.k8s.io/v1/NetworkPolicy", "NetworkPolicy", MALFORMED, NETWORKING, "unsafe"),
    ("apps/v1/", "Deployment", MALFORMED, "apps/v1", "unsafe"),
    ("apps//v1", "Deployment", MALFORMED, "apps/v1", "unsafe"),
    ("projectcalico.org/v3/", "NetworkPolicy", MALFORMED, "projectcalico.org/v3", "unsafe"),
    ("example.org/a/b", "Ingress", MALFORMED, "", ""),
    # Upper case, which no group and no version has.
    ("Networking.k8s.io/v1", "NetworkPolicy", NO_MATCH, NETWORKING, "safe"),
    ("networking.K8s.io/v1", "Ingress", NO_MATCH, NETWORKING, "safe"),
    ("networking.k8s.io/V1", "IngressClass", NO_MATCH, NETWORKING, "safe"),
    ("V1", "Service", NO_MATCH, "v1", "safe"),
    ("Apps/v1", "StatefulSet", NO_MATCH, "apps/v1", "safe"),
    ("Network.k8s.io/v1", "Ingress", NO_MATCH, NETWORKING, "unsafe"),
    ("ProjectCalico.org/v3", "NetworkPolicy", NO_MATCH, "projectcalico.org/v3", "unsafe"),
    # A group without a dot, which no custom resource can have.
    ("core/v1", "Service", NO_MATCH, "v1", "unsafe"),
    ("api/v1", "Pod", NO_MATCH, "v1", "unsafe"),
    ("v1/", "Namespace", NO_MATCH, "v1", "unsafe"),
    ("v1/Service", "Service", NO_MATCH, "v1", "unsafe"),
    ("networking/v1", "NetworkPolicy", NO_MATCH, NETWORKING, "unsafe"),
    ("network/v1", "NetworkPolicy", NO_MATCH, NETWORKING, "unsafe"),
    ("app/v1", "Deployment", NO_MATCH, "apps/v1", "unsafe"),
    ("rbac/v1", "ClusterRole", NO_MATCH, RBAC, "unsafe"),
    ("storage/v1", "StorageClass", NO_MATCH, "storage.k8s.io/v1", "unsafe"),
    ("extension/v1beta1", "Ingress", NO_MATCH, NETWORKING, "unsafe"),
    ("autoscalin/v1", "HorizontalPodAutoscaler", NO_MATCH, "autoscaling/v1", "unsafe"),
    ("acme/v1", "DaemonSet", NO_MATCH, "apps/v1", "unsafe"),
    ("settings/v1alpha1", "PodPreset", NO_MATCH, "", ""),
    # Two edits from the kind's own group.
    ("networkin.k8s.io/v1", "NetworkPolicy", NO_MATCH, NETWORKING, "unsafe"),
    ("netwroking.k8s.io/v1", "NetworkPolicy", NO_MATCH, NETWORKING, "unsafe"),
    ("networking.k8s.oi/v1", "Ingress", NO_MATCH, NETWORKING, "unsafe"),
    ("networking.k8.io/v1", "IngressClass", NO_MATCH, NETWORKING, "unsafe"),
    ("networking.ks8.io/v1beta1", "Ingress", NO_MATCH, NETWORKING, "unsafe"),
    ("event.k8s.io/v1", "Event", NO_MATCH, "events.k8s.io/v1", "unsafe"),
    ("rbac.authorisation.k8s.io/v1", "RoleBinding", NO_MATCH, RBAC, "unsafe"),
    # The first label is missing or wrong.
    ("k8s.io/v1", "NetworkPolicy", NO_MATCH, NETWORKING, "unsafe"),
    ("network.k8s.io/v1", "NetworkPolicy", NO_MATCH, NETWORKING, "unsafe"),
    ("net.k8s.io/v1", "Ingress", NO_MATCH, NETWORKING, "unsafe"),
    ("ingress.k8s.io/v1", "Ingress", NO_MATCH, NETWORKING, "unsafe"),
    ("extensions.k8s.io/v1beta1", "Ingress", NO_MATCH, NETWORKING, "unsafe"),
    ("authorization.k8s.io/v1", "Role", NO_MATCH, RBAC, "unsafe"),
    # `.k8s.io` is added, or all that is written.
    ("apps.k8s.io/v1", "Deployment", NO_MATCH, "apps/v1", "unsafe"),
    ("batch.k8s.io/v1", "CronJob", NO_MATCH, "batch/v1", "unsafe"),
    ("policy.k8s.io/v1", "PodDisruptionBudget", NO_MATCH, "policy/v1", "unsafe"),
    ("autoscaling.k8s.io/v2", "HorizontalPodAutoscaler", NO_MATCH, "autoscaling/v2", "unsafe"),
    ("core.k8s.io/v1", "ConfigMap", NO_MATCH, "v1", "unsafe"),
    ("k8s.io/v1", "Pod", NO_MATCH, "v1", "unsafe"),
    ("k8s.io/v1", "Deployment", NO_MATCH, "apps/v1", "unsafe"),
    ("rbac.k8s.io/v1", "ClusterRoleBinding", NO_MATCH, RBAC, "unsafe"),
    # The wrong one of Kubernetes' own groups and versions.
    ("v1", "Deployment", NO_MATCH, "apps/v1", "unsafe"),
    ("apps/v1", "NetworkPolicy", NO_MATCH, NETWORKING, "unsafe"),
    ("v2", "Service", NO_MATCH, "v1", "unsafe"),
    ("networking.k8s.io.v1", "Ingress", NO_MATCH, NETWORKING, "unsafe"),
    ("autoscaling/v3", "HorizontalPodAutoscaler", NO_MATCH, "autoscaling/v2", "unsafe"),
    ("coordination.k8s.io/v1", "LeaseCandidate", NO_MATCH, "coordination.k8s.io/v1beta1", ""),
    # No string, or nothing in it.
    ("1", "Service", TYPE, "v1", "unsafe"),
    ("1.0", "Deployment", TYPE, "apps/v1", "unsafe"),
    ("1", "Widget", TYPE, "", ""),
    ("true", "Service", TYPE, "", ""),
    ("[v1]", "Service", TYPE, "", ""),
    ("{}", "Service", TYPE, "", ""),
    ('""', "Service", REQUIRED, "", ""),
    ("~", "Service", REQUIRED, "", ""),
]
KINDS = [
    # In another case: only one object can be meant.
    ("v1", "service", NO_MATCH, "Service", "safe"),
    ("v1", "NameSpace", NO_MATCH, "Namespace", "safe"),
    ("v1", "Configmap", NO_MATCH, "ConfigMap", "safe"),
    ("apps/v1", "deployment", NO_MATCH, "Deployment", "safe"),
    ("apps/v1", "Statefulset", NO_MATCH, "StatefulSet", "safe"),
    ("apps/v1", "DAEMONSET", NO_MATCH, "DaemonSet", "safe"),
    ("batch/v1", "Cronjob", NO_MATCH, "CronJob", "safe"),
    ("networking.k8s.io/v1", "Networkpolicy", NO_MATCH, "NetworkPolicy", "safe"),
    ("V1", "service", NO_MATCH, "v1 Service", "safe"),
    # In the plural.
    ("v1", "Services", NO_MATCH, "Service", "unsafe"),
    ("apps/v1", "deployments", NO_MATCH, "Deployment", "unsafe"),
    ("networking.k8s.io/v1", "NetworkPolicies", NO_MATCH, "NetworkPolicy", "unsafe"),
    ("networking.k8s.io/v1", "Ingresses", NO_MATCH, "Ingress", "unsafe"),
    ("storage.k8s.io/v1", "StorageClasses", NO_MATCH, "StorageClass", "unsafe"),
    ("v1", "Endpoint", NO_MATCH, "Endpoints", "unsafe"),
    # As kubectl abbreviates it.
    ("v1", "svc", NO_MATCH, "Service", "unsafe"),
    ("v1", "NS", NO_MATCH, "Namespace", "unsafe"),
    ("apps/v1", "Deploy", NO_MATCH, "Deployment", "unsafe"),
    ("apps/v1", "sts", NO_MATCH, "StatefulSet", "unsafe"),
    ("networking.k8s.io/v1", "NetPol", NO_MATCH, "NetworkPolicy", "unsafe"),
    ("networking.k8s.io/v1", "Ing", NO_MATCH, "Ingress", "unsafe"),
    # Misspelt.
    ("v1", "Servce", NO_MATCH, "Service", "unsafe"),
    ("apps/v1", "Deploymnet", NO_MATCH, "Deployment", "unsafe"),
    ("networking.k8s.io/v1", "NetworkPolcy", NO_MATCH, "NetworkPolicy", "unsafe"),
    ("networking.k8s.io/v1", "Ingres", NO_MATCH, "Ingress", "unsafe"),
    ("batch/v1", "CronJb", NO_MATCH, "CronJob", "unsafe"),
    ("apps/v1", "Application", NO_MATCH, "", ""),
    ("autoscaling/v1", "Scale", NO_MATCH, "", ""),
    # Both are wrong.
    ("v1", "Deploymnt", NO_MATCH, "apps/v1 Deployment", "unsafe"),
    ("v1", "deployments", NO_MATCH, "apps/v1 Deployment", "unsafe"),
    ("extensions/v1beta1", "ingress", NO_MATCH, "networking.k8s.io/v1 Ingress", "unsafe"),
    ("network.k8s.io/v1", "NetworkPolcy", NO_MATCH, "networking.k8s.io/v1 NetworkPolicy", "unsafe"),
    ("networking/v1", "networkpolicies", NO_MATCH, "networking.k8s.io/v1 NetworkPolicy", "unsafe"),
    ("core/v1", "svc", NO_MATCH, "v1 Service", "unsafe"),
    ("acme/v1", "Deploymnt", NO_MATCH, "apps/v1 Deployment", "unsafe"),
    ("v1", "5", TYPE, "", ""),
    ("v1", "{}", TYPE, "", ""),
    ("v1", '""', REQUIRED, "", ""),
]
QUIET = [
    # Domains of others that have kinds of the same name.
    ("projectcalico.org/v3", "NetworkPolicy"),
    ("crd.projectcalico.org/v1", "NetworkPolicy"),
    ("serving.knative.dev/v1", "Service"),
    ("networking.internal.knative.dev/v1alpha1", "Ingress"),
    ("batch.volcano.sh/v1alpha1", "Job"),
    ("apps.kruise.io/v1beta1", "StatefulSet"),
    ("apps.kruise.io/v1alpha1", "DaemonSet"),
    ("apps.openshift.io/v1", "DeploymentConfig"),
    ("authorization.openshift.io/v1", "Role"),
    ("config.openshift.io/v1", "Ingress"),
    ("rbac.istio.io/v1alpha1", "ClusterRole"),
    ("networking.istio.io/v1", "Gateway"),
    ("argoproj.io/v1alpha1", "Application"),
    ("cilium.io/v2", "CiliumNetworkPolicy"),
    ("example.org/v1", "Deploymnt"),
    ("example.org/v1", "service"),
    ("backstage.io/v1alpha1", "Component"),
    # Domains of Kubernetes' subprojects.
    ("gateway.networking.k8s.io/v1", "Gateway"),
    ("policy.networking.k8s.io/v1alpha1", "AdminNetworkPolicy"),
    ("snapshot.storage.k8s.io/v1", "VolumeSnapshot"),
    ("scheduling.x-k8s.io/v1alpha1", "PodGroup"),
    ("kueue.x-k8s.io/v1beta1", "Workload"),
    ("app.k8s.io/v1beta1", "Application"),
    ("autoscaling.k8s.io/v1", "VerticalPodAutoscaler"),
    ("metrics.k8s.io/v1beta1", "PodMetrics"),
    ("csi.storage.k8s.io/v1alpha1", "CSIDriver"),
    ("audit.k8s.io/v1", "Event"),
    ("audit.k8s.io/v1", "Policy"),
    ("migration.k8s.io/v1alpha1", "StorageVersionMigration"),
    ("metacontroller.k8s.io/v1alpha1", "ControllerRevision"),
    # Configuration of programs, which is not sent to a server.
    ("v1", "Config"),
    ("skaffold/v3", "Config"),
    ("kustomize.config.k8s.io/v1beta1", "Kustomization"),
    ("kubeadm.k8s.io/v1beta4", "ClusterConfiguration"),
    ("kubelet.config.k8s.io/v1beta1", "KubeletConfiguration"),
    ("kind.x-k8s.io/v1alpha4", "Cluster"),
    ("descheduler/v1alpha2", "DeschedulerPolicy"),
    ("builtin", "PatchTransformer"),
    ("core/v1", "Entrypoint"),
    ("core/v1", "HTTPServer"),
    ("acme/v1", "Rule"),
    ("acme/v1", "Mode"),
    ("v2", "Note"),
    ("/v1", "ConfigMap"),
    ("1.0.0", "Servce"),
    # What others have under v1, and lists.
    ("v1", "Template"),
    ("v1", "Route"),
    ("network.k8s.io/v1", "NetworkPolicyList"),
    # What is filled in later.
    ("${GROUP}/v1", "Service"),
    ("'{{ .Values.apiVersion }}'", "NetworkPolicy"),
    ("<group>/v1", "Ingress"),
    ("apps/${VERSION}", "Deployment"),
    ("apps/v1", "${KIND}"),
]


def found(text: str, *versions: str) -> list[tuple[str, str | None, str, str, str, bool]]:
    """Return id, field, severity and message, what was meant, and whether the finding can be suppressed."""
    known = tuple(map(parse_version, versions)) or Environment().versions
    findings = lint([Source.of("a.yaml", text)], Config(environment=Environment(versions=known))).findings
    return [
        (each.id, each.field, each.severity.word, each.message, each.help, each.rejected)
        for each in findings
        if each.id.startswith("api-")
    ]


@pytest.mark.parametrize(("api_version", "kind", "finding_id", "near", "fixable"), [*APIVERSIONS, *KINDS])
def test_what_is_said_of_a_typo(api_version: str, kind: str, finding_id: str, near: str, fixable: str) -> None:
    text = OBJECT.format(api_version, kind)
    (finding,) = lint([Source.of("a.yaml", text)], Config()).findings
    assert (finding.id, finding.severity.word, finding.rejected) == (finding_id, "error", True)
    assert finding.help == (f"did you mean `{near}`?" if near else "")
    fix = finding.fix
    assert fixable == ("" if fix is None else "safe" if fix.safe else "unsafe")
    if fix is not None:
        mended = apply_edits(text, fix.edits)
        assert not any(each[0] in (NO_MATCH, TYPE) or "GroupVersion" in each[3] for each in found(mended))
        assert fix.title.startswith("write ")


@pytest.mark.parametrize(("api_version", "kind"), QUIET)
def test_what_may_be_of_others_is_not_accused(api_version: str, kind: str) -> None:
    assert found(OBJECT.format(api_version, kind)) == []


@pytest.mark.parametrize(("api_version", "kind", "field"), [(a, k, "apiVersion") for a, k, *_ in APIVERSIONS[:7]])
def test_an_apiversion_that_no_client_can_read(api_version: str, kind: str, field: str) -> None:
    (finding,) = found(OBJECT.format(api_version, kind))
    assert finding[1:3] == (field, "error")
    assert finding[3].startswith(f"unexpected GroupVersion string: {api_version}")


@pytest.mark.parametrize(
    ("api_version", "kind", "field", "message"),
    [
        (
            "network.k8s.io/v1",
            "NetworkPolicy",
            "apiVersion",
            (
                'no matches for kind "NetworkPolicy" in version "network.k8s.io/v1"; '
                "it is available in networking.k8s.io/v1"
            ),
        ),
        (
            "v1",
            "Deploymnt",
            "kind",
            'no matches for kind "Deploymnt" in version "v1"; Deployment is available in apps/v1',
        ),
        ("v1", "svc", "kind", 'no matches for kind "svc" in version "v1"'),
        (
            "coordination.k8s.io/v1",
            "LeaseCandidate",
            "apiVersion",
            (
                'no matches for kind "LeaseCandidate" in version "coordination.k8s.io/v1"; '
                "it is available in coordination.k8s.io/v1beta1, where that is enabled"
            ),
        ),
        (
            "1",
            "Service",
            "apiVersion",
            (
                "expected a string, found a number "
                "(json: cannot unmarshal number into Go struct field TypeMeta.apiVersion of type string)"
            ),
        ),
    ],
)
def test_the_words(api_version: str, kind: str, field: str, message: str) -> None:
    assert [each[1:4] for each in found(OBJECT.format(api_version, kind))] == [(field, "error", message)]


@pytest.mark.parametrize(
    ("text", "mended"),
    [
        pytest.param(
            OBJECT.format("network.k8s.io/v1", "NetworkPolcy") + POLICY,
            OBJECT.format(NETWORKING, "NetworkPolicy") + POLICY,
            id="the content fits",
        ),
        pytest.param(
            OBJECT.format("network.k8s.io/v1", "NetworkPolicy") + "spec:\n  ports: []\n", None, id="it does not fit"
        ),
        pytest.param(
            OBJECT.format(NETWORKING, "networkpolicy") + "spec:\n  ports: []\n",
            OBJECT.format(NETWORKING, "NetworkPolicy") + "spec:\n  ports: []\n",
            id="but case alone shows what is meant",
        ),
        pytest.param(
            "apiVersion: v1\nkind: List\nitems:\n- apiVersion: core/v1\n  kind: Pod\n  metadata: {name: web}\n",
            None,
            id="the item of a List may have inherited it",
        ),
    ],
)
def test_the_fix_depends_on_the_content(text: str, mended: str | None) -> None:
    findings = lint([Source.of("a.yaml", text)], Config()).findings
    (finding,) = (each for each in findings if each.id == NO_MATCH)
    assert (finding.fix and apply_edits(text, finding.fix.edits)) == mended


OFF = "{} is served only where it is enabled (`--runtime-config`){}"


@pytest.mark.parametrize(
    ("api_version", "kind", "version", "instead"),
    [
        ("networking.k8s.io/v1beta1", "ServiceCIDR", "1.31", ""),
        ("networking.k8s.io/v1beta1", "IPAddress", "1.36", NETWORKING),
        ("networking.k8s.io/v1alpha1", "ServiceCIDR", "1.30", ""),
        ("resource.k8s.io/v1beta1", "ResourceClaim", "1.32", ""),
        ("resource.k8s.io/v1beta1", "ResourceClaim", "1.37", "resource.k8s.io/v1"),
        ("resource.k8s.io/v1alpha3", "DeviceTaintRule", "1.36", ""),
        ("admissionregistration.k8s.io/v1beta1", "ValidatingAdmissionPolicy", "1.29", ""),
        ("storage.k8s.io/v1beta1", "VolumeAttributesClass", "1.35", "storage.k8s.io/v1"),
        ("scheduling.k8s.io/v1beta1", "PodGroup", "1.37", ""),
        ("internal.apiserver.k8s.io/v1alpha1", "StorageVersion", "1.25", ""),
    ],
)
def test_what_is_off_by_default(api_version: str, kind: str, version: str, instead: str) -> None:
    text = OBJECT.format(api_version, kind)
    message = OFF.format(f"{api_version} {kind}", f"; it is available in {instead} by default" if instead else "")
    near = f"did you mean `{instead}`?" if instead else ""
    assert found(text, version) == [("api-off-by-default", "apiVersion", "warning", message, near, False)]


def test_what_is_off_in_some_versions_names_them() -> None:
    text = OBJECT.format("networking.k8s.io/v1beta1", "ServiceCIDR")
    (removed,) = found(text, "1.36", "1.37")
    assert removed[0] == "api-removed-version"
    text = OBJECT.format("storage.k8s.io/v1beta1", "VolumeAttributesClass")
    assert [each[3] for each in found(text, "1.31", "1.32")] == [
        OFF.format("storage.k8s.io/v1beta1 VolumeAttributesClass", "")
    ]


@pytest.mark.parametrize(
    ("api_version", "kind", "version"),
    [
        ("autoscaling/v2beta2", "HorizontalPodAutoscaler", "1.25"),
        ("storage.k8s.io/v1beta1", "CSIStorageCapacity", "1.26"),
        ("flowcontrol.apiserver.k8s.io/v1beta2", "FlowSchema", "1.28"),
        ("flowcontrol.apiserver.k8s.io/v1beta3", "PriorityLevelConfiguration", "1.31"),
    ],
)
def test_beta_versions_that_are_older_are_on(api_version: str, kind: str, version: str) -> None:
    assert serving_of(api_version, kind, parse_version(version)).serving is Serving.SERVED


def test_a_schema_serves_its_kind() -> None:
    text = OBJECT.format("network.k8s.io/v1", "NetworkPolicy")
    for key, expected in ((("network.k8s.io", "v1", "NetworkPolicy"), []), (("a.b", "v1", "C"), [NO_MATCH])):
        report = lint([Source.of("a.yaml", text)], Config(schemas={key: {"type": "object"}}))
        assert [each.id for each in report.findings] == expected


# Recorded from kube-apiserver 1.37.2, but for the last three, which its discovery answers by what is enabled.
@pytest.mark.parametrize(
    ("api_version", "kind", "type_", "detail"),
    [
        *(
            (api, kind, "NoMatch", f'no matches for kind "{kind}" in version "{api}"')
            for api, kind in (
                ("network.k8s.io/v1", "NetworkPolicy"),
                ("core/v1", "Namespace"),
                ("v1/", "Namespace"),
                ("V1", "Namespace"),
                ("/", "Namespace"),
                ("apps/", "Deployment"),
                ("v1", "namespace"),
                ("k8s.io/v1", "Deploymnt"),
            )
        ),
        *(
            (api, kind, "Invalid", f"unexpected GroupVersion string: {api}")
            for api, kind in (
                ("networking.k8s.io/v1/", "NetworkPolicy"),
                ("/apps/v1", "Deployment"),
                ("//", "Namespace"),
                ("a/b/c", "Foo"),
            )
        ),
        *(
            (written, "Namespace", "ParseError", f"json: cannot unmarshal {name} into Go struct field {field}")
            for field in ("TypeMeta.apiVersion of type string",)
            for written, name in (("1", "number"), ("true", "bool"), ("[v1]", "array"), ("{}", "object"))
        ),
        ("v1", "5", "ParseError", "json: cannot unmarshal number into Go struct field TypeMeta.kind of type string"),
        ('""', "Namespace", "Required", "apiVersion must be specified"),
        *(
            (api, kind, "NoMatch", f'no matches for kind "{kind}" in version "{api}"')
            for api, kind in (
                ("resource.k8s.io/v1beta1", "ResourceClaim"),
                ("coordination.k8s.io/v1beta1", "LeaseCandidate"),
                ("scheduling.k8s.io/v1alpha3", "Workload"),
            )
        ),
    ],
)
def test_what_the_server_answers(api_version: str, kind: str, type_: str, detail: str) -> None:
    (answer,) = answers(read(Source.of("a.yaml", OBJECT.format(api_version, kind))), Server())
    assert [(each.type, each.detail) for each in answer.causes] == [(type_, detail)]


@pytest.mark.parametrize(
    ("api_version", "kind"),
    [
        pytest.param("builtin", "PatchTransformer", id="only v1 has no group"),
        pytest.param("v2", "Note", id="as before"),
        pytest.param("v1", "Config", id="a kubeconfig"),
        pytest.param("v1", "Template", id="OpenShift has a group of its own for it"),
        pytest.param("Example.org/v1", "Widget", id="an upper-case letter"),
        pytest.param("example_a.org/v1", "Widget", id="no domain"),
        pytest.param("example.org/1", "Widget", id="a version that is a number"),
        pytest.param("example.org/v1.2", "Widget", id="a version with a dot"),
        pytest.param("example.org/v1", "Wid get", id="a kind that is no name"),
        pytest.param("example.org/v1", "W" * 64, id="a kind that is too long"),
    ],
)
def test_what_no_server_can_have(api_version: str, kind: str) -> None:
    source = Source.of("a.yaml", OBJECT.format(f'"{api_version}"', kind))
    (answer,) = answers(read(source), Server())
    assert [(each.type, each.detail) for each in answer.causes] == [
        ("NoMatch", f'no matches for kind "{kind}" in version "{api_version}"')
    ]


@pytest.mark.parametrize(
    ("api_version", "kind"),
    [("/v1", "Namespace"), ("projectcalico.org/v3", "NetworkPolicy"), ("skaffold/v3", "Config"), ("a.b/v1", "W" * 63)],
)
def test_what_the_server_may_accept(api_version: str, kind: str) -> None:
    (answer,) = answers(read(Source.of("a.yaml", OBJECT.format(api_version, kind))), Server())
    assert answer.accepted
