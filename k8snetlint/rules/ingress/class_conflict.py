"""An Ingress names two different classes.

The class of an Ingress was the annotation `kubernetes.io/ingress.class` before it became the field `ingressClassName`.
The API server rejects an Ingress in which both are written and differ. Which of the two is intended, only its author
knows; the annotation is deprecated.

Source: https://kubernetes.io/docs/concepts/services-networking/ingress/#deprecated-annotation

```yaml bad
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: web
  annotations:
    example.com/owner: shop
    kubernetes.io/ingress.class: nginx  # finding: the annotation names class nginx, but ingressClassName is traefik; the API server rejects the Ingress
spec:
  ingressClassName: traefik
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
    example.com/owner: shop
spec:
  ingressClassName: traefik
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
    kubernetes.io/ingress.class: traefik
spec:
  ingressClassName: traefik
  defaultBackend:
    service:
      name: web
      port:
        number: 80
```
"""  # noqa: E501 - the message is one line

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.edit.change import delete
from k8snetlint.finding import Fix, Problem, Severity
from k8snetlint.model.aspects import CLASS
from k8snetlint.model.ingress import CLASS_ANNOTATION, Ingress
from k8snetlint.rules import rule

if TYPE_CHECKING:
    from collections.abc import Iterator


@rule(on=Ingress, severity=Severity.ERROR, supersedes=("api-invalid",), relies_on=(CLASS,))
def check(ingress: Ingress) -> Iterator[Problem]:
    """Report an annotation that differs from the field."""
    name, annotation = ingress.ingress_class_name, ingress.annotations.get(CLASS_ANNOTATION)
    if name is None or annotation is None or name == annotation:
        return
    at = ingress.at_annotation(CLASS_ANNOTATION)
    only = len(ingress.annotations) == 1
    change = delete(ingress.at("metadata", "annotations") if only else at)
    yield Problem(
        f"the annotation names class {annotation or '(empty)'}, but ingressClassName is {name}; "
        "the API server rejects the Ingress",
        at,
        related=((ingress.at("spec", "ingressClassName"), "ingressClassName"),),
        fix=Fix("delete the annotation", (change,), safe=False),
    )
