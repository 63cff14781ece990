"""A peer selects only pods that use the host network.

Pods with `hostNetwork: true` have the IP address of their node, and most network plugins cannot distinguish their
traffic from the traffic of the node. There, a `podSelector` does not match these pods: traffic from them and to them is
not allowed. To allow it, use an `ipBlock` with the addresses of the nodes.

It is not reported if the same rule has an `ipBlock`, or if some of the pods do not use the host network.

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
    - podSelector:  # finding: DaemonSet proxy uses the host network, where most network plugins cannot match pods by their labels
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
"""  # noqa: E501 - the message is one line

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
    """Report peers with a podSelector if all of the pods use the host network."""
    for policy_rule in policy.rules():
        peers = policy_rule.peers or ()
        if any(peer.ip_block is not None for peer in peers) or not policy.isolates(policy_rule.direction):
            continue
        for peer in peers:
            # Without a podSelector a peer selects whole namespaces, of which only a part is known.
            if peer.pod_selector is None or peer.pod_selector.is_empty:
                continue
            answer = peer_pods(cluster, policy, peer)
            if not isinstance(answer, Match) or not are_all(cluster, policy, answer.found):
                continue
            if answer.found.bits & ~cluster.index.on_host_network:
                continue
            use = "uses" if len(answer.found) == 1 else "use"
            yield Problem(
                f"{names_of(answer.found)} {use} the host network, "
                "where most network plugins cannot match pods by their labels",
                peer.at("podSelector", key=True),
                label="an ipBlock with the nodes' addresses allows their traffic",
                related=tuple(
                    (each.at(*each.template, "spec", "hostNetwork"), f"{each.kind} {each.name}")
                    for each in itertools.islice(answer.found, 3)
                ),
            )
