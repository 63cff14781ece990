"""A kustomization adds its labels to the peers of a policy, which then no longer match their pods.

`commonLabels`, and `labels` with `includeSelectors: true`, are also added to selectors: to those of Deployments and
Services, and to every `podSelector.matchLabels` of a NetworkPolicy, peers included. A peer for the pods of another
application then requires a label that these pods do not have, and the traffic that it allowed is denied. To add labels
to pods without changing selectors, use `labels` with `includeTemplates: true`.

The finding names the kustomization that adds the label, not an overlay that includes it.

It is reported if the manifests contain the pods that the peer was written for. Without these pods it is reported if the
peer selects other namespaces than the one that contains all pods with the added label. That is a warning if the peer
selects the namespace by `kubernetes.io/metadata.name`, or selects the pods of the cluster's DNS in all namespaces; if
it uses other labels of namespaces, it is an info.

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
# given: deployment shop/client
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
      podSelector:  # finding: kustomization . adds team=web to this peer, but not to the pods in namespace ingress-nginx
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
# given: deployment shop/client
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
# given: deployment client
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
```
"""  # noqa: E501 - the message is one line

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.evidence.peers import homes, looks_away, matching, named_namespaces, namespaces_of
from k8snetlint.finding import Problem, Severity
from k8snetlint.model.aspects import POD_LABELS, SELECTORS
from k8snetlint.model.networkpolicy import NetworkPolicy
from k8snetlint.rules import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.model.cluster import Cluster
    from k8snetlint.model.networkpolicy import Peer
    from k8snetlint.model.selectors import LabelSelector
    from k8snetlint.model.workload import Workload
    from k8snetlint.source.document import Place


@rule(
    on=NetworkPolicy,
    severity=Severity.WARNING,
    supersedes=("netpol-peer-selects-nothing",),
    requires_all_scopes=True,
    relies_on=(SELECTORS,),
)
def check(policy: NetworkPolicy, cluster: Cluster) -> Iterator[Problem]:
    """Report peers that match pods as written, but match no pods as applied."""
    if not isinstance(policy.origin, NetworkPolicy):
        return
    own = cluster.known_namespace_of(policy)
    for rule_, written in zip(policy.rules(), policy.origin.rules(), strict=True):
        for peer, before in zip(rule_.peers or (), written.peers or (), strict=True):
            if own and peer.pod_selector and before.pod_selector:
                yield from _problems(peer, before.pod_selector, own, cluster)


def _problems(peer: Peer, before: LabelSelector, own: str, cluster: Cluster) -> Iterator[Problem]:
    """Yield the problem of a peer that no longer matches its pods; the policy is in namespace `own`."""
    after = peer.pod_selector
    added = _added(before, after) if after else {}
    named = named_namespaces(peer, before)
    namespaces = namespaces_of(peer, named, own, cluster)
    if after is None or not added or _is_external(added, namespaces, cluster):
        return
    if any(namespace in (None, *namespaces) for _, namespace in matching(after, cluster)):
        return
    lost = next((each for each, namespace in matching(before, cluster) if namespace in namespaces), None)
    if lost:
        yield from _no_longer(peer, added, lost, cluster)
    elif own not in namespaces and looks_away(peer, named, own, cluster) and homes(added, cluster) <= {own}:
        missing = {key: value for key, value in added.items() if homes({key: value}, cluster) <= {own}} or added
        says, places = _blame(peer, missing, cluster)
        where = f"namespace {', '.join(named)}" if named else "these namespaces"
        severity = None if named else Severity.INFO
        at = peer.at("podSelector", key=True)
        yield Problem(f"{says} to this peer, but not to the pods in {where}", at, severity=severity, related=places)


def _no_longer(peer: Peer, added: dict[str, str], lost: Workload, cluster: Cluster) -> Iterator[Problem]:
    """Yield that a peer no longer matches pods that it was written for."""
    if not lost.knows(POD_LABELS):
        return
    # The pods may have a label that another kustomization adds.
    missing = {key: value for key, value in added.items() if lost.pod_labels.get(key) != value}
    says, places = _blame(peer, missing, cluster)
    who = f"{lost.kind} {lost.name}"
    pods = lost.at(*lost.template, "metadata", "labels"), f"{who} does not have {_listed(missing)}"
    at = peer.at("podSelector", key=True)
    yield Problem(f"{says} to this peer, so it no longer matches {who}", at, related=(pods, *places))


def _blame(peer: Peer, labels: dict[str, str], cluster: Cluster) -> tuple[str, tuple[tuple[Place, str], ...]]:
    """Return which kustomizations add labels to a peer, and where they are written."""
    by_folder: dict[str, dict[str, str]] = {}
    places: list[tuple[Place, str]] = []
    for each in cluster.added_labels(peer.place.source.name, labels) if cluster.added_labels else ():
        by_folder.setdefault(each.folder, {})[each.key] = each.value
        if each.place:
            places.append((each.place, f"{each.key}={each.value} is added here"))
    by_folder = by_folder or {cluster.name: labels}
    says = " and ".join(f"kustomization {folder} adds {_listed(pairs)}" for folder, pairs in by_folder.items())
    return says, tuple(places)


def _listed(labels: dict[str, str]) -> str:
    return ", ".join(f"{key}={value}" for key, value in labels.items())


def _added(before: LabelSelector, after: LabelSelector) -> dict[str, str]:
    written = before.match_labels or {}
    return {key: value for key, value in (after.match_labels or {}).items() if written.get(key) != value}


def _is_external(added: dict[str, str], namespaces: set[str], cluster: Cluster) -> bool:
    external = cluster.environment.external
    labels = {f"{key}={value}" for key, value in added.items()}
    return not (labels.isdisjoint(external.labels) and namespaces.isdisjoint(external.namespaces))
