"""A selector uses a label that changes with every release.

Controllers set `pod-template-hash` and `controller-revision-hash` to a new value with every change of the pod template;
`helm.sh/chart`, `chart` and `app.kubernetes.io/version` come from the chart and usually contain its version. A policy
that selects by one of them works until the next rollout; then it selects nothing, and no error shows it.

Source: https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#pod-template-hash-label

```yaml bad
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: web
spec:
  podSelector:
    matchLabels:
      app: web
      app.kubernetes.io/version: "1.4"  # finding: the label app.kubernetes.io/version changes with every release
  policyTypes: [Ingress]
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
```

```yaml bad
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: web
spec:
  podSelector: {}
  policyTypes: [Ingress]
  ingress:
  - from:
    - podSelector:
        matchExpressions:
        - {key: pod-template-hash, operator: Exists}  # finding: the label pod-template-hash changes with every release
```

```yaml good
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: web
spec:
  podSelector:
    matchLabels:
      app.kubernetes.io/name: web
      app.kubernetes.io/instance: shop
  policyTypes: [Ingress]
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.edit.change import delete
from k8snetlint.finding import Fix, Problem, Severity
from k8snetlint.model.aspects import SELECTORS
from k8snetlint.model.networkpolicy import NetworkPolicy
from k8snetlint.model.tables.controllers import VOLATILE_LABELS, is_volatile
from k8snetlint.rules import rule
from k8snetlint.source.paths import MapKey

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.model.selectors import LabelSelector
    from k8snetlint.source.document import Place


@rule(
    on=NetworkPolicy,
    severity=Severity.WARNING,
    security=5.0,  # selects no pod after the next release
)
def check(policy: NetworkPolicy) -> Iterator[Problem]:
    """Report each volatile key of each selector."""
    if VOLATILE_LABELS.isdisjoint(policy.texts_of(SELECTORS)):
        return
    for selector, place_of in policy.selectors():
        for key, value in (selector.match_labels or {}).items():
            if is_volatile(key, (value,)):
                at = place_of().to("matchLabels", MapKey(key))
                yield Problem(f"the label {key} changes with every release", at, fix=_fix(selector, at, key))
        for index, requirement in enumerate(selector.match_expressions or ()):
            if is_volatile(requirement.key, requirement.values or ()):
                at = place_of().to("matchExpressions", index)
                fix = _fix(selector, at, requirement.key)
                yield Problem(f"the label {requirement.key} changes with every release", at.to("key"), fix=fix)


def _fix(selector: LabelSelector, at: Place, key: str) -> Fix | None:
    """Return the fix that removes a label if other labels remain in the selector."""
    if VOLATILE_LABELS.issuperset(selector.keys()):
        return None
    return Fix(f"remove {key} from the selector", (delete(at),), safe=False)
