"""A Service is open to clients outside of the cluster, but policies close its pods to them.

A Service of type LoadBalancer gets an address that clients outside of the cluster use. Their connections arrive at the
pods from addresses: those of the clients, of the load balancer or of nodes. Only rules for any source or with an
`ipBlock` match these. If policies isolate the pods for ingress, and let only pods or namespaces in on the target port,
the Service has an address that does not answer.

Allow the target port to any source or to the addresses of the clients; or, if no client outside of the cluster is
intended, make it a Service of type ClusterIP. A NodePort Service is reported too, unless an Ingress sends requests to
it: then the node port may have no other purpose.

Source: https://kubernetes.io/docs/concepts/services-networking/network-policies/#behavior-of-to-and-from-selectors

```yaml bad
# given: deployment shop/web 8080
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: web
  namespace: shop
spec:
  podSelector:
    matchLabels:
      app: web
  policyTypes: [Ingress]
  ingress:  # finding: no policy lets addresses connect to Deployment web on port 8080, which Service web opens to clients outside of the cluster
  - from:
    - namespaceSelector: {}
---
apiVersion: v1
kind: Service
metadata:
  name: web
  namespace: shop
spec:
  type: LoadBalancer
  selector:
    app: web
  ports:
  - port: 80
    targetPort: 8080
```

```yaml good
# given: deployment shop/web 8080
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: web
  namespace: shop
spec:
  podSelector:
    matchLabels:
      app: web
  policyTypes: [Ingress]
  ingress:
  - ports:
    - port: 8080
---
apiVersion: v1
kind: Service
metadata:
  name: web
  namespace: shop
spec:
  type: LoadBalancer
  selector:
    app: web
  ports:
  - port: 80
    targetPort: 8080
```
"""  # noqa: E501 - the message is one line

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.finding import Problem, Severity
from k8snetlint.model.aspects import NAME, PORTS, SELECTORS
from k8snetlint.model.cluster import Cluster
from k8snetlint.model.networkpolicy import Direction
from k8snetlint.rules import rule
from k8snetlint.rules.closing_policies import certain, closing, isolating, rules_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.finding import OpenQuestion


@rule(on=Cluster, severity=Severity.WARNING, requires_all_scopes=True, relies_on=(SELECTORS, PORTS, NAME))
def check(cluster: Cluster) -> Iterator[Problem | OpenQuestion]:
    """Report each policy that is to let clients outside of the cluster in, once."""
    policies = isolating(cluster, Direction.INGRESS) if cluster.has_any("Service") else []
    if not policies:
        return
    from k8snetlint.connectivity.closed import closed_services  # noqa: PLC0415 - only where there is a Service

    for policy, ((service, target), *_) in closing(policies, closed_services(cluster)):
        pods = f"{target.workload.kind} {target.workload.name} on port {target.number}"
        problem = Problem(
            f"no policy lets addresses connect to {pods}, "
            f"which Service {service.name} opens to clients outside of the cluster",
            rules_of(policy, Direction.INGRESS),
            related=((service.at("metadata", "name"), f"Service {service.name}"),),
        )
        yield from certain(cluster, policy, Direction.INGRESS, problem)
