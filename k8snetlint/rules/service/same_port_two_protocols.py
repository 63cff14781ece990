"""A Service that is applied by the client has one port number for two protocols.

A Service may have port 53 for TCP and for UDP. `kubectl apply` without `--server-side` cannot change such a Service
reliably: it merges the entries of `ports` by their numbers alone, so that one entry takes the place of the other, and
the Service loses a port, or keeps an old one. `kubectl apply --server-side` merges by number and protocol.

It is reported only if the manifest shows that the Service is applied by the client: it has the annotation
`kubectl.kubernetes.io/last-applied-configuration`, or `kubectl-client-side-apply` manages fields of it.

Source: https://github.com/kubernetes/kubernetes/issues/39188

```yaml bad
apiVersion: v1
kind: Service
metadata:
  name: resolver
  annotations:
    kubectl.kubernetes.io/last-applied-configuration: |
      {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "resolver"}}
spec:
  selector:
    app: resolver
  ports:
  - name: udp
    port: 53
    protocol: UDP
  - name: tcp
    port: 53  # finding: port 53 is also in use for UDP, and `kubectl apply` without --server-side merges ports by number: the Service may lose one
    protocol: TCP
```

```yaml good
apiVersion: v1
kind: Service
metadata:
  name: resolver
spec:
  selector:
    app: resolver
  ports:
  - name: udp
    port: 53
    protocol: UDP
  - name: tcp
    port: 53
    protocol: TCP
```
"""  # noqa: E501 - the message is one line

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.finding import Problem, Severity
from k8snetlint.model.aspects import PORTS
from k8snetlint.model.service import Service
from k8snetlint.rules import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.model.service import ServicePort


@rule(on=Service, severity=Severity.WARNING, relies_on=(PORTS,))
def check(service: Service) -> Iterator[Problem]:
    """Report the first port whose number an earlier entry has for another protocol."""
    if not service.client_side_applied:
        return
    firsts: dict[int, ServicePort] = {}
    for port in service.ports:
        first = firsts.setdefault(port.port, port) if port.port is not None else port
        if first.protocol == port.protocol:
            continue
        yield Problem(
            f"port {port.port} is also in use for {first.protocol}, and `kubectl apply` without --server-side merges "
            "ports by number: the Service may lose one",
            port.at("port"),
            related=((first.at("port"), f"for {first.protocol}"),),
            advice="apply the Service with kubectl apply --server-side",
        )
        return
