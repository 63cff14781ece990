"""Two Ingresses send requests for the same host and path to different places.

Which of the two gets the requests is not defined: the admission webhook of ingress-nginx rejects the second Ingress,
other controllers take the older one, or merge both. If one of the two is to get only a part of the requests, it needs
an annotation that says so, for example `nginx.ingress.kubernetes.io/canary: "true"`.

It is a warning in one file, one kustomization or with `--whole-cluster`. In a tree of files the two may be alternatives,
so there it is worth knowing.

Not reported where each Ingress has a load balancer of its own, as on AWS and GKE, nor for Ingresses without a class,
which may be such ones.

Source: https://kubernetes.github.io/ingress-nginx/e2e-tests/#admission-admission-controller

```yaml bad
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: old
spec:
  ingressClassName: nginx
  rules:
  - host: shop.example.com
    http:
      paths:
      - path: /cart
        pathType: Prefix
        backend:
          service:
            name: old
            port:
              number: 80
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: new
spec:
  ingressClassName: nginx
  rules:
  - host: shop.example.com
    http:
      paths:
      - path: /cart  # finding: Ingress old already has the path /cart of host shop.example.com, and only one of the two gets these requests
        pathType: Prefix
        backend:
          service:
            name: new
            port:
              number: 80
```

```yaml good
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: old
spec:
  ingressClassName: nginx
  rules:
  - host: shop.example.com
    http:
      paths:
      - path: /cart
        pathType: Prefix
        backend:
          service:
            name: old
            port:
              number: 80
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: new
  annotations:
    nginx.ingress.kubernetes.io/canary: "true"
    nginx.ingress.kubernetes.io/canary-weight: "5"
spec:
  ingressClassName: nginx
  rules:
  - host: shop.example.com
    http:
      paths:
      - path: /cart
        pathType: Prefix
        backend:
          service:
            name: new
            port:
              number: 80
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: internal
spec:
  ingressClassName: internal
  rules:
  - host: shop.example.com
    http:
      paths:
      - path: /cart
        pathType: Prefix
        backend:
          service:
            name: old
            port:
              number: 80
```
"""  # noqa: E501 - the message is one line

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.evidence.ingress_hosts import is_alone_at_its_paths, same_path_before
from k8snetlint.finding import Problem, Severity
from k8snetlint.model.aspects import CLASS, NAME, ROUTES
from k8snetlint.model.ingress import Ingress
from k8snetlint.rules import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.model.cluster import Cluster


@rule(on=Ingress, severity=Severity.WARNING, relies_on=(CLASS, NAME, ROUTES))
def check(ingress: Ingress, cluster: Cluster) -> Iterator[Problem]:
    """Report paths that an Ingress before has already, or the same one."""
    if not is_alone_at_its_paths(ingress, cluster):
        return
    for each in ingress.rules:
        for path in each.paths:
            other = same_path_before(cluster, ingress, each.host, path)
            if other is None:
                continue
            first, first_path = other
            who = "this Ingress" if first is ingress else f"Ingress {first.name}"
            host = f"host {each.host}" if each.host else "all hosts"
            yield Problem(
                f"{who} already has the path {path.path or '/'} of {host}, and only one of the two gets these requests",
                path.place.to("path") if path.path else path.place,
                severity=None if _are_applied_together(cluster, first, ingress) else Severity.INFO,
                related=((first_path.place.to("path"), "the same path"),),
            )


def _are_applied_together(cluster: Cluster, one: Ingress, other: Ingress) -> bool:
    """Tell whether two Ingresses are certainly in one cluster; in a tree of files they may be alternatives."""
    return one.source is other.source or cluster.applied_together or cluster.environment.whole_cluster
