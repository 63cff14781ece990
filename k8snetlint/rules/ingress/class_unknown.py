"""An Ingress names a class that does not exist.

`ingressClassName` is the name of an IngressClass, by which an ingress controller knows that it is to serve the Ingress.
The API server does not compare the two: with a wrong name no controller serves the Ingress, and it gets no address.

It is a warning if the name is nearly that of an IngressClass, or of a class that a well-known controller uses, or with
`--whole-cluster`. If IngressClasses are among the manifests, but none with a similar name, it is worth knowing.

Source: https://kubernetes.io/docs/concepts/services-networking/ingress/#ingress-class

```yaml bad
apiVersion: networking.k8s.io/v1
kind: IngressClass
metadata:
  name: internal
spec:
  controller: k8s.io/internal-ingress-nginx
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: web
spec:
  ingressClassName: interanl  # finding: no IngressClass is named interanl, so no ingress controller serves the Ingress
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
spec:
  ingressClassName: ngnix  # finding: no IngressClass is named ngnix, so no ingress controller serves the Ingress
  defaultBackend:
    service:
      name: other
      port:
        number: 80
```

```yaml fixed
apiVersion: networking.k8s.io/v1
kind: IngressClass
metadata:
  name: internal
spec:
  controller: k8s.io/internal-ingress-nginx
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: web
spec:
  ingressClassName: internal
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
spec:
  ingressClassName: nginx
  defaultBackend:
    service:
      name: other
      port:
        number: 80
```

Not reported: the classes of well-known controllers, whose charts bring the IngressClass, and any class where no
IngressClass is among the manifests:

```yaml good
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: web
spec:
  ingressClassName: traefik
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
spec:
  ingressClassName: dmz
  defaultBackend:
    service:
      name: other
      port:
        number: 80
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.edit.change import set_to
from k8snetlint.evidence.ingress_classes import ingress_classes, similar_class, unseen_classes
from k8snetlint.finding import Fix, OpenQuestion, Problem, Severity
from k8snetlint.model.aspects import CLASS
from k8snetlint.model.ingress import Ingress
from k8snetlint.model.tables.ingress_controllers import CLASS_NAMES
from k8snetlint.rules import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.model.cluster import Cluster


@rule(on=Ingress, severity=Severity.WARNING, requires_all_scopes=True, relies_on=(CLASS,))
def check(ingress: Ingress, cluster: Cluster) -> Iterator[Problem | OpenQuestion]:
    """Report classes that no IngressClass has, and no well-known controller uses."""
    name, defined = ingress.class_name, ingress_classes(cluster).by_name
    whole = cluster.environment.whole_cluster and ingress.ingress_class_name is not None
    if not name or name in defined or (name in CLASS_NAMES and not whole):
        return
    near = similar_class(cluster, name)
    at = ingress.at_class()
    if not near and not whole:
        # A controller may compare an annotation with a word of its own.
        if not defined or ingress.ingress_class_name is None:
            return
        why = unseen_classes(cluster)
        if why:
            yield OpenQuestion(at, why)
            return
    yield Problem(
        f"no IngressClass is named {name}, so no ingress controller serves the Ingress",
        at,
        severity=Severity.WARNING if near or whole else Severity.INFO,
        near=near,
        related=tuple((each.at("metadata", "name"), f"IngressClass {near}") for each in defined.get(near or "", ())),
        fix=Fix(f"write the class {near}", (set_to(at, near),), safe=False) if near else None,
    )
