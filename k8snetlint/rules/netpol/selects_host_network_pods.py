"""A policy selects pods that use the host network.

The effect of a NetworkPolicy on pods with `hostNetwork: true` is undefined. Most network plugins cannot distinguish
their traffic from the traffic of the node, and ignore the policy: everything can connect to the pods, and the pods can
connect to everything.

It is reported only for a policy that selects pods by a label: an empty selector is usually intended for the other pods.

Source: https://kubernetes.io/docs/concepts/services-networking/network-policies/#networkpolicy-and-hostnetwork-pods

```yaml bad
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: node-exporter
spec:
  podSelector:  # finding: DaemonSet node-exporter uses the host network, where most network plugins ignore NetworkPolicies
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
      hostNetwork: true
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

import itertools
from typing import TYPE_CHECKING

from k8snetlint.evidence.answers import Match
from k8snetlint.evidence.pods import pods
from k8snetlint.evidence.ports import belong_together, names_of
from k8snetlint.finding import Problem, Severity
from k8snetlint.model.aspects import SELECTORS
from k8snetlint.model.networkpolicy import NetworkPolicy
from k8snetlint.rules import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.model.cluster import Cluster


@rule(
    on=NetworkPolicy,
    severity=Severity.WARNING,
    relies_on=(SELECTORS,),
    security=6.0,  # most network plugins ignore the policy
)
def check(policy: NetworkPolicy, cluster: Cluster) -> Iterator[Problem]:
    """Report policies with a selector that matches hostNetwork pods, if only among others."""
    if policy.pod_selector is None or policy.selects_every_pod:
        return
    answer = pods(cluster, policy)
    if not isinstance(answer, Match):
        return
    on_nodes = answer.found.among(cluster.index.on_host_network)
    if not on_nodes or not belong_together(cluster, policy, on_nodes):
        return
    use = "uses" if len(on_nodes) == 1 else "use"
    yield Problem(
        f"{names_of(on_nodes)} {use} the host network, where most network plugins ignore NetworkPolicies",
        policy.at("spec", "podSelector", key=True),
        label=f"{len(on_nodes)} of {len(answer.found)} selected workloads",
        related=tuple(
            (each.at(*each.template, "spec", "hostNetwork"), f"{each.kind} {each.name}")
            for each in itertools.islice(on_nodes, 3)
        ),
    )
