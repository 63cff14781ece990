"""Which pods are attached to networks to which policies do not apply."""

from __future__ import annotations

import pytest
from manifests import deployment, manifest, pod, policy

from k8snetlint import Config, Source, lint
from k8snetlint.evidence.secondary_networks import network_names
from k8snetlint.model.environment import Environment

RULE = "netpol-secondary-network"
ANNOTATIONS = "annotations: {k8s.v1.cni.cncf.io/networks: NETWORKS}"
WEB = deployment("web").replace("metadata: {labels", f"metadata: {{{ANNOTATIONS}, labels")
ON_STORAGE = WEB.replace("NETWORKS", "storage")
OTHER = manifest("k8s.cni.cncf.io/v1beta1", "MultiNetworkPolicy", spec="{podSelector: {}, policyTypes: [Ingress]}")
TEMPLATE = "apiVersion: v1\nkind: Pod\nmetadata:\n  {{- labels }}\n"


def reported(*files: str, cni: str = "") -> list[str]:
    """Return the messages of the rule."""
    sources = [Source.of(f"{number}.yaml", text) for number, text in enumerate(files)]
    found = lint(sources, Config(environment=Environment(cni=cni))).findings
    return [each.message for each in found if each.id == RULE]


@pytest.mark.parametrize(
    "files",
    [
        pytest.param((policy("app: web"), ON_STORAGE), id="a policy for these pods"),
        pytest.param((policy(), ON_STORAGE), id="a policy for every pod"),
        pytest.param((policy(direction="Egress"), ON_STORAGE), id="a policy for egress"),
        pytest.param((policy(), policy("app: web", name="b"), ON_STORAGE), id="two policies"),
        pytest.param((policy(), ON_STORAGE, OTHER.replace("prod", "test")), id="a MultiNetworkPolicy elsewhere"),
        pytest.param((policy(), pod("web", annotations="k8s.v1.cni.cncf.io/networks: storage")), id="a Pod"),
    ],
)
def test_attached_and_isolated(files: tuple[str, ...]) -> None:
    assert reported(*files) == ["the pods are also attached to network storage, to which policy policy does not apply"]


@pytest.mark.parametrize(
    "files",
    [
        pytest.param((ON_STORAGE,), id="no policy"),
        pytest.param((policy("app: db"), ON_STORAGE), id="a policy for other pods"),
        pytest.param((policy(namespace="test"), ON_STORAGE), id="a policy of another namespace"),
        pytest.param((policy("pod-template-hash: 5d9c7"), ON_STORAGE), id="a policy for pods of one revision"),
        pytest.param((policy("app: ${APP}"), ON_STORAGE), id="a policy with a placeholder"),
        pytest.param((policy(), ON_STORAGE, OTHER), id="a MultiNetworkPolicy"),
        pytest.param((policy(), WEB.replace("NETWORKS", "istio-cni")), id="the plugin of a mesh"),
        pytest.param((policy(), WEB.replace("NETWORKS", "''")), id="no network"),
        pytest.param((policy(), WEB.replace("NETWORKS", "'${NETWORK}'")), id="a placeholder"),
        pytest.param(
            (policy(), deployment("web").replace("namespace: prod}", f"namespace: prod, {ANNOTATIONS}}}")),
            id="of the Deployment",
        ),
        pytest.param((policy(), deployment("web")), id="not attached"),
        pytest.param((policy(), ON_STORAGE, TEMPLATE), id="a MultiNetworkPolicy may be missing"),
        pytest.param(
            (policy(), ON_STORAGE.replace("spec: {", "spec: {hostNetwork: true, ")), id="on the network of the node"
        ),
    ],
)
def test_not_attached_or_not_known(files: tuple[str, ...]) -> None:
    assert reported(*files) == []


def test_a_plugin_that_enforces_nothing() -> None:
    assert reported(policy(), ON_STORAGE, cni="flannel@0.24.0") == []


@pytest.mark.parametrize(
    ("annotation", "names"),
    [
        ("storage", ("storage",)),
        ("infra/storage@net1", ("storage",)),
        ("a, infra/b@net1 ,c", ("a", "b", "c")),
        ("a,a", ("a",)),
        ('[{"name": "storage", "namespace": "infra"}, {"name":"b"}]', ("storage", "b")),
        ('{"name": "storage"}', ("storage",)),
        ("istio-cni, storage", ("storage",)),
        ("default/istio-cni", ()),
        ("", ()),
        ("[", ()),
    ],
)
def test_names_of_networks(annotation: str, names: tuple[str, ...]) -> None:
    assert network_names(annotation) == names
