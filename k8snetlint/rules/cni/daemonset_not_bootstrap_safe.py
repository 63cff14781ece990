"""The DaemonSet of a CNI plugin cannot start on a node that has no network yet.

A node without a CNI configuration is NotReady, and has the taint `node.kubernetes.io/not-ready:NoSchedule`. What
installs the configuration must run on it nevertheless: its pods must use the node's own network (`hostNetwork: true`),
because there is no other one, and must tolerate this taint. Otherwise each waits for the other one: new nodes never
become ready.

Tolerate every taint: `operator: Exists` with `effect: NoSchedule`, as the manifests of all plugins do, so that the
plugin runs on control plane nodes as well.

Source: https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/

```yaml bad
apiVersion: apps/v1
kind: DaemonSet
metadata:
  name: kube-flannel-ds
  namespace: kube-flannel
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
      tolerations:  # finding: Flannel 0.28.10 cannot start on a node without a network: its pods do not tolerate the taint node.kubernetes.io/not-ready:NoSchedule
      - key: node-role.kubernetes.io/control-plane
        operator: Exists
        effect: NoSchedule
      containers:
      - name: kube-flannel
        image: ghcr.io/flannel-io/flannel:v0.28.10
      volumes:
      - name: cni
        hostPath:
          path: /etc/cni/net.d
```

```yaml good
apiVersion: apps/v1
kind: DaemonSet
metadata:
  name: kube-flannel-ds
  namespace: kube-flannel
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
```
"""  # noqa: E501 - the message is one line

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.evidence.cni import applied_as_written, release_text, sentence_start
from k8snetlint.finding import Problem, Severity
from k8snetlint.model.cluster import Cluster
from k8snetlint.rules import rule

if TYPE_CHECKING:
    from collections.abc import Iterator


@rule(on=Cluster, severity=Severity.WARNING)
def check(cluster: Cluster) -> Iterator[Problem]:
    """Report what keeps the pods of a plugin from a node without a network."""
    for each in applied_as_written(cluster):
        if each.network is None or not each.network.blockers:
            continue
        use = max(each.network.uses, key=lambda use: bool(use.release))
        title = release_text(use.plugin, use.release)
        for path, why in each.network.blockers:
            message = f"{sentence_start(title)} cannot start on a node without a network: {why}"
            yield Problem(message, each.at(*path, key=True))
