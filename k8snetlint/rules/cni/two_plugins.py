"""Two CNI plugins that are not used together are installed in one cluster.

Each of them writes its configuration into /etc/cni/net.d of every node. The container runtime uses the file that comes
first in the alphabet, so the pods of one node may be connected by another plugin than those of the next one. Their
networks do not know of each other: connections fail, often only after nodes or pods restart.

Remove one of them, also its files in /etc/cni/net.d. Plugins that are made for each other are not reported: Calico
beside Flannel (Canal) or the AWS VPC CNI, Cilium that is chained to another plugin (`cni-chaining-mode`), Antrea beside
the AWS VPC CNI, and kube-router without its routes. Meta plugins such as Multus do not count.

Manifests that are not applied together may be alternatives. They are compared in one file, in one kustomization, or
with `--whole-cluster`.

Source: https://kubernetes.io/docs/concepts/extend-kubernetes/compute-storage-net/network-plugins/

```yaml bad
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
      volumes:
      - name: cni
        hostPath:
          path: /etc/cni/net.d
---
apiVersion: apps/v1
kind: DaemonSet
metadata:
  name: weave-net
  namespace: kube-system
spec:
  selector:
    matchLabels:
      name: weave-net
  template:
    metadata:
      labels:
        name: weave-net
    spec:
      hostNetwork: true
      tolerations:
      - operator: Exists
        effect: NoSchedule
      containers:
      - name: weave
        image: weaveworks/weave-kube:2.8.1
      volumes:
      - name: cni
        hostPath:
          path: /etc  # finding: DaemonSet weave-net installs Weave Net 2.8.1, and DaemonSet kube-flannel-ds installs Flannel 0.28.10: both configure the network of every node
```

```yaml good
apiVersion: apps/v1
kind: DaemonSet
metadata:
  name: aws-node
  namespace: kube-system
spec:
  selector:
    matchLabels:
      k8s-app: aws-node
  template:
    metadata:
      labels:
        k8s-app: aws-node
    spec:
      hostNetwork: true
      tolerations:
      - operator: Exists
      containers:
      - name: aws-node
        image: 602401143452.dkr.ecr.us-west-2.amazonaws.com/amazon-k8s-cni:v1.23.2
      volumes:
      - name: cni-net-dir
        hostPath:
          path: /etc/cni/net.d
---
apiVersion: apps/v1
kind: DaemonSet
metadata:
  name: calico-node
  namespace: kube-system
spec:
  selector:
    matchLabels:
      k8s-app: calico-node
  template:
    metadata:
      labels:
        k8s-app: calico-node
    spec:
      hostNetwork: true
      tolerations:
      - operator: Exists
      containers:
      - name: calico-node
        image: docker.io/calico/node:v3.25.2
      volumes:
      - name: cni-net-dir
        hostPath:
          path: /etc/cni/net.d
```
"""  # noqa: E501 - the message is one line

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.evidence.cni import installed_plugins, release_text
from k8snetlint.finding import Problem, Severity
from k8snetlint.model.aspects import NAME
from k8snetlint.model.cluster import Cluster
from k8snetlint.model.tables.cni_plugins import NETWORKS, TITLES, USED_TOGETHER
from k8snetlint.rules import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.evidence.cni import InstalledPlugin
    from k8snetlint.source.document import Source


@rule(on=Cluster, severity=Severity.WARNING, relies_on=(NAME,))
def check(cluster: Cluster) -> Iterator[Problem]:
    """Report a DaemonSet that installs another plugin than an earlier one."""
    together = cluster.applied_together or cluster.environment.whole_cluster
    judged = set(cluster.judged_about_network)
    first: dict[Source | None, InstalledPlugin] = {}
    chained = any(each.network and each.network.is_chained for each in cluster.about_network)
    for each in installed_plugins(cluster):
        if each.use.plugin not in NETWORKS or each.resource not in judged or not _installs(each):
            continue
        known = first.setdefault(None if together else each.resource.source, each)
        pair = frozenset({known.use.plugin, each.use.plugin})
        if len(pair) == 1 or known.resource is each.resource or pair in USED_TOGETHER or (chained and "cilium" in pair):
            continue
        facts = each.resource.network
        path = (facts.installs if facts else None) or each.use.path
        yield Problem(
            f"{_says(each)}, and {_says(known)}: both configure the network of every node",
            each.resource.at(*path),
            related=((known.place, f"{TITLES[known.use.plugin]} is installed here"),),
        )


def _installs(installed: InstalledPlugin) -> bool:
    facts = installed.resource.network
    return facts is not None and facts.installs is not None and not facts.only_policies


def _says(installed: InstalledPlugin) -> str:
    resource = installed.resource
    return f"{resource.kind} {resource.name} installs {release_text(installed.use.plugin, installed.use.release)}"
