"""Policies isolate nearly all pods of a namespace, but not these.

A pod that no policy selects for ingress accepts every connection, from every namespace. Where a namespace has a policy
for each of its applications, one without a policy was probably forgotten: added later, or with labels that no selector
matches. Write a policy for it, or a policy with `podSelector: {}` and without rules (default deny): that one also
isolates pods that are added later.

It is reported only if policies isolate at least two workloads of the namespace, and twice as many as they do not, and
once for all workloads of an application (`app.kubernetes.io/name` or `app`). It is not reported if pods of the cluster
do not connect to these pods (they have no port and no Service), if a Service of type LoadBalancer or NodePort is for
clients outside of the cluster, or if something else may isolate the pods: manifests that are not shown, or policies of
another kind.

Source: https://kubernetes.io/docs/concepts/services-networking/network-policies/#the-two-sorts-of-pod-isolation

```yaml bad
# given: deployment shop/web 8080
# given: deployment shop/cart 8080
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: web
  namespace: shop
spec:
  podSelector:
    matchLabels:
      app: web
  policyTypes: [Ingress]
  ingress:
  - {}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: cart
  namespace: shop
spec:
  podSelector:
    matchLabels:
      app: cart
  policyTypes: [Ingress]
  ingress:
  - from:
    - podSelector:
        matchLabels:
          app: web
---
apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: redis
  namespace: shop
spec:
  serviceName: redis
  selector:
    matchLabels:
      app: redis
  template:
    metadata:
      labels:  # finding: no policy isolates StatefulSet redis for ingress; policies isolate 2 other workloads of namespace shop
        app: redis
    spec:
      containers:
      - name: redis
        image: example.com/redis:7
        ports:
        - containerPort: 6379
```

Not reported: policies are for one application, the namespace is not isolated as a whole.

```yaml good
# given: deployment shop/web 8080
# given: deployment shop/cart 8080
# given: statefulset shop/redis 6379
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: redis
  namespace: shop
spec:
  podSelector:
    matchLabels:
      app: redis
  policyTypes: [Ingress]
  ingress:
  - from:
    - podSelector:
        matchLabels:
          app: cart
```
"""  # noqa: E501 - the message is one line

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.evidence.not_isolated import isolates_ingress, not_isolated
from k8snetlint.finding import OpenQuestion, Problem, Severity
from k8snetlint.model.aspects import NAME, NETWORK, POD_LABELS
from k8snetlint.model.cluster import Cluster
from k8snetlint.rules import rule

if TYPE_CHECKING:
    from collections.abc import Iterator


@rule(on=Cluster, severity=Severity.INFO, requires_all_scopes=True, relies_on=(POD_LABELS, NAME, NETWORK))
def check(cluster: Cluster) -> Iterator[Problem | OpenQuestion]:
    """Report each application that was forgotten, at its first workload."""
    for found in not_isolated(cluster):
        from k8snetlint.evidence.policies import unseen_policies  # noqa: PLC0415 - findings only
        from k8snetlint.rules.isolated_pods import are_enforced, names_of  # noqa: PLC0415 - findings only

        first, policy = found.workloads[0], found.policy
        at = first.at(*first.template, "metadata", "labels", key=True)
        why = unseen_policies(cluster, policy, isolates_ingress)
        if why:
            yield OpenQuestion(at, why)
        elif are_enforced(cluster):
            yield Problem(
                f"no policy isolates {names_of(found.workloads)} for ingress; "
                f"policies isolate {found.isolated} other workloads of namespace {cluster.namespace_of(policy)}",
                at,
                related=(
                    (policy.at("spec", "podSelector"), f"policy {policy.name} isolates {names_of((found.example,))}"),
                ),
            )
