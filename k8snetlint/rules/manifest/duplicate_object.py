"""Two objects of one kind, namespace and name are applied together: the last one wins.

Applying a file that holds both creates the first object and then changes it into the second: what the first one said
is gone, and nothing fails. Two NetworkPolicies of one name are one policy, not two that add up.

Equal objects of the same name are reported, too: one of them is meant to be another. So are objects in several files
that one kustomization puts together: kustomize refuses them. Files that nothing puts together are not compared: they
may be alternatives.

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

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.model.resource import Resource


@rule(on=Cluster, severity=Severity.ERROR, relies_on=(NAME,))
def check(cluster: Cluster) -> Iterator[Problem]:
    """Report every object after the first of its group, kind, namespace and name."""
    first: dict[tuple[str, str, str, str, str], Resource] = {}
    for resource in cluster.resources:
        if not resource.name:
            continue
        # Of what is applied together, a tool compares the namespaces that are written.
        together = cluster.applied_together
        where, namespace = (
            ("", resource.namespace or "") if together else (resource.source.name, cluster.namespace_of(resource))
        )
        key = (where, resource.group, resource.kind, namespace, resource.name)
        known = first.setdefault(key, resource)
        if known is resource:
            continue
        name = str(resource.object_name())
        if known.source is resource.source:
            message = f"{name} is defined twice in this file; the last definition replaces the others"
        else:
            message = f"{name} is defined twice in one kustomization"
        yield Problem(message, resource.at("metadata", "name"), related=((known.at("metadata", "name"), "first here"),))
