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

from k8snetlint.finding import OpenQuestion, Problem, Severity
from k8snetlint.model.aspects import NAME, PORTS, SELECTORS
from k8snetlint.model.networkpolicy import Direction, NetworkPolicy
from k8snetlint.rules import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.model.cluster import Cluster


@rule(
    on=NetworkPolicy,
    severity=Severity.WARNING,
    supersedes=("netpol-ingress-controller-blocked",),
    requires_all_scopes=True,
    relies_on=(SELECTORS, PORTS, NAME),
)
def check(policy: NetworkPolicy, cluster: Cluster) -> Iterator[Problem | OpenQuestion]:
    """Report the policy that is to let Cilium's proxy in, once."""
    if not policy.isolates(Direction.INGRESS) or not cluster.has_any("Ingress"):
        return
    # An unknown field is probably a misspelt rule, selector or direction.
    if any(path[0] != "metadata" for path in policy.unknown_fields):
        return
    from k8snetlint.connectivity.closed import closed_cilium_ingresses  # noqa: PLC0415 - only where there is an Ingress

    closed = closed_cilium_ingresses(cluster).get(policy, ())
    if not closed:
        return
    from k8snetlint.evidence.policies import unseen_policies  # noqa: PLC0415 - findings only
    from k8snetlint.evidence.sealed import allows_ingress  # noqa: PLC0415 - findings only
    from k8snetlint.rules.isolated_pods import are_enforced  # noqa: PLC0415 - findings only

    at = policy.at("spec", "ingress", key=True) if policy.ingress else policy.at("spec", "podSelector")
    why = unseen_policies(cluster, policy, allows_ingress)
    if why:
        yield OpenQuestion(at, why)
    elif are_enforced(cluster):
        ingress, service, target = closed[0]
        pods = f"{target.workload.kind} {target.workload.name} on port {target.number}"
        yield Problem(
            f"Cilium sends the requests for Ingress {ingress.name} to {pods} with an identity of its own, "
            "which selectors of policies do not match",
            at,
            related=(
                (ingress.at_class(), f"Ingress {ingress.name}"),
                (service.at("metadata", "name"), f"Service {service.name}"),
            ),
        )
