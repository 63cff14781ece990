"""What CNI plugins do where the NetworkPolicy API leaves it to them."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from k8snetlint.finding import ConfigError
from k8snetlint.source.similar import closest


class Profile(NamedTuple):
    """The behaviour of a CNI plugin; None where it is not known.

    Attributes:
        name: as users write it; empty if no plugin is given.
        enforces: whether it enforces NetworkPolicies at all.
        ip_block_matches_pods: whether an ipBlock matches the addresses of pods.
        ip_block_matches_nodes: whether it matches the addresses of nodes.
        end_port: whether it knows `endPort`; otherwise only the first port of a range counts.
        named_ports: whether it resolves names of ports; otherwise a name is every port of its protocol.
    """

    name: str = ""
    enforces: bool = True
    ip_block_matches_pods: bool | None = None
    ip_block_matches_nodes: bool | None = None
    end_port: bool = True
    named_ports: bool = True


UNKNOWN = Profile()
"""No plugin is given: whatever plugins do differently is not known."""
PROFILES = {
    each.name: each
    for each in (
        # https://github.com/projectcalico/calico/issues/6634
        Profile("calico", ip_block_matches_pods=True, ip_block_matches_nodes=True),
        # https://docs.cilium.io/en/stable/network/kubernetes/policy/#known-missing-features-for-kubernetes-network-policy
        Profile("cilium", ip_block_matches_pods=False, ip_block_matches_nodes=False),
        # https://github.com/ovn-org/ovn-kubernetes/issues/2117
        Profile("ovn-kubernetes", ip_block_matches_pods=True, named_ports=False),
        Profile("kube-router", ip_block_matches_pods=True, ip_block_matches_nodes=True),
        Profile("kube-network-policies", ip_block_matches_pods=True),
        Profile("aws-vpc-cni", ip_block_matches_pods=True),
        Profile("azure-npm", ip_block_matches_pods=True),
        Profile("antrea"),
        Profile("weave"),
        # https://github.com/flannel-io/flannel#networkpolicy
        Profile("flannel", enforces=False),
        Profile("kubenet", enforces=False),
    )
}
"""The plugins that are known, by name, as their newest versions behave."""
_BEFORE: dict[str, tuple[tuple[tuple[int, ...], dict[str, Any]], ...]] = {
    # https://github.com/antrea-io/antrea/pull/2190, https://github.com/antrea-io/antrea/issues/241
    "antrea": (((0, 4), {"named_ports": False}), ((1, 1), {"end_port": False})),
    # https://docs.aws.amazon.com/eks/latest/userguide/cni-network-policy.html
    "aws-vpc-cni": (((1, 14), {"enforces": False}),),
    # https://github.com/cilium/cilium/issues/28684
    "cilium": (((1, 16), {"end_port": False}),),
    # https://github.com/cloudnativelabs/kube-router/issues/1080
    "kube-router": (((1, 3), {"end_port": False}),),
}
"""What was different before some versions."""


def parse_cni(text: str) -> str:
    """Read a CNI plugin, with or without its version: `calico`, `cilium@1.17`.

    Raises:
        ConfigError: no plugin that is known, or no version.
    """
    name, at, version = text.strip().partition("@")
    if name not in PROFILES:
        near = closest(name, PROFILES)
        raise ConfigError(
            f"unknown CNI plugin `{name}`"
            + (f"; did you mean `{near}`?" if near else f"; known plugins: {', '.join(sorted(PROFILES))}")
        )
    if at and not re.fullmatch(r"v?[0-9]+([.][0-9]+){0,2}", version):
        raise ConfigError(f"`{text}` has no version after the @; write for example {name}@1.17")
    return text.strip()


def profile_of(cni: str) -> Profile:
    """Return the behaviour of a plugin as `parse_cni` returns it, the unknown one for an empty text.

    Without a version, it is that of the newest one.
    """
    if not cni:
        return UNKNOWN
    name, _, written = cni.partition("@")
    profile = PROFILES[name]
    version = tuple(int(each) for each in written.removeprefix("v").split(".")) if written else None
    for first, differences in _BEFORE.get(name, ()) if version else ():
        # Version 1 alone is the newest 1.x.
        if version is not None and version < first[: len(version)]:
            profile = profile._replace(**differences)
    return profile
