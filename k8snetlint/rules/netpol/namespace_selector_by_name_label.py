"""A namespaceSelector uses a label that the intended namespace does not have.

A namespace has no label `name`, `team` or `example.com/tenant` unless somebody sets it. Every namespace has the label
`kubernetes.io/metadata.name`, which the API server sets to the namespace's name. A peer that uses a label which the
namespace does not have matches nothing, and the traffic is denied.

It is reported if the value is the name of a Namespace that the manifests define without this label. For the keys
`name`, `namespace` and `ns` it is also reported if the value is a namespace that every cluster has (`kube-system`). If
the key stands for a name, the fix selects by `kubernetes.io/metadata.name`; otherwise add the label to the Namespace.

Source: https://kubernetes.io/docs/concepts/services-networking/network-policies/#targeting-a-namespace-by-its-name

```yaml bad
# given: namespace data
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
          name: data  # finding: Namespace data has no label name; its name is in the label kubernetes.io/metadata.name
```

```yaml fixed
# given: namespace data
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

The label is missing on the Namespace:

```yaml bad
apiVersion: v1
kind: Namespace
metadata:
  name: data
  labels:
    owner: storage
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
          team: data  # finding: Namespace data has no label team, so the selector does not match it
```

Every cluster has this namespace, by default only with the label `kubernetes.io/metadata.name`:

```yaml bad
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
          name: kube-system  # finding: namespace kube-system has no label name by default; its name is in the label kubernetes.io/metadata.name
```

```yaml fixed
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
          kubernetes.io/metadata.name: kube-system
```

Not reported, because the label is set:

```yaml good
# given: namespace data name=data
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

Not reported, because another Namespace has this label:

```yaml good
# given: namespace data
# given: namespace data-eu team=data
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
          team: data
```
"""  # noqa: E501 - the message is one line

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.evidence.answers import NAMESPACE_NAME, NoMatch
from k8snetlint.evidence.namespaces import namespaces
from k8snetlint.finding import Problem, Severity
from k8snetlint.model.namespace import NAME_LABEL
from k8snetlint.model.networkpolicy import NetworkPolicy
from k8snetlint.rules import rule
from k8snetlint.rules.absence import place_in
from k8snetlint.rules.relabel import relabelled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.evidence.answers import Suggestion
    from k8snetlint.model.cluster import Cluster


@rule(
    on=NetworkPolicy, severity=Severity.WARNING, supersedes=("netpol-peer-selects-nothing",), requires_all_scopes=True
)
def check(policy: NetworkPolicy, cluster: Cluster) -> Iterator[Problem]:
    """Report namespaceSelectors with a namespace's name under a label that the namespace lacks."""
    for peer in policy.peers:
        selector = peer.namespace_selector
        answer = namespaces(cluster, selector, policy) if selector is not None else None
        if selector is None or not isinstance(answer, NoMatch) or answer.near is None:
            continue
        near, at = answer.near, peer.at("namespaceSelector")
        if near.kind == NAMESPACE_NAME:
            related = ((near.place, near.label),) if near.place else ()
            fix = relabelled(policy, at, near, cluster)
            place = place_in(selector, at, answer)
            yield Problem(_message(near), place, related=related, near=near.replacement or None, fix=fix)


def _message(near: Suggestion) -> str:
    if near.near is None:
        return f"namespace {near.value} has no label {near.key} by default; its name is in the label {NAME_LABEL}"
    lacks = f"Namespace {near.value} has no label {near.key}"
    if near.replacement:
        return f"{lacks}; its name is in the label {NAME_LABEL}"
    return f"{lacks}, so the selector does not match it"
