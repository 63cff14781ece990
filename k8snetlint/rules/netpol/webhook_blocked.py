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

from k8snetlint.finding import OpenQuestion, Problem, Severity
from k8snetlint.model.aspects import NAME, PORTS, SELECTORS
from k8snetlint.model.networkpolicy import Direction, NetworkPolicy
from k8snetlint.rules import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.model.cluster import Cluster


# An info: no fact about a cluster says whether its API server is on the network of a node.
@rule(on=NetworkPolicy, severity=Severity.INFO, requires_all_scopes=True, relies_on=(SELECTORS, PORTS, NAME))
def check(policy: NetworkPolicy, cluster: Cluster) -> Iterator[Problem | OpenQuestion]:
    """Report the policy that is to let the API server in, once."""
    if not policy.isolates(Direction.INGRESS) or not cluster.has_any("Extension"):
        return
    # An unknown field is probably a misspelt rule, selector or direction.
    if any(path[0] != "metadata" for path in policy.unknown_fields):
        return
    from k8snetlint.connectivity.extensions import closed_extensions  # noqa: PLC0415 - only where there is a webhook

    closed = closed_extensions(cluster).get(policy, ())
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
        extension, service, target = closed[0]
        pods = f"{target.workload.kind} {target.workload.name} on port {target.number}"
        yield Problem(
            f"no policy lets addresses connect to {pods}, "
            f"where the API server sends requests for {extension.kind} {extension.name}",
            at,
            related=(
                (extension.at("metadata", "name"), f"{extension.kind} {extension.name}"),
                (service.at("metadata", "name"), f"Service {service.name}"),
            ),
        )
