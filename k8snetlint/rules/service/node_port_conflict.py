"""Two Services, or two ports of one Service, use the same node port.

A cluster allocates each node port only once, for all namespaces and protocols. The API server accepts the first Service
and rejects the second one. Only two entries of the same Service can share a node port, if they have the same `port` and
different protocols.

Services are compared within one file, and within one kustomization: other files may be alternatives that are not
applied together.

Source: https://kubernetes.io/docs/concepts/services-networking/service/#type-nodeport

```yaml bad
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  type: NodePort
  selector:
    app: web
  ports:
  - port: 80
    nodePort: 30080
---
apiVersion: v1
kind: Service
metadata:
  name: api
spec:
  type: NodePort
  selector:
    app: api
  ports:
  - port: 80
    nodePort: 30080  # finding: nodePort 30080: provided port is already allocated
```

```yaml bad
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  type: NodePort
  selector:
    app: web
  ports:
  - name: http
    port: 80
    nodePort: 30080
  - name: https
    port: 443
    nodePort: 30080  # finding: nodePort 30080: provided port is already allocated
```

```yaml fixed
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  type: NodePort
  selector:
    app: web
  ports:
  - name: http
    port: 80
    nodePort: 30080
  - name: https
    port: 443
    nodePort: 30443
```

```yaml good
apiVersion: v1
kind: Service
metadata:
  name: dns
spec:
  type: NodePort
  selector:
    app: dns
  ports:
  - name: dns
    port: 53
    protocol: UDP
    nodePort: 30053
  - name: dns-tcp
    port: 53
    protocol: TCP
    nodePort: 30053
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.finding import Problem, Severity
from k8snetlint.model.cluster import Cluster
from k8snetlint.model.service import Service
from k8snetlint.rules import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.model.service import ServicePort


@rule(on=Cluster, severity=Severity.ERROR, supersedes=("api-invalid", "api-duplicate"))
def check(cluster: Cluster) -> Iterator[Problem]:
    """Report every node port that an earlier entry uses."""
    taken: dict[tuple[str, int], tuple[Service, ServicePort]] = {}
    for service in cluster.of(Service):
        # On other types no node port is allocated: another mistake, and not this one.
        if service.type not in ("NodePort", "LoadBalancer"):
            continue
        for port in service.ports or ():
            # One outside of the range is never allocated: another mistake, and not this one.
            if not port.node_port or port.node_port not in cluster.environment.node_ports:
                continue
            where = "" if cluster.applied_together else service.source.name
            mine = (service, port)
            owner, first = theirs = taken.setdefault((where, port.node_port), mine)
            if theirs is mine or _may_share(cluster, owner, service, same_port=first.port == port.port):
                continue
            message = f"nodePort {port.node_port}: provided port is already allocated"
            related = (first.at("nodePort"), f"allocated to Service {owner.name or '(no name)'} here")
            yield Problem(message, port.at("nodePort"), related=(related,))


def _may_share(cluster: Cluster, owner: Service, service: Service, *, same_port: bool) -> bool:
    if owner is service:
        return same_port
    # With the same name they are one object defined twice, which another rule reports.
    names = [(cluster.namespace_of(each), each.name) for each in (owner, service)]
    return names[0] == names[1]
