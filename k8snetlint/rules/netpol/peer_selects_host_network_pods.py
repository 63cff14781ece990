"""A peer selects only pods that use the host network.

Pods with `hostNetwork: true` have the IP address of their node, and most network plugins cannot distinguish their
traffic from the traffic of the node. There, a `podSelector` does not match these pods: traffic from them and to them is
not allowed. To allow it, use an `ipBlock` with the addresses of the nodes.

It is reported once for each workload, with the policies that have such a peer. It is not reported if the same rule has
an `ipBlock`, or if some of the pods do not use the host network.

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
    - podSelector:
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
      hostNetwork: true  # finding: DaemonSet proxy uses the host network, where most network plugins cannot match pods by their labels
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

from typing import TYPE_CHECKING

from k8snetlint.evidence.host_network import selected_on_host
from k8snetlint.evidence.ports import names_of
from k8snetlint.finding import Problem, Severity
from k8snetlint.model.cluster import Cluster
from k8snetlint.rules import rule

if TYPE_CHECKING:
    from collections.abc import Iterator


@rule(on=Cluster, severity=Severity.WARNING)
def check(cluster: Cluster) -> Iterator[Problem]:
    """Report workloads on the host network that policies select as peers, and nothing else with them."""
    found = selected_on_host(cluster)
    for workload, policies in found.peers.items():
        yield Problem(
            f"{names_of((workload,))} uses the host network, "
            "where most network plugins cannot match pods by their labels",
            found.place_of(workload),
            related=tuple(policies),
            advice="an ipBlock with the addresses of the nodes allows its traffic",
        )
