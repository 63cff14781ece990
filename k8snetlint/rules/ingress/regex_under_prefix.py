"""A path for ingress-nginx has a regular expression, but its pathType is Prefix or Exact.

Only with `ImplementationSpecific` does a path belong to the controller alone. ingress-nginx rejects an Ingress whose
`Prefix` or `Exact` path has other characters than letters, digits and `.`, `_`, `-`, `/`: its option
`strict-validate-path-type` is on by default since 1.12 (before 1.14 the dot was rejected, too). Other controllers
compare such a path literally, as Kubernetes defines it.

Source: https://kubernetes.github.io/ingress-nginx/faq/#validation-of-path

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
  - http:
      paths:
      - path: /shop(/|$)(.*)
        pathType: Prefix  # finding: ingress-nginx rejects the path /shop(/|$)(.*) with pathType Prefix; a regular expression needs ImplementationSpecific
        backend:
          service:
            name: shop
            port:
              number: 80
```

```yaml fixed
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: shop
  annotations:
    nginx.ingress.kubernetes.io/rewrite-target: /$2
spec:
  ingressClassName: nginx
  rules:
  - http:
      paths:
      - path: /shop(/|$)(.*)
        pathType: ImplementationSpecific
        backend:
          service:
            name: shop
            port:
              number: 80
```

```yaml good
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: shop
spec:
  ingressClassName: nginx
  rules:
  - http:
      paths:
      - path: /shop/v1.2
        pathType: Prefix
        backend:
          service:
            name: shop
            port:
              number: 80
```
"""  # noqa: E501 - the message is one line

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from k8snetlint.edit.change import set_to
from k8snetlint.evidence.ingress_classes import is_for_ingress_nginx
from k8snetlint.finding import Fix, Problem, Severity
from k8snetlint.model.aspects import CLASS, ROUTES
from k8snetlint.model.ingress import Ingress
from k8snetlint.rules import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.model.cluster import Cluster

_ACCEPTED = re.compile(r"/[A-Za-z0-9._/-]*")


@rule(on=Ingress, severity=Severity.WARNING, relies_on=(CLASS, ROUTES))
def check(ingress: Ingress, cluster: Cluster) -> Iterator[Problem]:
    """Report Prefix and Exact paths that ingress-nginx rejects."""
    paths = [path for each in ingress.rules for path in each.paths if path.path_type in ("Exact", "Prefix")]
    wrong = [each for each in paths if each.path and each.path[0] == "/" and not _ACCEPTED.fullmatch(each.path)]
    if not wrong or not is_for_ingress_nginx(ingress, cluster):
        return
    for path in wrong:
        at = path.place.to("pathType")
        what = "a regular expression" if re.search(r"[()\[\]|*^$\\{}+]", path.path or "") else "such a path"
        yield Problem(
            f"ingress-nginx rejects the path {path.path} with pathType {path.path_type}; "
            f"{what} needs ImplementationSpecific",
            at,
            fix=Fix("write pathType: ImplementationSpecific", (set_to(at, "ImplementationSpecific"),), safe=False),
        )
