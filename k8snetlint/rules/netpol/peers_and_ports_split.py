"""Peers and ports are in two rules, so the ports are open to everybody.

Each item of `ingress` or `egress` is a rule of its own, and what any rule allows is allowed. A dash before `ports` begins
a new rule. The first one then has peers and no ports: it allows these peers every port. The second one has ports and no
peers: it allows these ports to everybody.

Without the dash it is one rule: these ports, for these peers. If only DNS is open to everybody it is an info, because a
rule of its own for DNS is usual.

Source: https://kubernetes.io/docs/concepts/services-networking/network-policies/#networkpolicy-resource

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
    - podSelector:
        matchLabels:
          app: web
  - ports:  # finding: these ports are open to everybody, and the peers of the rule before may use every port: they are two rules
    - port: 5432
```

```yaml fixed
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
    - podSelector:
        matchLabels:
          app: web
    ports:
    - port: 5432
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
    - podSelector:
        matchLabels:
          app: web
    ports:
    - port: 5432
  - ports:
    - port: 9090
```
"""  # noqa: E501 - the message is one line

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from k8snetlint.edit.change import join
from k8snetlint.finding import Fix, Problem, Severity
from k8snetlint.model.networkpolicy import Direction, NetworkPolicy
from k8snetlint.rules import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

_DNS = (53, "dns")


@rule(on=NetworkPolicy, severity=Severity.WARNING, security=5.0)
def check(policy: NetworkPolicy) -> Iterator[Problem]:
    """Report a rule with ports only, right after the only other rule, which has peers only."""
    if len(policy.rules()) < 2:
        return
    for direction in Direction:
        rules = policy.rules(direction)
        # Of more rules, some are meant to be rules of their own.
        if len(rules) != 2 or not policy.isolates(direction):
            continue
        for first, second in pairwise(rules):
            if not first.peers or first.ports is not None or second.peers is not None or not second.ports:
                continue
            for_dns = all(port.port in _DNS for port in second.ports)
            yield Problem(
                "these ports are open to everybody, and the peers of the rule before may use every port: "
                "they are two rules",
                second.at("ports", key=True),
                severity=Severity.INFO if for_dns else Severity.WARNING,
                related=((first.at(first.peer_field, key=True), "these peers may use every port"),),
                fix=Fix("make them one rule", (join(first.place),), safe=False),
            )
