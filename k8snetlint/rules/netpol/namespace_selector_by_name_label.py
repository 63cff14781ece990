"""A namespaceSelector looks for a namespace by a label `name` that it does not have.

A namespace has no label `name`, `namespace` or `ns` unless somebody sets it. What every namespace carries is
`kubernetes.io/metadata.name`, set by the API server. The peer matches nothing, and the traffic is dropped.

Source: https://kubernetes.io/docs/concepts/services-networking/network-policies/#targeting-a-namespace-by-its-name

```yaml bad
apiVersion: v1
kind: Namespace
metadata:
  name: data
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
    - namespaceSelector:
        matchLabels:
          name: data  # finding: `name: data` is no label of Namespace data; its name is in kubernetes.io/metadata.name
```

```yaml fixed
apiVersion: v1
kind: Namespace
metadata:
  name: data
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
    - namespaceSelector:
        matchLabels:
          kubernetes.io/metadata.name: data
```

The label is set:

```yaml good
apiVersion: v1
kind: Namespace
metadata:
  name: data
  labels:
    name: data
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
    - namespaceSelector:
        matchLabels:
          name: data
```

No manifest shows the namespace: somebody may have labelled it.

```yaml good
apiVersion: v1
kind: Namespace
metadata:
  name: data
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
    - namespaceSelector:
        matchLabels:
          name: kube-system
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.evidence.answers import NoMatch
from k8snetlint.evidence.namespaces import namespaces
from k8snetlint.evidence.suggested_namespaces import NAMING_KEYS
from k8snetlint.evidence.suggestion import OBJECT_NAME
from k8snetlint.finding import Problem, Severity
from k8snetlint.model.cluster import NAME_LABEL
from k8snetlint.model.networkpolicy import NetworkPolicy
from k8snetlint.rules import rule
from k8snetlint.rules.absence import place_in
from k8snetlint.rules.relabel import relabelled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.model.cluster import Cluster


@rule(on=NetworkPolicy, severity=Severity.WARNING, instead_of=("netpol-peer-selects-nothing",), from_absence=True)
def check(policy: NetworkPolicy, cluster: Cluster) -> Iterator[Problem]:
    """Report namespaceSelectors with a namespace's name under a label that the namespace lacks."""
    for peer in (peer for each in policy.rules() for peer in each.peers or ()):
        selector = peer.namespace_selector
        if selector is None:
            continue
        at = peer.at("namespaceSelector")
        answer = namespaces(cluster, selector, policy)
        if not isinstance(answer, NoMatch) or answer.near is None or answer.near.kind != OBJECT_NAME:
            continue
        near = answer.near
        if near.key not in NAMING_KEYS:
            continue
        message = f"`{near.key}: {near.value}` is no label of Namespace {near.value}; its name is in {NAME_LABEL}"
        related = ((near.place, near.label),) if near.place else ()
        fix = relabelled(policy, at, near)
        yield Problem(message, place_in(selector, at, answer), related=related, near=near.meant, fix=fix)
