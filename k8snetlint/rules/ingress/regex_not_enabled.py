"""A path for ingress-nginx looks like a regular expression, but regular expressions are not enabled.

ingress-nginx compares paths literally, unless an Ingress of the same host has the annotation `use-regex: "true"` or
`rewrite-target`. So `/files/.*` only matches requests for the path `/files/.*`, and nobody sends such a request.

Source: https://kubernetes.github.io/ingress-nginx/user-guide/ingress-path-matching/

```yaml bad
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: files
  annotations:
    nginx.ingress.kubernetes.io/proxy-body-size: 8m
spec:
  ingressClassName: nginx
  rules:
  - host: files.example.com
    http:
      paths:
      - path: /files/.*  # finding: the path /files/.* looks like a regular expression, but without use-regex ingress-nginx compares it literally
        pathType: ImplementationSpecific
        backend:
          service:
            name: files
            port:
              number: 80
```

```yaml fixed
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: files
  annotations:
    nginx.ingress.kubernetes.io/proxy-body-size: 8m
    nginx.ingress.kubernetes.io/use-regex: "true"
spec:
  ingressClassName: nginx
  rules:
  - host: files.example.com
    http:
      paths:
      - path: /files/.*
        pathType: ImplementationSpecific
        backend:
          service:
            name: files
            port:
              number: 80
```

Not reported: GKE, where `/*` is a pattern:

```yaml good
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: files
  annotations:
    kubernetes.io/ingress.global-static-ip-name: files
spec:
  rules:
  - host: files.example.com
    http:
      paths:
      - path: /files/*
        pathType: ImplementationSpecific
        backend:
          service:
            name: files
            port:
              number: 80
```
"""  # noqa: E501 - the message is one line

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from k8snetlint.edit.change import set_to
from k8snetlint.evidence.ingress_classes import NGINX_PREFIX, is_for_ingress_nginx
from k8snetlint.evidence.ingress_hosts import has_regex_paths
from k8snetlint.finding import Fix, Problem, Severity
from k8snetlint.model.aspects import CLASS, ROUTES
from k8snetlint.model.ingress import Ingress
from k8snetlint.rules import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.edit.change import Change
    from k8snetlint.model.cluster import Cluster

_EXPRESSION = re.compile(r"[()\[\]|*^\\{}]|\$$")
"""A dollar sign elsewhere may be literal, as in `/odata/$metadata`."""
_NAME = f"{NGINX_PREFIX}use-regex"


@rule(on=Ingress, severity=Severity.WARNING, requires_all_scopes=True, relies_on=(CLASS, ROUTES))
def check(ingress: Ingress, cluster: Cluster) -> Iterator[Problem]:
    """Report regular expressions that are compared literally."""
    paths = [(each, path) for each in ingress.rules for path in each.paths]
    found = [
        (rule_, path)
        for rule_, path in paths
        if path.path_type == "ImplementationSpecific" and _EXPRESSION.search(path.path or "")
    ]
    if not found or not is_for_ingress_nginx(ingress, cluster):
        return
    for rule_, path in found:
        if not has_regex_paths(cluster, rule_.host):
            yield Problem(
                f"the path {path.path} looks like a regular expression, "
                "but without use-regex ingress-nginx compares it literally",
                path.place.to("path"),
                fix=Fix('add the annotation use-regex: "true"', (_use_regex(ingress),), safe=False),
            )


def _use_regex(ingress: Ingress) -> Change:
    if ingress.annotations:
        return set_to(ingress.at_annotation(_NAME), "true")
    return set_to(ingress.at("metadata", "annotations"), {_NAME: "true"})
