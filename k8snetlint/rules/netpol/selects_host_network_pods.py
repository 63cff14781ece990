"""A policy selects pods that use the host network.

The effect of a NetworkPolicy on pods with `hostNetwork: true` is undefined. Most network plugins cannot distinguish
their traffic from the traffic of the node, and ignore the policy: everything can connect to the pods, and the pods can
connect to everything.

It is reported once for each workload, with the policies that select its pods by a label: an empty selector is usually
intended for the other pods.

Source: https://kubernetes.io/docs/concepts/services-networking/network-policies/#networkpolicy-and-hostnetwork-pods

```yaml bad
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: node-exporter
spec:
  podSelector:
    matchLabels:
      app: node-exporter
  ingress:
  - ports:
    - port: 9100
---
apiVersion: apps/v1
kind: DaemonSet
metadata:
  name: node-exporter
spec:
  selector:
    matchLabels:
      app: node-exporter
  template:
    metadata:
      labels:
        app: node-exporter
    spec:
      hostNetwork: true  # finding: DaemonSet node-exporter uses the host network, where most network plugins ignore NetworkPolicies
      containers:
      - name: node-exporter
        image: example.com/node-exporter:1
        ports:
        - containerPort: 9100
```

```yaml good
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: web
spec:
  podSelector:
    matchLabels:
      app: web
  ingress:
  - ports:
    - port: 8080
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: default-deny
spec:
  podSelector: {}
  policyTypes: [Ingress]
---
apiVersion: v1
kind: Pod
metadata:
  name: web
  labels:
    app: web
spec:
  hostNetwork: false
  containers:
  - name: web
    image: example.com/web:1
    ports:
    - containerPort: 8080
---
apiVersion: v1
kind: Pod
metadata:
  name: agent
  labels:
    app: agent
spec:
  hostNetwork: true
  containers:
  - name: agent
    image: example.com/agent:1
```
"""  # noqa: E501 - the message is one line

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.evidence.host_network import selected_on_host
from k8snetlint.evidence.ports import names_of
from k8snetlint.finding import Problem, Severity
from k8snetlint.model.cluster import Cluster
from k8snetlint.rules import rule

if TYPE_CHECKING:
    from collections.abc import Iterator


@rule(
    on=Cluster,
    severity=Severity.WARNING,
    supersedes=("netpol-peer-selects-host-network-pods",),
    security=6.0,  # most network plugins ignore the policy
)
def check(cluster: Cluster) -> Iterator[Problem]:
    """Report workloads on the host network that policies select, if only among others."""
    found = selected_on_host(cluster)
    for workload, policies in found.selections.items():
        yield Problem(
            f"{names_of((workload,))} uses the host network, where most network plugins ignore NetworkPolicies",
            found.place_of(workload),
            related=(*policies, *found.peers.get(workload, ())),
        )
