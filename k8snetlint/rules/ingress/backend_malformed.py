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

from k8snetlint.edit.change import set_to
from k8snetlint.finding import Fix, Problem, Severity
from k8snetlint.model.ingress import Ingress
from k8snetlint.rules import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.model.ingress import IngressPath, OldBackend

_REPLACES = ("api-unknown-field", "api-required", "ingress-path-type-invalid")


@rule(on=Ingress, severity=Severity.ERROR, supersedes=_REPLACES)
def check(ingress: Ingress) -> Iterator[Problem]:
    """Report paths whose backend has the fields of the old version, each once."""
    if ingress.version != "v1":
        return
    for each in ingress.rules:
        for path in each.paths:
            if path.old_backend is not None:
                yield Problem(
                    "serviceName and servicePort belong to networking.k8s.io/v1beta1; "
                    "in v1 they are service.name and service.port",
                    path.place,
                    fix=_fix(path, path.old_backend),
                )


def _fix(path: IngressPath, old: OldBackend) -> Fix | None:
    """Return the fix that writes the new form; None without a name and a port."""
    if not old.service_name or not old.port:
        return None
    port = {"number": old.port} if isinstance(old.port, int) else {"name": old.port}
    changes = [set_to(path.place.to("backend"), {"service": {"name": old.service_name, "port": port}})]
    if path.path_type is None:
        after = "path" if path.path is not None else ""
        changes.append(set_to(path.place.to("pathType"), "ImplementationSpecific", after=after))
    return Fix("write the backend as in networking.k8s.io/v1", tuple(changes), safe=True)
