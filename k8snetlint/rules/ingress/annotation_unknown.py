"""An Ingress has an annotation that ingress-nginx does not know.

ingress-nginx ignores annotations that it does not know: what a misspelt one is to limit, to redirect or to protect
works as if it were missing. The names are those of its last documentation, and the ones that older versions read.

It is a warning if the name is nearly that of a known annotation, or the prefix nearly `nginx.ingress.kubernetes.io`,
else worth knowing.

Source: https://kubernetes.github.io/ingress-nginx/user-guide/nginx-configuration/annotations-risk/

```yaml bad
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: web
  annotations:
    nginx.ingress.kubernetes.io/proxy-boddy-size: 8m  # finding: ingress-nginx has no annotation proxy-boddy-size and ignores it
    ngnix.ingress.kubernetes.io/ssl-redirect: "true"  # finding: no ingress controller reads annotations of ngnix.ingress.kubernetes.io
spec:
  ingressClassName: nginx
  defaultBackend:
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
  annotations:
    nginx.ingress.kubernetes.io/proxy-body-size: 8m
    nginx.ingress.kubernetes.io/ssl-redirect: "true"
spec:
  ingressClassName: nginx
  defaultBackend:
    service:
      name: web
      port:
        number: 80
```

```yaml bad
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: web
  annotations:
    nginx.ingress.kubernetes.io/secure-backends: "true"  # finding: ingress-nginx no longer reads the annotation secure-backends and ignores it
spec:
  ingressClassName: nginx
  defaultBackend:
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
  annotations:
    nginx.ingress.kubernetes.io/proxy-body-size: 8m
    nginx.ingress.kubernetes.io/whitelist-source-range: 10.0.0.0/8
    ingress.kubernetes.io/ssl-redirect: "true"
spec:
  ingressClassName: nginx
  defaultBackend:
    service:
      name: web
      port:
        number: 80
```
"""  # noqa: E501 - the message is one line

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.edit.change import rename
from k8snetlint.evidence.ingress_classes import NGINX_PREFIX, is_for_ingress_nginx
from k8snetlint.finding import Fix, Problem, Severity
from k8snetlint.model.aspects import CLASS
from k8snetlint.model.ingress import Ingress
from k8snetlint.model.spelling import typo_distance
from k8snetlint.model.tables.nginx_annotations import NAMES, REMOVED
from k8snetlint.rules import rule
from k8snetlint.source.similar import closest, distance

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.model.cluster import Cluster

_HOST = NGINX_PREFIX.rstrip("/")
_EDITS = 2


@rule(on=Ingress, severity=Severity.WARNING, relies_on=(CLASS,))
def check(ingress: Ingress, cluster: Cluster) -> Iterator[Problem]:
    """Report annotations with an unknown name, or with a misspelt prefix."""
    for key in ingress.annotations:
        host, _, name = key.partition("/")
        if host == _HOST:
            if name not in NAMES and is_for_ingress_nginx(ingress, cluster):
                yield _unknown(ingress, key, name)
        elif 0 < distance(host, _HOST, _EDITS) <= _EDITS and name in NAMES:
            message = f"no ingress controller reads annotations of {host}"
            yield _problem(ingress, key, message, NGINX_PREFIX + name)


def _unknown(ingress: Ingress, key: str, name: str) -> Problem:
    if name in REMOVED:
        message = f"ingress-nginx no longer reads the annotation {name} and ignores it"
        return _problem(ingress, key, message, None)
    near = closest(name, NAMES)
    sure = near is not None and typo_distance(name, near) is not None
    message = f"ingress-nginx has no annotation {name} and ignores it"
    return _problem(ingress, key, message, NGINX_PREFIX + near if near and sure else None)


def _problem(ingress: Ingress, key: str, message: str, near: str | None) -> Problem:
    at = ingress.at_annotation(key, key=True)
    possible = near is not None and near not in ingress.annotations
    return Problem(
        message,
        at,
        severity=Severity.WARNING if near else Severity.INFO,
        near=near.removeprefix(NGINX_PREFIX) if near and key.startswith(NGINX_PREFIX) else near,
        fix=Fix("correct the name of the annotation", (rename(at, near),), safe=False) if near and possible else None,
    )
