"""An Ingress names its class in an annotation, which is deprecated.

`ingressClassName` has replaced the annotation `kubernetes.io/ingress.class` since Kubernetes 1.18. The two are not the
same: the field names an IngressClass, which must exist; the annotation is a word that a controller compares with its
own. So see first that there is an IngressClass of this name (`kubectl get ingressclass`).

Not reported for the classes `gce` and `gce-internal`: GKE reads the annotation only.

Source: https://kubernetes.io/docs/concepts/services-networking/ingress/#deprecated-annotation

```yaml bad
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: web
  annotations:
    kubernetes.io/ingress.class: nginx  # finding: the annotation is deprecated; ingressClassName has replaced it, and must name an existing IngressClass
spec:
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
spec:
  defaultBackend:
    service:
      name: web
      port:
        number: 80
  ingressClassName: nginx
```

```yaml good
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: web
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

import re
from typing import TYPE_CHECKING

from k8snetlint.edit.change import delete, set_to
from k8snetlint.finding import Fix, Problem, Severity
from k8snetlint.model.aspects import CLASS
from k8snetlint.model.ingress import CLASS_ANNOTATION, Ingress
from k8snetlint.rules import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.edit.change import Change

_READ_BY_GKE = ("gce", "gce-internal", "gce-multi-cluster")
_NAME = r"[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?"


@rule(on=Ingress, severity=Severity.INFO, supersedes=("api-warning",), relies_on=(CLASS,))
def check(ingress: Ingress) -> Iterator[Problem]:
    """Report the annotation, unless the field is written, too."""
    name = ingress.annotations.get(CLASS_ANNOTATION)
    if not name or name in _READ_BY_GKE or ingress.ingress_class_name is not None:
        return
    message = "the annotation is deprecated; ingressClassName has replaced it, and must name an existing IngressClass"
    fix = Fix(f"write ingressClassName: {name}", _changes(ingress, name), safe=False)
    at = ingress.at_annotation(CLASS_ANNOTATION)
    yield Problem(message, at, fix=fix if re.fullmatch(_NAME, name) else None)


def _changes(ingress: Ingress, name: str) -> tuple[Change, ...]:
    only = len(ingress.annotations) == 1
    annotation = ingress.at("metadata", "annotations") if only else ingress.at_annotation(CLASS_ANNOTATION)
    field = ingress.at("spec", "ingressClassName")
    return delete(annotation), set_to(field, name)
