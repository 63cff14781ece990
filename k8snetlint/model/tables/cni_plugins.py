"""How CNI plugins are recognised: by images, charts, and the settings of clusters."""

from __future__ import annotations

import re

TITLES = {
    "antrea": "Antrea",
    "aws-vpc-cni": "the AWS VPC CNI",
    "azure-npm": "Azure NPM",
    "calico": "Calico",
    "canal": "Canal",
    "cilium": "Cilium",
    "flannel": "Flannel",
    "kindnet": "kindnet",
    "kube-network-policies": "kube-network-policies",
    "kube-router": "kube-router",
    "kubenet": "kubenet",
    "openshift-sdn": "OpenShift SDN",
    "ovn-kubernetes": "OVN-Kubernetes",
    "weave": "Weave Net",
}
"""What plugins are called in sentences."""

NETWORKS = frozenset(TITLES) - {"azure-npm", "kube-network-policies"}
"""The plugins that connect pods; the others only enforce policies."""

USED_TOGETHER = frozenset(
    map(
        frozenset,
        (
            ("aws-vpc-cni", "antrea"),  # https://antrea.io/docs/main/docs/eks-installation/
            (
                "aws-vpc-cni",
                "calico",
            ),  # https://docs.tigera.io/calico/latest/getting-started/kubernetes/managed-public-cloud/eks
            ("calico", "canal"),
            ("calico", "flannel"),  # Canal
            ("calico", "kubenet"),  # https://learn.microsoft.com/en-us/azure/aks/use-network-policies
            ("canal", "flannel"),
        ),
    )
)
"""Pairs of plugins of which one connects pods, and the other one enforces policies."""

_IMAGES = {
    # https://github.com/projectcalico/calico/blob/master/manifests/calico.yaml
    "calico/node": "calico",
    "calico/cni": "calico",
    "calico-node": "calico",
    "calico-cni": "calico",
    "mirrored-calico-node": "calico",
    "mirrored-calico-cni": "calico",
    "tigera/operator": "calico",
    "mirrored-calico-operator": "calico",
    # https://github.com/flannel-io/flannel/blob/master/Documentation/kube-flannel.yml
    "flannel": "flannel",
    "flannel-git": "flannel",
    "mirrored-coreos-flannel": "flannel",
    "mirrored-flannelcni-flannel": "flannel",
    "mirrored-flannel-io-flannel": "flannel",
    "hardened-flannel": "flannel",
    # https://github.com/cilium/cilium/tree/main/install/kubernetes/cilium
    "cilium/cilium": "cilium",
    "mirrored-cilium-cilium": "cilium",
    # https://github.com/weaveworks/weave/blob/master/prog/weave-kube/weave-daemonset-k8s-1.11.yaml
    "weave-kube": "weave",
    # https://github.com/cloudnativelabs/kube-router/tree/master/daemonset
    "kube-router": "kube-router",
    # https://github.com/antrea-io/antrea/tree/main/build/yamls
    "antrea-ubuntu": "antrea",
    "antrea-agent-ubuntu": "antrea",
    "antrea-agent-ubi": "antrea",
    # https://github.com/aws/amazon-vpc-cni-k8s/blob/master/config/master/aws-k8s-cni.yaml
    "amazon-k8s-cni": "aws-vpc-cni",
    "aws-network-policy-agent": "aws-vpc-cni",
    # https://github.com/Azure/azure-container-networking/blob/master/npm/azure-npm.yaml
    "azure-npm": "azure-npm",
    "kube-network-policies": "kube-network-policies",
    # https://github.com/kubernetes-sigs/kind/tree/main/images/kindnetd
    "kindnetd": "kindnet",
    # https://github.com/ovn-kubernetes/ovn-kubernetes/tree/master/dist/templates
    "ovn-kube-u": "ovn-kubernetes",
    "ovn-kube-f": "ovn-kubernetes",
    "ovn-kube-ubuntu": "ovn-kubernetes",
    "ovn-kube-fedora": "ovn-kubernetes",
}
"""The end of an image's repository: its last part, or the last two."""

CHARTS = {
    "antrea": "antrea",
    "aws-vpc-cni": "aws-vpc-cni",
    "cilium": "cilium",
    "flannel": "flannel",
    "tigera-operator": "calico",
}
"""The names of charts."""

FIELD_WORDS = {
    "amazonvpc": "aws-vpc-cni",
    "calico": "calico",
    "canal": "canal",
    "cilium": "cilium",
    "flannel": "flannel",
    "kindnet": "kindnet",
    "kubenet": "kubenet",
    "kuberouter": "kube-router",
    "openshiftsdn": "openshift-sdn",
    "ovnkubernetes": "ovn-kubernetes",
    "weave": "weave",
}
"""What objects write in the field that names the plugin of their cluster, in lower case."""

_PART = re.compile(
    r"(?:^|[.:-])(antrea|calico|canal|cilium|flannel|kube-router|projectcalico|weave(?=-(?:net|kube|npc)\b))(?:$|[.:-])"
)


def plugin_of_image(repository: str) -> str:
    """Return the plugin that an image is of, empty for any other image."""
    *_, owner, name = ("", *repository.split("/"))
    return _IMAGES.get(name) or _IMAGES.get(f"{owner}/{name}", "")


def plugin_of_name(name: str) -> str:
    """Return the plugin that an object belongs to by its name, `psp.flannel.unprivileged`; empty if to none."""
    match = _PART.search(name)
    return match[1].replace("projectcalico", "calico") if match else ""
