"""A backend of an Ingress is written as in `networking.k8s.io/v1beta1`.

In `networking.k8s.io/v1` a backend names its Service in `service.name` and its port in `service.port.number` or
`service.port.name`, and each path has a `pathType`. The API server rejects `serviceName` and `servicePort`, which older
pages and charts still show. The fix writes the same backend in the new form; without a `pathType` the old version had
`ImplementationSpecific`.

Source: https://kubernetes.io/docs/reference/using-api/deprecation-guide/#ingress-v122

```yaml bad
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: web
spec:
  rules:
  - host: web.example.com
    http:
      paths:
      - path: /  # finding: serviceName and servicePort belong to networking.k8s.io/v1beta1; in v1 they are service.name and service.port
        backend:
          serviceName: web
          servicePort: 80
```

```yaml fixed
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: web
spec:
  rules:
  - host: web.example.com
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

```yaml bad
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: all
spec:
  defaultBackend:  # finding: serviceName and servicePort belong to networking.k8s.io/v1beta1; in v1 they are service.name and service.port
    serviceName: web
    servicePort: http
```

```yaml fixed
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: all
spec:
  defaultBackend:
    service:
      name: web
      port:
        name: http
```

```yaml good
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: web
spec:
  rules:
  - host: web.example.com
    http:
      paths:
      - path: /
        pathType: Prefix
        backend:
          service:
            name: web
            port:
              name: http
```
"""  # noqa: E501 - the message is one line

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.edit.change import nest, rename, set_to
from k8snetlint.finding import Fix, Problem, Severity
from k8snetlint.model.ingress import Ingress
from k8snetlint.rules import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.edit.change import Change
    from k8snetlint.model.ingress import IngressPath, OldBackend
    from k8snetlint.source.document import Place

_MESSAGE = (
    "serviceName and servicePort belong to networking.k8s.io/v1beta1; in v1 they are service.name and service.port"
)
_REPLACES = ("api-unknown-field", "api-required", "api-invalid", "ingress-path-type-invalid")


@rule(on=Ingress, severity=Severity.ERROR, supersedes=_REPLACES)
def check(ingress: Ingress) -> Iterator[Problem]:
    """Report backends that have the fields of the old version, each once."""
    if ingress.version != "v1":
        return
    if ingress.old_default_backend is not None:
        at = ingress.at("spec", "defaultBackend")
        yield Problem(_MESSAGE, at.to(key=True), fix=_fix(at, ingress.old_default_backend))
    for each in ingress.rules:
        for path in each.paths:
            if path.old_backend is not None:
                fix = _fix(path.place.to("backend"), path.old_backend, *_path_type(path))
                yield Problem(_MESSAGE, path.place, fix=fix)


def _fix(at: Place, old: OldBackend, *further: Change) -> Fix | None:
    """Return the fix that writes the new form; None without a name and a port, or with another backend besides."""
    if not old.service_name or not old.port or not old.is_plain:
        return None
    name, port = at.to("serviceName"), at.to("servicePort")
    port_by = {"number": old.port} if isinstance(old.port, int) else {"name": old.port}
    # What is deeper changes first, so the two have their new names when they move; comments stay.
    renamed = (set_to(port, port_by), rename(port, "port"), rename(name, "name"))
    changes = (*renamed, nest(at, "service", "name", "port"), *further)
    return Fix("write the backend as in networking.k8s.io/v1", changes, safe=True)


def _path_type(path: IngressPath) -> Iterator[Change]:
    """Yield the change that writes a missing pathType."""
    if path.path_type is None:
        after = "path" if path.path is not None else ""
        yield set_to(path.place.to("pathType"), "ImplementationSpecific", after=after)
