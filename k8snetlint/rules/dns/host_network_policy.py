"""Pods on the host network use names of the cluster, but resolve names like their node.

A pod with `hostNetwork: true` and without `dnsPolicy` (or with `ClusterFirst`) does not use the DNS of the cluster:
Kubernetes treats it as `Default`, the configuration of the node, which does not know names of Services. With
`dnsPolicy: ClusterFirstWithHostNet` it resolves them.

It is reported only if the environment, the arguments or the command of its containers contain such a name.

Source: https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/#pod-s-dns-policy

```yaml bad
apiVersion: v1
kind: Pod
metadata:
  name: agent
spec:
  hostNetwork: true  # finding: with hostNetwork and without dnsPolicy ClusterFirstWithHostNet the pod does not resolve collector.monitoring.svc
  containers:
  - name: agent
    image: example.com/agent:1
    args: ["--push=http://collector.monitoring.svc:4317"]
```

```yaml fixed
apiVersion: v1
kind: Pod
metadata:
  name: agent
spec:
  hostNetwork: true
  dnsPolicy: ClusterFirstWithHostNet
  containers:
  - name: agent
    image: example.com/agent:1
    args: ["--push=http://collector.monitoring.svc:4317"]
```

```yaml good
apiVersion: v1
kind: Pod
metadata:
  name: agent
spec:
  hostNetwork: true
  containers:
  - name: agent
    image: example.com/agent:1
    args: ["--push=https://metrics.example.com"]
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

_POLICY = "ClusterFirstWithHostNet"


@rule(on=Workload, severity=Severity.WARNING, relies_on=(NETWORK,))
def check(workload: Workload, cluster: Cluster) -> Iterator[Problem]:
    """Report pods on the host network that use names of Services."""
    if not workload.host_network or workload.dns_policy not in (None, "ClusterFirst"):
        return
    use = cluster_name_of(cluster, workload)
    if use is None:
        return
    at = workload.at(*workload.template, "spec", "dnsPolicy")
    fix = Fix(f"write dnsPolicy: {_POLICY}", (set_to(at, _POLICY, after="hostNetwork"),), safe=False)
    yield Problem(
        f"with hostNetwork and without dnsPolicy {_POLICY} the pod does not resolve {use.host}",
        at if workload.dns_policy else workload.at(*workload.template, "spec", "hostNetwork"),
        related=((workload.at(*use.path), "used here"),),
        fix=fix,
    )
