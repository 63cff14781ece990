"""The objects that may say something about the network of their cluster (`model.network_facts`)."""

from __future__ import annotations

from k8snetlint.model.tables.policies import OWNERS
from k8snetlint.model.values import items, mapping, text

CLUSTER_NETWORK = "ClusterNetwork"
"""The entry in `KINDS` of a group whose rules are about such objects, and about CNI plugins that are configured."""

OLD_KINDS = frozenset(
    {
        ("apiextensions.k8s.io", "CustomResourceDefinition"),
        ("policy", "PodDisruptionBudget"),
        ("policy", "PodSecurityPolicy"),
        ("rbac.authorization.k8s.io", "ClusterRole"),
        ("rbac.authorization.k8s.io", "ClusterRoleBinding"),
        ("rbac.authorization.k8s.io", "Role"),
        ("rbac.authorization.k8s.io", "RoleBinding"),
    }
)
"""What old manifests of CNI plugins contain in versions that were removed."""
DAEMON_SETS = frozenset({("apps", "DaemonSet"), ("extensions", "DaemonSet")})
DEPLOYMENTS = frozenset({("apps", "Deployment"), ("extensions", "Deployment")})
CONFIG_MAP = ("", "ConfigMap")
POD = ("", "Pod")
DELIVERIES = frozenset(
    {
        ("argoproj.io", "Application"),
        ("helm.cattle.io", "HelmChart"),
        ("helm.toolkit.fluxcd.io", "HelmRelease"),
        ("source.toolkit.fluxcd.io", "GitRepository"),
        ("source.toolkit.fluxcd.io", "HelmRepository"),
    }
)
KUSTOMIZATION = ("kustomize.config.k8s.io", "Kustomization")
PLUGIN_FIELDS = {
    # https://kops.sigs.k8s.io/networking/
    ("kops.k8s.io", "Cluster"): ("spec", "networking"),
    # https://capz.sigs.k8s.io/managed/managedcluster
    ("infrastructure.cluster.x-k8s.io", "AzureManagedControlPlane"): ("spec", "networkPlugin"),
    # https://docs.redhat.com/en/documentation/openshift_container_platform/
    ("config.openshift.io", "Network"): ("spec", "networkType"),
    ("operator.openshift.io", "Network"): ("spec", "defaultNetwork", "type"),
    # https://docs.tigera.io/calico/latest/reference/installation/api
    ("operator.tigera.io", "Installation"): ("spec", "cni", "type"),
    # https://docs.k0sproject.io/stable/configuration/
    ("k0s.k0sproject.io", "ClusterConfig"): ("spec", "network", "provider"),
}
"""Where objects name the plugin of their cluster."""
SETTINGS = frozenset(
    {
        *PLUGIN_FIELDS,
        ("cluster.x-k8s.io", "Cluster"),
        ("crd.projectcalico.org", "IPPool"),
        ("kind.x-k8s.io", "Cluster"),
        ("kubeadm.k8s.io", "ClusterConfiguration"),
        ("kubeproxy.config.k8s.io", "KubeProxyConfiguration"),
        ("projectcalico.org", "IPPool"),
    }
)
CNI_KEYS = frozenset({"cni-conf.json", "cni_network_config"})
"""The keys of CNI configurations in the ConfigMaps of Flannel, kube-router and Calico."""
NET_CONF = "net-conf.json"
"""The key of Flannel's own configuration."""
CHAINING = "cni-chaining-mode"
"""The key that says to which plugin Cilium is chained."""
COMPONENT_KEYS = ("ClusterConfiguration", "config.conf")
"""The keys of the configurations that kubeadm keeps in ConfigMaps."""
_KEYS = CNI_KEYS | {NET_CONF, CHAINING, *COMPONENT_KEYS}
CNI_ENDINGS = (".conf", ".conflist")

STALE_HOSTS = (
    "docs.projectcalico.org",
    "projectcalico.docs.tigera.io",
    "github.com/coreos/flannel",
    "githubusercontent.com/coreos/flannel",
    "cloud.weave.works",
)
"""What addresses of old manifests contain."""

_WORDS = (
    "antrea",
    "amazon-k8s-cni",
    "aws-network-policy",
    "aws-vpc-cni",
    "azure-npm",
    "calico",
    "canal",
    "cilium",
    "flannel",
    "kindnet",
    "kube-network-policies",
    "kube-proxy",
    "kube-router",
    "ovn-kube",
    "tigera",
    "weave",
)
"""What names, images and charts contain that say something; most others are ruled out by that, without a table."""


def may_say_something(value: dict[str, object], group: str, kind: str) -> bool:
    """Tell whether an object may say something about the network; most are ruled out by their kind or name."""
    key = (group, kind)
    if key in SETTINGS or group in OWNERS:
        return True
    if key == KUSTOMIZATION:
        included = (*items(value.get("resources")), *items(value.get("bases")))
        return any(host in each for each in included if isinstance(each, str) for host in STALE_HOSTS)
    if key == CONFIG_MAP:
        return _has_configuration(mapping(value.get("data")))
    if key in DELIVERIES:
        return _has_word(mapping(value.get("spec")))
    name = text(mapping(value.get("metadata")).get("name")) or ""
    if key in DAEMON_SETS:
        return _is_word(name) or _has_image(value)
    if key in DEPLOYMENTS:
        return name.endswith("operator") or group == "extensions"
    if key in OLD_KINDS:
        return "beta" in (text(value.get("apiVersion")) or "")
    return key == POD and name.startswith("kube-")


def _is_word(written: str) -> bool:
    return any(word in written for word in _WORDS)


def _has_word(spec: dict[str, object]) -> bool:
    """Tell whether a delivery names a chart or an address that counts, in any of its sources."""
    sources = [spec, mapping(spec.get("source")), *map(mapping, items(spec.get("sources")))]
    sources.append(mapping(mapping(spec.get("chart")).get("spec")))
    texts = (text(source.get(field)) for source in sources for field in ("chart", "repoURL", "url", "repo"))
    return any(map(_is_word, filter(None, texts)))


def _has_image(value: dict[str, object]) -> bool:
    spec = mapping(mapping(mapping(value.get("spec")).get("template")).get("spec"))
    containers = (*items(spec.get("initContainers")), *items(spec.get("containers")))
    return any(_is_word(text(mapping(each).get("image")) or "") for each in containers)


def _has_configuration(data: dict[str, object]) -> bool:
    if not _KEYS.isdisjoint(data):
        return True
    for key, content in data.items():
        if not isinstance(content, str):
            continue
        if key.endswith(".conflist") or (key.endswith(".conf") and '"cniVersion"' in content):
            return True
        if "://" in content and any(host in content for host in STALE_HOSTS):
            return True
    return False
