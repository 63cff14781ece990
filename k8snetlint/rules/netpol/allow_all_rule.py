"""An empty ingress or egress rule allows all traffic.

An empty rule `- {}` matches all traffic of its direction: every peer and every port. Usually this is intended, so the
finding is only an info. For the pods that the policy selects, other NetworkPolicies of that direction have no effect:
policies can only allow more traffic, never less.

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
    security=3.0,  # usually intended
)
def check(policy: NetworkPolicy) -> Iterator[Problem]:
    """Report rules without peers and ports."""
    for each in policy.rules():
        if each.allows_everything:
            who = "from every source" if each.peer_field == "from" else "to every destination"
            place = each.at()
            yield Problem(f"{place.field} allows traffic {who} on every port", place)
