"""A rewrite-target uses a capture group that a path does not have.

`$1`, `$2` … in the annotation `rewrite-target` stand for what the capture groups of the path have matched, which are
its parentheses. A group that the path does not have is empty: with `/$2` and without a second group, all requests for
the path are sent to `/`. Since ingress-nginx 0.22, what follows the path is only sent if a group captures it.

Source: https://kubernetes.github.io/ingress-nginx/examples/rewrite/

```yaml bad
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: shop
  annotations:
    nginx.ingress.kubernetes.io/rewrite-target: /$2
spec:
  ingressClassName: nginx
  rules:
  - host: example.com
    http:
      paths:
      - path: /shop/(.*)  # finding: rewrite-target /$2 uses $2, but the path /shop/(.*) has 1 capture group, so $2 is empty
        pathType: ImplementationSpecific
        backend:
          service:
            name: shop
            port:
              number: 80
      - path: /help  # finding: rewrite-target /$2 uses $2, but the path /help has no capture group, so $2 is empty
        pathType: Prefix
        backend:
          service:
            name: help
            port:
              number: 80
```

```yaml good
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: shop
  annotations:
    nginx.ingress.kubernetes.io/rewrite-target: /$2
spec:
  ingressClassName: nginx
  rules:
  - host: example.com
    http:
      paths:
      - path: /shop(/|$)(.*)
        pathType: ImplementationSpecific
        backend:
          service:
            name: shop
            port:
              number: 80
      - path: /(?:help|faq)(-[0-9]+)?/([^()]*)
        pathType: ImplementationSpecific
        backend:
          service:
            name: help
            port:
              number: 80
```
"""  # noqa: E501 - the message is one line

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from k8snetlint.evidence.ingress_classes import controller_of, is_for_ingress_nginx, nginx_annotation
from k8snetlint.finding import Problem, Severity
from k8snetlint.model.aspects import CLASS, ROUTES
from k8snetlint.model.ingress import Ingress
from k8snetlint.rules import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.model.cluster import Cluster

_NO_GROUPS = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]")
"""What has parentheses that capture nothing: an escaped one, and those in brackets."""
_GROUP = re.compile(r"\((?!\?)|\(\?P?<(?![=!])")


@rule(on=Ingress, severity=Severity.ERROR, relies_on=(CLASS, ROUTES))
def check(ingress: Ingress, cluster: Cluster) -> Iterator[Problem]:
    """Report paths that lack a capture group."""
    target = nginx_annotation(ingress, "rewrite-target") or ""
    highest = max(map(int, re.findall(r"\$([1-9])", target)), default=0)
    if not highest or not is_for_ingress_nginx(ingress, cluster):
        return
    known = bool(controller_of(ingress, cluster))
    for path in (path for each in ingress.rules for path in each.paths):
        written = path.path or "/"
        groups = len(_GROUP.findall(_NO_GROUPS.sub("", written)))
        if groups < highest:
            count = {0: "no capture group", 1: "1 capture group"}.get(groups, f"{groups} capture groups")
            yield Problem(
                f"rewrite-target {target} uses ${highest}, but the path {written} has {count}, so ${highest} is empty",
                path.place.to("path") if path.path else path.place,
                severity=Severity.ERROR if known else Severity.WARNING,
                related=((ingress.at_annotation("nginx.ingress.kubernetes.io/rewrite-target"), "the annotation"),),
            )
