"""A node port is outside the node port range of the cluster.

The API server accepts node ports from one range only, 30000-32767 unless `--service-node-port-range` sets another one,
and rejects the Service. `kubectl apply --dry-run=server` does not notice it. The same range applies to
`healthCheckNodePort`.

If your cluster has another range, set it with `--node-port-range`.

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
    nodePort: 8080  # finding: nodePort 8080 is outside 30000-32767
```

```yaml bad node-port-range=20000-22767
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  type: LoadBalancer
  externalTrafficPolicy: Local
  healthCheckNodePort: 30080  # finding: healthCheckNodePort 30080 is outside 20000-22767
  selector:
    app: web
  ports:
  - port: 80
    nodePort: 20080
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
  - port: 80
    nodePort: 30080
```

```yaml good
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
    name: http
    nodePort: 32767
  - port: 81
    name: admin
    nodePort: 0
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.finding import Problem, Severity
from k8snetlint.model.service import Service
from k8snetlint.rules import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.model.environment import Environment


@rule(on=Service, severity=Severity.ERROR, supersedes=("api-invalid",))
def check(service: Service, environment: Environment) -> Iterator[Problem]:
    """Report node ports outside of the cluster's range; 0 means that the server chooses."""
    # On a ClusterIP or ExternalName Service no node port is allocated: another mistake, and not this one.
    if service.type not in ("NodePort", "LoadBalancer"):
        return
    allowed = environment.node_ports
    for port in service.ports or ():
        if port.node_port and port.node_port not in allowed:
            yield Problem(f"nodePort {port.node_port} is outside {allowed}", port.at("nodePort"))
    health = service.health_check_node_port
    local = service.type == "LoadBalancer" and service.external_traffic_policy == "Local"
    if health and local and health not in allowed:
        yield Problem(f"healthCheckNodePort {health} is outside {allowed}", service.at("spec", "healthCheckNodePort"))
