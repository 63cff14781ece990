"""A rewrite-target has no capture group, so all requests for a path are sent to one path.

The annotation `rewrite-target: /` is in many examples. Since ingress-nginx 0.22 it does not remove the path from the
beginning of a request: it replaces the whole path. A request for `/shop/cart` is sent as `/`, like every other one, so
that pages load without their styles, and interfaces answer with the first page. To send what follows the path, a group
has to capture it.

Source: https://kubernetes.github.io/ingress-nginx/examples/rewrite/

```yaml bad
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: shop
  annotations:
    nginx.ingress.kubernetes.io/rewrite-target: /  # finding: the rewrite-target / has no capture group, so everything below /shop is sent as /
spec:
  ingressClassName: nginx
  rules:
  - host: example.com
    http:
      paths:
      - path: /shop
        pathType: Prefix
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
  - host: example.com
    http:
      paths:
      - path: "/shop(/|$)(.*)"
        pathType: ImplementationSpecific
        backend:
          service:
            name: shop
            port:
              number: 80
```

Not reported: a path that only one request has:

```yaml good
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: shop
  annotations:
    nginx.ingress.kubernetes.io/rewrite-target: /status
spec:
  ingressClassName: nginx
  rules:
  - host: example.com
    http:
      paths:
      - path: /shop-status
        pathType: Exact
        backend:
          service:
            name: shop
            port:
              number: 80
      - path: /shop/status$
        pathType: ImplementationSpecific
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
from k8snetlint.evidence.ingress_classes import NGINX_PREFIX, is_for_ingress_nginx, nginx_annotation
from k8snetlint.finding import Fix, Problem, Severity
from k8snetlint.model.aspects import CLASS, ROUTES
from k8snetlint.model.ingress import Ingress
from k8snetlint.rules import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.model.cluster import Cluster
    from k8snetlint.model.ingress import IngressPath

_PLAIN = re.compile(r"/[A-Za-z0-9._/-]*")
_BELOW = "(/|$)(.*)"
_FEW = 8
"""An Ingress with more paths is for more than one application: each of them needs a look."""


@rule(on=Ingress, severity=Severity.INFO, relies_on=(CLASS, ROUTES))
def check(ingress: Ingress, cluster: Cluster) -> Iterator[Problem]:
    """Report a rewrite-target without groups for paths with others below them."""
    target = nginx_annotation(ingress, "rewrite-target")
    if not target or "$" in target or target.startswith(("http:", "https:")):
        return
    paths = [path for each in ingress.rules for path in each.paths]
    collapsed = [each.path for each in paths if each.path and _has_paths_below(each) and each.path != target]
    if collapsed and is_for_ingress_nginx(ingress, cluster):
        yield Problem(
            f"the rewrite-target {target} has no capture group, so everything below {collapsed[0]} is sent as {target}",
            ingress.at_annotation(f"{NGINX_PREFIX}rewrite-target"),
            fix=_fix(ingress, paths) if target == "/" and len(paths) <= _FEW and all(map(_is_plain, paths)) else None,
        )


def _has_paths_below(path: IngressPath) -> bool:
    below = path.path_type in ("Prefix", "ImplementationSpecific")
    return below and path.path != "/" and not (path.path or "").endswith("$")


def _is_plain(path: IngressPath) -> bool:
    return _has_paths_below(path) and bool(path.path) and _PLAIN.fullmatch(path.path or "") is not None


def _fix(ingress: Ingress, paths: list[IngressPath]) -> Fix:
    changes = [set_to(ingress.at_annotation(f"{NGINX_PREFIX}rewrite-target"), "/$2")]
    for each in paths:
        changes.append(set_to(each.place.to("path"), f"{(each.path or '').rstrip('/')}{_BELOW}"))
        if each.path_type != "ImplementationSpecific":
            changes.append(set_to(each.place.to("pathType"), "ImplementationSpecific"))
    return Fix("send what follows the path, by a capture group", tuple(changes), safe=False)
