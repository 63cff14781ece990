"""A policy isolates the cluster's DNS, and no policy lets the pods of other namespaces ask it.

The pods of the cluster's DNS run in `kube-system`, labelled `k8s-app: kube-dns`. A policy that isolates them for ingress,
for example a default deny policy for `kube-system`, closes them to all pods of the cluster: no name resolves any more,
in any namespace.

Let port 53 in, over UDP and TCP, from all namespaces. Every rule for port 53 counts that may admit other namespaces or
addresses.

It is a warning, because policies add up: one that is applied from elsewhere may let port 53 in, and no file proves that
no such policy exists. With `--whole-cluster` the manifests are complete, and if they show the pods of the DNS it is an
error: no name resolves.

Source: https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/

```yaml bad
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: default-deny
  namespace: kube-system
spec:
  podSelector: {}  # finding: this policy isolates the cluster's DNS, and no policy lets other namespaces connect to its port 53
  policyTypes: [Ingress]
```

```yaml good
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: default-deny
  namespace: kube-system
spec:
  podSelector: {}
  policyTypes: [Ingress]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: dns
  namespace: kube-system
spec:
  podSelector:
    matchLabels:
      k8s-app: kube-dns
  policyTypes: [Ingress]
  ingress:
  - from:
    - namespaceSelector: {}
    ports:
    - port: 53
      protocol: UDP
    - port: 53
      protocol: TCP
```
"""  # noqa: E501 - the message is one line

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.finding import OpenQuestion, Problem, Severity
from k8snetlint.model.aspects import NAME, PORTS, SELECTORS
from k8snetlint.model.networkpolicy import Direction, NetworkPolicy
from k8snetlint.model.tables.controllers import DNS_NAMESPACE, DNS_PODS
from k8snetlint.rules import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.model.cluster import Cluster


@rule(
    on=NetworkPolicy,
    severity=Severity.WARNING,
    supersedes=("netpol-deny-all", "netpol-namespace-sealed"),
    requires_all_scopes=True,
    relies_on=(SELECTORS, PORTS, NAME),
)
def check(policy: NetworkPolicy, cluster: Cluster) -> Iterator[Problem | OpenQuestion]:
    """Report policies that isolate the cluster's DNS, if no policy lets other namespaces in."""
    if policy.namespace != DNS_NAMESPACE or not policy.isolates(Direction.INGRESS) or not _selects_dns(policy):
        return
    if policy.is_misspelt:
        return
    from k8snetlint.evidence.dns import admits_dns  # noqa: PLC0415 - few policies isolate the DNS
    from k8snetlint.evidence.policies import isolating_policies, unseen_policies  # noqa: PLC0415 - as above
    from k8snetlint.rules.isolated_pods import are_enforced  # noqa: PLC0415 - as above

    policies = isolating_policies(cluster, Direction.INGRESS)
    here = policies.get(DNS_NAMESPACE, [])
    first = next((each for each in here if _selects_dns(each)), None)
    if first is not policy or any(map(admits_dns, (*here, *policies.get(None, ())))):
        return
    at = policy.at("spec", "podSelector")
    why = unseen_policies(cluster, policy, admits_dns)
    if why:
        yield OpenQuestion(at, why)
    elif are_enforced(cluster):
        isolated = "this policy isolates the cluster's DNS"
        severity = Severity.ERROR if _is_proven(cluster) else None
        yield Problem(f"{isolated}, and no policy lets other namespaces connect to its port 53", at, severity=severity)


def _selects_dns(policy: NetworkPolicy) -> bool:
    selector = policy.pod_selector
    return selector is None or any(selector.matches(dict([each])) for each in DNS_PODS)


def _is_proven(cluster: Cluster) -> bool:
    """Tell whether there is no other policy, and manifests show the pods of the DNS."""
    if not cluster.environment.whole_cluster:
        return False
    from k8snetlint.model.workload import Workload  # noqa: PLC0415 - few clusters are known as a whole

    return any(
        not each.host_network and not each.pod_labels.items().isdisjoint(DNS_PODS)
        for each in cluster.known(Workload)
        if cluster.known_namespace_of(each) == DNS_NAMESPACE
    )
