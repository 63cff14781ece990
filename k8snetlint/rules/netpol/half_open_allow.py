"""A rule allows connections that a policy denies at the other end.

A connection needs both ends: the egress policies of the client must allow it, and the ingress policies of the server.
If one of them does not, nothing is allowed, whatever the other one says.

Source: https://kubernetes.io/docs/concepts/services-networking/network-policies/#the-two-sorts-of-pod-isolation

```yaml bad
# given: deployment shop/web
# given: deployment shop/db 5432
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: web
  namespace: shop
spec:
  podSelector:
    matchLabels:
      app: web
  policyTypes: [Egress]
  egress:
  - ports:
    - port: 53
      protocol: UDP
    - port: 53
      protocol: TCP
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: db
  namespace: shop
spec:
  podSelector:
    matchLabels:
      app: db
  policyTypes: [Ingress]
  ingress:
  - from:
    - podSelector:  # finding: this rule lets Deployment web in, but NetworkPolicy web isolates it for egress, and no policy allows it to connect to these pods on these ports
        matchLabels:
          app: web
    ports:
    - port: 5432
```

```yaml good
# given: deployment shop/web
# given: deployment shop/db 5432
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: web
  namespace: shop
spec:
  podSelector:
    matchLabels:
      app: web
  policyTypes: [Egress]
  egress:
  - ports:
    - port: 53
      protocol: UDP
    - port: 53
      protocol: TCP
  - to:
    - podSelector:
        matchLabels:
          app: db
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: db
  namespace: shop
spec:
  podSelector:
    matchLabels:
      app: db
  policyTypes: [Ingress]
  ingress:
  - from:
    - podSelector:
        matchLabels:
          app: web
    ports:
    - port: 5432
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

    from k8snetlint.evidence.half_open import HalfOpen
    from k8snetlint.model.cluster import Cluster
    from k8snetlint.model.networkpolicy import Peer, PolicyRule


@rule(on=NetworkPolicy, severity=Severity.WARNING, requires_all_scopes=True, relies_on=(SELECTORS, PORTS, NAME))
def check(policy: NetworkPolicy, cluster: Cluster) -> Iterator[Problem | OpenQuestion]:
    """Report the first peer that is allowed here only."""
    if not any(map(_names_pods, policy.peers)):
        return
    from k8snetlint.evidence.policies import isolating_policies  # noqa: PLC0415 - in a package of its own

    if not (isolating_policies(cluster, Direction.INGRESS) and isolating_policies(cluster, Direction.EGRESS)):
        return
    from k8snetlint.evidence.half_open import first_half_open  # noqa: PLC0415 - only where both directions are isolated

    found = first_half_open(cluster, policy)
    if found is not None:
        yield _problem(cluster, found.ends, found.policy_rule, found.peer)


def _names_pods(peer: Peer) -> bool:
    """Tell whether a peer has a podSelector that is not empty."""
    return peer.pod_selector is not None and not peer.pod_selector.is_empty


def _problem(cluster: Cluster, found: HalfOpen, policy_rule: PolicyRule, peer: Peer) -> Problem | OpenQuestion:
    from k8snetlint.evidence.policies import unseen_policies  # noqa: PLC0415 - findings only
    from k8snetlint.evidence.ports import names_of  # noqa: PLC0415 - findings only

    is_ingress = policy_rule.direction is Direction.INGRESS
    at = peer.at("podSelector", key=True)
    why = unseen_policies(cluster, found.policy, _has_egress_rules if is_ingress else _has_ingress_rules)
    if why:
        return OpenQuestion(at, why)
    names, isolating = names_of(found.pods), found.policy.name
    it = "it" if len(found.pods) == 1 else "them"
    ports = " on these ports" if policy_rule.ports else ""
    message = (
        f"this rule lets {names} in, but NetworkPolicy {isolating} isolates {it} for egress, "
        f"and no policy allows {it} to connect to these pods{ports}"
        if is_ingress
        else f"this rule allows connections to {names}, but NetworkPolicy {isolating} isolates {it} for ingress, "
        f"and no policy lets these pods in{ports}"
    )
    related = ((found.policy.at("spec", "podSelector", key=True), f"NetworkPolicy {isolating}"),)
    return Problem(message, at, related=related)


def _has_egress_rules(policy: NetworkPolicy) -> bool:
    return bool(policy.egress)


def _has_ingress_rules(policy: NetworkPolicy) -> bool:
    return bool(policy.ingress)
