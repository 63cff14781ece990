"""A kustomization puts its labels into the peers of a policy, which then match no pods of others.

`commonLabels`, and `labels` with `includeSelectors: true`, are put into selectors, too: into those of Deployments and
Services, and into every `podSelector.matchLabels` of a NetworkPolicy, peers included. A peer that names pods of another
application then asks for a label that these pods do not carry, and the traffic that it allowed is dropped.
Put labels on pods without the selectors: `labels` with `includeTemplates: true`.

It is reported where the pods that the peer was written for are among the manifests; and, without seeing them, where the
peer looks into other namespaces than the one that all labelled pods are in. That is certain where the peer names the
namespace by `kubernetes.io/metadata.name`, or looks in all namespaces for the pods of the cluster's DNS; where it asks
for other labels, it is an info.

Source: https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/commonlabels/

```yaml bad
# file: web/kustomization.yaml
apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
namespace: shop
commonLabels:
  team: web
resources:
- policy.yaml
# file: web/policy.yaml
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: web
spec:
  podSelector:
    matchLabels:
      app: web
  policyTypes: [Ingress]
  ingress:
  - from:
    - podSelector:  # finding: kustomization web adds team=web to this peer, so it no longer matches Deployment client
        matchLabels:
          app: client
# file: client/deployment.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: client
  namespace: shop
spec:
  selector:
    matchLabels:
      app: client
  template:
    metadata:
      labels:
        app: client
    spec:
      containers: [{name: client, image: 'registry.example/client:1'}]
```

```yaml bad
# file: kustomization.yaml
apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
namespace: shop
labels:
- pairs:
    team: web
  includeSelectors: true
resources:
- policy.yaml
# file: policy.yaml
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: web
spec:
  podSelector: {}
  policyTypes: [Ingress]
  ingress:
  - from:
    - namespaceSelector:
        matchLabels:
          kubernetes.io/metadata.name: ingress-nginx
      podSelector:  # finding: kustomization . adds team=web to this peer, but to no pod in namespace ingress-nginx
        matchLabels:
          app.kubernetes.io/name: ingress-nginx
```

```yaml fixed
# file: web/kustomization.yaml
apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
namespace: shop
labels:
- pairs:
    team: web
  includeTemplates: true
resources:
- policy.yaml
# file: web/policy.yaml
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: web
spec:
  podSelector:
    matchLabels:
      app: web
  policyTypes: [Ingress]
  ingress:
  - from:
    - podSelector:
        matchLabels:
          app: client
# file: client/deployment.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: client
  namespace: shop
spec:
  selector:
    matchLabels:
      app: client
  template:
    metadata:
      labels:
        app: client
    spec:
      containers: [{name: client, image: 'registry.example/client:1'}]
```

```yaml good
# file: kustomization.yaml
apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
commonLabels:
  team: web
resources:
- app.yaml
# file: app.yaml
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: web
spec:
  podSelector:
    matchLabels:
      app: client
  policyTypes: [Ingress]
  ingress:
  - from:
    - podSelector:
        matchLabels:
          app: client
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: client
spec:
  selector:
    matchLabels:
      app: client
  template:
    metadata:
      labels:
        app: client
    spec:
      containers: [{name: client, image: 'registry.example/client:1'}]
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.finding import Problem, Severity
from k8snetlint.model.aspects import POD_LABELS, SELECTORS
from k8snetlint.model.bitsets import positions
from k8snetlint.model.cluster import NAME_LABEL
from k8snetlint.model.networkpolicy import NetworkPolicy
from k8snetlint.model.selectors import LabelSelector
from k8snetlint.model.tables.controllers import DNS_NAMESPACE, DNS_PODS
from k8snetlint.rules import rule
from k8snetlint.source.templates import is_placeholder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.model.cluster import Cluster
    from k8snetlint.model.networkpolicy import Peer
    from k8snetlint.model.workload import Workload


@rule(
    on=NetworkPolicy, severity=Severity.WARNING, supersedes=("netpol-peer-selects-nothing",), requires_all_scopes=True
)
def check(policy: NetworkPolicy, cluster: Cluster) -> Iterator[Problem]:
    """Report peers that match pods as they are written, and no pods as they are applied."""
    if not isinstance(policy.origin, NetworkPolicy) or SELECTORS in policy.patched:
        return
    own = cluster.known_namespace_of(policy)
    for rule_, written in zip(policy.rules(), policy.origin.rules(), strict=True):
        for peer, before in zip(rule_.peers or (), written.peers or (), strict=True):
            if own and peer.pod_selector and before.pod_selector:
                yield from _problems(peer, before.pod_selector, own, cluster)


def _problems(peer: Peer, before: LabelSelector, own: str, cluster: Cluster) -> Iterator[Problem]:
    """Yield what a peer of a policy in the namespace `own` has lost."""
    after = peer.pod_selector
    added = _added(before, after) if after else {}
    named = _named(peer, before)
    namespaces = _namespaces(peer, named, own, cluster)
    if after is None or not added or _is_external(added, namespaces, cluster):
        return
    if any(namespace in (None, *namespaces) for _, namespace in _matching(after, cluster)):
        return
    labels = ", ".join(f"{key}={value}" for key, value in added.items())
    says = f"kustomization {cluster.name} adds {labels} to this peer"
    lost = next((each for each, namespace in _matching(before, cluster) if namespace in namespaces), None)
    if lost and POD_LABELS not in lost.patched:
        who = f"{lost.kind} {lost.name}"
        yield Problem(
            f"{says}, so it no longer matches {who}",
            peer.at("podSelector", key=True),
            related=((lost.at(*lost.template, "metadata", "labels"), f"{who} does not carry {labels}"),),
        )
    elif (
        not lost
        and own not in namespaces
        and _looks_away(peer, named, own, cluster)
        and _homes(added, cluster) <= {own}
    ):
        yield Problem(
            f"{says}, but to no pod in {'namespace ' + ', '.join(named) if named else 'these namespaces'}",
            peer.at("podSelector", key=True),
            severity=None if named else Severity.INFO,
        )


def _added(before: LabelSelector, after: LabelSelector) -> dict[str, str]:
    written = before.match_labels or {}
    return {key: value for key, value in (after.match_labels or {}).items() if written.get(key) != value}


def _is_external(added: dict[str, str], namespaces: set[str], cluster: Cluster) -> bool:
    external = cluster.environment.external
    labels = {f"{key}={value}" for key, value in added.items()}
    return not (labels.isdisjoint(external.labels) and namespaces.isdisjoint(external.namespaces))


def _matching(selector: LabelSelector, cluster: Cluster) -> Iterator[tuple[Workload, str | None]]:
    """Yield the workloads of the run whose pods a selector matches, with their namespaces, None where open."""
    index = cluster.index
    for each in index.workloads.of(index.pod_labels.matching(selector)):
        yield each, cluster.known_namespace_of(each)
    yield from ((each, each.namespace) for each in index.elsewhere.workloads(selector))


def _homes(labels: dict[str, str], cluster: Cluster) -> set[str | None]:
    """Return the namespaces of all pods that carry labels."""
    answers, key = cluster.index.answers, ("homes", *labels.items())
    found: set[str | None] | None = answers.get(key)
    if found is None:
        found = answers[key] = {each for _, each in _matching(LabelSelector({"matchLabels": labels}), cluster)}
    return found


def _namespaces(peer: Peer, named: tuple[str, ...], own: str, cluster: Cluster) -> set[str]:
    """Return the namespaces that a peer is known to look into."""
    selector = peer.namespace_selector
    if selector is None:
        return {own}
    if named and {*selector.keys()} <= {NAME_LABEL}:
        return {*named}
    index = cluster.index
    known = index.known_namespaces
    here = (known.names[position] for position in positions(known.labels.matching(selector)))
    return {*named, *here, *(each.name or "" for each in index.elsewhere.namespaces(selector))}


def _named(peer: Peer, before: LabelSelector) -> tuple[str, ...]:
    """Return the names of the namespaces that a peer asks for by name, or by the pods of the cluster's DNS."""
    selector = peer.namespace_selector
    if selector is None:
        return ()
    if selector.is_empty:
        return () if (before.match_labels or {}).items().isdisjoint(DNS_PODS) else (DNS_NAMESPACE,)
    name = (selector.match_labels or {}).get(NAME_LABEL)
    wanted = (each for each in selector.match_expressions or () if (each.key, each.operator) == (NAME_LABEL, "In"))
    return (name,) if name else next((each.values for each in wanted), ())


def _looks_away(peer: Peer, named: tuple[str, ...], own: str, cluster: Cluster) -> bool:
    """Tell whether a peer looks into other namespaces than this one, and all that may be there is known."""
    selector = peer.namespace_selector
    if selector is None or cluster.doubts or is_placeholder(own):
        return False
    # Of other expressions nobody knows that they do not mean this namespace.
    asks = named or (selector.match_labels and not selector.match_expressions)
    return bool(asks) and not any(map(is_placeholder, (*named, *(selector.match_labels or {}).values())))
