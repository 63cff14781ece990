"""A kustomization moves objects to another namespace, but a selector still names the old one.

`namespace:` sets the namespace of all objects, and the name of the Namespace object; it does not change selectors. A
`namespaceSelector` with `kubernetes.io/metadata.name` still names the old namespace, which no longer contains any of
the objects, and the traffic that it allowed is denied.

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
          kubernetes.io/metadata.name: shop  # finding: the kustomization moves all objects from namespace shop to shop-prod, so this selector no longer matches them
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
"""  # noqa: E501 - the message is one line

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
    """Report selectors with the name of a namespace whose objects a kustomization moves to another one."""
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
                f"the kustomization moves all objects from namespace {old} to {new}, "
                "so this selector no longer matches them",
                peer.at("namespaceSelector", "matchLabels", NAME_LABEL),
                near=new,
                fix=_fix(policy, peer, new),
            )


def _fix(policy: NetworkPolicy, peer: Peer, new: str) -> Fix:
    """Return the fix that selects the new namespace; the policy's own namespace needs no name."""
    at, selector = peer.at("namespaceSelector"), peer.namespace_selector
    if policy.namespace != new or (selector and len(tuple(selector.keys())) > 1):
        change = set_to(at.to("matchLabels", MapKey(NAME_LABEL)), new)
        return Fix(f"write {NAME_LABEL}: {new} in namespaceSelector", (change,), safe=False)
    changes = (delete(at),) if peer.pod_selector else (set_to(peer.place, {"podSelector": {}}),)
    return Fix("select pods of the policy's own namespace instead of naming it", changes, safe=False)
