"""An Ingress names no class, and no IngressClass is the default.

Every ingress controller serves the Ingresses of its class. An Ingress that names no class gets the default one, which
is the IngressClass with the annotation `ingressclass.kubernetes.io/is-default-class: "true"`. Without a default class
most controllers ignore the Ingress; nothing reports an error, and the Ingress gets no address.

It is a warning if there are IngressClasses, none is the default, and their controllers ignore Ingresses without a class:
Traefik and Contour, for example, serve these. They must be in the same file or kustomization, or the namespace of the
Ingress must be written, because in a folder of examples they have nothing to do with it. If no IngressClass is among
the manifests, only Ingresses with annotations of ingress-nginx are reported, as worth knowing: this controller ignores
them then. Ingresses of GKE are not reported: it serves those without a class.

Source: https://kubernetes.io/docs/concepts/services-networking/ingress/#default-ingress-class

```yaml bad
apiVersion: networking.k8s.io/v1
kind: IngressClass
metadata:
  name: public
spec:
  controller: ingress-controllers.konghq.com/kong
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: web
spec:  # finding: ingressClassName is missing and no IngressClass is the default, so most ingress controllers ignore the Ingress
  defaultBackend:
    service:
      name: web
      port:
        number: 80
```

```yaml fixed
apiVersion: networking.k8s.io/v1
kind: IngressClass
metadata:
  name: public
spec:
  controller: ingress-controllers.konghq.com/kong
---
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
  ingressClassName: public
```

```yaml bad
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: web
  annotations:
    nginx.ingress.kubernetes.io/proxy-body-size: 8m
spec:  # finding: ingressClassName is missing, and ingress-nginx ignores the Ingress unless its class is the default
  defaultBackend:
    service:
      name: web
      port:
        number: 80
```

```yaml good
apiVersion: networking.k8s.io/v1
kind: IngressClass
metadata:
  name: public
  annotations:
    ingressclass.kubernetes.io/is-default-class: "true"
spec:
  controller: ingress-controllers.konghq.com/kong
---
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
```
"""  # noqa: E501 - the message is one line

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.edit.change import set_to
from k8snetlint.evidence.ingress_classes import (
    annotated_for,
    classes_with,
    is_read_by_gke,
    unseen_classes,
)
from k8snetlint.finding import Fix, OpenQuestion, Problem, Severity
from k8snetlint.model.aspects import CLASS
from k8snetlint.model.ingress import Ingress, IngressClass
from k8snetlint.model.tables.ingress_controllers import IGNORES_WITHOUT_CLASS, INGRESS_NGINX, controller_named
from k8snetlint.rules import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.model.cluster import Cluster


@rule(on=Ingress, severity=Severity.WARNING, requires_all_scopes=True, relies_on=(CLASS,))
def check(ingress: Ingress, cluster: Cluster) -> Iterator[Problem | OpenQuestion]:
    """Report Ingresses without a class that no controller serves."""
    if ingress.class_name is not None or is_read_by_gke(ingress):
        return
    known = classes_with(cluster, ingress)
    classes = known.every
    at = ingress.at("spec", key=True)
    why = unseen_classes(cluster)
    if not classes and annotated_for(ingress) == {INGRESS_NGINX}:
        message = "ingressClassName is missing, and ingress-nginx ignores the Ingress unless its class is the default"
        yield Problem(message, at, severity=Severity.INFO)
    elif known.may_have_default or not classes or not all(map(_ignores_without_class, classes)):
        return
    elif why:
        yield OpenQuestion(at, why)
    else:
        name = classes[0].name or ""
        change = set_to(ingress.at("spec", "ingressClassName"), name)
        yield Problem(
            "ingressClassName is missing and no IngressClass is the default, "
            "so most ingress controllers ignore the Ingress",
            at,
            related=tuple((each.at("metadata", "name"), "not the default class") for each in classes[:2]),
            fix=Fix(f"write ingressClassName: {name}", (change,), safe=False) if len(classes) == 1 else None,
        )


def _ignores_without_class(ingress_class: IngressClass) -> bool:
    return controller_named(ingress_class.controller) in IGNORES_WITHOUT_CLASS
