"""An empty rule allows all traffic, so the other rules of that direction have no effect.

Traffic is allowed if any rule allows it. If one of the rules is `- {}`, which allows all traffic, the other rules of
the same direction have no effect, although they look as if they limited the traffic. Often the empty rule is left over
from a test, or comes from an extra `-`.

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
  - {}  # finding: spec.ingress[0] allows all traffic, so the other ingress rules have no effect
  - from:
    - podSelector:
        matchLabels:
          app: frontend
    ports:
    - port: 8080
      protocol: TCP
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
    - podSelector:
        matchLabels:
          app: frontend
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
  policyTypes: [Ingress, Egress]
  ingress:
  - {}
  egress:
  - to:
    - podSelector: {}
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.edit.change import delete
from k8snetlint.finding import Fix, Problem, Severity
from k8snetlint.model.networkpolicy import NetworkPolicy
from k8snetlint.rules import rule

if TYPE_CHECKING:
    from collections.abc import Iterator


@rule(
    on=NetworkPolicy,
    severity=Severity.WARNING,
    supersedes=("netpol-allow-all-rule",),
    security=7.0,  # the other rules have no effect
)
def check(policy: NetworkPolicy) -> Iterator[Problem]:
    """Report empty rules of a direction that has other rules, too."""
    for rules in (policy.ingress or (), policy.egress or ()):
        everything = [each for each in rules if each.allows_everything]
        others = [each for each in rules if each not in everything]
        if not everything or not others:
            continue
        place = everything[0].at()
        direction = everything[0].direction.lower()
        yield Problem(
            f"{place.field} allows all traffic, so the other {direction} rules have no effect",
            place,
            related=((others[0].at(), "this rule has no effect"),),
            fix=Fix(f"delete {place.field}", tuple(delete(each.at()) for each in everything), safe=False),
        )
