"""A webhook or an aggregated API is served by pods that policies close to the API server.

The API server sends the requests for admission webhooks, for conversion webhooks of CustomResourceDefinitions and for
aggregated APIs to a Service. In most clusters it is on the network of a control plane node, or outside of the cluster:
its connections arrive from an address, and only rules for any source or with an `ipBlock` match them. A selector for
pods that are labelled as the API server, or for all namespaces, does not. A webhook that the API server does not reach
makes it reject every object that the webhook is about, or skip the webhook, depending on its `failurePolicy`.

Policies see the port of the pods: the target port, often 9443 or 10250, and not the port 443 of the Service.

It is an info because there are exceptions. With Konnectivity (GKE, AKS), the connections come from pods in
`kube-system`. The API server always reaches pods on its own node.

Source: https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/#service-reference

```yaml bad
# given: deployment shop/checks 9443
# given: service shop/checks 443->9443
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: checks
  namespace: shop
spec:
  podSelector:
    matchLabels:
      app: checks
  policyTypes: [Ingress]
  ingress:  # finding: no policy lets addresses connect to Deployment checks on port 9443, where the API server sends requests for ValidatingWebhookConfiguration checks
  - from:
    - namespaceSelector: {}
    ports:
    - port: 9443
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata:
  name: checks
webhooks:
- name: checks.shop.example.com
  admissionReviewVersions: [v1]
  sideEffects: None
  clientConfig:
    service:
      name: checks
      namespace: shop
```

```yaml good
# given: deployment shop/checks 9443
# given: service shop/checks 443->9443
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: checks
  namespace: shop
spec:
  podSelector:
    matchLabels:
      app: checks
  policyTypes: [Ingress]
  ingress:
  - ports:
    - port: 9443
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata:
  name: checks
webhooks:
- name: checks.shop.example.com
  admissionReviewVersions: [v1]
  sideEffects: None
  clientConfig:
    service:
      name: checks
      namespace: shop
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


# An info: no fact about a cluster says whether its API server is on the network of a node.
@rule(on=Cluster, severity=Severity.INFO, requires_all_scopes=True, relies_on=(SELECTORS, PORTS, NAME))
def check(cluster: Cluster) -> Iterator[Problem | OpenQuestion]:
    """Report each policy that is to let the API server in, once."""
    policies = isolating(cluster, Direction.INGRESS) if cluster.has_any("Extension") else []
    if not policies:
        return
    from k8snetlint.connectivity.extensions import closed_extensions  # noqa: PLC0415 - only where there is a webhook

    for policy, ((extension, service, target), *_) in closing(policies, closed_extensions(cluster)):
        pods = f"{target.workload.kind} {target.workload.name} on port {target.number}"
        problem = Problem(
            f"no policy lets addresses connect to {pods}, "
            f"where the API server sends requests for {extension.kind} {extension.name}",
            rules_of(policy, Direction.INGRESS),
            related=(
                (extension.at("metadata", "name"), f"{extension.kind} {extension.name}"),
                (service.at("metadata", "name"), f"Service {service.name}"),
            ),
        )
        yield from certain(cluster, policy, Direction.INGRESS, problem)
