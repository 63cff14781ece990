"""A Service of type ClusterIP has a nodePort.

Only Services of type NodePort and LoadBalancer are reached at a port of the nodes. A Service whose `type` is missing is
one of type ClusterIP, and the API server rejects it if it names a node port. Either the type was forgotten, or the node
port was left over from a copy.

Source: https://kubernetes.io/docs/concepts/services-networking/service/#type-nodeport

```yaml bad
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  selector:
    app: web
  ports:
  - port: 80
    nodePort: 30080  # finding: nodePort 30080 needs type NodePort or LoadBalancer; without a type this is a ClusterIP Service, and the API server rejects it
```

```yaml fixed
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  selector:
    app: web
  ports:
  - port: 80
    nodePort: 30080
  type: NodePort
```

```yaml bad
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  type: ClusterIP
  clusterIP: None
  selector:
    app: web
  ports:
  - port: 80
    nodePort: 30080  # finding: nodePort 30080 needs type NodePort or LoadBalancer; a ClusterIP Service has none, and the API server rejects it
```

```yaml good
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  type: ClusterIP
  selector:
    app: web
  ports:
  - port: 80
    nodePort: 0
```
"""  # noqa: E501 - the message is one line

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.edit.change import set_to
from k8snetlint.finding import Fix, Problem, Severity
from k8snetlint.model.service import Service
from k8snetlint.rules import rule

if TYPE_CHECKING:
    from collections.abc import Iterator


@rule(on=Service, severity=Severity.ERROR, supersedes=("api-forbidden",))
def check(service: Service) -> Iterator[Problem]:
    """Report node ports of a Service of type ClusterIP; 0 is none."""
    if service.type != "ClusterIP":
        return
    this = "a ClusterIP Service has none" if service.type_written else "without a type this is a ClusterIP Service"
    # Without an address there is nothing that a node port could lead to.
    fix = None
    if service.cluster_ip != "None":
        fix = Fix("write type: NodePort", (set_to(service.at("spec", "type"), "NodePort"),), safe=False)
    for port in service.ports:
        if port.node_port:
            message = (
                f"nodePort {port.node_port} needs type NodePort or LoadBalancer; {this}, and the API server rejects it"
            )
            yield Problem(message, port.at("nodePort"), fix=fix)
