"""A policy allows nothing that other policies of the same pods do not allow.

Policies add up. A policy changes nothing if other policies that select its pods isolate them for the same directions,
and allow all that it allows: a copy under another name, or a policy for one application in a namespace where another
policy allows the same to every pod. Whoever later limits one of them wonders why the traffic is still allowed.

Others are policies with the same `podSelector`, and those that select every pod of the namespace. What is written is
compared, so it is true for all pods that there may be. Not reported are policies without rules, because a default deny
policy keeps its meaning when others are deleted, and those that repeat a rule for every pod word by word, like the
policy of a chart with its own rule for DNS. Only policies of one namespace are compared, or of one file if no namespace
is written; a policy that several files define is one policy.

Source: https://kubernetes.io/docs/concepts/services-networking/network-policies/#the-two-sorts-of-pod-isolation

```yaml bad
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: web
spec:
  podSelector:
    matchLabels:
      app: web
  policyTypes: [Ingress]
  ingress:
  - ports:
    - port: 8080
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: web-again
spec:
  podSelector:  # finding: this policy changes nothing: other policies that select these pods allow all that it allows
    matchLabels:
      app: web
  policyTypes: [Ingress]
  ingress:
  - ports:
    - port: 8080
      protocol: TCP
```

```yaml bad
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: inside
spec:
  podSelector: {}
  policyTypes: [Ingress]
  ingress:
  - from:
    - podSelector: {}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: db-from-web
spec:
  podSelector:  # finding: this policy changes nothing: other policies that select these pods allow all that it allows
    matchLabels:
      app: db
  policyTypes: [Ingress]
  ingress:
  - from:
    - podSelector:
        matchLabels:
          app: web
    ports:
    - port: 5432
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
  policyTypes: [Ingress]
  ingress:
  - ports:
    - port: 8080
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: web-metrics
spec:
  podSelector:
    matchLabels:
      app: web
  policyTypes: [Ingress]
  ingress:
  - ports:
    - port: 9090
```
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from k8snetlint.finding import Problem, Severity
from k8snetlint.model.aspects import NAME, PORTS, SELECTORS
from k8snetlint.model.networkpolicy import NetworkPolicy
from k8snetlint.rules import rule

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from k8snetlint.model.cluster import Cluster
    from k8snetlint.model.networkpolicy import PolicyRule


@rule(on=NetworkPolicy, severity=Severity.INFO, requires_all_scopes=True, relies_on=(SELECTORS, PORTS, NAME))
def check(policy: NetworkPolicy, cluster: Cluster) -> Iterator[Problem]:
    """Report a policy whose rules are all in other policies of the same pods."""
    if not policy.rules():
        return
    allowing = _redundant_policies()(cluster).get(policy)
    if allowing is not None:
        yield Problem(
            "this policy changes nothing: other policies that select these pods allow all that it allows",
            policy.at("spec", "podSelector", key=True),
            related=((allowing.place, "this rule of another policy allows the same"),),
        )


@functools.cache
def _redundant_policies() -> Callable[[Cluster], dict[NetworkPolicy, PolicyRule]]:
    """Return the function that finds them; an import statement for each policy would be slow."""
    from k8snetlint.connectivity.redundant import redundant_policies  # noqa: PLC0415 - only policies with rules

    return redundant_policies
