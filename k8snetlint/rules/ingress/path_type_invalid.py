"""A path of an Ingress has no pathType.

In `networking.k8s.io/v1` every path needs a `pathType`; there is no default, and the API server rejects the Ingress. In
older versions a path without it was `ImplementationSpecific`, which most controllers treated as a prefix. `Prefix`
matches `/shop` and everything below it, `Exact` matches only `/shop`.

Source: https://kubernetes.io/docs/concepts/services-networking/ingress/#path-types

```yaml bad
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: web
spec:
  rules:
  - host: shop.example.com
    http:
      paths:
      - path: /  # finding: the path / has no pathType, and there is no default; Prefix also matches everything below the path, Exact only the path itself
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
  - host: shop.example.com
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
  rules:
  - host: shop.example.com
    http:
      paths:
      - path: /
        pathType: ImplementationSpecific
        backend:
          service:
            name: web
            port:
              number: 80
```
"""  # noqa: E501 - the message is one line

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.edit.change import set_to
from k8snetlint.finding import Fix, Problem, Severity
from k8snetlint.model.ingress import Ingress
from k8snetlint.rules import rule

if TYPE_CHECKING:
    from collections.abc import Iterator


@rule(on=Ingress, severity=Severity.ERROR, supersedes=("api-required",))
def check(ingress: Ingress) -> Iterator[Problem]:
    """Report paths without a pathType."""
    if ingress.version != "v1" or ingress.misplaces("pathType"):
        return
    for each in ingress.rules:
        for path in each.paths:
            if path.path_type is None:
                name = f"the path {path.path}" if path.path else "a path"
                message = (
                    f"{name} has no pathType, and there is no default; "
                    "Prefix also matches everything below the path, Exact only the path itself"
                )
                after = "path" if path.path is not None else ""
                change = set_to(path.place.to("pathType"), "Prefix", after=after)
                yield Problem(message, path.place, fix=Fix("write pathType: Prefix", (change,), safe=False))
