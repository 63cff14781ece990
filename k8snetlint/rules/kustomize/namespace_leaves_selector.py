"""A kustomization moves objects to another namespace, but a selector still names the old one.

`namespace:` writes the namespace of all objects, and the name of the Namespace object; it does not look into
selectors. A `namespaceSelector` on `kubernetes.io/metadata.name` goes on naming the namespace that the objects were
written for, where none of them runs any more, and the traffic that it allowed is dropped.

Source: https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/namespace/

```yaml bad
# file: kustomization.yaml
apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
namespace: shop-prod
resources:
- policy.yaml
# file: policy.yaml
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: web
  namespace: shop
spec:
  podSelector: {}
  policyTypes: [Ingress]
  ingress:
  - from:
    - namespaceSelector:
        matchLabels:
          kubernetes.io/metadata.name: shop  # finding: the kustomization moves namespace shop to shop-prod
```

```yaml fixed
# file: kustomization.yaml
apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
namespace: shop-prod
resources:
- policy.yaml
# file: policy.yaml
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: web
  namespace: shop
spec:
  podSelector: {}
  policyTypes: [Ingress]
  ingress:
  - from:
    - podSelector: {}
```

```yaml good
# file: kustomization.yaml
apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
namespace: shop-prod
resources:
- policy.yaml
# file: policy.yaml
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: web
  namespace: shop
spec:
  podSelector: {}
  policyTypes: [Ingress]
  ingress:
  - from:
    - namespaceSelector:
        matchLabels:
          kubernetes.io/metadata.name: monitoring
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.edit.change import delete, set_to
from k8snetlint.evidence.namespaces import renamed_namespaces
from k8snetlint.finding import Fix, Problem, Severity
from k8snetlint.model.aspects import SELECTORS
from k8snetlint.model.namespace import NAME_LABEL
from k8snetlint.model.networkpolicy import NetworkPolicy
from k8snetlint.rules import rule
from k8snetlint.source.paths import MapKey

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.model.cluster import Cluster
    from k8snetlint.model.networkpolicy import Peer


@rule(
    on=NetworkPolicy,
    severity=Severity.WARNING,
    supersedes=("netpol-peer-selects-nothing",),
    requires_all_scopes=True,
    relies_on=(SELECTORS,),
)
def check(policy: NetworkPolicy, cluster: Cluster) -> Iterator[Problem]:
    """Report selectors by the name of a namespace out of which a kustomization has moved all objects."""
    if policy.origin is None:
        return
    moved = renamed_namespaces(cluster)
    for rule_ in policy.rules():
        for peer in rule_.peers or ():
            selector = peer.namespace_selector
            old = (selector.match_labels or {}).get(NAME_LABEL) if selector else None
            if old is None or old not in moved:
                continue
            new = moved[old]
            yield Problem(
                f"the kustomization moves namespace {old} to {new}",
                peer.at("namespaceSelector", "matchLabels", NAME_LABEL),
                near=new,
                fix=_fix(policy, peer, new),
            )


def _fix(policy: NetworkPolicy, peer: Peer, new: str) -> Fix:
    """Return the fix that lets a peer follow: the policy's own namespace need not be named."""
    at, selector = peer.at("namespaceSelector"), peer.namespace_selector
    if policy.namespace != new or (selector and len(tuple(selector.keys())) > 1):
        change = set_to(at.to("matchLabels", MapKey(NAME_LABEL)), new)
        return Fix(f"let namespaceSelector say {NAME_LABEL}: {new}", (change,), safe=False)
    changes = (delete(at),) if peer.pod_selector else (set_to(peer.place, {"podSelector": {}}),)
    return Fix("select pods of the policy's own namespace, whatever it is called", changes, safe=False)
