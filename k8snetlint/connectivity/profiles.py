"""What CNI plugins do where the NetworkPolicy API leaves it to them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from k8snetlint.evidence.cni import cni_plugin
from k8snetlint.finding import ConfigError
from k8snetlint.model.releases import configured_release, is_release
from k8snetlint.model.tables.cni_features import (
    BLOCK_MATCHES_NODES,
    BLOCK_MATCHES_PODS,
    END_PORT,
    ENFORCES,
    NAMED_PORT,
    PLUGINS,
    has_feature,
)
from k8snetlint.source.similar import closest

if TYPE_CHECKING:
    from k8snetlint.model.cluster import Cluster


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


def parse_cni(text: str) -> str:
    """Read a CNI plugin, with or without its version: `calico`, `cilium@1.17`.

    Raises:
        ConfigError: no plugin that is known, or no version.
    """
    name, at, version = text.strip().partition("@")
    if name not in PLUGINS:
        near = closest(name, PLUGINS)
        raise ConfigError(
            f"unknown CNI plugin `{name}`"
            + (f"; did you mean `{near}`?" if near else f"; known plugins: {', '.join(sorted(PLUGINS))}")
        )
    if at and not is_release(version):
        raise ConfigError(f"`{text}` has no version after the @; write for example {name}@1.17")
    return text.strip()


def profile_in(cluster: Cluster) -> Profile:
    """Return the behaviour of the CNI plugin of a cluster: the configured one, else the one that it installs."""
    plugin = cni_plugin(cluster)
    if plugin is None or not plugin.is_sure:
        return UNKNOWN
    profile = profile_of(plugin.as_option())
    return profile._replace(enforces=plugin.enforces is not False)


def profile_of(cni: str) -> Profile:
    """Return the behaviour of a plugin as `parse_cni` returns it, the unknown one for an empty text.

    Without a version, it is that of the newest one.
    """
    if not cni:
        return UNKNOWN
    name, _, version = cni.partition("@")
    release = configured_release(version)
    return Profile(
        name,
        enforces=has_feature(name, ENFORCES, release) is not False,
        ip_block_matches_pods=has_feature(name, BLOCK_MATCHES_PODS, release),
        ip_block_matches_nodes=has_feature(name, BLOCK_MATCHES_NODES, release),
        end_port=has_feature(name, END_PORT, release) is not False,
        named_ports=has_feature(name, NAMED_PORT, release) is not False,
    )
