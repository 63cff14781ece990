"""A policy allows port 53 to DNS pods that listen on another port.

A policy applies to the port of the pods, after the DNS Service has replaced its port 53 with the target port. On
OpenShift, the pods of the cluster's DNS in `openshift-dns` listen on port 5353. A rule that allows only port 53 to them
allows nothing, and no name resolves.

For the DNS in `kube-system`, it is reported if the manifests contain the Service `kube-dns`, and it sends to another
port than 53. It is not reported if a policy of the namespace also names the port of the pods.

Source: https://github.com/kubernetes/kubernetes/issues/102286

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
  - to:
    - namespaceSelector:
        matchLabels:
          kubernetes.io/metadata.name: openshift-dns
    ports:
    - port: 53  # finding: the DNS pods in namespace openshift-dns listen on port 5353, so port 53 allows no connection to them
      protocol: UDP
    - port: 53
      protocol: TCP
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
          kubernetes.io/metadata.name: openshift-dns
    ports:
    - port: 5353
      protocol: UDP
    - port: 5353
      protocol: TCP
```

Not reported: the rule is for clusters of both kinds.

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
          kubernetes.io/metadata.name: openshift-dns
    - namespaceSelector:
        matchLabels:
          kubernetes.io/metadata.name: kube-system
    ports:
    - port: 53
      protocol: UDP
    - port: 53
      protocol: TCP
    - port: 5353
      protocol: UDP
    - port: 5353
      protocol: TCP
```
"""  # noqa: E501 - the message is one line

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.edit.change import insert, set_to
from k8snetlint.finding import Fix, Problem, Severity
from k8snetlint.model.aspects import NAME, PORTS, SELECTORS
from k8snetlint.model.networkpolicy import Direction, NetworkPolicy
from k8snetlint.rules import rule
from k8snetlint.rules.isolated_pods import are_enforced

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.model.cluster import Cluster
    from k8snetlint.model.networkpolicy import PolicyRule, Port

_DNS = 53


@rule(
    on=NetworkPolicy,
    severity=Severity.WARNING,
    supersedes=("netpol-policy-uses-service-port",),
    requires_all_scopes=True,
    relies_on=(SELECTORS, PORTS, NAME),
)
def check(policy: NetworkPolicy, cluster: Cluster) -> Iterator[Problem]:
    """Report the first port 53 of each rule for DNS pods that listen on another port."""
    for egress_rule in policy.egress or () if policy.isolates(Direction.EGRESS) else ():
        ports = [port for port in egress_rule.ports or () if port.port == _DNS and port.end_port in (None, _DNS)]
        if not ports or not any(peer.namespace_selector for peer in egress_rule.peers or ()):
            continue
        from k8snetlint.evidence.dns_pods_port import is_allowed, other_dns_port  # noqa: PLC0415 - few rules allow DNS

        peers = egress_rule.peers or ()
        answers = [other_dns_port(cluster, peer, ports[0].effective_protocol) for peer in peers]
        found = next((each for each in answers if each is not None), None)
        if found is None or is_allowed(cluster, policy, found.number) or not are_enforced(cluster):
            continue
        number, entry = found.number, found.entry
        yield Problem(
            f"the DNS pods in namespace {found.namespace} listen on port {number}, "
            f"so port {_DNS} allows no connection to them",
            ports[0].at("port"),
            related=((entry.place, f"its Service sends port {_DNS} to {number}"),) if entry is not None else (),
            fix=_fix(egress_rule, ports, number, only=all(answers)),
        )


def _fix(egress_rule: PolicyRule, ports: list[Port], number: int, *, only: bool) -> Fix:
    """Return the fix that allows the port of the pods, as well as 53 if the rule has other peers."""
    if only:
        return Fix(f"allow port {number} instead", tuple(set_to(each.at("port"), number) for each in ports), safe=False)
    every = egress_rule.ports or ()
    changes = (
        insert(
            egress_rule.at("ports", every.index(each) + 1),
            {"port": number, **({"protocol": each.protocol} if each.protocol else {})},
        )
        for each in ports
    )
    return Fix(f"allow port {number} as well", tuple(changes), safe=False)
