"""A NetworkPolicy with only egress rules also denies all ingress.

If `policyTypes` is missing, the API server treats every NetworkPolicy as an ingress policy, and also as an egress
policy if it has egress rules. So a policy that is intended to limit only egress isolates its pods for ingress, too. It
has no ingress rule, so no ingress is allowed unless another policy allows it. The documentation of the API says: "If
you want to write an egress-only policy, you must explicitly specify policyTypes [ "Egress" ]."

If the policy is intended to deny all ingress, write `policyTypes: [Ingress, Egress]`.

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

```yaml fixed
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

```yaml good
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: api-to-db
spec:
  podSelector:
    matchLabels:
      app: api
  policyTypes: [Ingress, Egress]
  egress:
  - to:
    - podSelector:
        matchLabels:
          app: db
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.edit.change import set_to
from k8snetlint.finding import Fix, Problem, Severity
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
    fix = Fix("write policyTypes: [Egress]", (set_to(at, ["Egress"], after="podSelector"),), safe=False)
    yield Problem(
        f"spec.policyTypes is {state}; the API server will set [Ingress, Egress], and no ingress is allowed",
        at,
        related=((policy.at("spec", "egress", key=True), "the policy has only egress rules"),),
        fix=fix,
    )
