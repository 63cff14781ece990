"""A NetworkPolicy selects every pod of its namespace and allows nothing.

This is the documentation's own default deny, so it is said and not blamed. Together with policies that allow what is
needed it is how a namespace is meant to be set up; alone it cuts every pod off. Denying egress also denies the pods
their DNS: without a policy that allows port 53 over UDP and TCP to the cluster's DNS no name resolves.

Source: https://kubernetes.io/docs/concepts/services-networking/network-policies/#default-policies

```yaml bad
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: default-deny-ingress
spec:
  podSelector: {}  # finding: this policy selects every pod and allows no ingress
  policyTypes: [Ingress]
```

```yaml bad
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: default-deny-egress
spec:
  podSelector: {}  # finding: this policy selects every pod and allows no egress, so no DNS either
  policyTypes: [Egress]
  egress: []
```

```yaml bad
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: default-deny-all
spec:
  podSelector: {}  # finding: this policy selects every pod and allows no ingress and no egress, so no DNS either
  policyTypes: [Ingress, Egress]
```

```yaml good
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: allow-dns
spec:
  podSelector: {}
  policyTypes: [Egress]
  egress:
  - ports:
    - port: 53
      protocol: UDP
    - port: 53
      protocol: TCP
```

```yaml good
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: db-deny
spec:
  podSelector:
    matchLabels:
      app: db
  policyTypes: [Ingress]
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.finding import Problem, Severity
from k8snetlint.model.networkpolicy import Direction, NetworkPolicy
from k8snetlint.rules import rule

if TYPE_CHECKING:
    from collections.abc import Iterator


@rule(on=NetworkPolicy, severity=Severity.INFO)
def check(policy: NetworkPolicy) -> Iterator[Problem]:
    """Report which directions a policy denies to every pod."""
    # What stands in unknown fields was meant to be a rule, a selector or a direction.
    if not policy.selects_every_pod or any(path[0] != "metadata" for path in policy.unknown_fields):
        return
    denied = [each for each in Direction if policy.isolates(each) and not any(policy.rules(each))]
    if not policy.policy_types and policy.egress:
        denied = []  # netpol-egress-only-policy-also-isolates-ingress: nobody asked for it
    if denied:
        what = " and ".join(f"no {each.rules_field}" for each in denied)
        dns = ", so no DNS either" if Direction.EGRESS in denied else ""
        yield Problem(f"this policy selects every pod and allows {what}{dns}", policy.at("spec", "podSelector"))
