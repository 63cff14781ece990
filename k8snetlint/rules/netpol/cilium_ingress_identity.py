"""Cilium serves an Ingress, and policies let only pods or namespaces connect to its backend.

Cilium has no pods that serve Ingresses: its proxy on each node sends the requests to the backend, with an identity of
its own, `reserved:ingress`. A `podSelector` or `namespaceSelector` of a NetworkPolicy does not match it, not even for
all namespaces or for the namespace of Cilium. As soon as a policy isolates the pods of the backend for ingress, the
requests to the Ingress are denied.

Let the proxy in with a CiliumNetworkPolicy that has `fromEntities: [ingress]`, or allow the port from any source, by a
rule without `from`. A rule with an `ipBlock` counts as if it let the proxy in.

It is reported if the controller of the IngressClass is `cilium.io/ingress-controller`, or the class is called `cilium`,
and not if the manifests contain a policy of Cilium that may select the pods.

Source: https://docs.cilium.io/en/stable/network/servicemesh/ingress-and-network-policy/

```yaml bad
# given: deployment shop/web 8080
# given: service shop/web 80->8080
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
  ingress:  # finding: Cilium sends the requests for Ingress shop to Deployment web on port 8080 with an identity of its own, which selectors of policies do not match
  - from:
    - namespaceSelector:
        matchLabels:
          kubernetes.io/metadata.name: kube-system
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: shop
  namespace: shop
spec:
  ingressClassName: cilium
  defaultBackend:
    service:
      name: web
      port:
        number: 80
```

```yaml good
# given: deployment shop/web 8080
# given: service shop/web 80->8080
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
  - from:
    - podSelector: {}
---
apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata:
  name: ingress
  namespace: shop
spec:
  endpointSelector:
    matchLabels:
      app: web
  ingress:
  - fromEntities: [ingress]
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: shop
  namespace: shop
spec:
  ingressClassName: cilium
  defaultBackend:
    service:
      name: web
      port:
        number: 80
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


@rule(
    on=Cluster,
    severity=Severity.WARNING,
    supersedes=("netpol-ingress-controller-blocked",),
    requires_all_scopes=True,
    relies_on=(SELECTORS, PORTS, NAME),
)
def check(cluster: Cluster) -> Iterator[Problem | OpenQuestion]:
    """Report each policy that is to let Cilium's proxy in, once."""
    policies = isolating(cluster, Direction.INGRESS) if cluster.has_any("Ingress") else []
    if not policies:
        return
    from k8snetlint.connectivity.closed import closed_cilium_ingresses  # noqa: PLC0415 - only where there is an Ingress

    for policy, ((ingress, service, target), *_) in closing(policies, closed_cilium_ingresses(cluster)):
        pods = f"{target.workload.kind} {target.workload.name} on port {target.number}"
        problem = Problem(
            f"Cilium sends the requests for Ingress {ingress.name} to {pods} with an identity of its own, "
            "which selectors of policies do not match",
            rules_of(policy, Direction.INGRESS),
            related=(
                (ingress.at_class(), f"Ingress {ingress.name}"),
                (service.at("metadata", "name"), f"Service {service.name}"),
            ),
        )
        yield from certain(cluster, policy, Direction.INGRESS, problem)
