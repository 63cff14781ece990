"""Another Ingress of the same host turns the paths of this one into regular expressions.

If one Ingress of a host has the annotation `use-regex: "true"`, or `rewrite-target` with another value than its path,
ingress-nginx makes case-insensitive regular expressions of all paths of this host, whichever Ingress they are in. Then
`pathType: Exact` has no effect: `/login` also matches `/LOGIN` and `/login-form`. A `Prefix` path matches more than
whole elements: `/api` also matches `/apidocs`.

It is a warning for an Exact path that another Ingress affects, else worth knowing.

Source: https://kubernetes.github.io/ingress-nginx/user-guide/ingress-path-matching/#path-priority

```yaml bad
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: shop
  annotations:
    nginx.ingress.kubernetes.io/rewrite-target: /$1
spec:
  ingressClassName: nginx
  rules:
  - host: example.com
    http:
      paths:
      - path: /shop/(.*)
        pathType: ImplementationSpecific
        backend:
          service:
            name: shop
            port:
              number: 80
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: login
spec:
  ingressClassName: nginx
  rules:
  - host: example.com
    http:
      paths:
      - path: /login
        pathType: Exact  # finding: Ingress shop makes regular expressions of all paths of example.com, so /login also matches /login-form and /LOGIN
        backend:
          service:
            name: login
            port:
              number: 80
      - path: /help
        pathType: Prefix  # finding: Ingress shop makes regular expressions of all paths of example.com, so /help also matches /help-form and /HELP
        backend:
          service:
            name: help
            port:
              number: 80
```

Not reported: `/`, which matches everything anyway, and another host:

```yaml good
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: shop
  annotations:
    nginx.ingress.kubernetes.io/use-regex: "true"
spec:
  ingressClassName: nginx
  rules:
  - host: example.com
    http:
      paths:
      - path: /shop/[a-z]+
        pathType: ImplementationSpecific
        backend:
          service:
            name: shop
            port:
              number: 80
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: login
spec:
  ingressClassName: nginx
  rules:
  - host: example.com
    http:
      paths:
      - path: /
        pathType: Prefix
        backend:
          service:
            name: login
            port:
              number: 80
  - host: login.example.com
    http:
      paths:
      - path: /login
        pathType: Exact
        backend:
          service:
            name: login
            port:
              number: 80
```
"""  # noqa: E501 - the message is one line

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.evidence.ingress_classes import is_for_ingress_nginx
from k8snetlint.evidence.ingress_hosts import regex_ingress
from k8snetlint.finding import Problem, Severity
from k8snetlint.model.aspects import CLASS, ROUTES
from k8snetlint.model.ingress import Ingress
from k8snetlint.rules import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.model.cluster import Cluster
    from k8snetlint.model.ingress import IngressPath, IngressRule


@rule(on=Ingress, severity=Severity.WARNING, relies_on=(CLASS, ROUTES))
def check(ingress: Ingress, cluster: Cluster) -> Iterator[Problem]:
    """Report for each host and pathType the first path that another Ingress, or an annotation, affects."""
    for each in ingress.rules:
        other = regex_ingress(cluster, ingress, each.host)
        if other is None or not is_for_ingress_nginx(ingress, cluster):
            continue
        paths = {path.path_type: path for path in reversed(each.paths) if path.path not in (None, "", "/")}
        for path_type in ("Exact",) if other is ingress else ("Exact", "Prefix"):
            if path_type in paths:
                yield _problem(ingress, other, each, paths[path_type])


def _problem(ingress: Ingress, other: Ingress, rule_: IngressRule, path: IngressPath) -> Problem:
    who = "an annotation" if other is ingress else f"Ingress {other.name}"
    at = (path.path or "").rstrip("/")
    return Problem(
        f"{who} makes regular expressions of all paths of {rule_.host or 'the default host'}, "
        f"so {path.path} also matches {at}-form and {at.upper()}",
        path.place.to("pathType"),
        severity=Severity.WARNING if other is not ingress and path.path_type == "Exact" else Severity.INFO,
        related=((other.at("metadata", "annotations", key=True), "the annotation is here"),),
    )
