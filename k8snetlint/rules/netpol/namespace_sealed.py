"""A namespace has Services, but its policies allow no connection to any of its pods.

A policy selects every pod of the namespace and isolates it for ingress, and no policy of the namespace has an ingress
rule. So no connection to any pod is possible, not even between pods of this namespace, and all its Services time out.
A default deny policy is the recommended start, but it needs policies next to it that allow what the pods serve.

It is reported only if the manifests contain Services of the namespace, with their pods. It is not reported if something else may allow
connections: manifests that are not shown, or policies of another kind.

Source: https://kubernetes.io/docs/concepts/services-networking/network-policies/#default-deny-all-ingress-traffic

```yaml bad
# given: deployment shop/web 8080
# given: service shop/web 80->8080
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: default-deny
  namespace: shop
spec:
  podSelector: {}  # finding: no policy allows any connection to the pods of namespace shop, so nothing reaches Service web
  policyTypes: [Ingress]
```

```yaml good
# given: deployment shop/web 8080
# given: service shop/web 80->8080
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: default-deny
  namespace: shop
spec:
  podSelector: {}
  policyTypes: [Ingress]
---
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
```

Without a Service nothing has to connect to the pods:

```yaml good
# given: deployment shop/worker
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: default-deny
  namespace: shop
spec:
  podSelector: {}
  policyTypes: [Ingress]
```
"""  # noqa: E501 - the message is one line

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.finding import OpenQuestion, Problem, Severity
from k8snetlint.model.aspects import NAME, SELECTORS
from k8snetlint.model.networkpolicy import Direction, NetworkPolicy
from k8snetlint.rules import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.model.cluster import Cluster


@rule(
    on=NetworkPolicy,
    severity=Severity.WARNING,
    supersedes=("netpol-deny-all",),
    requires_all_scopes=True,
    relies_on=(SELECTORS, NAME),
)
def check(policy: NetworkPolicy, cluster: Cluster) -> Iterator[Problem | OpenQuestion]:
    """Report the policy that seals a namespace with Services."""
    if policy.ingress or not policy.selects_every_pod or not policy.isolates(Direction.INGRESS):
        return
    if policy.is_misspelt:
        return
    from k8snetlint.evidence.sealed import allows_ingress, sealed_namespace  # noqa: PLC0415 - few policies have no rule

    found = sealed_namespace(cluster, cluster.known_namespace_of(policy))
    if found is None or found.policy is not policy or not found.services:
        return
    from k8snetlint.evidence.policies import unseen_policies  # noqa: PLC0415 - findings only
    from k8snetlint.rules.isolated_pods import are_enforced, names_of  # noqa: PLC0415 - findings only

    at = policy.at("spec", "podSelector")
    why = unseen_policies(cluster, policy, allows_ingress)
    if why:
        yield OpenQuestion(at, why)
    elif are_enforced(cluster):
        first = found.services[0]
        where = f"namespace {cluster.namespace_of(policy)}"
        yield Problem(
            f"no policy allows any connection to the pods of {where}, so nothing reaches {names_of(found.services)}",
            at,
            related=((first.at("metadata", "name"), f"Service {first.name}"),),
        )
