"""A NetworkPolicy has no podSelector, so it selects every pod of its namespace.

The Kubernetes schemas mark `podSelector` as required, but no API server requires it: a missing or null `podSelector` is
read as `{}`, which selects every pod. If this is intended, write `podSelector: {}`; if not, the policy isolates all
pods of the namespace, also those of other applications.

Where `null` or `~` is written, it is only an info: that selects every pod as well, but nothing was forgotten.

A policy without `spec`, or with an empty one, isolates all pods of the namespace for ingress and allows none.

Source: https://kubernetes.io/docs/concepts/services-networking/network-policies/#networkpolicy-resource

```yaml bad
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: web
spec:  # finding: spec.podSelector is missing; the API server reads it as {}, which selects every pod
  policyTypes: [Ingress]
  ingress:
  - from:
    - podSelector:
        matchLabels:
          app: proxy
```

```yaml bad
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: from-proxy
spec:
  podSelector:  # finding: spec.podSelector is null; the API server reads it as {}, which selects every pod
  policyTypes: [Ingress]
  ingress:
  - from:
    - podSelector:
        matchLabels:
          app: proxy
```

```yaml fixed
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: from-proxy
spec:
  podSelector: {}
  policyTypes: [Ingress]
  ingress:
  - from:
    - podSelector:
        matchLabels:
          app: proxy
```

```yaml bad
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: web
spec: {}  # finding: spec is empty; the API server reads it as a policy that selects every pod and allows no ingress
```

```yaml good
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: every-pod
spec:
  podSelector: {}
  policyTypes: [Ingress]
  ingress:
  - from:
    - podSelector:
        matchLabels:
          app: proxy
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
    # Of a spec that is missing, everything else follows; of an empty selector, that every pod is selected.
    supersedes=("netpol-deny-all", "netpol-missing-policy-types"),
)
def check(policy: NetworkPolicy) -> Iterator[Problem]:
    """Report a missing or null podSelector of the policy itself, and a spec in which nothing is written."""
    if policy.pod_selector is not None or policy.misplaces("podSelector") or policy.misplaces("spec"):
        return
    if not policy.spec_fields:
        state = "missing" if policy.spec_fields is None else "empty"
        yield Problem(
            f"spec is {state}; the API server reads it as a policy that selects every pod and allows no ingress",
            policy.at("spec"),
        )
        return
    state = "null" if "podSelector" in (policy.spec_fields or ()) else "missing"
    at = policy.at("spec", "podSelector")
    yield Problem(
        f"spec.podSelector is {state}; the API server reads it as {{}}, which selects every pod",
        at,
        severity=Severity.INFO if policy.selects_by_null else None,
        # The server stores the same, but if the selector was forgotten, not every pod is intended.
        fix=Fix("write podSelector: {}", (set_to(at, {}),), safe=policy.selects_by_null),
    )
