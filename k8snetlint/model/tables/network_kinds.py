"""The objects that may say something about the network of their cluster (`model.network_facts`)."""

from __future__ import annotations

from k8snetlint.model.tables.policies import OWNERS
from k8snetlint.model.values import mapping, text

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
_EVERY_OBJECT = DAEMON_SETS | DELIVERIES | SETTINGS | {KUSTOMIZATION}

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


def may_say_something(value: dict[str, object], group: str, kind: str) -> bool:
    """Tell whether an object may say something about the network; most are ruled out by their kind or name."""
    key = (group, kind)
    if key in _EVERY_OBJECT or group in OWNERS:
        return True
    if key == CONFIG_MAP:
        return _has_configuration(mapping(value.get("data")))
    name = text(mapping(value.get("metadata")).get("name")) or ""
    if key in DEPLOYMENTS:
        return name.endswith("operator") or group == "extensions"
    if key in OLD_KINDS:
        return "beta" in (text(value.get("apiVersion")) or "")
    return key == POD and name.startswith("kube-")


def _has_configuration(data: dict[str, object]) -> bool:
    if not _KEYS.isdisjoint(data) or any(key.endswith(CNI_ENDINGS) for key in data):
        return True
    texts = [each for each in data.values() if isinstance(each, str)]
    return any(host in each for each in texts for host in STALE_HOSTS)
