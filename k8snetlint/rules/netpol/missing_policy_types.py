"""A NetworkPolicy has no policyTypes: the API server decides which directions it isolates.

If `policyTypes` is missing, the API server sets `[Ingress]`, and adds `Egress` only if there is at least one egress
rule. So the isolated directions depend on the rules in the policy: `egress: []`, which looks like "no egress", does not
isolate egress, and the first egress rule that somebody adds denies all other egress, DNS included. Write `policyTypes`
explicitly.

An empty list is the same as a missing one.

Source: https://kubernetes.io/docs/reference/kubernetes-api/policy-resources/network-policy-v1/#NetworkPolicySpec

```yaml bad
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: db
spec:  # finding: spec.policyTypes is missing; the API server will set [Ingress]
  podSelector:
    matchLabels:
      app: db
  ingress:
  - from:
    - podSelector:
        matchLabels:
          app: api
```

```yaml fixed
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: db
spec:
  podSelector:
    matchLabels:
      app: db
  policyTypes: [Ingress]
  ingress:
  - from:
    - podSelector:
        matchLabels:
          app: api
```

```yaml bad
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: deny-egress
spec:
  podSelector:
    matchLabels:
      app: db
  policyTypes: []  # finding: spec.policyTypes is empty; the API server will set [Ingress]
  egress: []
```

```yaml bad
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: api
spec:  # finding: spec.policyTypes is missing; the API server will set [Ingress, Egress]
  podSelector:
    matchLabels:
      app: api
  ingress:
  - {}
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
  name: deny-egress
spec:
  podSelector:
    matchLabels:
      app: db
  policyTypes: [Egress]
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


@rule(
    on=NetworkPolicy,
    severity=Severity.WARNING,
    security=3.0,  # `egress: []` alone looks like no egress and isolates nothing
)
def check(policy: NetworkPolicy) -> Iterator[Problem]:
    """Report a missing or empty policyTypes, with what it will be."""
    # An empty list is defaulted like a missing one (pkg/apis/networking/v1/defaults.go).
    if policy.policy_types or policy.misplaces("policyTypes") or policy.misplaces("spec"):
        return
    state = "missing" if policy.policy_types is None else "empty"
    types = policy.computed_policy_types()
    computed = ", ".join(types)
    yield Problem(
        f"spec.policyTypes is {state}; the API server will set [{computed}]",
        policy.at("spec", "policyTypes"),
        label="egress: [] does not isolate egress" if policy.egress == () else "",
        fix=_fix(policy, types),
    )


def _fix(policy: NetworkPolicy, types: tuple[str, ...]) -> Fix | None:
    """Return the fix that writes what the API server will set; a misspelt field may be a rule, too."""
    if policy.unknown_fields:
        return None
    change = set_to(policy.at("spec", "policyTypes"), [*map(str, types)], after="podSelector")
    return Fix(f"write policyTypes: [{', '.join(types)}]", (change,), safe=True)
