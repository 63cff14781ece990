"""A policy selects no pod.

A NetworkPolicy applies to the pods of its own namespace that its `podSelector` matches. If it matches no pod, the
policy has no effect: no pod is isolated, and no error shows it. Usually a label has a typo, or the selector contains
the name of a Deployment instead of a label of its pods.

It is reported only if the manifests contain the pods of the namespace; pods that an operator or a chart may create are
not known. It is a warning if a label nearly matches, or if the manifests are the whole cluster (`--whole-cluster`).
Otherwise it is an info.

Source: https://kubernetes.io/docs/concepts/services-networking/network-policies/#networkpolicy-resource

```yaml bad
# given: deployment prod/web
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: web
  namespace: prod
spec:
  podSelector:
    matchLabels:
      app: wbe  # finding: podSelector app=wbe matches no pod in namespace prod
  policyTypes: [Ingress]
```

```yaml fixed
# given: deployment prod/web
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: web
  namespace: prod
spec:
  podSelector:
    matchLabels:
      app: web
  policyTypes: [Ingress]
```

Not reported, because the operator of a custom resource may create the pods:

```yaml good
# given: deployment prod/web
apiVersion: postgresql.cnpg.io/v1
kind: Cluster
metadata:
  name: db
  namespace: prod
spec:
  instances: 3
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: db
  namespace: prod
spec:
  podSelector:
    matchLabels:
      app: db
  policyTypes: [Ingress]
```

Not reported, because the similar name belongs to another application, whose pods a chart creates:

```yaml good
# given: deployment prod/web-1
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata:
  name: web-2
  namespace: prod
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: web
  namespace: prod
spec:
  podSelector:
    matchLabels:
      app: web-2
  policyTypes: [Ingress]
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.evidence.answers import CannotKnow, NoMatch
from k8snetlint.evidence.pods import pods
from k8snetlint.finding import OpenQuestion, Severity
from k8snetlint.model.networkpolicy import NetworkPolicy
from k8snetlint.rules import rule
from k8snetlint.rules.absence import in_namespace, nothing, place_in, text_of
from k8snetlint.rules.relabel import relabelled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.finding import Problem
    from k8snetlint.model.cluster import Cluster


@rule(
    on=NetworkPolicy,
    severity=Severity.WARNING,
    requires_all_scopes=True,
    security=6.0,  # the intended pods are not isolated
)
def check(policy: NetworkPolicy, cluster: Cluster) -> Iterator[Problem | OpenQuestion]:
    """Report a podSelector that no pod of the namespace matches."""
    selector = policy.pod_selector
    if selector is None or selector.is_empty:
        return
    at = policy.at("spec", "podSelector")
    answer = pods(cluster, policy)
    if isinstance(answer, CannotKnow):
        yield OpenQuestion(at, answer.why)
    elif isinstance(answer, NoMatch):
        message = f"podSelector {text_of(selector)} matches no pod{in_namespace(policy, cluster)}"
        fix = relabelled(policy, at, answer.near, cluster)
        yield nothing(message, place_in(selector, at, answer), answer, cluster, fix=fix)
