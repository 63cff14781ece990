"""An Ingress sends requests to pods that policies close to the ingress controller.

The requests to an Ingress reach the pods from an ingress controller. As soon as a policy isolates these pods for
ingress, some policy must let the controller in, on the port of the pods: the target port of the Service. Otherwise all
requests time out, and clients get 502 or 504.

The controller is usually in a namespace of its own, so a `podSelector` alone does not match it. Every rule for any
source, for addresses, or for another namespace counts, because it may be for the controller.

Source: https://kubernetes.io/docs/concepts/services-networking/ingress-controllers/

```yaml bad
# given: deployment shop/web 8080
# given: service shop/web 80->8080
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: same-namespace
  namespace: shop
spec:
  podSelector: {}
  policyTypes: [Ingress]
  ingress:  # finding: no policy lets an ingress controller connect to Deployment web on port 8080, where Ingress shop sends requests
  - from:
    - podSelector: {}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: shop
  namespace: shop
spec:
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
  name: same-namespace
  namespace: shop
spec:
  podSelector: {}
  policyTypes: [Ingress]
  ingress:
  - from:
    - podSelector: {}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: ingress-controller
  namespace: shop
spec:
  podSelector:
    matchLabels:
      app: web
  policyTypes: [Ingress]
  ingress:
  - from:
    - namespaceSelector:
        matchLabels:
          kubernetes.io/metadata.name: ingress-nginx
    ports:
    - port: 8080
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: shop
  namespace: shop
spec:
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


@rule(on=Cluster, severity=Severity.WARNING, requires_all_scopes=True, relies_on=(SELECTORS, PORTS, NAME))
def check(cluster: Cluster) -> Iterator[Problem | OpenQuestion]:
    """Report each policy that is to let the ingress controller in, once."""
    policies = isolating(cluster, Direction.INGRESS) if cluster.has_any("Ingress") else []
    if not policies:
        return
    from k8snetlint.connectivity.closed import closed_ingresses  # noqa: PLC0415 - only where there is an Ingress

    for policy, ((ingress, service, target), *_) in closing(policies, closed_ingresses(cluster)):
        pods = f"{target.workload.kind} {target.workload.name} on port {target.number}"
        problem = Problem(
            f"no policy lets an ingress controller connect to {pods}, where Ingress {ingress.name} sends requests",
            rules_of(policy, Direction.INGRESS),
            related=(
                (ingress.at("metadata", "name"), f"Ingress {ingress.name}"),
                (service.at("metadata", "name"), f"Service {service.name}"),
            ),
        )
        yield from certain(cluster, policy, Direction.INGRESS, problem)
