"""A Service of type ClusterIP has a nodePort.

Only Services of type NodePort and LoadBalancer have node ports. A Service without `type` has type ClusterIP, and the
API server rejects it if it sets a node port. Either the type is missing, or the node port is left over from a copy:
where `type: ClusterIP` is written, the fix removes the node port, because another type opens a port on every node.

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
    nodePort: 30080  # finding: nodePort 30080 needs type NodePort or LoadBalancer; without type this is a ClusterIP Service, and the API server rejects it
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
    nodePort: 30080  # finding: nodePort 30080 needs type NodePort or LoadBalancer; this is a ClusterIP Service, and the API server rejects it
```

```yaml fixed
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

from k8snetlint.edit.change import delete, set_to
from k8snetlint.finding import Fix, Problem, Severity
from k8snetlint.model.service import Service
from k8snetlint.rules import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.source.document import Place


@rule(on=Service, severity=Severity.ERROR, supersedes=("api-forbidden",))
def check(service: Service) -> Iterator[Problem]:
    """Report node ports of a Service of type ClusterIP; 0 means no node port."""
    if service.type != "ClusterIP":
        return
    this = "this is a ClusterIP Service" if service.type_written else "without type this is a ClusterIP Service"
    for port in service.ports:
        if port.node_port:
            message = (
                f"nodePort {port.node_port} needs type NodePort or LoadBalancer; {this}, and the API server rejects it"
            )
            yield Problem(message, port.at("nodePort"), fix=_fix(service, port.at("nodePort")))


def _fix(service: Service, node_port: Place) -> Fix:
    # A headless Service cannot have a node port, and whoever writes ClusterIP does not want one.
    if service.type_written or service.cluster_ip == "None":
        return Fix("remove nodePort", (delete(node_port),), safe=False)
    return Fix("write type: NodePort", (set_to(service.at("spec", "type"), "NodePort"),), safe=False)
