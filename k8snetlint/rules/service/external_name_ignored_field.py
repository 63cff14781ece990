"""A Service has fields that its type ignores: of an ExternalName, or of another type.

A Service of type ExternalName is only a DNS name (a CNAME record): it has no endpoints and no address, and nothing
forwards its ports. It ignores `selector` and `externalIPs`, and a `targetPort` maps nothing: clients connect to the port
that they name, at the external server.

The other way round, only a Service of type ExternalName uses `externalName`. If `type` is missing, the Service gets an
address of the cluster, and its name does not lead to the external server.

Source: https://kubernetes.io/docs/concepts/services-networking/service/#externalname

```yaml bad
apiVersion: v1
kind: Service
metadata:
  name: db
spec:
  externalName: db.example.com  # finding: externalName is ignored: without type this is a ClusterIP Service
  ports:
  - port: 5432
```

```yaml fixed
apiVersion: v1
kind: Service
metadata:
  name: db
spec:
  externalName: db.example.com
  ports:
  - port: 5432
  type: ExternalName
```

```yaml bad
apiVersion: v1
kind: Service
metadata:
  name: api
spec:
  type: ExternalName
  externalName: api.example.com
  selector:  # finding: selector is ignored: an ExternalName Service is only a DNS name for api.example.com
    app: api
  ports:
  - port: 80
    targetPort: 8080  # finding: targetPort 8080 is ignored: clients of an ExternalName Service connect to the port that they name
```

```yaml good
apiVersion: v1
kind: Service
metadata:
  name: api
spec:
  type: ExternalName
  externalName: api.example.com
  ports:
  - port: 443
    targetPort: 443
```
"""  # noqa: E501 - the message is one line

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.edit.change import delete, set_to
from k8snetlint.finding import Fix, Problem, Severity
from k8snetlint.model.aspects import EXPOSURE, PORTS, SELECTORS
from k8snetlint.model.service import Service
from k8snetlint.rules import rule

if TYPE_CHECKING:
    from collections.abc import Iterator


@rule(on=Service, severity=Severity.WARNING, supersedes=("api-warning",), relies_on=(SELECTORS, PORTS, EXPOSURE))
def check(service: Service) -> Iterator[Problem]:
    """Report externalName on other types, and what an ExternalName Service ignores."""
    if service.type == "ExternalName":
        yield from _of_external_name(service)
    elif service.external_name and service.type in ("ClusterIP", "NodePort", "LoadBalancer"):
        at, fix = service.at("spec", "externalName"), None
        # An address, node ports or a selector say that the other type is intended.
        if not service.type_written and not service.selector and not service.cluster_ip:
            fix = Fix("write type: ExternalName", (set_to(service.at("spec", "type"), "ExternalName"),), safe=False)
        this = f"this is a {service.type} Service"
        yield Problem(f"externalName is ignored: {'' if service.type_written else 'without type '}{this}", at, fix=fix)


def _of_external_name(service: Service) -> Iterator[Problem]:
    name = service.external_name
    for field, value in (("selector", service.selector), ("externalIPs", service.external_ips)):
        if value and name:
            at = service.at("spec", field, key=True)
            fix = Fix(f"remove {field}", (delete(service.at("spec", field)),), safe=False)
            yield Problem(f"{field} is ignored: an ExternalName Service is only a DNS name for {name}", at, fix=fix)
    for port in service.ports:
        target = port.target_port
        if isinstance(target, int) and target and target != port.port:
            words = "clients of an ExternalName Service connect to the port that they name"
            at = port.at("targetPort")
            yield Problem(f"targetPort {target} is ignored: {words}", at, severity=Severity.INFO)
