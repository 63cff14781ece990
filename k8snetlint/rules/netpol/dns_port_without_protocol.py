"""An egress rule allows DNS over TCP only, because it names port 53 without a protocol.

A port without `protocol` is a TCP port. DNS clients ask over UDP and turn to TCP only for answers that do not fit, so a
rule for port 53 that was meant to allow DNS does not: names no longer resolve, and everything fails that uses one.

Name both protocols.

Source: https://kubernetes.io/docs/reference/kubernetes-api/policy-resources/network-policy-v1/#NetworkPolicySpec

```yaml bad
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: web
spec:
  podSelector:
    matchLabels:
      app: web
  policyTypes: [Egress]
  egress:
  - to:
    - namespaceSelector:
        matchLabels:
          kubernetes.io/metadata.name: kube-system
    ports:
    - port: 53  # finding: port 53 without protocol is TCP only; DNS asks over UDP
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
  policyTypes: [Egress]
  egress:
  - to:
    - namespaceSelector:
        matchLabels:
          kubernetes.io/metadata.name: kube-system
    ports:
    - port: 53
      protocol: UDP
    - port: 53
      protocol: TCP
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
  policyTypes: [Egress]
  egress:
  - ports:
    - port: 443
    - port: dns  # finding: port dns without protocol is TCP only; DNS asks over UDP
    - port: 123
      protocol: UDP
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
  policyTypes: [Egress]
  egress:
  - ports:
    - port: 53
    - port: 53
      protocol: UDP
```

```yaml good
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: dns-server
spec:
  podSelector:
    matchLabels:
      app: dns-server
  policyTypes: [Ingress]
  ingress:
  - ports:
    - port: 53
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.finding import Problem, Severity
from k8snetlint.model.networkpolicy import Direction, NetworkPolicy
from k8snetlint.rules import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.model.cluster import Cluster
    from k8snetlint.model.networkpolicy import Port


@rule(on=NetworkPolicy, severity=Severity.WARNING)
def check(policy: NetworkPolicy, cluster: Cluster) -> Iterator[Problem]:
    """Report DNS ports without protocol, unless the policy allows DNS over UDP elsewhere."""
    del cluster
    if not policy.isolates(Direction.EGRESS):
        return
    ports = [port for egress_rule in policy.rules(Direction.EGRESS) for port in egress_rule.ports or ()]
    if any(_allows_udp(port) for port in ports):
        return
    for port in ports:
        if port.protocol is None and _is_dns(port):
            yield Problem(f"port {port.port} without protocol is TCP only; DNS asks over UDP", port.at("protocol"))


def _is_dns(port: Port) -> bool:
    return port.port in (53, "dns") and port.end_port in (None, 53)


def _allows_udp(port: Port) -> bool:
    """Tell whether it names a port of DNS over UDP: 53, all ports, or a name that may be 53."""
    if port.protocol != "UDP":
        return False
    if isinstance(port.port, int):
        return port.port <= 53 <= (port.end_port or port.port)
    return port.port is None or "dns" in port.port
