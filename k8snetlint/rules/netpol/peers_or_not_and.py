"""An extra `-` turns one peer into two: the `podSelector` is a separate list item.

A rule allows traffic of any of its peers. A `namespaceSelector` and a `podSelector` in one list item select these pods
in these namespaces. In two list items they select *all* pods of these namespaces, and also the matching pods of the
policy's own namespace. With one `-` too many, the policy allows much more than it seems to.

It is reported only if the manifests prove it: no pod of the policy's namespace matches the `podSelector`, but pods in
the namespaces of the peer before or after it do.

Source: https://kubernetes.io/docs/concepts/services-networking/network-policies/#behavior-of-to-and-from-selectors

```yaml bad
# given: namespace data team=data
# given: deployment data/redis
# given: deployment prod/web
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: web
  namespace: prod
spec:
  podSelector: {}
  ingress:
  - from:
    - namespaceSelector:
        matchLabels:
          team: data
    - podSelector:  # finding: podSelector app=redis is a separate peer, but matches only pods in the namespaces of the peer next to it
        matchLabels:
          app: redis
```

```yaml fixed
# given: namespace data team=data
# given: deployment data/redis
# given: deployment prod/web
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: web
  namespace: prod
spec:
  podSelector: {}
  ingress:
  - from:
    - namespaceSelector:
        matchLabels:
          team: data
      podSelector:
        matchLabels:
          app: redis
```

Not reported, because pods of the policy's own namespace match the `podSelector`:

```yaml good
# given: namespace data team=data
# given: deployment data/redis
# given: deployment prod/web
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: web
  namespace: prod
spec:
  podSelector: {}
  ingress:
  - from:
    - namespaceSelector:
        matchLabels:
          team: data
    - podSelector:
        matchLabels:
          app: web
```
"""  # noqa: E501 - the message is one line

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.edit.change import join
from k8snetlint.evidence.answers import Match, NoMatch
from k8snetlint.evidence.namespaces import namespaces
from k8snetlint.evidence.pods import peer_pods
from k8snetlint.finding import Fix, Problem, Severity
from k8snetlint.model.networkpolicy import NetworkPolicy
from k8snetlint.rules import rule
from k8snetlint.rules.absence import text_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.model.cluster import Cluster
    from k8snetlint.model.networkpolicy import Peer
    from k8snetlint.model.selectors import LabelSelector
    from k8snetlint.model.workload import Workload


@rule(
    on=NetworkPolicy,
    severity=Severity.WARNING,
    supersedes=("netpol-peer-selects-nothing", "netpol-cross-namespace-pod-selector"),
    requires_all_scopes=True,
    security=7.0,  # all pods of the namespaces are allowed, not only some
)
def check(policy: NetworkPolicy, cluster: Cluster) -> Iterator[Problem]:
    """Report a podSelector whose pods are in the namespaces of the peer before or after it."""
    if len(policy.peers) < 2:
        return
    for each in policy.rules():
        peers = each.peers or ()
        for index, peer in enumerate(peers):
            selector = _alone(peer)
            if selector is None:
                continue
            answer = peer_pods(cluster, policy, peer)
            if not isinstance(answer, NoMatch):
                continue
            for other in (*peers[max(0, index - 1) : index], *peers[index + 1 : index + 2]):
                workload = _workload_in(policy, selector, other, cluster)
                if workload:
                    yield _problem(peer, other, workload, cluster)
                    break


def _alone(peer: Peer) -> LabelSelector | None:
    """Return the podSelector of a peer that has nothing else."""
    if peer.namespace_selector is not None or peer.pod_selector is None or peer.pod_selector.is_empty:
        return None
    return peer.pod_selector


def _workload_in(policy: NetworkPolicy, selector: LabelSelector, other: Peer, cluster: Cluster) -> Workload | None:
    """Return a workload whose pods a podSelector matches in the namespaces of another peer."""
    if other.pod_selector is not None or other.namespace_selector is None or other.namespace_selector.is_empty:
        return None
    in_namespaces = namespaces(cluster, other.namespace_selector, policy)
    if not isinstance(in_namespaces, Match):
        return None
    index = cluster.index
    found = index.pods(index.pod_labels.matching(selector) & in_namespaces.found.workloads & index.seen)
    return found.first if found else None


def _problem(peer: Peer, other: Peer, workload: Workload, cluster: Cluster) -> Problem:
    labels = text_of(peer.pod_selector) if peer.pod_selector else ""
    message = f"podSelector {labels} is a separate peer, but matches only pods in the namespaces of the peer next to it"
    pod_labels = workload.at(*workload.template, "metadata", "labels", key=True)
    related = (
        (other.at("namespaceSelector", key=True), "all pods of these namespaces are allowed"),
        (pod_labels, f"{workload.kind} {workload.name} is in namespace {cluster.namespace_of(workload)}"),
    )
    first = peer if int(peer.place.path[-1]) < int(other.place.path[-1]) else other
    fix = Fix("merge the two peers, so that both selectors must match", (join(first.place),), safe=False)
    return Problem(message, peer.at("podSelector", key=True), related=related, fix=fix)
