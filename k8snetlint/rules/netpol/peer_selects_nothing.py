"""A peer selects no pod, or no namespace.

A peer of `from` or `to` that matches nothing allows nothing: the traffic that the rule is for is denied. Usually a
label has a typo, or the namespace does not have the label that the peer uses.

It is reported only if the manifests contain the pods of the namespace, or the labels of the namespaces; pods that an
operator or a chart may create are not known. It is a warning if a label nearly matches, or if the manifests are the
whole cluster (`--whole-cluster`). It is also a warning if at least 90 % of the values that policies use for a namespace
label match a Namespace, and this value does not; the finding gives the numbers. Otherwise it is an info.

Source: https://kubernetes.io/docs/concepts/services-networking/network-policies/#behavior-of-to-and-from-selectors

```yaml bad
# given: deployment prod/web
# given: deployment prod/api
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: web
  namespace: prod
spec:
  podSelector: {}
  ingress:
  - from:
    - podSelector:
        matchLabels:
          app: wbe  # finding: podSelector app=wbe matches no pod in namespace prod
```

```yaml bad
# given: namespace web team=storefront
# given: namespace prod team=prod
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
          team: storefornt  # finding: namespaceSelector team=storefornt matches no namespace
```

```yaml fixed
# given: namespace web team=storefront
# given: namespace prod team=prod
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
          team: storefront
```

Not reported, because a namespace that is not in the manifests may have the label:

```yaml good
# given: namespace prod team=prod
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
          team: monitoring
```

Not reported, because a chart may create the pods:

```yaml good
# given: deployment prod/web
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata:
  name: redis
  namespace: prod
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: web
  namespace: prod
spec:
  podSelector: {}
  ingress:
  - from:
    - podSelector:
        matchLabels:
          app: redis
```

With `--whole-cluster`, the manifests are the whole cluster:

```yaml bad whole-cluster
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
    - podSelector:  # finding: podSelector app=redis matches no pod in namespace prod
        matchLabels:
          app: redis
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.evidence.answers import CannotKnow, Match, NoMatch
from k8snetlint.evidence.namespaces import namespaces
from k8snetlint.evidence.pods import peer_pods
from k8snetlint.finding import OpenQuestion, Severity
from k8snetlint.model.networkpolicy import NetworkPolicy
from k8snetlint.rules import rule
from k8snetlint.rules.absence import in_namespace, nothing, place_in, share_of, text_of
from k8snetlint.rules.relabel import relabelled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.finding import Problem
    from k8snetlint.model.cluster import Cluster
    from k8snetlint.model.networkpolicy import Peer


@rule(on=NetworkPolicy, severity=Severity.WARNING, requires_all_scopes=True)
def check(policy: NetworkPolicy, cluster: Cluster) -> Iterator[Problem | OpenQuestion]:
    """Report the selectors of peers that match nothing."""
    for peer in policy.peers:
        yield from _problems(policy, peer, cluster)


def _problems(policy: NetworkPolicy, peer: Peer, cluster: Cluster) -> Iterator[Problem | OpenQuestion]:
    where = ""
    selector = peer.namespace_selector
    if selector is not None:
        in_namespaces = namespaces(cluster, selector, policy)
        if isinstance(in_namespaces, NoMatch) and not selector.is_empty:
            at = peer.at("namespaceSelector")
            message = f"namespaceSelector {text_of(selector)} matches no namespace{share_of(in_namespaces.counted)}"
            fix = relabelled(policy, at, in_namespaces.near, cluster)
            yield nothing(
                message, place_in(selector, at, in_namespaces), in_namespaces, cluster, of="Namespaces", fix=fix
            )
        if isinstance(in_namespaces, CannotKnow):
            yield OpenQuestion(peer.at("namespaceSelector"), in_namespaces.why)
        if not isinstance(in_namespaces, Match):
            return
        names = in_namespaces.found.names
        where = f" in namespace {', '.join(names)}" if len(names) <= 3 else f" in {len(names)} namespaces"
    selector = peer.pod_selector
    if selector is None or selector.is_empty:
        return
    answer = peer_pods(cluster, policy, peer)
    if isinstance(answer, CannotKnow):
        yield OpenQuestion(peer.at("podSelector"), answer.why)
    elif isinstance(answer, NoMatch):
        at, where = peer.at("podSelector"), where or in_namespace(policy, cluster)
        message = f"podSelector {text_of(selector)} matches no pod{where}"
        fix = relabelled(policy, at, answer.near, cluster)
        yield nothing(message, place_in(selector, at, answer), answer, cluster, fix=fix)
