"""A headless Service maps a port, but nothing forwards its connections.

Clients of a headless Service (`clusterIP: None`) get the addresses of the pods and connect to them directly, to the port
that they name. `targetPort` has no effect for them: if `port` is 80 and `targetPort` is 8080, a client that connects to
port 80 is refused. Only clients that ask DNS for SRV records learn the port of the pods.

It is an info, because clients may use the right port already. A name in `targetPort` is looked up in the pods.

Source: https://kubernetes.io/docs/concepts/services-networking/service/#headless-services

```yaml bad
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  clusterIP: None
  selector:
    app: web
  ports:
  - port: 80
    targetPort: 8080  # finding: clients of a headless Service connect to port 8080 of the pods themselves; port 80 is not mapped to it
```

```yaml fixed
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  clusterIP: None
  selector:
    app: web
  ports:
  - port: 8080
    targetPort: 8080
```

```yaml good
# given: deployment web http:8080
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  clusterIP: None
  selector:
    app: web
  ports:
  - port: 8080
    targetPort: http
```
"""  # noqa: E501 - the message is one line

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.edit.change import set_to
from k8snetlint.evidence.ports import belong_together, declared_numbers, selected_pods
from k8snetlint.finding import Fix, Problem, Severity
from k8snetlint.model.aspects import PORTS, SELECTORS
from k8snetlint.model.service import Service
from k8snetlint.rules import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.model.cluster import Cluster
    from k8snetlint.model.service import ServicePort


@rule(on=Service, severity=Severity.INFO, relies_on=(PORTS, SELECTORS))
def check(service: Service, cluster: Cluster) -> Iterator[Problem]:
    """Report target ports of headless Services that differ from the port."""
    if not service.is_headless or not service.selector or service.type != "ClusterIP":
        return
    for port in service.ports:
        number = _target(service, port, cluster)
        if not number or not port.port or number == port.port:
            continue
        free = all((each.port, each.protocol) != (number, port.protocol) for each in service.ports)
        change = set_to(port.at("port"), number)
        yield Problem(
            f"clients of a headless Service connect to port {number} of the pods themselves; "
            f"port {port.port} is not mapped to it",
            port.at("targetPort"),
            fix=Fix(f"write port: {number}", (change,), safe=False) if free else None,
        )


def _target(service: Service, port: ServicePort, cluster: Cluster) -> int | None:
    """Return the number of the target port; that of a name if all pods have the same."""
    target = port.target_port
    if not isinstance(target, str):
        return target
    pods = selected_pods(cluster, service)
    if not pods or not belong_together(cluster, service, pods):
        return None
    numbers = declared_numbers(cluster, pods, target, port.protocol)
    return next(iter(numbers)) if len(numbers) == 1 else None
