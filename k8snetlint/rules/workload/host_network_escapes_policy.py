"""Pods on the host network run in a namespace that a policy closes for all pods.

A policy with an empty `podSelector` isolates every pod of its namespace. Most network plugins cannot tell the traffic of
a pod with `hostNetwork: true` from that of its node, and do not apply policies to it: these pods stay reachable although
the namespace looks closed.

It is an info: usually the policy is intended for the other pods. A policy that selects such pods by a label is a warning
of another rule.

Source: https://kubernetes.io/docs/concepts/services-networking/network-policies/#networkpolicy-and-hostnetwork-pods

```yaml bad
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: default-deny
  namespace: monitoring
spec:
  podSelector: {}
  policyTypes: [Ingress]
---
apiVersion: apps/v1
kind: DaemonSet
metadata:
  name: node-exporter
  namespace: monitoring
spec:
  selector:
    matchLabels: {app: node-exporter}
  template:
    metadata:
      labels: {app: node-exporter}
    spec:
      hostNetwork: true  # finding: policy default-deny isolates all pods of the namespace, but most network plugins do not apply it on the host network
      containers:
      - name: exporter
        image: example.com/exporter:1
```

```yaml good
apiVersion: apps/v1
kind: DaemonSet
metadata:
  name: node-exporter
  namespace: monitoring
spec:
  selector:
    matchLabels: {app: node-exporter}
  template:
    metadata:
      labels: {app: node-exporter}
    spec:
      hostNetwork: true
      containers:
      - name: exporter
        image: example.com/exporter:1
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: web
  namespace: monitoring
spec:
  podSelector:
    matchLabels: {app: web}
  policyTypes: [Ingress]
---
apiVersion: v1
kind: Pod
metadata:
  name: web
  namespace: monitoring
  labels: {app: web}
spec:
  containers:
  - name: web
    image: example.com/web:1
```
"""  # noqa: E501 - the message is one line

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.evidence.policies import closing_policies
from k8snetlint.finding import Problem, Severity
from k8snetlint.model.aspects import NAME, NETWORK
from k8snetlint.model.workload import Workload
from k8snetlint.rules import rule
from k8snetlint.rules.isolated_pods import are_enforced

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.model.cluster import Cluster


@rule(on=Workload, severity=Severity.INFO, relies_on=(NETWORK, NAME))
def check(workload: Workload, cluster: Cluster) -> Iterator[Problem]:
    """Report pods on the host network beside a policy for all pods."""
    if not workload.host_network or not cluster.has_any("NetworkPolicy") or not are_enforced(cluster):
        return
    namespace = cluster.known_namespace_of(workload)
    policy = closing_policies(cluster).get(namespace) if namespace else None
    if policy is None or not (policy.namespace or cluster.applied_together or policy.folder == workload.folder):
        return
    yield Problem(
        f"policy {policy.name} isolates all pods of the namespace, "
        "but most network plugins do not apply it on the host network",
        workload.at(*workload.template, "spec", "hostNetwork"),
        related=((policy.at("spec", "podSelector"), f"policy {policy.name} selects every pod"),),
    )
