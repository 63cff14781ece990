"""A peer has both an ipBlock and a selector.

Selectors match pods, an `ipBlock` matches IP addresses, usually outside of the cluster. A peer cannot combine them to
mean "these pods, if they have these addresses": the API server rejects the policy. To allow both the pods and the
addresses, write two peers.

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
    - podSelector:  # finding: ipBlock 203.0.113.0/24 is in one peer with podSelector; a peer has either an ipBlock or selectors, and two peers allow both
        matchLabels:
          app: proxy
      ipBlock:
        cidr: 203.0.113.0/24
    ports:
    - port: 8080
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
    - podSelector:
        matchLabels:
          app: proxy
    - ipBlock:
        cidr: 203.0.113.0/24
    ports:
    - port: 8080
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
    - podSelector:
        matchLabels:
          app: proxy
      namespaceSelector: {}
    - ipBlock:
        cidr: 203.0.113.0/24
```
"""  # noqa: E501 - the message is one line

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.edit.change import delete, insert
from k8snetlint.finding import Fix, Problem, Severity
from k8snetlint.model.networkpolicy import NetworkPolicy
from k8snetlint.rules import rule
from k8snetlint.source.document import Place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.model.networkpolicy import IPBlock, Peer


@rule(on=NetworkPolicy, severity=Severity.ERROR, supersedes=("api-forbidden",))
def check(policy: NetworkPolicy) -> Iterator[Problem]:
    """Report peers with both an ipBlock and a selector."""
    for peer in policy.peers if policy.ip_blocks else ():
        written = {"podSelector": peer.pod_selector, "namespaceSelector": peer.namespace_selector}
        selectors = [name for name, selector in written.items() if selector is not None]
        if peer.ip_block is None or not selectors:
            continue
        cidr = f" {peer.ip_block.cidr}" if peer.ip_block.cidr else ""
        yield Problem(
            f"ipBlock{cidr} is in one peer with {' and '.join(selectors)}; "
            "a peer has either an ipBlock or selectors, and two peers allow both",
            peer.place,
            fix=None if policy.unknown_fields else _apart(peer, peer.ip_block),
        )


def _apart(peer: Peer, block: IPBlock) -> Fix | None:
    if not block.cidr:
        return None
    here = peer.place
    *above, index = here.path
    behind = Place(here.source, here.document, (*above, int(index) + 1), here.root)
    cut = {} if block.except_ is None else {"except": list(block.except_)}
    changes = (insert(behind, {"ipBlock": {"cidr": block.cidr, **cut}}), delete(peer.at("ipBlock")))
    return Fix("move the ipBlock into a separate peer", changes, safe=False)
