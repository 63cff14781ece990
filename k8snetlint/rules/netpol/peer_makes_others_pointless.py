"""A peer selects all that other peers of its list select, so these have no effect.

The items of `from` and `to` are alternatives. If one of them selects every pod, or every pod of a namespace, the items
for some of these pods add nothing. Often they were meant to be one item with both selectors, which must both match, or
the wide item is left from a test: then more is allowed than the list seems to say.

It is an info if the other peers are as wide as they can be themselves: `podSelector: {}` next to
`namespaceSelector: {}`.

Source: https://kubernetes.io/docs/concepts/services-networking/network-policies/#behavior-of-to-and-from-selectors

```yaml bad
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: db
spec:
  podSelector:
    matchLabels:
      app: db
  policyTypes: [Ingress]
  ingress:
  - from:
    - namespaceSelector: {}  # finding: this peer is every pod of every namespace: 1 other peer of the list has no effect
    - podSelector:
        matchLabels:
          app: web
```

```yaml bad
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: db
spec:
  podSelector:
    matchLabels:
      app: db
  policyTypes: [Ingress]
  ingress:
  - from:
    - podSelector: {}  # finding: this peer is every pod of the namespace: 1 other peer of the list has no effect
    - podSelector:
        matchLabels:
          app: web
    - ipBlock:
        cidr: 10.0.0.0/8
```

```yaml good
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: db
spec:
  podSelector:
    matchLabels:
      app: db
  policyTypes: [Ingress]
  ingress:
  - from:
    - namespaceSelector: {}
      podSelector:
        matchLabels:
          app: web
    - podSelector: {}
```
"""  # noqa: E501 - the message is one line

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.finding import Problem, Severity
from k8snetlint.model.networkpolicy import NetworkPolicy
from k8snetlint.rules import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.model.networkpolicy import Peer


@rule(on=NetworkPolicy, severity=Severity.WARNING)
def check(policy: NetworkPolicy) -> Iterator[Problem]:
    """Report the widest peer of each list that contains others."""
    if len(policy.peers) < 2:
        return
    for each in policy.rules():
        peers = [peer for peer in each.peers or () if _selects(peer) and not peer.nulls]
        if len(peers) < 2:
            continue
        found = _widest(peers)
        if found is None:
            continue
        widest, others, what = found
        none_narrow = all(_is_every_pod(peer) for peer in others)
        count = f"{len(others)} other {'peer' if len(others) == 1 else 'peers'} of the list"
        yield Problem(
            f"this peer is every pod of {what}: {count} {'has' if len(others) == 1 else 'have'} no effect",
            widest.at("namespaceSelector" if widest.namespace_selector else "podSelector", key=True),
            severity=Severity.INFO if none_narrow else Severity.WARNING,
            related=((others[0].place, "it has no effect"),),
        )


def _selects(peer: Peer) -> bool:
    """Tell whether a peer has selectors only; the API server rejects one that has nothing."""
    return peer.ip_block is None and (peer.pod_selector is not None or peer.namespace_selector is not None)


def _widest(peers: list[Peer]) -> tuple[Peer, list[Peer], str] | None:
    everywhere = next((each for each in peers if _is_everywhere(each)), None)
    if everywhere is not None:
        return everywhere, [each for each in peers if each is not everywhere], "every namespace"
    own = [each for each in peers if each.namespace_selector is None]
    every = next((each for each in own if _is_every_pod(each)), None)
    if every is None or len(own) < 2:
        return None
    return every, [each for each in own if each is not every], "the namespace"


def _is_everywhere(peer: Peer) -> bool:
    return peer.namespace_selector is not None and peer.namespace_selector.is_empty and _is_every_pod(peer)


def _is_every_pod(peer: Peer) -> bool:
    """Tell whether a peer is every pod of its namespaces."""
    namespaces = peer.namespace_selector
    return (peer.pod_selector is None or peer.pod_selector.is_empty) and (namespaces is None or namespaces.is_empty)
