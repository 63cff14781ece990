"""An Ingress sends requests to a Service that does not exist.

A backend names a Service in the namespace of the Ingress. If there is no such Service, the API server accepts the
Ingress nevertheless, and the ingress controller answers all requests for these paths with an error, usually 503.

It is a warning if another Service has nearly the same name, or if the Service is in another namespace, else worth
knowing. Declare Services that are defined elsewhere as `external` in the configuration.

Source: https://kubernetes.io/docs/concepts/services-networking/ingress/#the-ingress-resource

```yaml bad
# given: service prod/webshop 80
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: webshop
  namespace: prod
spec:
  rules:
  - host: shop.example.com
    http:
      paths:
      - path: /
        pathType: Prefix
        backend:
          service:
            name: wbeshop  # finding: no Service in namespace prod is named wbeshop, so the ingress controller answers these requests with an error
            port:
              number: 80
```

```yaml fixed
# given: service prod/webshop 80
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: webshop
  namespace: prod
spec:
  rules:
  - host: shop.example.com
    http:
      paths:
      - path: /
        pathType: Prefix
        backend:
          service:
            name: webshop
            port:
              number: 80
```

The Service is in another namespace, and an Ingress cannot name one there:

```yaml bad
# given: service prod/webshop 80
# given: service dev/metrics 9090
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: metrics
  namespace: prod
spec:
  defaultBackend:
    service:
      name: metrics  # finding: Service metrics is in namespace dev, but an Ingress sends requests to Services of its own namespace only, prod
      port:
        number: 9090
```

Not reported: a backend that is no Service, an action of an AWS load balancer, and a Service that an operator may
create:

```yaml good
# given: service prod/webshop 80
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: files
  namespace: prod
  annotations:
    alb.ingress.kubernetes.io/actions.redirect: '{"Type": "redirect"}'
spec:
  ingressClassName: alb
  rules:
  - http:
      paths:
      - path: /files
        pathType: Prefix
        backend:
          resource:
            apiGroup: k8s.example.com
            kind: StorageBucket
            name: files
      - path: /old
        pathType: Prefix
        backend:
          service:
            name: redirect
            port:
              name: use-annotation
---
apiVersion: ceph.rook.io/v1
kind: CephCluster
metadata:
  name: store
  namespace: rook
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: dashboard
  namespace: rook
spec:
  defaultBackend:
    service:
      name: rook-ceph-mgr-dashboard
      port:
        name: https-dashboard
```
"""  # noqa: E501 - the message is one line

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.edit.change import set_to
from k8snetlint.evidence.answers import OTHER_NAMESPACE, CannotKnow, NoMatch
from k8snetlint.evidence.backends import backend_service, is_used
from k8snetlint.finding import Fix, OpenQuestion, Severity
from k8snetlint.model.aspects import NAME, ROUTES
from k8snetlint.model.ingress import Ingress
from k8snetlint.rules import rule
from k8snetlint.rules.absence import in_namespace, nothing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.finding import Problem
    from k8snetlint.model.cluster import Cluster
    from k8snetlint.model.ingress import IngressBackend

_FEW = 20
"""So many paths with one wrong name are mended together."""


@rule(on=Ingress, severity=Severity.WARNING, requires_all_scopes=True, relies_on=(NAME, ROUTES))
def check(ingress: Ingress, cluster: Cluster) -> Iterator[Problem | OpenQuestion]:
    """Report backends whose Service does not exist, each name once."""
    named: dict[str, list[IngressBackend]] = {}
    for backend in ingress.backends():
        if backend.service_name and is_used(ingress, backend):
            named.setdefault(backend.service_name, []).append(backend)
    for name, backends in named.items():
        at = backends[0].place.to("name")
        answer = backend_service(cluster, ingress, name)
        if isinstance(answer, CannotKnow):
            yield OpenQuestion(at, answer.why)
        elif isinstance(answer, NoMatch):
            message = _message(ingress, name, answer, cluster)
            yield nothing(message, at, answer, cluster, of="Services", fix=_fix(backends, answer))


def _message(ingress: Ingress, name: str, answer: NoMatch, cluster: Cluster) -> str:
    near = answer.near
    if near and near.kind == OTHER_NAMESPACE and near.near:
        return (
            f"Service {name} is in namespace {cluster.namespace_of(near.near)}, but an Ingress sends requests to "
            f"Services of its own namespace only, {cluster.namespace_of(ingress)}"
        )
    where = in_namespace(ingress, cluster)
    return f"no Service{where} is named {name}, so the ingress controller answers these requests with an error"


def _fix(backends: list[IngressBackend], answer: NoMatch) -> Fix | None:
    name = answer.near.replacement if answer.near else ""
    changes = tuple(set_to(each.place.to("name"), name) for each in backends)
    return Fix(f"send the requests to Service {name}", changes, safe=False) if name and len(backends) <= _FEW else None
