"""A rule without peers and ports allows everything.

An empty rule `- {}` matches all traffic of its direction: every peer, every port. Nearly always that is what its author
wanted, so it is no more than worth knowing: for the pods which the policy selects, no other policy of that direction
changes anything.

Source: https://kubernetes.io/docs/concepts/services-networking/network-policies/#allow-all-ingress-traffic

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
  - {}  # finding: spec.ingress[0] allows traffic from every source on every port
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
      protocol: TCP
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
    security=3.0,  # says what it does
)
def check(policy: NetworkPolicy) -> Iterator[Problem]:
    """Report rules in which nothing is written."""
    for each in policy.rules():
        if each.allows_everything:
            who = "from every source" if each.peer_field == "from" else "to every destination"
            place = each.at()
            yield Problem(f"{place.field} allows traffic {who} on every port", place)
