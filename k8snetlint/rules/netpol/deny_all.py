"""A NetworkPolicy selects every pod and allows no ingress or no egress.

This is the default deny policy of the Kubernetes documentation, so the finding is only an info. Together with policies
that allow the necessary traffic, it is the recommended setup of a namespace; alone it denies all traffic of that
direction. A policy that denies egress denies DNS, too: without another policy that allows port 53 over UDP and TCP to
the cluster's DNS, the pods cannot resolve names.

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
  podSelector: {}  # finding: this policy selects every pod and allows no egress, not even DNS
  policyTypes: [Egress]
  egress: []
```

```yaml bad
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: default-deny-all
spec:
  podSelector: {}  # finding: this policy selects every pod and allows no ingress and no egress, not even DNS
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
    if not policy.selects_every_pod or policy.is_misspelt:
        return
    denied = [each for each in Direction if policy.isolates(each) and not any(policy.rules(each))]
    if not policy.policy_types and policy.egress:
        denied = []  # netpol-egress-only-policy-also-isolates-ingress: it is not intended
    if denied:
        what = " and ".join(f"no {each.rules_field}" for each in denied)
        dns = ", not even DNS" if Direction.EGRESS in denied else ""
        yield Problem(f"this policy selects every pod and allows {what}{dns}", policy.at("spec", "podSelector"))
