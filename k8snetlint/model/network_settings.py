"""What objects that configure clusters, deliver charts or are policies of CNI plugins say about the network."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.model.network_facts import PODS, SERVICES, NetworkFacts, NetworkRange, PluginUse, split_cidrs
from k8snetlint.model.releases import parse_release
from k8snetlint.model.tables.cni_plugins import CHARTS, FIELD_WORDS
from k8snetlint.model.tables.network_kinds import PLUGIN_FIELDS, STALE_HOSTS
from k8snetlint.model.tables.policies import OWNERS
from k8snetlint.model.values import items, mapping, text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.source.paths import FieldPath

_RANGES: dict[tuple[str, str], tuple[tuple[str, FieldPath, str], ...]] = {
    ("kubeadm.k8s.io", "ClusterConfiguration"): (
        (PODS, ("networking", "podSubnet"), ""),
        (SERVICES, ("networking", "serviceSubnet"), ""),
    ),
    ("kind.x-k8s.io", "Cluster"): (
        (PODS, ("networking", "podSubnet"), ""),
        (SERVICES, ("networking", "serviceSubnet"), ""),
    ),
    ("cluster.x-k8s.io", "Cluster"): (
        (PODS, ("spec", "clusterNetwork", "pods", "cidrBlocks"), ""),
        (SERVICES, ("spec", "clusterNetwork", "services", "cidrBlocks"), ""),
    ),
    ("k0s.k0sproject.io", "ClusterConfig"): (
        (PODS, ("spec", "network", "podCIDR"), ""),
        (SERVICES, ("spec", "network", "serviceCIDR"), ""),
    ),
    ("kubeproxy.config.k8s.io", "KubeProxyConfiguration"): ((PODS, ("clusterCIDR",), ""),),
    ("crd.projectcalico.org", "IPPool"): ((PODS, ("spec", "cidr"), "calico"),),
    ("projectcalico.org", "IPPool"): ((PODS, ("spec", "cidr"), "calico"),),
}
"""Where objects have CIDRs, what these are for, and the plugin whose pool they are."""
_CILIUM_RULES = ("ingress", "ingressDeny", "egress", "egressDeny")


def settings_facts(value: dict[str, object], group: str, kind: str) -> NetworkFacts:
    """Read an object that configures a cluster."""
    ranges = list(_ranges(value, _RANGES.get((group, kind), ())))
    if kind == "IPPool" and mapping(value.get("spec")).get("disabled") is True:
        ranges = []
    if (group, kind) == ("operator.tigera.io", "Installation"):
        ranges += _installation_pools(value)
    mode = text(value.get("mode")) if kind == "KubeProxyConfiguration" else None
    policy_of = OWNERS.get(group, "") if group == "crd.projectcalico.org" else ""
    return NetworkFacts(
        tuple(_uses(value, group, kind)),
        ranges=tuple(ranges),
        policy_of=policy_of,
        mode=(("mode",), mode) if mode else None,
    )


def _at(value: object, path: FieldPath) -> object:
    for step in path:
        value = mapping(value).get(str(step))
    return value


def _ranges(value: dict[str, object], fields: tuple[tuple[str, FieldPath, str], ...]) -> Iterator[NetworkRange]:
    for use, path, pool_of in fields:
        written = _at(value, path)
        texts = [written] if isinstance(written, str) else [each for each in items(written) if isinstance(each, str)]
        cidrs = tuple(cidr for each in texts for cidr in split_cidrs(each))
        if cidrs:
            yield NetworkRange(use, cidrs, path, str(path[-1]), pool_of)


def _installation_pools(value: dict[str, object]) -> Iterator[NetworkRange]:
    """Yield the pools that the operator of Calico creates."""
    path: FieldPath = ("spec", "calicoNetwork", "ipPools")
    for index, each in enumerate(items(_at(value, path))):
        cidr = text(mapping(each).get("cidr"))
        if cidr:
            yield NetworkRange(PODS, (cidr,), (*path, index, "cidr"), "the pool of the Installation", "calico")


def _uses(value: dict[str, object], group: str, kind: str) -> Iterator[PluginUse]:
    path = PLUGIN_FIELDS.get((group, kind))
    if path is None:
        return
    written = _at(value, path)
    if group == "operator.tigera.io" and mapping(mapping(value.get("spec")).get("cni")).get("type") in (None, "Calico"):
        yield PluginUse("calico", (), ("kind",), kind)
        return
    words = list(mapping(written)) if isinstance(written, dict) else [text(written) or ""]
    for word in words:
        plugin = FIELD_WORDS.get(word.lower())
        if plugin:
            at: FieldPath = (*path, word) if isinstance(written, dict) else path
            yield PluginUse(plugin, (), at, f"{kind} {mapping(value.get('metadata')).get('name')}")


def delivery_facts(value: dict[str, object], kind: str) -> NetworkFacts:
    """Read an object of Argo CD, Flux or k3s that delivers a chart, or names a repository."""
    spec = mapping(value.get("spec"))
    uses: list[PluginUse] = []
    urls: list[tuple[FieldPath, str]] = []
    for path, source in _sources(spec, kind):
        chart = text(source.get("chart")) or ""
        plugin = CHARTS.get(chart.rpartition("/")[2])
        if plugin:
            # The version of a chart is that of the plugin in those of Calico and Cilium, and nearly so in the others.
            version = text(source.get("targetRevision")) or text(source.get("version")) or ""
            release = parse_release(version) if plugin in ("calico", "cilium") else ()
            uses.append(PluginUse(plugin, release, (*path, "chart"), f"chart {chart}", by_chart=True))
        for field in ("repoURL", "url", "repo"):
            url = text(source.get(field)) or ""
            if any(host in url for host in STALE_HOSTS):
                urls.append(((*path, field), url))
    return NetworkFacts(tuple(uses), urls=tuple(urls))


def _sources(spec: dict[str, object], kind: str) -> Iterator[tuple[FieldPath, dict[str, object]]]:
    if kind == "Application":
        yield ("spec", "source"), mapping(spec.get("source"))
        for index, each in enumerate(items(spec.get("sources"))):
            yield ("spec", "sources", index), mapping(each)
    elif kind == "HelmRelease":
        yield ("spec", "chart", "spec"), mapping(mapping(spec.get("chart")).get("spec"))
    else:
        yield ("spec",), spec


def kustomization_facts(value: dict[str, object]) -> NetworkFacts:
    """Read a kustomization: the addresses of what it includes."""
    fields = ("resources", "bases")
    entries = ((field, at, text(each) or "") for field in fields for at, each in enumerate(items(value.get(field))))
    urls = (((field, at), url) for field, at, url in entries if any(host in url for host in STALE_HOSTS))
    return NetworkFacts(urls=tuple(urls))


def policy_facts(value: dict[str, object], group: str, kind: str) -> NetworkFacts:
    """Read an object of a plugin's own kind: a policy, or anything that Calico stores."""
    empty = tuple(_without_rules(value)) if group == "cilium.io" and kind.endswith("NetworkPolicy") else ()
    is_policy = kind.endswith("NetworkPolicy") or group == "crd.projectcalico.org"
    return NetworkFacts(policy_of=OWNERS[group] if is_policy else "", empty_rules=empty)


def _without_rules(value: dict[str, object]) -> Iterator[FieldPath]:
    """Yield where a Cilium policy has no rule at all."""
    spec = value.get("spec")
    if isinstance(spec, dict) and _is_empty(spec):
        yield ("spec",)
    for index, each in enumerate(items(value.get("specs"))):
        if isinstance(each, dict) and _is_empty(each):
            yield ("specs", index)


def _is_empty(spec: dict[str, object]) -> bool:
    return all(spec.get(field) in (None, []) for field in _CILIUM_RULES)
