"""A podSelector has the labels of a Service or Deployment, not those of its pods.

A Deployment has two sets of labels: its own in `metadata.labels`, and those of its pods in
`spec.template.metadata.labels`. A Service has its own labels too, in addition to the `selector` that selects its pods.
Policies match only the labels of pods: a `podSelector` with the labels of the other object selects nothing.

Source: https://kubernetes.io/docs/concepts/services-networking/network-policies/#networkpolicy-resource

```yaml bad
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  namespace: prod
  labels:
    tier: frontend
spec:
  selector:
    matchLabels:
      app: web
  template:
    metadata:
      labels:
        app: web
    spec:
      containers:
      - name: web
        image: example.com/web:1.4
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: web
  namespace: prod
spec:
  podSelector:  # finding: podSelector tier=frontend matches the labels of Deployment web, not those of its pods
    matchLabels:
      tier: frontend
  policyTypes: [Ingress]
```

```yaml fixed
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  namespace: prod
  labels:
    tier: frontend
spec:
  selector:
    matchLabels:
      app: web
  template:
    metadata:
      labels:
        app: web
    spec:
      containers:
      - name: web
        image: example.com/web:1.4
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: web
  namespace: prod
spec:
  podSelector:
    matchLabels:
      app: web
  policyTypes: [Ingress]
```

```yaml bad
# given: deployment prod/web
apiVersion: v1
kind: Service
metadata:
  name: web
  namespace: prod
  labels:
    tier: frontend
spec:
  selector:
    app: web
  ports:
  - port: 80
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: web
  namespace: prod
spec:
  podSelector: {}
  ingress:
  - from:
    - podSelector:  # finding: podSelector tier=frontend matches the labels of Service web, not those of its pods
        matchLabels:
          tier: frontend
```

Not reported, because the pods have these labels, too:

```yaml good
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  namespace: prod
  labels:
    tier: frontend
spec:
  selector:
    matchLabels:
      app: web
      tier: frontend
  template:
    metadata:
      labels:
        app: web
        tier: frontend
    spec:
      containers:
      - name: web
        image: example.com/web:1.4
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: web
  namespace: prod
spec:
  podSelector:
    matchLabels:
      tier: frontend
  policyTypes: [Ingress]
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.evidence.answers import OBJECT_LABELS, NoMatch
from k8snetlint.evidence.pods import peer_pods, pods
from k8snetlint.finding import Problem, Severity
from k8snetlint.model.networkpolicy import NetworkPolicy
from k8snetlint.rules import rule
from k8snetlint.rules.absence import text_of
from k8snetlint.rules.relabel import relabelled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.model.cluster import Cluster


@rule(
    on=NetworkPolicy,
    severity=Severity.WARNING,
    supersedes=("netpol-selects-no-pod", "netpol-peer-selects-nothing"),
    requires_all_scopes=True,
    security=6.0,  # the intended pods are not isolated
)
def check(policy: NetworkPolicy, cluster: Cluster) -> Iterator[Problem]:
    """Report podSelectors with labels that other objects have, but no pods."""
    for peer in (None, *policy.peers):
        selector = policy.pod_selector if peer is None else peer.pod_selector
        if selector is None or selector.is_empty:
            continue
        answer = pods(cluster, policy) if peer is None else peer_pods(cluster, policy, peer)
        near = answer.near if isinstance(answer, NoMatch) else None
        if near is None or near.kind != OBJECT_LABELS or near.near is None or near.place is None:
            continue
        at = policy.at("spec", "podSelector") if peer is None else peer.at("podSelector")
        who = f"{near.near.kind} {near.near.name}"
        message = f"podSelector {text_of(selector)} matches the labels of {who}, not those of its pods"
        related = ((near.place, near.label),)
        yield Problem(message, at.to(key=True), related=related, fix=relabelled(policy, at, near, cluster))
