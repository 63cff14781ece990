"""A peer for the cluster's DNS selects pods of the policy's own namespace.

A peer with only a `podSelector` selects pods in the policy's own namespace. The pods of the cluster's DNS, labelled
`k8s-app: kube-dns`, run in `kube-system`. In any other namespace such a peer selects nothing: DNS is not allowed, and
every name lookup of the pods times out. The peer needs a `namespaceSelector` next to the `podSelector`, in the same
list item.

It is not reported if the namespace of the policy is unknown, or if the manifests contain DNS pods in that namespace.

Source: https://kubernetes.io/docs/concepts/services-networking/network-policies/#behavior-of-to-and-from-selectors

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
    - podSelector:  # finding: this podSelector selects pods in namespace shop only, but the cluster's DNS runs in kube-system
        matchLabels:
          k8s-app: kube-dns
    ports:
    - port: 53
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
    - podSelector:
        matchLabels:
          k8s-app: kube-dns
      namespaceSelector:
        matchLabels:
          kubernetes.io/metadata.name: kube-system
    ports:
    - port: 53
      protocol: UDP
    - port: 53
      protocol: TCP
```

```yaml good
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: dns
  namespace: kube-system
spec:
  podSelector: {}
  policyTypes: [Egress]
  egress:
  - to:
    - podSelector:
        matchLabels:
          k8s-app: kube-dns
    ports:
    - port: 53
      protocol: UDP
    - port: 53
      protocol: TCP
```
"""  # noqa: E501 - the message is one line

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.evidence.namespaces import written_namespace
from k8snetlint.finding import Problem, Severity
from k8snetlint.model.networkpolicy import NetworkPolicy
from k8snetlint.model.tables.controllers import DNS_NAMESPACE, DNS_PODS
from k8snetlint.rules import rule
from k8snetlint.rules.relabel import in_other_namespace

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.model.cluster import Cluster
    from k8snetlint.model.networkpolicy import Peer, PolicyRule


@rule(on=NetworkPolicy, severity=Severity.WARNING)
def check(policy: NetworkPolicy, cluster: Cluster) -> Iterator[Problem]:
    """Report DNS peers without a namespace, in policies outside of the namespace of the cluster's DNS."""
    namespace = written_namespace(cluster, policy)
    if namespace in (None, DNS_NAMESPACE):
        return
    for egress_rule in policy.egress or ():
        peers = egress_rule.peers or ()
        if not _allows_dns(egress_rule) or not all(_is_own_dns(peer) for peer in peers):
            continue
        if any(_has_own_dns(peer, namespace, cluster) for peer in peers):
            continue
        for peer in peers:
            own = f"this podSelector selects pods in namespace {namespace} only"
            message = f"{own}, but the cluster's DNS runs in {DNS_NAMESPACE}"
            fix = in_other_namespace(peer.place, DNS_NAMESPACE)
            yield Problem(message, peer.at("podSelector", key=True), fix=fix)


def _allows_dns(egress_rule: PolicyRule) -> bool:
    return any(port.port == 53 for port in egress_rule.ports or ())


def _is_own_dns(peer: Peer) -> bool:
    """Tell whether a peer selects DNS pods of the policy's own namespace."""
    if peer.namespace_selector is not None or peer.pod_selector is None:
        return False
    return not (peer.pod_selector.match_labels or {}).items().isdisjoint(DNS_PODS)


def _has_own_dns(peer: Peer, namespace: str, cluster: Cluster) -> bool:
    index, selector = cluster.index, peer.pod_selector
    return selector is not None and bool(index.pod_labels.matching(selector) & index.workloads.within((namespace,)))
