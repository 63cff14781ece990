"""An Ingress has annotations that its ingress controller does not read.

Each controller reads annotations that begin with its own name, and ignores all others without an error: a limit, a
redirect or a protection in them has no effect. The controller is known by the IngressClass, or by the name of the class
if a well-known controller uses it.

Not reported where the class is not known, and for Traefik with annotations of ingress-nginx, which it reads since 3.5.
If the Ingress has annotations of its own controller as well, it is probably served by two, and it is worth knowing.

Source: https://kubernetes.io/docs/concepts/services-networking/ingress/#the-ingress-resource

```yaml bad
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: web
  annotations:
    nginx.ingress.kubernetes.io/whitelist-source-range: 10.0.0.0/8  # finding: the AWS Load Balancer Controller serves this Ingress and ignores annotations of ingress-nginx
    nginx.ingress.kubernetes.io/ssl-redirect: "true"
spec:
  ingressClassName: alb
  defaultBackend:
    service:
      name: web
      port:
        number: 80
---
apiVersion: networking.k8s.io/v1
kind: IngressClass
metadata:
  name: nginx
spec:
  controller: k8s.io/ingress-nginx
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: other
  annotations:
    nginx.org/client-max-body-size: 8m  # finding: ingress-nginx serves this Ingress and ignores annotations of the controller of F5 NGINX
spec:
  ingressClassName: nginx
  defaultBackend:
    service:
      name: other
      port:
        number: 80
```

```yaml good
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: web
  annotations:
    alb.ingress.kubernetes.io/scheme: internal
    cert-manager.io/cluster-issuer: letsencrypt
spec:
  ingressClassName: alb
  defaultBackend:
    service:
      name: web
      port:
        number: 80
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: other
  annotations:
    nginx.ingress.kubernetes.io/ssl-redirect: "true"
spec:
  ingressClassName: traefik
  defaultBackend:
    service:
      name: other
      port:
        number: 80
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: third
  annotations:
    nginx.org/client-max-body-size: 8m
spec:
  ingressClassName: nginx
  defaultBackend:
    service:
      name: third
      port:
        number: 80
```
"""  # noqa: E501 - the message is one line

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.evidence.ingress_classes import annotated_for, controller_of
from k8snetlint.finding import Problem, Severity
from k8snetlint.model.aspects import CLASS
from k8snetlint.model.ingress import Ingress
from k8snetlint.model.tables.ingress_controllers import ALSO_READ, ANNOTATIONS
from k8snetlint.rules import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.model.cluster import Cluster


@rule(on=Ingress, severity=Severity.WARNING, security=5.0, relies_on=(CLASS,))  # a limit has no effect
def check(ingress: Ingress, cluster: Cluster) -> Iterator[Problem]:
    """Report the first annotation of each controller that does not serve the Ingress."""
    read_by = annotated_for(ingress)
    controller = controller_of(ingress, cluster) if read_by else ""
    if not controller:
        return
    ignored: dict[str, list[str]] = {}
    for name in ingress.annotations:
        prefix = f"{name.partition('/')[0]}/"
        other = ANNOTATIONS.get(prefix, controller)
        if other != controller and prefix not in ALSO_READ.get(controller, ()):
            ignored.setdefault(other, []).append(name)
    for other, names in ignored.items():
        yield Problem(
            f"{controller} serves this Ingress and ignores annotations of {other}",
            ingress.at_annotation(names[0], key=True),
            severity=Severity.INFO if controller in read_by else None,
            related=((ingress.at_class(), "its class"),),
            label=f"{len(names)} annotations are ignored" if len(names) > 1 else "",
        )
