"""DNS is allowed to pods only, but NodeLocal DNSCache answers at an address of the node.

With NodeLocal DNSCache, pods send their DNS requests to 169.254.20.10, to a process on the network of their own node.
Selectors do not match pods on the network of a node. If policies allow DNS only to the pods of the cluster's DNS, the
requests are dropped wherever the CNI plugin applies policies to traffic to the own node.

Allow port 53 to the address, too. It is reported if the manifests contain the DaemonSet of NodeLocal DNSCache.

Source: https://kubernetes.io/docs/tasks/administer-cluster/nodelocaldns/

```yaml bad
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: dns
  namespace: shop
spec:
  podSelector: {}
  policyTypes: [Egress]
  egress:
  - to:  # finding: NodeLocal DNSCache answers at 169.254.20.10, which selectors do not match
    - namespaceSelector:
        matchLabels:
          kubernetes.io/metadata.name: kube-system
      podSelector:
        matchLabels:
          k8s-app: kube-dns
    ports:
    - port: 53
      protocol: UDP
    - port: 53
      protocol: TCP
---
apiVersion: apps/v1
kind: DaemonSet
metadata:
  name: node-local-dns
  namespace: kube-system
spec:
  selector:
    matchLabels:
      k8s-app: node-local-dns
  template:
    metadata:
      labels:
        k8s-app: node-local-dns
    spec:
      hostNetwork: true
      dnsPolicy: Default
      containers:
      - name: node-cache
        image: registry.k8s.io/dns/k8s-dns-node-cache:1.23.0
```

```yaml fixed
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: dns
  namespace: shop
spec:
  podSelector: {}
  policyTypes: [Egress]
  egress:
  - to:
    - namespaceSelector:
        matchLabels:
          kubernetes.io/metadata.name: kube-system
      podSelector:
        matchLabels:
          k8s-app: kube-dns
    - ipBlock:
        cidr: 169.254.20.10/32
    ports:
    - port: 53
      protocol: UDP
    - port: 53
      protocol: TCP
---
apiVersion: apps/v1
kind: DaemonSet
metadata:
  name: node-local-dns
  namespace: kube-system
spec:
  selector:
    matchLabels:
      k8s-app: node-local-dns
  template:
    metadata:
      labels:
        k8s-app: node-local-dns
    spec:
      hostNetwork: true
      dnsPolicy: Default
      containers:
      - name: node-cache
        image: registry.k8s.io/dns/k8s-dns-node-cache:1.23.0
```

Not reported: nothing shows that the cluster has NodeLocal DNSCache.

```yaml good
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: dns
  namespace: shop
spec:
  podSelector: {}
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
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.edit.change import insert
from k8snetlint.finding import Fix, OpenQuestion, Problem, Severity
from k8snetlint.model.aspects import NAME, PORTS, SELECTORS
from k8snetlint.model.networkpolicy import Direction, NetworkPolicy
from k8snetlint.rules import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.model.cluster import Cluster
    from k8snetlint.model.networkpolicy import PolicyRule

_ADDRESS = "169.254.20.10"


@rule(on=NetworkPolicy, severity=Severity.WARNING, requires_all_scopes=True, relies_on=(SELECTORS, PORTS, NAME))
def check(policy: NetworkPolicy, cluster: Cluster) -> Iterator[Problem | OpenQuestion]:
    """Report the first rule that allows DNS to pods, if no policy allows it to the address of a cache on nodes."""
    if not policy.isolates(Direction.EGRESS):
        return
    found = next((each for each in policy.egress or () if _allows_dns_to_pods(each)), None)
    if found is None:
        return
    from k8snetlint.evidence.node_local import lacks_addresses  # noqa: PLC0415 - only policies about DNS

    if not lacks_addresses(cluster, policy):
        return
    from k8snetlint.evidence.policies import why_dns_may_be_allowed  # noqa: PLC0415 - findings only
    from k8snetlint.rules.isolated_pods import are_enforced  # noqa: PLC0415 - findings only

    at = found.at("to", key=True)
    why = why_dns_may_be_allowed(cluster, policy)
    if why:
        yield OpenQuestion(at, why)
    elif are_enforced(cluster):
        peer = {"ipBlock": {"cidr": f"{_ADDRESS}/32"}}
        fix = Fix(
            "allow the address of NodeLocal DNSCache",
            (insert(found.at("to", len(found.peers or ())), peer),),
            safe=False,
        )
        yield Problem(f"NodeLocal DNSCache answers at {_ADDRESS}, which selectors do not match", at, fix=fix)


def _allows_dns_to_pods(egress_rule: PolicyRule) -> bool:
    if not any(port.port == 53 for port in egress_rule.ports or ()):
        return False
    return bool(egress_rule.peers) and not any(peer.ip_block for peer in egress_rule.peers or ())
