"""Two objects with the same kind, namespace and name are applied together: the last one wins.

If a file contains both, `kubectl apply` creates the first object and then changes it into the second one: the content
of the first one is lost, and no error shows it. Two NetworkPolicies with the same name are one policy; their rules are
not added up.

Equal objects with the same name are reported, too: one of them is probably intended to be another object. Objects in
several files of one kustomization are also reported: kustomize rejects them. Files that do not belong to one
kustomization are not compared: they may be alternatives, like the branches of a template that is not rendered. Tests
that Chainsaw, KUTTL or the Kyverno CLI read themselves are not compared: these tools run each test of a file, whatever
its name is.

Source: https://kubernetes.io/docs/concepts/overview/working-with-objects/names/

```yaml bad
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: web
spec:
  podSelector:
    matchLabels:
      app: web
  policyTypes: [Ingress]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: web  # finding: NetworkPolicy web is defined twice in this file; the last definition replaces the others
spec:
  podSelector:
    matchLabels:
      app: web
  policyTypes: [Egress]
```

```yaml fixed
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: web-ingress
spec:
  podSelector:
    matchLabels:
      app: web
  policyTypes: [Ingress]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: web-egress
spec:
  podSelector:
    matchLabels:
      app: web
  policyTypes: [Egress]
```

```yaml good
apiVersion: v1
kind: Service
metadata:
  name: web
  namespace: shop
spec:
  selector:
    app: web
  ports:
  - port: 80
---
apiVersion: v1
kind: Service
metadata:
  name: web
  namespace: blog
spec:
  selector:
    app: web
  ports:
  - port: 80
---
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
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.finding import Problem, Severity
from k8snetlint.model.aspects import NAME
from k8snetlint.model.cluster import Cluster
from k8snetlint.rules import rule
from k8snetlint.scope.test_steps import TEST_GROUPS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.model.resource import Resource


@rule(on=Cluster, severity=Severity.ERROR, relies_on=(NAME,))
def check(cluster: Cluster) -> Iterator[Problem]:
    """Report every object after the first of its group, kind, namespace and name."""
    first: dict[tuple[str, str, str, str, str], Resource] = {}
    for resource in cluster.resources:
        if not resource.name or resource.group in TEST_GROUPS:
            continue
        # In objects that are applied together, a tool compares the written namespaces.
        together = cluster.applied_together
        where, namespace = (
            ("", resource.namespace or "") if together else (resource.source.name, cluster.namespace_of(resource))
        )
        key = (where, resource.group, resource.kind, namespace, resource.name)
        known = first.setdefault(key, resource)
        # In a template that is not rendered, the two may be in branches of one condition.
        if known is resource or cluster.is_partly_read(resource.source):
            continue
        name = str(resource.object_name())
        if known.source is resource.source:
            message = f"{name} is defined twice in this file; the last definition replaces the others"
        else:
            message = f"{name} is defined twice in one kustomization"
        yield Problem(
            message, resource.at("metadata", "name"), related=((known.at("metadata", "name"), "first defined here"),)
        )
