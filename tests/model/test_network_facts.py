"""What objects say about the network of their cluster."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from k8snetlint import Source
from k8snetlint.model.network_facts import NetworkFacts
from k8snetlint.model.resource import resource_of
from k8snetlint.model.tables.network_kinds import CNI_KEYS, DAEMON_SETS, DELIVERIES, NET_CONF, OLD_KINDS, SETTINGS
from k8snetlint.model.tables.policies import OWNERS
from k8snetlint.source.load import load

KINDS = sorted(
    {
        *DAEMON_SETS,
        *DELIVERIES,
        *OLD_KINDS,
        *SETTINGS,
        ("", "ConfigMap"),
        ("", "Pod"),
        *((group, "NetworkPolicy") for group in OWNERS),
    }
)
WORDS = [
    "spec",
    "template",
    "containers",
    "args",
    "image",
    "data",
    "networking",
    "podSubnet",
    "specs",
    "ingress",
    "chart",
]
WORDS += [*CNI_KEYS, NET_CONF, "cidr", "volumes", "hostPath", "path", "tolerations", "env", "value", "name"]


def facts(manifest: str) -> NetworkFacts | None:
    """Return what one object says."""
    (document,) = load(Source.of("a.yaml", manifest)).documents
    assert isinstance(document.value, dict)
    return resource_of(document.value, document.source, 0).network


@pytest.mark.parametrize(
    "manifest",
    [
        pytest.param("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {a: b}\n", id="a ConfigMap"),
        pytest.param(
            "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {nginx.conf: 'http {}'}\n",
            id="the configuration of another program",
        ),
        pytest.param(
            "apiVersion: apps/v1\nkind: DaemonSet\nmetadata: {name: logs}\nspec: {template: {spec: {containers: "
            "[{name: a, image: fluentd}], volumes: [{name: a, hostPath: {path: /etc/cni/net.d}}]}}}\n",
            id="a DaemonSet of no plugin",
        ),
        pytest.param(
            "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: flannel}\n",
            id="a role of today",
        ),
        pytest.param("apiVersion: v1\nkind: Service\nmetadata: {name: calico-typha}\n", id="a kind that says nothing"),
    ],
)
def test_most_objects_say_nothing(manifest: str) -> None:
    assert facts(manifest) is None


@pytest.mark.parametrize(
    ("manifest", "cidrs"),
    [
        pytest.param(
            "apiVersion: kubeadm.k8s.io/v1beta3\nkind: ClusterConfiguration\n"
            "networking: {podSubnet: '10.244.0.0/16,fd00::/56'}\n",
            ["10.244.0.0/16", "fd00::/56"],
            id="kubeadm, of both families",
        ),
        pytest.param(
            "apiVersion: cluster.x-k8s.io/v1beta1\nkind: Cluster\nmetadata: {name: a}\n"
            "spec: {clusterNetwork: {pods: {cidrBlocks: [192.168.0.0/16]}}}\n",
            ["192.168.0.0/16"],
            id="Cluster API",
        ),
        pytest.param(
            "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: kubeadm-config}\ndata:\n  ClusterConfiguration: |\n"
            "    networking:\n      podSubnet: 10.244.0.0/16\n",
            ["10.244.0.0/16"],
            id="what kubeadm keeps in the cluster",
        ),
        pytest.param(
            "apiVersion: v1\nkind: Pod\nmetadata: {name: kube-controller-manager}\n"
            "spec: {containers: [{name: a, command: [kube-controller-manager, --cluster-cidr=10.244.0.0/16]}]}\n",
            ["10.244.0.0/16"],
            id="an argument of the control plane",
        ),
        pytest.param(
            "apiVersion: operator.tigera.io/v1\nkind: Installation\nmetadata: {name: default}\n"
            "spec: {calicoNetwork: {ipPools: [{cidr: 10.48.0.0/16}]}}\n",
            ["10.48.0.0/16"],
            id="the operator of Calico",
        ),
        pytest.param(
            "apiVersion: projectcalico.org/v3\nkind: IPPool\nmetadata: {name: a}\n"
            "spec: {cidr: 10.48.0.0/16, disabled: true}\n",
            [],
            id="a pool that is not used",
        ),
        pytest.param(
            "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {net-conf.json: '{\"Network\": '}\n",
            [],
            id="a configuration of Flannel that is broken",
        ),
    ],
)
def test_networks_of_pods(manifest: str, cidrs: list[str]) -> None:
    found = facts(manifest)

    assert [cidr for each in (found.ranges if found else ()) for cidr in each.cidrs] == cidrs


@pytest.mark.parametrize(
    ("toleration", "starts"),
    [
        ("{operator: Exists}", True),
        ("{operator: Exists, effect: NoSchedule}", True),
        ("{operator: Exists, effect: NoExecute}", False),
        ("{key: node.kubernetes.io/not-ready, operator: Exists}", True),
        ("{key: node-role.kubernetes.io/master, effect: NoSchedule}", False),
        ("null", False),
        ("text", False),
    ],
)
def test_which_tolerations_let_a_plugin_start(toleration: str, *, starts: bool) -> None:
    found = facts(
        "apiVersion: apps/v1\nkind: DaemonSet\nmetadata: {name: cilium}\nspec:\n  template:\n    spec:\n"
        f"      hostNetwork: true\n      tolerations: [{toleration}]\n"
        "      containers: [{name: cilium, image: quay.io/cilium/cilium:v1.20.2}]\n"
        "      volumes: [{name: cni, hostPath: {path: /etc/cni/net.d}}]\n"
    )

    assert found is not None
    assert (not found.blockers) is starts


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.sampled_from(WORDS),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(WORDS), inner, max_size=4),
    max_leaves=20,
)


@settings(max_examples=300, deadline=None)
@given(kind=st.sampled_from(KINDS), fields=st.dictionaries(st.sampled_from([*WORDS, "metadata", "mode"]), VALUES))
def test_no_value_is_too_odd(kind: tuple[str, str], fields: dict[str, Any]) -> None:
    group, name = kind
    version = "v1beta1" if kind in OLD_KINDS else "v1"
    value = {**fields, "apiVersion": f"{group}/{version}" if group else version, "kind": name}

    found = resource_of(value, Source.of("a.yaml", ""), 0).network

    assert found is None or found != NetworkFacts()
