"""A peer of a NetworkPolicy is empty.

An entry of `from` or `to` needs a `podSelector`, a `namespaceSelector` or an `ipBlock`; the API server rejects an entry
without any of them. An empty selector inside of the entry selects everything: `podSelector: {}` selects every pod of
the policy's namespace, `namespaceSelector: {}` selects every pod of the cluster. To allow all sources or destinations,
inside and outside of the cluster, write a rule without `from` or `to`. A selector that is null counts as missing.

Source: https://kubernetes.io/docs/concepts/services-networking/network-policies/#behavior-of-to-and-from-selectors

```yaml bad
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: web
spec:
  podSelector:
    matchLabels:
      app: web
  policyTypes: [Ingress]
  ingress:
  - from:
    - podSelector:  # finding: podSelector is null and counts as missing; podSelector: {} selects every pod of the namespace
```

```yaml fixed
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: web
spec:
  podSelector:
    matchLabels:
      app: web
  policyTypes: [Ingress]
  ingress:
  - from:
    - podSelector: {}
```

```yaml bad
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: web
spec:
  podSelector:
    matchLabels:
      app: web
  policyTypes: [Ingress, Egress]
  ingress:
  - from:
    - {}  # finding: the peer is empty; podSelector: {} selects every pod of the namespace, namespaceSelector: {} every pod of the cluster, and a rule without from allows every source
  egress:
  - to:
    - podSelector:
        matchLabels:
          app: db
    - {}  # finding: the peer is empty; podSelector: {} selects every pod of the namespace, namespaceSelector: {} every pod of the cluster, and a rule without to allows every destination
```

```yaml good
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: web
spec:
  podSelector:
    matchLabels:
      app: web
  policyTypes: [Ingress]
  ingress:
  - from:
    - podSelector: {}
    - namespaceSelector: {}
```
"""  # noqa: E501 - the message is one line

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.edit.change import set_to
from k8snetlint.finding import Fix, Problem, Severity
from k8snetlint.model.networkpolicy import Direction, NetworkPolicy
from k8snetlint.rules import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.model.networkpolicy import Peer, PolicyRule


@rule(on=NetworkPolicy, severity=Severity.ERROR, supersedes=("api-required",))
def check(policy: NetworkPolicy) -> Iterator[Problem]:
    """Report peers without any known field."""
    for policy_rule in policy.rules():
        for peer in policy_rule.peers or ():
            if peer.ip_block is None and peer.namespace_selector is None and peer.pod_selector is None:
                depth = len(peer.place.path)
                # A misspelt or misplaced field in it is reported already.
                if not any(path[:depth] == peer.place.path for path in policy.unknown_fields):
                    yield _null(peer) if peer.nulls else _empty(peer, policy_rule)


def _empty(peer: Peer, policy_rule: PolicyRule) -> Problem:
    what = "source" if policy_rule.direction is Direction.INGRESS else "destination"
    message = (
        "the peer is empty; podSelector: {} selects every pod of the namespace, namespaceSelector: {} every pod of "
        f"the cluster, and a rule without {policy_rule.peer_field} allows every {what}"
    )
    return Problem(message, peer.place)


def _null(peer: Peer) -> Problem:
    both = len(peer.nulls) > 1
    whose = "cluster" if "namespaceSelector" in peer.nulls else "namespace"
    replacement = " and ".join(f"{each}: {{}}" for each in peer.nulls)
    message = (
        f"{' and '.join(peer.nulls)} {'are null and count' if both else 'is null and counts'} as missing; "
        f"{replacement} {'select' if both else 'selects'} every pod of the {whose}"
    )
    changes = tuple(set_to(peer.at(each), {}) for each in peer.nulls)
    return Problem(message, peer.place, fix=Fix(f"write {replacement}", changes, safe=False))
