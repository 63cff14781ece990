"""A network component has no future: it is no longer maintained, or will be removed.

| component | what happens |
|---|---|
| Weave Net | archived; the site of its company is gone |
| OpenShift SDN | deprecated in OpenShift 4.14, removed in 4.17; OVN-Kubernetes takes its place |
| kubenet | removed from the kubelet in Kubernetes 1.24; AKS supports it until 2028-03-31 |
| Azure NPM | AKS supports it until 2026-09-30 on Windows nodes and until 2028-09-30 on Linux nodes |
| kube-proxy in the mode `ipvs` | deprecated in Kubernetes 1.35; off in 1.40 and gone in 1.43, as planned; use `nftables` |

Plan the change: to replace a CNI plugin in a running cluster interrupts all connections.

Source: https://learn.microsoft.com/en-us/azure/aks/use-network-policies

```yaml bad
apiVersion: kubeproxy.config.k8s.io/v1alpha1
kind: KubeProxyConfiguration
mode: ipvs  # finding: kube-proxy in the mode ipvs is deprecated since Kubernetes 1.35, and planned to be off in 1.40 and gone in 1.43
```

```yaml good
apiVersion: kubeproxy.config.k8s.io/v1alpha1
kind: KubeProxyConfiguration
mode: nftables
```
"""  # noqa: E501 - the message is one line

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.evidence.cni import InstalledPlugin, distinct_uses
from k8snetlint.finding import Problem, Severity
from k8snetlint.model.cluster import Cluster
from k8snetlint.rules import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.model.environment import Version
    from k8snetlint.model.resource import Resource

_ENDS = {
    "azure-npm": "Azure NPM is supported until 2026-09-30 on Windows nodes and until 2028-09-30 on Linux nodes",
    "kubenet": "kubenet was removed from the kubelet in Kubernetes 1.24, and AKS supports it until 2028-03-31",
    "openshift-sdn": "OpenShift SDN is deprecated since OpenShift 4.14 and removed in 4.17",
    "weave": "Weave Net is archived: it gets no fixes",
}
_IPVS = (
    "kube-proxy in the mode ipvs is deprecated since Kubernetes 1.35, and planned to be off in 1.40 and gone in 1.43"
)
_IPVS_SINCE: Version = (1, 35)


@rule(on=Cluster, severity=Severity.INFO)
def check(cluster: Cluster) -> Iterator[Problem]:
    """Report each component once an object."""
    for resource in cluster.judged_about_network:
        yield from _plugins(resource)
        mode = resource.network.mode if resource.network else None
        if mode and mode[1] == "ipvs":
            versions = tuple(each for each in cluster.environment.versions if each >= _IPVS_SINCE)
            if versions:
                yield Problem(_IPVS, resource.at(*mode[0]), versions=versions)


def _plugins(resource: Resource) -> Iterator[Problem]:
    for use in distinct_uses(resource.network.uses) if resource.network else ():
        # There is a fork of Weave Net that is maintained: https://github.com/rajch/weave
        is_fork = use.plugin == "weave" and "/" in use.words and "weaveworks/" not in use.words
        if use.plugin in _ENDS and not is_fork:
            yield Problem(_ENDS[use.plugin], InstalledPlugin(resource, use).place)
