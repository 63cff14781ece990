"""A rule of an Ingress has a host and no paths, and there is no default backend.

Without `http` a rule matches all requests for its host, and sends them to `defaultBackend`. If the Ingress does not have
one either, nothing tells where to send them: the ingress controller answers with its own page, usually 404. Often
`http` is at the wrong indentation, or a list item of its own.

Source: https://kubernetes.io/docs/concepts/services-networking/ingress/#ingress-rules

```yaml bad
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: web
spec:
  rules:
  - host: www.example.com  # finding: the rule for www.example.com has no http and the Ingress has no defaultBackend, so its requests are sent nowhere
  - http:
      paths:
      - path: /
        pathType: Prefix
        backend:
          service:
            name: web
            port:
              number: 80
```

```yaml fixed
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: web
spec:
  rules:
  - host: www.example.com
    http:
      paths:
      - path: /
        pathType: Prefix
        backend:
          service:
            name: web
            port:
              number: 80
```

```yaml good
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: web
spec:
  defaultBackend:
    service:
      name: web
      port:
        number: 80
  rules:
  - host: www.example.com
```
"""  # noqa: E501 - the message is one line

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.edit.change import join
from k8snetlint.finding import Fix, Problem, Severity
from k8snetlint.model.aspects import ROUTES
from k8snetlint.model.ingress import Ingress
from k8snetlint.rules import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

_MASTER = "nginx.org/mergeable-ingress-type"
"""The paths of such an Ingress are in others."""


@rule(on=Ingress, severity=Severity.WARNING, relies_on=(ROUTES,))
def check(ingress: Ingress) -> Iterator[Problem]:
    """Report rules with a host only."""
    if ingress.has_default_backend or _MASTER in ingress.annotations or ingress.misplaces("http"):
        return
    for index, each in enumerate(ingress.rules):
        if each.has_http or not each.host:
            continue
        following = ingress.rules[index + 1] if index + 1 < len(ingress.rules) else None
        split = following is not None and following.has_http and following.host is None
        change = join(ingress.at("spec", "rules", index))
        yield Problem(
            f"the rule for {each.host} has no http and the Ingress has no defaultBackend, "
            "so its requests are sent nowhere",
            each.place.to("host"),
            fix=Fix("make one rule of the host and the http after it", (change,), safe=False) if split else None,
        )
