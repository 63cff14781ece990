"""What an object says about the network of its cluster: CNI plugins, their configurations, CIDRs.

Few objects say anything of it. What they say is taken out while they are read, because documents are not kept.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from k8snetlint.model.releases import parse_release
from k8snetlint.model.tables.cni_plugins import plugin_of_image
from k8snetlint.model.values import mapping, text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from k8snetlint.model.releases import Release
    from k8snetlint.source.paths import FieldPath

PODS, SERVICES = "pods", "Services"
"""What addresses are for."""


class PluginUse(NamedTuple):
    """A CNI plugin that an object installs.

    Attributes:
        plugin: its name in `tables.cni_features`.
        release: its version, as far as it is written.
        path: the field that shows it.
        words: what is written there, without a version: an image's repository, the name of a chart.
        enforces: whether it is told to enforce policies; None if that is left to the plugin.
        by_chart: a chart installs it, whose values may change what it does.
    """

    plugin: str
    release: Release
    path: FieldPath
    words: str
    enforces: bool | None = None
    by_chart: bool = False


class NetworkRange(NamedTuple):
    """CIDRs that an object gives to pods or Services.

    Attributes:
        use: `PODS` or `SERVICES`.
        cidrs: as written, of both families; none of them is necessarily valid.
        path: the field.
        words: what sentences call the field: `podSubnet`.
        pool_of: the plugin that takes addresses of pods from it; empty if it is what the cluster expects.
    """

    use: str
    cidrs: tuple[str, ...]
    path: FieldPath
    words: str
    pool_of: str = ""


class NetworkFacts(NamedTuple):
    """What one object says.

    Attributes:
        uses: the plugins that it installs.
        installs: the field of the folder of the node in which it installs CNI configurations; None if it does not.
        blockers: what keeps it from running on a node without a network: a field, and what is wrong.
        configs: CNI configurations, with their fields in a ConfigMap.
        ranges: CIDRs.
        urls: addresses of manifests or charts, with their fields.
        part_of: the plugin that its name says it belongs to, if its version is a beta.
        policy_of: the plugin whose own kind of object it is.
        empty_rules: the fields that hold a policy without any rule.
        mode: the mode of kube-proxy, with its field.
        only_policies: the plugin is told to leave the network of the node to another one.
        is_chained: it says that Cilium is chained to another plugin.
    """

    uses: tuple[PluginUse, ...] = ()
    installs: FieldPath | None = None
    blockers: tuple[tuple[FieldPath, str], ...] = ()
    configs: tuple[tuple[FieldPath, str], ...] = ()
    ranges: tuple[NetworkRange, ...] = ()
    urls: tuple[tuple[FieldPath, str], ...] = ()
    part_of: str = ""
    policy_of: str = ""
    empty_rules: tuple[FieldPath, ...] = ()
    mode: tuple[FieldPath, str] | None = None
    only_policies: bool = False
    is_chained: bool = False


NOTHING = NetworkFacts()


def uses_of(containers: Iterable[object], path: FieldPath) -> tuple[PluginUse, ...]:
    """Return the plugins that containers are of, by their images."""
    found: list[PluginUse] = []
    for index, each in enumerate(containers):
        repository, tag = split_image(text(mapping(each).get("image")) or "")
        plugin = plugin_of_image(repository)
        if plugin:
            # The versions of an operator are not those of what it installs.
            release = () if repository.endswith("operator") else parse_release(tag)
            found.append(PluginUse(plugin, release, (*path, index, "image"), repository))
    return tuple(found)


def split_image(image: str) -> tuple[str, str]:
    """Return the repository and the tag of an image; the colon of a registry's port stays."""
    path, slash, last = image.partition("@")[0].rpartition("/")
    name, _, tag = last.partition(":")
    return path + slash + name, tag


def split_cidrs(text_: str) -> tuple[str, ...]:
    """Return CIDRs that are written with commas or spaces between them."""
    return tuple(text_.replace(",", " ").split())
