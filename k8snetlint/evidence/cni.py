"""Which CNI plugins a scope installs, and whether they enforce NetworkPolicies."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from k8snetlint.model.aspects import CONTAINERS, EVERYTHING
from k8snetlint.model.releases import configured_release
from k8snetlint.model.tables.cni_features import ENFORCES, has_feature
from k8snetlint.model.tables.cni_plugins import NETWORKS, TITLES

if TYPE_CHECKING:
    from k8snetlint.model.cluster import Cluster
    from k8snetlint.model.network_facts import PluginUse
    from k8snetlint.model.releases import Release
    from k8snetlint.model.resource import Resource
    from k8snetlint.source.document import Place


_PLUGIN, _ONE_FOLDER = "CNI plugin", "all objects are in one folder"
"""Keys of answers that are kept."""


class InstalledPlugin(NamedTuple):
    """A CNI plugin that an object of the scope installs.

    Attributes:
        resource: the object.
        use: what it says of the plugin.
    """

    resource: Resource
    use: PluginUse

    @property
    def place(self) -> Place:
        """The field that shows it."""
        return self.resource.at(*self.use.path)

    @property
    def enforces(self) -> bool | None:
        """Whether it enforces policies, None if that is not known."""
        if self.use.by_chart or not self.resource.patched.isdisjoint({CONTAINERS, EVERYTHING}):
            # Values and patches may add what enforces policies, but they do not remove it.
            return has_feature(self.use.plugin, ENFORCES, self.use.release) or None
        if self.use.enforces is not None:
            return self.use.enforces
        return has_feature(self.use.plugin, ENFORCES, self.use.release)


class CniPlugin(NamedTuple):
    """The CNI plugin of a cluster.

    Attributes:
        name: as in `--cni`.
        release: its version, as far as it is known.
        enforces: whether it enforces NetworkPolicies, None if that is not known.
        place: where it is installed; None if it is configured.
        is_sure: it is that of all objects of the scope. In a tree of several folders, its manifests may be those of
            another cluster, for tests for example.
    """

    name: str
    release: Release
    enforces: bool | None
    place: Place | None
    is_sure: bool = True

    @property
    def title(self) -> str:
        """What it is called in sentences, with its version."""
        return release_text(self.name, self.release)

    def as_option(self) -> str:
        """Return it as `--cni` takes it."""
        return f"{self.name}@{'.'.join(map(str, self.release))}" if self.release else self.name


def release_text(plugin: str, release: Release) -> str:
    """Return what a plugin is called in sentences, with its version if it is known."""
    return f"{TITLES[plugin]} {'.'.join(map(str, release))}" if release else TITLES[plugin]


def sentence_start(title: str) -> str:
    """Return what a plugin is called at the beginning of a sentence; names keep their letters."""
    return f"The {title[4:]}" if title.startswith("the ") else title


def applied_as_written(cluster: Cluster) -> list[Resource]:
    """Return the judged objects that say something about the network, without those that a patch changes."""
    return [each for each in cluster.judged_about_network if not each.patches]


def installed_plugins(cluster: Cluster) -> list[InstalledPlugin]:
    """Return all plugins that objects of a scope install, in the order of the manifests."""
    return [
        InstalledPlugin(each, use)
        for each in cluster.about_network
        if each.network
        for use in distinct_uses(each.network.uses)
    ]


def distinct_uses(uses: tuple[PluginUse, ...]) -> list[PluginUse]:
    """Return the plugins of one object, each once: the first use of it that has a version."""
    found: dict[str, PluginUse] = {}
    for each in uses:
        known = found.get(each.plugin)
        if known is None or (each.release and not known.release):
            found[each.plugin] = each
    return list(found.values())


def cni_plugin(cluster: Cluster) -> CniPlugin | None:
    """Return the CNI plugin of a cluster: the configured one, else the one that its manifests install.

    It is None if no plugin is known, or if the manifests install several that are not used together.
    """
    given = cluster.environment.cni
    installed = _kept(cluster) if cluster.about_network else None
    if not given:
        return installed
    name, _, version = given.partition("@")
    release = configured_release(version)
    enforces = has_feature(name, ENFORCES, release)
    # Its manifests show more: Flannel may run kube-network-policies.
    if installed and installed.name == name:
        enforces = installed.enforces
    return CniPlugin(name, release, enforces, None)


def _kept(cluster: Cluster) -> CniPlugin | None:
    answers = cluster.index.answers
    if _PLUGIN not in answers:
        answers[_PLUGIN] = _installed(cluster)
    plugin: CniPlugin | None = answers[_PLUGIN]
    return plugin


def _installed(cluster: Cluster) -> CniPlugin | None:
    installed = installed_plugins(cluster)
    names = {each.use.plugin for each in installed}
    if not names or _may_be_others(cluster):
        return None
    networks = names & NETWORKS
    name = next(iter(networks)) if len(networks) == 1 else "canal" if networks == {"calico", "flannel"} else ""
    first = next((each for each in installed if name in (each.use.plugin, "canal")), None)
    if first is None:
        return None
    verdicts = {each.enforces for each in installed}
    enforces = True if True in verdicts else None if None in verdicts else False
    # A patch may set another image.
    releases = {() if each.resource.patches else each.use.release for each in installed if each.use.plugin == name}
    release = releases.pop() if len(releases) == 1 else ()
    return CniPlugin(name, release, enforces, first.place, is_sure=is_one_cluster(cluster))


def is_one_cluster(cluster: Cluster) -> bool:
    """Tell whether all objects of a scope go to one cluster for sure."""
    if cluster.applied_together or cluster.environment.whole_cluster:
        return True
    answers = cluster.index.answers
    if _ONE_FOLDER not in answers:
        answers[_ONE_FOLDER] = len({each.folder for each in cluster.resources}) == 1
    return bool(answers[_ONE_FOLDER])


def _may_be_others(cluster: Cluster) -> bool:
    """Tell whether what is not read may install a plugin: a chart, or a remote base, with the name of one."""
    return any(word in doubt.lower() for doubt in cluster.doubts for word in (*TITLES, "tigera"))


def enforces_policies(cluster: Cluster) -> bool:
    """Tell whether NetworkPolicies are enforced; they are if the plugin is not known."""
    plugin = cni_plugin(cluster)
    return plugin is None or not plugin.is_sure or plugin.enforces is not False
