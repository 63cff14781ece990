"""A `podSelector` without a `namespaceSelector` has the labels of pods in another namespace.

A `podSelector` without a `namespaceSelector` in the same list item selects only pods in the policy's own namespace. If
the pods with these labels are in another namespace, the peer selects nothing, and the traffic is denied.

Source: https://kubernetes.io/docs/concepts/services-networking/network-policies/#behavior-of-to-and-from-selectors

```yaml bad
# given: deployment data/redis
# given: deployment prod/web
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: web
  namespace: prod
spec:
  podSelector: {}
  ingress:
  - from:
    - podSelector:  # finding: podSelector app=redis selects pods in namespace prod only, but such pods are in namespace data
        matchLabels:
          app: redis
```

```yaml fixed
# given: deployment data/redis
# given: deployment prod/web
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: web
  namespace: prod
spec:
  podSelector: {}
  ingress:
  - from:
    - podSelector:
        matchLabels:
          app: redis
      namespaceSelector:
        matchLabels:
          kubernetes.io/metadata.name: data
```

Not reported, because a chart may create such pods in the policy's own namespace:

```yaml good
# given: deployment data/redis
# given: deployment prod/web
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata:
  name: redis
  namespace: prod
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
    - podSelector:
        matchLabels:
          app: redis
```

Not reported, because several other namespaces have such pods:

```yaml good
# given: deployment data/redis
# given: deployment test/redis
# given: deployment prod/web
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: web
  namespace: prod
spec:
  podSelector: {}
  ingress:
  - from:
    - podSelector:
        matchLabels:
          app: redis
```
"""  # noqa: E501 - the message is one line

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.evidence.answers import OTHER_NAMESPACE, NoMatch
from k8snetlint.evidence.pods import peer_pods
from k8snetlint.finding import Problem, Severity
from k8snetlint.model.networkpolicy import NetworkPolicy
from k8snetlint.rules import rule
from k8snetlint.rules.absence import text_of
from k8snetlint.rules.relabel import in_other_namespace

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.model.cluster import Cluster


@rule(
    on=NetworkPolicy, severity=Severity.WARNING, supersedes=("netpol-peer-selects-nothing",), requires_all_scopes=True
)
def check(policy: NetworkPolicy, cluster: Cluster) -> Iterator[Problem]:
    """Report peers whose pods are in one other namespace."""
    own = cluster.namespace_of(policy)
    for peer in policy.peers:
        selector = peer.pod_selector
        if peer.namespace_selector is not None or selector is None or selector.is_empty:
            continue
        answer = peer_pods(cluster, policy, peer)
        if not isinstance(answer, NoMatch) or answer.near is None or answer.near.kind != OTHER_NAMESPACE:
            continue
        near, other = answer.near, answer.near.replacement
        labels = text_of(selector)
        message = f"podSelector {labels} selects pods in namespace {own} only, but such pods are in namespace {other}"
        related = ((near.place, near.label),) if near.place else ()
        fix = in_other_namespace(peer.place, other)
        yield Problem(message, peer.at("podSelector", key=True), related=related, fix=fix)
