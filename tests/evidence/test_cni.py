"""Which CNI plugin a scope installs, and what it does with policies."""

from __future__ import annotations

import pytest

from k8snetlint import Config, Source
from k8snetlint.connectivity.profiles import profile_in
from k8snetlint.evidence.cni import CniPlugin, cni_plugin
from k8snetlint.linting.inventory import KustomizationFiles
from k8snetlint.linting.reading import read
from k8snetlint.linting.scoping import Scoping
from k8snetlint.model.environment import Environment

DAEMON_SET = """\
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: %s, namespace: kube-system}
spec:
  selector: {matchLabels: {app: %s}}
  template:
    metadata: {labels: {app: %s}}
    spec:
      containers: [%s]
      volumes: [{name: cni, hostPath: {path: /etc/cni/net.d}}]
"""


def daemon_set(name: str, *images: str, args: str = "") -> str:
    """Return a DaemonSet with a container for each image; the last one has arguments."""
    containers = [f"{{name: c{number}, image: '{image}'}}" for number, image in enumerate(images)]
    if args:
        containers[-1] = containers[-1][:-1] + f", args: [{args}]}}"
    return DAEMON_SET % (name, name, name, ", ".join(containers))


def plugin_of(*texts: str, cni: str = "") -> CniPlugin | None:
    """Return the plugin of manifests, each in a file of the same folder."""
    sources = [Source.of(f"{number}.yaml", text) for number, text in enumerate(texts)]
    reading = read(sources, Config(environment=Environment(cni=cni)), (), KustomizationFiles(), None)
    (cluster,) = Scoping(reading).clusters
    return cni_plugin(cluster)


@pytest.mark.parametrize(
    ("image", "name", "release"),
    [
        ("ghcr.io/flannel-io/flannel:v0.28.10", "flannel", (0, 28, 10)),
        ("quay.io/coreos/flannel:v0.10.0-amd64", "flannel", (0, 10, 0)),
        ("rancher/mirrored-flannelcni-flannel:v0.18.1", "flannel", (0, 18, 1)),
        ("localhost:5000/calico/node:v3.14.2", "calico", (3, 14, 2)),
        ("quay.io/cilium/cilium:v1.15.6@sha256:0123", "cilium", (1, 15, 6)),
        ("quay.io/calico/node:master", "calico", ()),
        ("docker.io/cloudnativelabs/kube-router", "kube-router", ()),
        ("weaveworks/weave-kube:2.8.1", "weave", (2, 8, 1)),
    ],
)
def test_the_image_of_a_daemon_set_tells_the_plugin(image: str, name: str, release: tuple[int, ...]) -> None:
    plugin = plugin_of(daemon_set("node", image))

    assert plugin is not None
    assert (plugin.name, plugin.release) == (name, release)


@pytest.mark.parametrize(
    ("manifest", "enforces"),
    [
        pytest.param(daemon_set("flannel", "flannel/flannel:v0.25.7"), False, id="Flannel alone does not"),
        pytest.param(
            daemon_set("flannel", "flannel/flannel:v0.25.7", "registry.k8s.io/networking/kube-network-policies:v1.0.0"),
            True,
            id="Flannel with kube-network-policies does",
        ),
        pytest.param(
            daemon_set("canal", "calico/node:v3.25.2", "flannel/flannel:v0.15.1"), True, id="Canal is not Flannel alone"
        ),
        pytest.param(
            daemon_set("aws-node", "x/amazon-k8s-cni:v1.13.4"), False, id="the AWS VPC CNI before it had an agent"
        ),
        pytest.param(
            daemon_set(
                "aws-node",
                "x/amazon-k8s-cni:v1.23.2",
                "x/aws-network-policy-agent:v1.4.3",
                args="--enable-network-policy=true",
            ),
            True,
            id="the AWS VPC CNI that is told to",
        ),
        pytest.param(
            daemon_set("kube-router", "cloudnativelabs/kube-router:v2.1.0", args="--run-firewall=false"),
            False,
            id="kube-router without its firewall",
        ),
        pytest.param(daemon_set("kindnet", "kindest/kindnetd:v20240813"), None, id="kindnet: not known"),
    ],
)
def test_whether_policies_are_enforced(manifest: str, *, enforces: bool | None) -> None:
    plugin = plugin_of(manifest)

    assert plugin is not None
    assert plugin.enforces is enforces


@pytest.mark.parametrize(
    "texts",
    [
        pytest.param((daemon_set("node", "example.com/node:1"),), id="an unknown image"),
        pytest.param(
            (daemon_set("a", "flannel/flannel:v0.25.7"), daemon_set("b", "quay.io/cilium/cilium:v1.15.6")),
            id="two plugins that are not used together",
        ),
        pytest.param((daemon_set("linkerd-cni", "cr.l5d.io/linkerd/cni-plugin:v1.5.0"),), id="a chained plugin"),
    ],
)
def test_the_plugin_is_not_known(texts: tuple[str, ...]) -> None:
    assert plugin_of(*texts) is None


def test_the_configured_plugin_counts_and_not_the_installed_one() -> None:
    plugin = plugin_of(daemon_set("a", "flannel/flannel:v0.25.7"), cni="cilium@1.15")

    assert plugin is not None
    assert (plugin.name, plugin.release, plugin.title) == ("cilium", (1, 15), "Cilium 1.15")


def test_a_chart_may_enforce_policies_by_its_values() -> None:
    chart = """\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: cni}
spec: {source: {chart: %s, repoURL: "https://example.com", targetRevision: %s}}
"""
    flannel, cilium = plugin_of(chart % ("flannel", "v0.25.7")), plugin_of(chart % ("cilium", "1.15.6"))

    assert flannel is not None
    assert flannel.enforces is None
    assert cilium is not None
    assert (cilium.enforces, cilium.release) == (True, (1, 15, 6))


def test_in_a_tree_of_several_folders_a_plugin_may_be_that_of_another_cluster() -> None:
    sources = [
        Source.of("hack/kind/flannel.yaml", daemon_set("a", "flannel/flannel:v0.25.7")),
        Source.of("deploy/map.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n"),
    ]
    (cluster,) = Scoping(read(sources, Config(), (), KustomizationFiles(), None)).clusters
    plugin = cni_plugin(cluster)

    assert plugin is not None
    assert not plugin.is_sure
    assert profile_in(cluster).enforces
