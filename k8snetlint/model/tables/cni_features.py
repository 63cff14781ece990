"""What CNI plugins do with a NetworkPolicy: one row for a plugin and a feature, and its source.

Where no source is sure, the row says None, and nothing is concluded from it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from k8snetlint.model.releases import parse_release

if TYPE_CHECKING:
    from k8snetlint.model.releases import Release

ENFORCES = "NetworkPolicies"
END_PORT = "endPort"
NAMED_PORT = "port names"
SCTP = "SCTP"
IPV6 = "IPv6"
EXCEPT = "except"
BLOCK_MATCHES_PODS = "an ipBlock with addresses of pods"
BLOCK_MATCHES_NODES = "an ipBlock with addresses of nodes"


YES, NO = True, False
UNSURE = None


class Row(NamedTuple):
    """Whether a plugin has a feature, in its versions from `since` until before `until`; empty if in all.

    Attributes:
        has: None if it is not known, or depends on how the plugin is configured.
    """

    plugin: str
    feature: str
    has: bool | None
    source: str
    since: str = ""
    until: str = ""


_AWS = "https://docs.aws.amazon.com/eks/latest/userguide/cni-network-policy.html"
_AZURE = "https://learn.microsoft.com/en-us/azure/aks/use-network-policies"
_CILIUM = "https://docs.cilium.io/en/stable/network/kubernetes/policy/"
_CALICO = "https://docs.tigera.io/calico/latest/network-policy/get-started/kubernetes-policy/"
_KNP = "https://github.com/kubernetes-sigs/kube-network-policies"
_OVN = "https://github.com/ovn-org/ovn-kubernetes/issues/2117"
_ROUTER = "https://www.kube-router.io/docs/user-guide/"
_WEAVE = "https://rajch.github.io/weave/kubernetes/kube-addon"

ROWS = (
    Row("calico", ENFORCES, YES, _CALICO),
    Row("calico", END_PORT, UNSURE, "https://github.com/projectcalico/libcalico-go/pull/1357"),
    Row("calico", NAMED_PORT, YES, _CALICO),
    Row("calico", SCTP, YES, "https://github.com/projectcalico/libcalico-go/pull/1182"),
    Row("calico", EXCEPT, YES, _CALICO),
    Row("calico", BLOCK_MATCHES_PODS, YES, "https://github.com/projectcalico/calico/issues/6634"),
    Row("calico", BLOCK_MATCHES_NODES, YES, "https://github.com/projectcalico/calico/issues/6634"),
    # Flannel's network and Calico's policies.
    Row("canal", ENFORCES, YES, "https://docs.tigera.io/calico/latest/getting-started/kubernetes/flannel/"),
    Row("canal", BLOCK_MATCHES_PODS, UNSURE, "no source"),
    Row("cilium", ENFORCES, YES, _CILIUM),
    Row("cilium", END_PORT, NO, "https://github.com/cilium/cilium/issues/28684", until="1.16"),
    Row("cilium", END_PORT, YES, "https://github.com/cilium/cilium/issues/28684", since="1.16"),
    Row("cilium", NAMED_PORT, YES, _CILIUM),
    Row("cilium", SCTP, UNSURE, "https://docs.cilium.io/en/stable/configuration/sctp/"),  # if it is enabled
    Row("cilium", EXCEPT, YES, _CILIUM),
    Row("cilium", BLOCK_MATCHES_PODS, NO, "https://github.com/cilium/cilium/issues/9209"),
    # From 1.15 on `policyCIDRMatchMode: nodes` changes it.
    Row("cilium", BLOCK_MATCHES_NODES, NO, "https://github.com/cilium/cilium/issues/20550"),
    Row("antrea", ENFORCES, YES, "https://antrea.io/docs/main/docs/network-policy/"),
    Row("antrea", END_PORT, NO, "https://github.com/antrea-io/antrea/pull/2190", until="1.1"),
    Row("antrea", END_PORT, YES, "https://github.com/antrea-io/antrea/pull/2190", since="1.1"),
    Row("antrea", NAMED_PORT, NO, "https://github.com/antrea-io/antrea/issues/241", until="0.4"),
    Row("antrea", NAMED_PORT, YES, "https://github.com/antrea-io/antrea/issues/241", since="0.4"),
    Row("antrea", BLOCK_MATCHES_PODS, UNSURE, "no source"),
    Row(
        "ovn-kubernetes", ENFORCES, YES, "https://ovn-kubernetes.io/features/network-security-controls/network-policy/"
    ),
    Row("ovn-kubernetes", END_PORT, YES, _OVN),
    Row("ovn-kubernetes", NAMED_PORT, NO, _OVN),
    Row("ovn-kubernetes", EXCEPT, YES, "https://github.com/ovn-org/ovn-kubernetes/commit/d93d11ad2"),
    Row("ovn-kubernetes", BLOCK_MATCHES_PODS, YES, _OVN),
    Row("ovn-kubernetes", BLOCK_MATCHES_NODES, UNSURE, "no source"),
    Row("kube-router", ENFORCES, YES, _ROUTER),
    Row("kube-router", END_PORT, NO, "https://github.com/cloudnativelabs/kube-router/issues/1080", until="1.3"),
    Row("kube-router", END_PORT, YES, "https://github.com/cloudnativelabs/kube-router/issues/1080", since="1.3"),
    Row("kube-router", NAMED_PORT, YES, "https://github.com/cloudnativelabs/kube-router/pull/679"),
    Row("kube-router", SCTP, NO, "https://github.com/cloudnativelabs/kube-router/issues/1019"),
    Row("kube-router", EXCEPT, YES, _ROUTER),
    Row("kube-router", BLOCK_MATCHES_PODS, YES, _ROUTER),
    Row("kube-router", BLOCK_MATCHES_NODES, YES, _ROUTER),
    Row("kube-network-policies", ENFORCES, YES, _KNP),
    Row("kube-network-policies", END_PORT, YES, _KNP),
    Row("kube-network-policies", NAMED_PORT, YES, _KNP),
    Row("kube-network-policies", BLOCK_MATCHES_PODS, YES, _KNP),
    Row("kube-network-policies", BLOCK_MATCHES_NODES, UNSURE, "no source"),
    # It enforces them where that is enabled: from 1.14 on, `enable-network-policy`.
    Row("aws-vpc-cni", ENFORCES, NO, _AWS, until="1.14"),
    Row("aws-vpc-cni", ENFORCES, UNSURE, _AWS, since="1.14"),
    Row("aws-vpc-cni", NAMED_PORT, UNSURE, _AWS),  # if the Service has a port of the same name
    Row("aws-vpc-cni", BLOCK_MATCHES_PODS, YES, _AWS),
    Row("aws-vpc-cni", BLOCK_MATCHES_NODES, UNSURE, "no source"),
    Row("azure-npm", ENFORCES, YES, _AZURE),
    Row("azure-npm", END_PORT, UNSURE, "https://github.com/Azure/azure-container-networking/issues/2313"),
    Row("azure-npm", NAMED_PORT, UNSURE, _AZURE),  # not on Windows
    Row("azure-npm", SCTP, UNSURE, _AZURE),  # not on Windows
    Row("azure-npm", IPV6, NO, _AZURE),
    Row("azure-npm", EXCEPT, UNSURE, _AZURE),  # not on Windows
    Row("azure-npm", BLOCK_MATCHES_PODS, YES, _AZURE),
    Row("azure-npm", BLOCK_MATCHES_NODES, UNSURE, "no source"),
    Row("weave", ENFORCES, YES, _WEAVE),
    Row("weave", END_PORT, UNSURE, "no source"),
    Row("kindnet", ENFORCES, UNSURE, "https://github.com/kubernetes-sigs/kind/releases/tag/v0.24.0"),
    Row("flannel", ENFORCES, NO, "https://github.com/flannel-io/flannel/blob/master/Documentation/netpol.md"),
    Row("kubenet", ENFORCES, NO, "https://learn.microsoft.com/en-us/azure/aks/configure-kubenet"),
    Row("openshift-sdn", ENFORCES, UNSURE, "no source"),
)
PLUGINS = tuple(dict.fromkeys(each.plugin for each in ROWS))
"""The plugins that are known."""


def row_of(plugin: str, feature: str, release: Release = ()) -> Row | None:
    """Return what holds of a feature of a plugin; None if it is not known, for example without a version."""
    rows = [each for each in ROWS if (each.plugin, each.feature) == (plugin, feature)]
    if release:
        rows = [each for each in rows if _covers(each, release)]
    verdicts = {each.has for each in rows}
    return rows[0] if len(verdicts) == 1 and rows[0].has is not None else None


def has_feature(plugin: str, feature: str, release: Release = ()) -> bool | None:
    """Tell whether a plugin has a feature, None if that is not known."""
    row = row_of(plugin, feature, release)
    return row.has if row else None


def _covers(row: Row, release: Release) -> bool:
    """Tell whether a row holds for a release; `1` alone is the newest 1.x, in the row from 1.16 on."""
    known = len(release)
    since, until = parse_release(row.since)[:known], parse_release(row.until)[:known]
    return release >= since and (not until or release < until)
