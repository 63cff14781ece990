"""A NetworkPolicy has rules for a direction that policyTypes does not list, so they are ignored.

`policyTypes` lists the directions that a policy isolates. Rules for another direction are stored but never evaluated:
`policyTypes: [Ingress]` with egress rules does not limit egress at all. Some network plugins have applied such rules
anyway, so the same manifest can behave differently in different clusters.

Add the direction to `policyTypes`, or remove its rules.

Source: https://kubernetes.io/docs/concepts/services-networking/network-policies/#networkpolicy-resource

```yaml bad
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: deny-internet
spec:
  podSelector: {}
  policyTypes: [Ingress]
  egress:  # finding: spec.egress has 1 rule that is never evaluated, because policyTypes [Ingress] does not list Egress
  - to:
    - ipBlock:
        cidr: 10.0.0.0/8
```

```yaml fixed
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: deny-internet
spec:
  podSelector: {}
  policyTypes: [Ingress, Egress]
  egress:
  - to:
    - ipBlock:
        cidr: 10.0.0.0/8
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
  ingress:  # finding: spec.ingress has 2 rules that are never evaluated, because policyTypes [Egress] does not list Ingress
  - from:
    - podSelector: {}
  - ports:
    - port: 8080
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
  egress: []
```
"""  # noqa: E501 - the message is one line

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.edit.change import insert
from k8snetlint.finding import Fix, Problem, Severity
from k8snetlint.model.networkpolicy import Direction, NetworkPolicy
from k8snetlint.rules import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

_DIRECTIONS = tuple(Direction)


@rule(
    on=NetworkPolicy,
    severity=Severity.ERROR,
    security=7.0,  # the direction is not isolated: everything is allowed
)
def check(policy: NetworkPolicy) -> Iterator[Problem]:
    """Report the rules of a direction that a written policyTypes does not list."""
    ignored = [each for each in _DIRECTIONS if policy.rules(each) and not policy.isolates(each)]
    # An unknown type (`egress`, a placeholder) may stand for either direction: the API server rejects it.
    if not ignored or not policy.policy_types or not set(_DIRECTIONS).issuperset(policy.policy_types):
        return
    for direction in ignored:
        count = len(policy.rules(direction))
        types = policy.at("spec", "policyTypes")
        index = 0 if direction is Direction.INGRESS else len(policy.policy_types)
        fix = Fix(f"add {direction} to policyTypes", (insert(types.to(index), str(direction)),), safe=False)
        rules = "1 rule that is" if count == 1 else f"{count} rules that are"
        yield Problem(
            f"spec.{direction.rules_field} has {rules} never evaluated, "
            f"because policyTypes [{', '.join(policy.policy_types)}] does not list {direction}",
            policy.at("spec", direction.rules_field, key=True),
            related=((types, f"{direction} is not listed here"),),
            fix=fix,
        )
