"""A rule opens the port of a database or of a node's own service to all addresses.

These ports are for a few known clients: databases, caches and search engines often have no password inside of a
cluster, and SSH, Docker, etcd and the kubelet give control over a node. An `ipBlock` for all addresses lets every host
that can reach the pod connect. Select the clients instead.

Source: https://kubernetes.io/docs/concepts/security/security-checklist/#network-security

```yaml bad
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: redis
spec:
  podSelector:
    matchLabels:
      app: redis
  policyTypes: [Ingress]
  ingress:
  - from:
    - ipBlock:
        cidr: 0.0.0.0/0
    ports:
    - port: 6379  # finding: port 6379 (Redis) is open to all addresses
```

A rule for all namespaces is an info:

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
    - namespaceSelector: {}
    ports:
    - port: 5432  # finding: port 5432 (PostgreSQL) is open to the pods of all namespaces
```

```yaml good
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: redis
spec:
  podSelector:
    matchLabels:
      app: redis
  policyTypes: [Ingress]
  ingress:
  - from:
    - podSelector:
        matchLabels:
          app: web
    ports:
    - port: 6379
  - from:
    - namespaceSelector: {}
    ports:
    - port: 9121
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.finding import Problem, Severity
from k8snetlint.model.networkpolicy import Direction, NetworkPolicy
from k8snetlint.rules import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.model.networkpolicy import Peer, PolicyRule

_SENSITIVE = {
    22: "SSH",
    2375: "Docker",
    2379: "etcd",
    3306: "MySQL",
    5432: "PostgreSQL",
    6379: "Redis",
    9200: "Elasticsearch",
    10250: "the kubelet",
    11211: "Memcached",
    27017: "MongoDB",
}


@rule(on=NetworkPolicy, severity=Severity.WARNING, security=5.0)
def check(policy: NetworkPolicy) -> Iterator[Problem]:
    """Report the ports of databases and nodes in rules for all addresses or all namespaces."""
    for each in policy.ingress or ():
        found = [(port, number) for port, number in each.numbers() if number in _SENSITIVE] if each.ports else ()
        who = _everybody(each) if found else None
        if who is None or not policy.isolates(Direction.INGRESS):
            continue
        severity = None if who == "all addresses" else Severity.INFO
        for port, number in found:
            if port.effective_protocol == "TCP":
                message = f"port {number} ({_SENSITIVE[number]}) is open to {who}"
                yield Problem(message, port.at("port"), severity=severity)


def _everybody(policy_rule: PolicyRule) -> str | None:
    """Return whom a rule with peers lets in if these are all addresses or all namespaces; charts write no peers."""
    peers = policy_rule.peers or ()
    if any(each.ip_block is not None and _is_all(each) for each in peers):
        return "all addresses"
    if any(
        each.namespace_selector is not None
        and each.namespace_selector.is_empty
        and (each.pod_selector is None or each.pod_selector.is_empty)
        for each in peers
    ):
        return "the pods of all namespaces"
    return None


def _is_all(peer: Peer) -> bool:
    return peer.ip_block is not None and (peer.ip_block.cidr or "").endswith("/0")
