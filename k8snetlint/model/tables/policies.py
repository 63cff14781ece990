"""Custom resources that allow or deny traffic, or create NetworkPolicies."""

from __future__ import annotations

import functools

_KINDS = (
    ("cilium.io", "Policy"),  # https://docs.cilium.io/en/stable/network/kubernetes/policy/
    ("crd.antrea.io", "Policy"),  # https://antrea.io/docs/main/docs/antrea-network-policy/
    ("crd.projectcalico.org", "Policy"),  # https://docs.tigera.io/calico/latest/reference/resources/networkpolicy
    ("projectcalico.org", "Policy"),
    ("networking.k8s.aws", "Policy"),  # https://docs.aws.amazon.com/eks/latest/userguide/cni-network-policy.html
    ("policy.networking.k8s.io", "Policy"),  # https://network-policy-api.sigs.k8s.io/
    # They may create NetworkPolicies.
    ("kyverno.io", "Policy"),  # https://kyverno.io/docs/policy-types/cluster-policy/generate/
    ("policies.kyverno.io", "GeneratingPolicy"),
    ("capsule.clastix.io", "Tenant"),  # https://projectcapsule.dev/docs/tenants/
    ("project.openshift.io", "Template"),
)


OWNERS = {
    "cilium.io": "cilium",
    "crd.antrea.io": "antrea",
    "crd.projectcalico.org": "calico",
    "networking.k8s.aws": "aws-vpc-cni",  # https://docs.aws.amazon.com/eks/latest/userguide/network-policies.html
    "projectcalico.org": "calico",
}
"""The API groups of CNI plugins with policies of their own kinds; their kinds may be called `NetworkPolicy`, too."""


def is_policy_of_plugin(group: str, kind: str) -> bool:
    """Tell whether objects of a kind decide about connections, in a way that only a CNI plugin knows."""
    return group in OWNERS and kind.endswith("NetworkPolicy") and not kind.startswith("Staged")


_CREATORS = (
    ("policies.kyverno.io", "GeneratingPolicy"),
    ("policies.kyverno.io", "NamespacedGeneratingPolicy"),
    ("capsule.clastix.io", "Tenant"),
)


def creates_policies(group: str, kind: str) -> bool:
    """Tell whether objects of a kind that is not read may create NetworkPolicies."""
    return (group, kind) in _CREATORS


@functools.lru_cache(1024)
def may_allow_traffic(group: str, kind: str) -> bool:
    """Tell whether a custom resource may allow what no NetworkPolicy of the manifests allows."""
    return any(group == each and kind.endswith(end) for each, end in _KINDS)
