"""An empty `from` or `to` list allows all sources or destinations.

`from: []` and `to: []` look as if they allowed nothing. For Kubernetes an empty list is the same as a missing one, and
a rule without peers allows traffic from all sources, or to all destinations. To deny traffic, leave out the rule: a
policy isolates the pods that it selects, and a direction without rules allows nothing.

It is a warning if the policy's name contains a word like *deny*, otherwise an info. Rules with `ports` ("DNS to
anyone") and policies whose name contains a word like *allow* are not reported.

Source: https://kubernetes.io/docs/reference/kubernetes-api/policy-resources/network-policy-v1/

```yaml bad
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: deny-ingress
spec:
  podSelector: {}
  policyTypes: [Ingress]
  ingress:
  - from: []  # finding: spec.ingress[0].from is empty, which allows traffic from every source
```

```yaml fixed
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: deny-ingress
spec:
  podSelector: {}
  policyTypes: [Ingress]
  ingress: []
```

```yaml bad
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: web
spec:
  podSelector:
    matchLabels:
      app: web
  policyTypes: [Egress]
  egress:
  - to:  # finding: spec.egress[0].to is empty, which allows traffic to every destination
```

```yaml good
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: allow-all
spec:
  podSelector: {}
  policyTypes: [Ingress]
  ingress:
  - from: []
```

```yaml good
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: dns
spec:
  podSelector: {}
  policyTypes: [Egress]
  egress:
  - to: []
    ports:
    - port: 53
      protocol: UDP
    - port: 53
      protocol: TCP
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.edit.change import delete
from k8snetlint.finding import Fix, Problem, Severity
from k8snetlint.model.networkpolicy import Direction, NetworkPolicy
from k8snetlint.rules import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.model.networkpolicy import PolicyRule


@rule(
    on=NetworkPolicy,
    severity=Severity.INFO,
    security=5.0,  # looks like no peer, allows every peer
)
def check(policy: NetworkPolicy) -> Iterator[Problem]:
    """Report `from` and `to` that are written and empty."""
    for each in policy.rules():
        if each.peers != () or each.ports or policy.says_allow:
            continue
        who = "from every source" if each.peer_field == "from" else "to every destination"
        place = each.at(each.peer_field)
        severity = Severity.WARNING if policy.says_deny else None
        yield Problem(
            f"{place.field} is empty, which allows traffic {who}", place, severity=severity, fix=_fix(policy, each)
        )


def _fix(policy: NetworkPolicy, rule_: PolicyRule) -> Fix | None:
    """Return the fix for a policy whose name says that it denies: a direction without rules allows nothing."""
    # Without policyTypes, egress is isolated only as long as there is an egress rule.
    stays_isolated = policy.policy_types or rule_.direction is Direction.INGRESS
    if not policy.says_deny or not stays_isolated:
        return None
    return Fix(f"delete {rule_.place.field}, which allows all traffic", (delete(rule_.place),), safe=False)
