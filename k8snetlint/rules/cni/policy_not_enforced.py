"""NetworkPolicies have no effect, because the CNI plugin of the cluster does not enforce them.

The API server stores NetworkPolicies in every cluster. Whether anything enforces them depends on the CNI plugin.
Flannel alone and kubenet do not, and the AWS VPC CNI does so only if its node agent runs with
`--enable-network-policy=true`: all connections are allowed, whatever the policies say, and no error shows it.

Install a plugin that enforces policies, or what enforces them beside the one that you have. Flannel from 0.25.5 on can
run kube-network-policies in its pods (`netpol.enabled` of its chart), and Canal is Flannel with the policies of Calico.

The plugin is the one of `--cni`, or the one that the manifests install. There is one finding for all policies of a
cluster. It is an info if the manifests of the plugin may be those of another cluster: they are in another folder, and
no kustomization applies them together with the policies.

Source: https://kubernetes.io/docs/concepts/services-networking/network-policies/#prerequisites

```yaml bad cni=flannel
# given: deployment shop/web 8080
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: web  # finding: Flannel does not enforce NetworkPolicies: NetworkPolicy web has no effect
  namespace: shop
spec:
  podSelector:
    matchLabels:
      app: web
  policyTypes: [Ingress]
```

```yaml bad
# given: deployment kube-system/web 8080
apiVersion: apps/v1
kind: DaemonSet
metadata:
  name: kube-flannel-ds
  namespace: kube-system
spec:
  selector:
    matchLabels:
      app: flannel
  template:
    metadata:
      labels:
        app: flannel
    spec:
      hostNetwork: true
      tolerations:
      - operator: Exists
        effect: NoSchedule
      containers:
      - name: kube-flannel
        image: ghcr.io/flannel-io/flannel:v0.28.10
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: web  # finding: Flannel 0.28.10 does not enforce NetworkPolicies: NetworkPolicy web has no effect
  namespace: kube-system
spec:
  podSelector:
    matchLabels:
      app: web
  policyTypes: [Ingress]
```

```yaml good
# given: deployment kube-system/web 8080
apiVersion: apps/v1
kind: DaemonSet
metadata:
  name: kube-flannel-ds
  namespace: kube-system
spec:
  selector:
    matchLabels:
      app: flannel
  template:
    metadata:
      labels:
        app: flannel
    spec:
      hostNetwork: true
      tolerations:
      - operator: Exists
        effect: NoSchedule
      containers:
      - name: kube-flannel
        image: ghcr.io/flannel-io/flannel:v0.28.10
      - name: kube-network-policies
        image: registry.k8s.io/networking/kube-network-policies:v1.0.0
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: web
  namespace: kube-system
spec:
  podSelector:
    matchLabels:
      app: web
  policyTypes: [Ingress]
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.evidence.cni import cni_plugin, sentence_start
from k8snetlint.finding import Problem, Severity
from k8snetlint.model.cluster import Cluster
from k8snetlint.rules import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.evidence.cni import CniPlugin
    from k8snetlint.model.networkpolicy import NetworkPolicy
    from k8snetlint.source.document import Place

_SHOWN = 8
_SWITCHES = {
    "aws-vpc-cni": "enforces NetworkPolicies only with `--enable-network-policy=true`",
    "kube-router": "runs with `--run-firewall=false` and does not enforce NetworkPolicies",
}


@rule(on=Cluster, severity=Severity.WARNING, requires_all_scopes=True, security=7.0)
def check(cluster: Cluster) -> Iterator[Problem]:
    """Report the first policy of a cluster that enforces none."""
    if not cluster.has_any("NetworkPolicy"):
        return
    plugin = cni_plugin(cluster)
    if plugin is None or plugin.enforces is not False:
        return
    from k8snetlint.model.networkpolicy import NetworkPolicy  # noqa: PLC0415 - only where there is a policy

    policies = cluster.of(NetworkPolicy)
    if not policies:
        return
    says = _SWITCHES.get(plugin.name, "does not enforce NetworkPolicies")
    title = sentence_start(plugin.title)
    yield Problem(
        f"{title} {says}: {_names(policies)} no effect",
        policies[0].at("metadata", "name"),
        severity=None if plugin.is_sure else Severity.INFO,
        related=tuple(_places(plugin, policies)),
    )


def _names(policies: list[NetworkPolicy]) -> str:
    first = f"NetworkPolicy {policies[0].name}"
    if len(policies) == 1:
        return f"{first} has"
    return f"{first} and {len(policies) - 1} other{'s' if len(policies) > 2 else ''} have"


def _places(plugin: CniPlugin, policies: list[NetworkPolicy]) -> Iterator[tuple[Place, str]]:
    if plugin.place:
        yield plugin.place, f"{plugin.title} is installed here"
    for each in policies[1 : _SHOWN + 1]:
        yield each.at("metadata", "name"), f"NetworkPolicy {each.name} is not enforced either"
