"""Pods with the DNS policy `Default` use names of the cluster.

`Default` is not the default: it means that a pod resolves names like its node, and a node does not know the names of
Services. Without `dnsPolicy`, a pod has `ClusterFirst` and uses the DNS of the cluster.

It is reported only if the environment, the arguments or the command of its containers contain the name of a Service.

Source: https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/#pod-s-dns-policy

```yaml bad
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  dnsPolicy: Default  # finding: with dnsPolicy Default the pod resolves names like its node, which does not know db.prod.svc
  containers:
  - name: web
    image: example.com/web:1
    env:
    - name: DB_URL
      value: postgresql://db.prod.svc:5432
```

```yaml fixed
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  dnsPolicy: ClusterFirst
  containers:
  - name: web
    image: example.com/web:1
    env:
    - name: DB_URL
      value: postgresql://db.prod.svc:5432
```

```yaml good
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  dnsPolicy: Default
  containers:
  - name: web
    image: example.com/web:1
    env:
    - name: DB_URL
      value: postgresql://db.example.com:5432
```
"""  # noqa: E501 - the message is one line

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.edit.change import set_to
from k8snetlint.evidence.dns_clients import cluster_name_of
from k8snetlint.finding import Fix, Problem, Severity
from k8snetlint.model.aspects import NETWORK
from k8snetlint.model.workload import Workload
from k8snetlint.rules import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.model.cluster import Cluster


@rule(on=Workload, severity=Severity.WARNING, relies_on=(NETWORK,))
def check(workload: Workload, cluster: Cluster) -> Iterator[Problem]:
    """Report pods that resolve names like their node, and use names of Services."""
    use = cluster_name_of(cluster, workload) if workload.dns_policy == "Default" else None
    if use is None:
        return
    at = workload.at(*workload.template, "spec", "dnsPolicy")
    policy = "ClusterFirstWithHostNet" if workload.host_network else "ClusterFirst"
    yield Problem(
        f"with dnsPolicy Default the pod resolves names like its node, which does not know {use.host}",
        at,
        related=((workload.at(*use.path), "used here"),),
        fix=Fix(f"write dnsPolicy: {policy}", (set_to(at, policy),), safe=False),
    )
