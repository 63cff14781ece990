"""A rule opens the ports of replies, which are always allowed.

If a policy allows a connection, it allows the replies, too: policies are about who may open a connection. So a rule in
the other direction, for the same peers and the range of ports that clients use, is not necessary. It is no harmless
addition: it lets the peers open connections to all these ports.

Source: https://kubernetes.io/docs/concepts/services-networking/network-policies/#the-two-sorts-of-pod-isolation

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
  egress:
  - to:
    - podSelector:
        matchLabels:
          app: db
    ports:
    - port: 5432
  ingress:
  - from:
    - podSelector:
        matchLabels:
          app: db
    ports:
    - port: 32768  # finding: replies need no rule; this one lets the peers open connections to ports 32768 to 60999
      endPort: 60999
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
  policyTypes: [Ingress, Egress]
  egress:
  - to:
    - podSelector:
        matchLabels:
          app: db
    ports:
    - port: 5432
  ingress:
  - from:
    - podSelector:
        matchLabels:
          app: frontend
    ports:
    - port: 30000
      endPort: 32767
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.finding import Problem, Severity
from k8snetlint.model.networkpolicy import Direction, NetworkPolicy
from k8snetlint.rules import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.model.networkpolicy import PolicyRule, Port

_FIRST, _LAST = (1024, 32768), 60999
"""Where the ports of clients begin, and the least number with which they end (`ip_local_port_range`)."""


@rule(on=NetworkPolicy, severity=Severity.INFO)
def check(policy: NetworkPolicy) -> Iterator[Problem]:
    """Report rules for the ports of clients, for the same peers as a rule of the other direction."""
    if all(port.end_port is None for port in policy.ports):
        return
    for direction, other in ((Direction.INGRESS, Direction.EGRESS), (Direction.EGRESS, Direction.INGRESS)):
        found = [(each, port) for each in policy.rules(direction) for port in each.ports or () if _is_for_replies(port)]
        if not found or not policy.isolates(direction) or not policy.isolates(other):
            continue
        mirrors = {_peers(each): each for each in policy.rules(other) if each.ports}
        for each, port in found:
            mirror = mirrors.get(_peers(each))
            if mirror is not None:
                ports = f"ports {port.port} to {port.end_port}"
                yield Problem(
                    f"replies need no rule; this one lets the peers open connections to {ports}"
                    if direction is Direction.INGRESS
                    else f"replies need no rule; this one lets the pods open connections to {ports} of the peers",
                    port.at("port"),
                    related=((mirror.place, "this rule allows the connections and their replies"),),
                )


def _is_for_replies(port: Port) -> bool:
    if not isinstance(port.port, int) or port.end_port is None:
        return False
    return _FIRST[0] <= port.port <= _FIRST[1] and port.end_port >= _LAST


def _peers(policy_rule: PolicyRule) -> object:
    """Return what peers of rules are equal by."""
    return frozenset(
        (each.namespace_selector, each.pod_selector, each.ip_block and (each.ip_block.cidr, each.ip_block.except_))
        for each in policy_rule.peers or ()
    )
