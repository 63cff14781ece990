"""An empty `ports` list allows every port.

`ports: []` looks as if it allowed no port. For Kubernetes an empty list is the same as a missing one: the rule allows
all ports of all protocols. It is a warning if the policy's name contains a word like *deny*, otherwise an info.
Policies whose name contains a word like *allow* are not reported.

Source: https://kubernetes.io/docs/reference/kubernetes-api/policy-resources/network-policy-v1/

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
  - from:
    - podSelector: {}
    ports: []  # finding: spec.ingress[0].ports is empty, which allows every port
```

```yaml fixed
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
  - from:
    - podSelector: {}
    ports:
    - port: 8080
      protocol: TCP
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
  - from:
    - podSelector: {}
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.finding import Problem, Severity
from k8snetlint.model.networkpolicy import NetworkPolicy
from k8snetlint.rules import rule

if TYPE_CHECKING:
    from collections.abc import Iterator


@rule(
    on=NetworkPolicy,
    severity=Severity.INFO,
    security=4.0,  # looks like no port, allows every port of the peers
)
def check(policy: NetworkPolicy) -> Iterator[Problem]:
    """Report `ports` that are written and empty."""
    if policy.says_allow:
        return
    for each in policy.rules():
        if each.ports == ():
            place = each.at("ports")
            severity = Severity.WARNING if policy.says_deny else None
            yield Problem(f"{place.field} is empty, which allows every port", place, severity=severity)
