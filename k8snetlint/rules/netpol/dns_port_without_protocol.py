"""An egress rule allows DNS over TCP only, because port 53 has no protocol.

A port without `protocol` is a TCP port. DNS clients use UDP, and change to TCP only for answers that do not fit. So a
rule that lists port 53 without a protocol does not allow DNS: names do not resolve, and every connection to a name
fails.

List both protocols.

Port 53 of a longer list is only reported where DNS is meant: the peers may be DNS servers, and the list is not one of
arbitrary ports, as in tests of network plugins.

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
    - port: 53  # finding: port 53 without protocol allows only TCP, but DNS uses UDP
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
    - port: dns  # finding: port dns without protocol allows only TCP, but DNS uses UDP
    - port: 123
      protocol: UDP
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
  - to:
    - namespaceSelector: {}
    ports:
    - port: 53  # finding: port 53 without protocol allows only TCP, but DNS uses UDP
    - port: 443
    - port: 80
```

```yaml good
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: ports-of-a-test
spec:
  podSelector:
    matchLabels:
      app: web
  policyTypes: [Egress]
  egress:
  - ports:
    - port: 52
    - port: 53
    - port: 54
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

from k8snetlint.edit.change import insert, set_to
from k8snetlint.evidence.dns import may_be_dns, mentions_dns
from k8snetlint.finding import Fix, Problem, Severity
from k8snetlint.model.networkpolicy import Direction, NetworkPolicy
from k8snetlint.model.tables.controllers import DNS_NAMESPACE
from k8snetlint.rules import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.model.networkpolicy import Peer, PolicyRule, Port

_DNS = 53
_NEXT_TO_DNS = frozenset({52, 54})
_WEB = frozenset({80, 443})
_MANY = 3
"""So many ports besides those of the web are no list of what an application needs together with DNS."""


@rule(on=NetworkPolicy, severity=Severity.WARNING)
def check(policy: NetworkPolicy) -> Iterator[Problem]:
    """Report DNS ports without protocol, unless the policy allows DNS over UDP elsewhere."""
    if not policy.isolates(Direction.EGRESS):
        return
    rules = policy.rules(Direction.EGRESS)
    if any(_allows_udp(port) for egress_rule in rules for port in egress_rule.ports or ()):
        return
    for egress_rule in rules:
        for port in egress_rule.ports or ():
            if port.protocol is None and _is_dns(port) and _means_dns(port, egress_rule, policy.namespace):
                message = f"port {port.port} without protocol allows only TCP, but DNS uses UDP"
                yield Problem(message, port.at("protocol"), fix=_fix(port, egress_rule))


def _fix(port: Port, egress_rule: PolicyRule) -> Fix:
    """Return the fix that allows DNS over UDP, and still over TCP."""
    udp = set_to(port.at("protocol"), "UDP", after="port")
    ports = egress_rule.ports or ()
    if any(each.port == port.port and each.protocol == "TCP" for each in ports):
        return Fix("write protocol: UDP", (udp,), safe=False)
    tcp = insert(egress_rule.at("ports", ports.index(port) + 1), {"port": port.port, "protocol": "TCP"})
    return Fix("allow both UDP and TCP", (udp, tcp), safe=False)


def _is_dns(port: Port) -> bool:
    return port.port in (_DNS, "dns") and port.end_port in (None, _DNS)


def _means_dns(port: Port, egress_rule: PolicyRule, namespace: str | None) -> bool:
    """Tell whether DNS is the reason for the port, not a list of ports for another purpose."""
    others = {number for _, number in egress_rule.numbers() if number != _DNS}
    if port.port != _DNS or not others:
        return True
    if not may_be_dns(egress_rule.peers, namespace):
        return False
    # Both `53, 443, 80` and `53, 443, 5432` mean DNS; `52, 53, 54` and `22, 53, 1234, 4321` are just some ports.
    are_arbitrary = not others.isdisjoint(_NEXT_TO_DNS) or len(others - _WEB) >= _MANY
    return not are_arbitrary or any(map(_is_for_dns, egress_rule.peers or ()))


def _is_for_dns(peer: Peer) -> bool:
    texts = [text for each in (peer.pod_selector, peer.namespace_selector) if each for text in each.texts()]
    return mentions_dns(texts) or DNS_NAMESPACE in texts


def _allows_udp(port: Port) -> bool:
    """Tell whether it names a port of DNS over UDP: 53, all ports, or a name that may be 53."""
    if port.protocol != "UDP":
        return False
    if isinstance(port.port, int):
        return port.port <= _DNS <= (port.end_port or port.port)
    return port.port is None or "dns" in port.port
