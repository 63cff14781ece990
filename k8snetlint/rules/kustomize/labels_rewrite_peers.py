"""A kustomization puts its labels into the peers of a policy, which then match no pods of others.

`commonLabels`, and `labels` with `includeSelectors: true`, are put into selectors, too: into those of Deployments and
Services, and into every `podSelector.matchLabels` of a NetworkPolicy, peers included. A peer that names pods of another
application then asks for a label that these pods do not carry, and the traffic that it allowed is dropped.

Put labels on pods without the selectors: `labels` with `includeTemplates: true`.

It is reported where the pods that the peer was written for are among the manifests.

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
      containers:
      - name: client
        image: registry.example/client:1
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
      containers:
      - name: client
        image: registry.example/client:1
```

```yaml good
# file: kustomization.yaml
apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
commonLabels:
  team: web
resources:
- policy.yaml
- deployment.yaml
# file: policy.yaml
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
# file: deployment.yaml
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
      containers:
      - name: client
        image: registry.example/client:1
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.finding import Problem, Severity
from k8snetlint.model.networkpolicy import NetworkPolicy
from k8snetlint.rules import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.model.cluster import Cluster
    from k8snetlint.model.networkpolicy import Peer
    from k8snetlint.model.selectors import LabelSelector
    from k8snetlint.model.workload import Workload


@rule(on=NetworkPolicy, severity=Severity.WARNING, instead_of=("netpol-peer-selects-nothing",), from_absence=True)
def check(policy: NetworkPolicy, cluster: Cluster) -> Iterator[Problem]:
    """Report peers that match pods of other scopes as they are written, and no pods as they are applied."""
    if not isinstance(policy.origin, NetworkPolicy) or policy.patched:
        return
    for rule_, written in zip(policy.rules(), policy.origin.rules(), strict=True):
        for peer, before in zip(rule_.peers or (), written.peers or (), strict=True):
            if peer.pod_selector is None or before.pod_selector is None or peer.namespace_selector is not None:
                continue
            added = _added(before.pod_selector, peer.pod_selector)
            lost = _lost(policy, peer, before.pod_selector, cluster) if added else None
            if lost is None:
                continue
            labels = ", ".join(f"{key}={value}" for key, value in added.items())
            who = f"{lost.kind} {lost.name}"
            yield Problem(
                f"kustomization {cluster.name} adds {labels} to this peer, so it no longer matches {who}",
                peer.at("podSelector", key=True),
                related=((lost.at(*lost.template, "metadata", "labels"), f"{who} does not carry {labels}"),),
            )


def _added(before: LabelSelector, after: LabelSelector) -> dict[str, str]:
    written = before.match_labels or {}
    return {key: value for key, value in (after.match_labels or {}).items() if written.get(key) != value}


def _lost(policy: NetworkPolicy, peer: Peer, before: LabelSelector, cluster: Cluster) -> Workload | None:
    """Return a workload that a peer matches as written, None if it matches any as applied, or none at all."""
    after, index = peer.pod_selector, cluster.index
    namespace = cluster.known_namespace_of(policy)
    if after is None or index.pod_labels.matching(after) & index.space_of(policy).workloads & index.seen:
        return None
    if any(each.namespace == namespace for each in index.elsewhere.workloads(after)):
        return None
    there = (each for each in index.elsewhere.workloads(before) if each.namespace == namespace)
    return next((each for each in there if not each.patched), None)
