"""A NetworkPolicy with only egress rules also denies all ingress.

If `policyTypes` is missing, the API server treats every NetworkPolicy as an ingress policy, and also as an egress
policy if it has egress rules. So a policy that is intended to limit only egress isolates its pods for ingress, too. It
has no ingress rule, so no ingress is allowed unless another policy allows it. The documentation of the API says: "If
you want to write an egress-only policy, you must explicitly specify policyTypes [ "Egress" ]."

Write what is intended: `policyTypes: [Egress]` limits egress only and lets in what is denied today;
`policyTypes: [Ingress, Egress]` denies all ingress, as today. Only the author knows, so there is no fix.

Source: https://kubernetes.io/docs/reference/kubernetes-api/policy-resources/network-policy-v1/#NetworkPolicySpec

```yaml bad
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: api-to-db
spec:  # finding: spec.policyTypes is missing; the API server will set [Ingress, Egress], and no ingress is allowed
  podSelector:
    matchLabels:
      app: api
  egress:
  - to:
    - podSelector:
        matchLabels:
          app: db
```

```yaml good
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: api-to-db
spec:
  podSelector:
    matchLabels:
      app: api
  policyTypes: [Egress]
  egress:
  - to:
    - podSelector:
        matchLabels:
          app: db
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.finding import Problem, Severity
from k8snetlint.model.networkpolicy import NetworkPolicy
from k8snetlint.rules import rule

if TYPE_CHECKING:
    from collections.abc import Iterator


@rule(on=NetworkPolicy, severity=Severity.WARNING, supersedes=("netpol-missing-policy-types",))
def check(policy: NetworkPolicy) -> Iterator[Problem]:
    """Report a policy without policyTypes and ingress rules that has egress rules."""
    if policy.policy_types or policy.ingress or not policy.egress:
        return
    if policy.misplaces("policyTypes") or policy.misplaces("ingress"):
        return
    state = "missing" if policy.policy_types is None else "empty"
    at = policy.at("spec", "policyTypes")
    yield Problem(
        f"spec.policyTypes is {state}; the API server will set [Ingress, Egress], and no ingress is allowed",
        at,
        related=((policy.at("spec", "egress", key=True), "the policy has only egress rules"),),
        advice="write policyTypes: [Egress] if ingress is not meant to be limited (that allows ingress that is denied"
        " today), or [Ingress, Egress] if it is meant to be denied",
    )
