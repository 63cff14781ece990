"""A peer selects only pods that use the network of their node.

Pods with `hostNetwork: true` have the address of their node, and most network plugins cannot tell their traffic from
that of the node. A `podSelector` for them matches nothing there: what they send is not allowed, and neither is what is
sent to them. Such traffic is allowed by an `ipBlock` with the addresses of the nodes.

It is silent where the same rule has an `ipBlock`, and where some of the pods have addresses of their own.

Source: https://kubernetes.io/docs/concepts/services-networking/network-policies/#networkpolicy-and-hostnetwork-pods

```yaml bad
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: web
spec:
  podSelector:
    matchLabels:
      app: web
  ingress:
  - from:
    - podSelector:  # finding: DaemonSet proxy is on the host network, where most network plugins cannot match a peer
        matchLabels:
          app: proxy
---
apiVersion: apps/v1
kind: DaemonSet
metadata:
  name: proxy
spec:
  selector:
    matchLabels:
      app: proxy
  template:
    metadata:
      labels:
        app: proxy
    spec:
      hostNetwork: true
      containers:
      - name: proxy
        image: example.com/proxy:1
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
  ingress:
  - from:
    - podSelector:
        matchLabels:
          app: proxy
    - ipBlock:
        cidr: 192.168.0.0/24
---
apiVersion: apps/v1
kind: DaemonSet
metadata:
  name: proxy
spec:
  selector:
    matchLabels:
      app: proxy
  template:
    metadata:
      labels:
        app: proxy
    spec:
      hostNetwork: true
      containers:
      - name: proxy
        image: example.com/proxy:1
```

```yaml good
# given: pod cache tier=edge
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: web
spec:
  podSelector:
    matchLabels:
      app: web
  ingress:
  - from:
    - podSelector:
        matchLabels:
          tier: edge
    - podSelector: {}
---
apiVersion: v1
kind: Pod
metadata:
  name: proxy
  labels:
    tier: edge
spec:
  hostNetwork: true
  containers:
  - name: proxy
    image: example.com/proxy:1
```
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from k8snetlint.evidence.answers import Match
from k8snetlint.evidence.pods import peer_pods
from k8snetlint.evidence.ports import are_all, names_of
from k8snetlint.finding import Problem, Severity
from k8snetlint.model.aspects import SELECTORS
from k8snetlint.model.networkpolicy import NetworkPolicy
from k8snetlint.rules import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.model.cluster import Cluster


@rule(on=NetworkPolicy, severity=Severity.WARNING, requires_all_scopes=True, relies_on=(SELECTORS,))
def check(policy: NetworkPolicy, cluster: Cluster) -> Iterator[Problem]:
    """Report peers with a podSelector all of whose pods are on the network of their node."""
    for policy_rule in policy.rules():
        peers = policy_rule.peers or ()
        if any(peer.ip_block is not None for peer in peers) or not policy.isolates(policy_rule.direction):
            continue
        for peer in peers:
            # Without a podSelector a peer means all of a namespace, of which a part is seen.
            if peer.pod_selector is None or peer.pod_selector.is_empty:
                continue
            answer = peer_pods(cluster, policy, peer)
            if not isinstance(answer, Match) or not are_all(cluster, policy, answer.found):
                continue
            if answer.found.bits & ~cluster.index.on_host_network:
                continue
            are = "is" if len(answer.found) == 1 else "are"
            yield Problem(
                f"{names_of(answer.found)} {are} on the host network, where most network plugins cannot match a peer",
                peer.at("podSelector", key=True),
                label="an ipBlock with the nodes' addresses allows them",
                related=tuple(
                    (each.at(*each.template, "spec", "hostNetwork"), f"{each.kind} {each.name}")
                    for each in itertools.islice(answer.found, 3)
                ),
            )
