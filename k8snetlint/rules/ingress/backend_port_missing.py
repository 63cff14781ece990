"""An Ingress sends requests to a port that its Service does not have.

A backend names a port of the Service, by its number or its name: not the targetPort, which is the port of the pods. If
the Service has no such port, the API server accepts the Ingress nevertheless, and the ingress controller answers all
requests for these paths with an error, usually 503. ingress-nginx also accepts a targetPort; other controllers do not.

It is an error if the Service is in the Ingress's own file, otherwise a warning; a targetPort is a warning where the
controller is not known, and worth knowing with ingress-nginx.

Source: https://kubernetes.io/docs/reference/kubernetes-api/service-resources/ingress-v1/#IngressBackend

```yaml bad
# given: service web http:80->8080 metrics:9090
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: web
spec:
  ingressClassName: traefik
  rules:
  - http:
      paths:
      - path: /
        pathType: Prefix
        backend:
          service:
            name: web
            port:
              number: 8080  # finding: 8080 is a targetPort of Service web and not one of its ports, so the ingress controller answers these requests with an error
      - path: /metrics
        pathType: Prefix
        backend:
          service:
            name: web
            port:
              name: metircs  # finding: Service web has no port named metircs, so the ingress controller answers these requests with an error
```

```yaml fixed
# given: service web http:80->8080 metrics:9090
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: web
spec:
  ingressClassName: traefik
  rules:
  - http:
      paths:
      - path: /
        pathType: Prefix
        backend:
          service:
            name: web
            port:
              number: 80
      - path: /metrics
        pathType: Prefix
        backend:
          service:
            name: web
            port:
              name: metrics
```

```yaml bad
# given: service web http:80->8080
# given: service db mysql:3306->mysql
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: web
spec:
  defaultBackend:
    service:
      name: web
      port:
        number: 8080  # finding: 8080 is a targetPort of Service web and not one of its ports; ingress-nginx accepts it, other controllers do not
  rules:
  - http:
      paths:
      - path: /db
        pathType: Prefix
        backend:
          service:
            name: db
            port:
              number: 5432  # finding: Service db has no port 5432, so the ingress controller answers these requests with an error
```

```yaml good
# given: service web http:80->8080 metrics:9090
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
  - http:
      paths:
      - path: /metrics
        pathType: Prefix
        backend:
          service:
            name: web
            port:
              name: metrics
```
"""  # noqa: E501 - the message is one line

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.edit.change import set_to
from k8snetlint.evidence.backends import is_evidently_applied, is_used, lacks_port, services_meant
from k8snetlint.evidence.ingress_classes import controller_of, is_for_ingress_nginx
from k8snetlint.finding import Fix, Problem, Severity
from k8snetlint.model.aspects import NAME, ROUTES
from k8snetlint.model.ingress import Ingress
from k8snetlint.model.spelling import typo_distance
from k8snetlint.rules import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.model.cluster import Cluster
    from k8snetlint.model.ingress import IngressBackend
    from k8snetlint.model.service import Service, ServicePort

_ERROR = ", so the ingress controller answers these requests with an error"


@rule(on=Ingress, severity=Severity.WARNING, requires_all_scopes=True, relies_on=(NAME, ROUTES))
def check(ingress: Ingress, cluster: Cluster) -> Iterator[Problem]:
    """Report backends whose Service has no such port."""
    for backend in ingress.backends():
        if not backend.service_name or not backend.port or not is_used(ingress, backend):
            continue
        services = services_meant(cluster, ingress, backend.service_name)
        if not services or not all(lacks_port(each, backend.port) for each in services):
            continue
        if is_evidently_applied(cluster, ingress, services):
            yield _problem(ingress, backend, services[0], cluster)


def _problem(ingress: Ingress, backend: IngressBackend, service: Service, cluster: Cluster) -> Problem:
    port = backend.port
    key = "number" if isinstance(port, int) else "name"
    by_target = [each for each in service.ports if each.effective_target_port == port]
    together = service.source is ingress.source or (cluster.applied_together and not cluster.doubts)
    severity = Severity.ERROR if together else Severity.WARNING
    message = f"Service {service.name} has no port {port if key == 'number' else f'named {port}'}{_ERROR}"
    if by_target:
        message = f"{port} is a targetPort of Service {service.name} and not one of its ports"
        if is_for_ingress_nginx(ingress, cluster) or not controller_of(ingress, cluster):
            severity = Severity.INFO if is_for_ingress_nginx(ingress, cluster) else Severity.WARNING
            message += "; ingress-nginx accepts it, other controllers do not"
        else:
            message += _ERROR
    near = _near(port, by_target, service)
    return Problem(
        message,
        backend.place.to("port", key),
        severity=severity,
        related=((service.at("spec", "ports", key=True), f"the ports of Service {service.name}"),),
        label=f"its ports: {', '.join(map(_text, service.ports))}",
        near=str(near.name if key == "name" and near.name else near.port) if near else None,
        fix=_fix(backend, key, near) if near else None,
    )


def _near(port: int | str | None, by_target: list[ServicePort], service: Service) -> ServicePort | None:
    """Return the port that is probably intended: of this targetPort, of a similar name, or the only one."""
    named = [each for each in service.ports if each.name and typo_distance(str(port), each.name) is not None]
    for found in (by_target, named, service.ports):
        if found:
            return found[0] if len(found) == 1 else None
    return None


def _fix(backend: IngressBackend, key: str, near: ServicePort) -> Fix:
    value = near.port if key == "number" else near.name
    if value is None:
        change = set_to(backend.place.to("port"), {"number": near.port})
    else:
        change = set_to(backend.place.to("port", key), value)
    return Fix(f"send the requests to port {value or near.port}", (change,), safe=False)


def _text(port: ServicePort) -> str:
    return f"{port.name} ({port.port})" if port.name else f"{port.port}"
