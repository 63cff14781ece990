"""A Namespace has an isolation annotation that Kubernetes has ignored since 1.7.

Before NetworkPolicy was stable, the annotation `net.beta.kubernetes.io/network-policy` isolated the pods of a namespace.
Kubernetes has ignored it since 1.7, so the namespace is not isolated. Use a NetworkPolicy that selects every pod
instead.

Source: https://kubernetes.io/docs/concepts/services-networking/network-policies/#default-deny-all-ingress-traffic

```yaml bad
apiVersion: v1
kind: Namespace
metadata:
  name: shop
  annotations:
    net.beta.kubernetes.io/network-policy: |  # finding: Kubernetes has ignored this annotation since 1.7, so the namespace is not isolated
      {"ingress": {"isolation": "DefaultDeny"}}
```

```yaml fixed
apiVersion: v1
kind: Namespace
metadata:
  name: shop
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: default-deny-ingress
  namespace: shop
spec:
  podSelector: {}
  policyTypes: [Ingress]
```

```yaml good
apiVersion: v1
kind: Namespace
metadata:
  name: shop
  annotations:
    scheduler.alpha.kubernetes.io/node-selector: env=test
```
"""  # noqa: E501 - the message is one line

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.finding import Problem, Severity
from k8snetlint.model.namespace import Namespace
from k8snetlint.rules import rule
from k8snetlint.source.paths import MapKey

if TYPE_CHECKING:
    from collections.abc import Iterator


ANNOTATION = "net.beta.kubernetes.io/network-policy"


@rule(
    on=Namespace,
    severity=Severity.WARNING,
    security=7.0,  # the namespace is not isolated
)
def check(namespace: Namespace) -> Iterator[Problem]:
    """Report the annotation."""
    if ANNOTATION in namespace.annotations:
        place = namespace.at("metadata", "annotations", MapKey(ANNOTATION), key=True)
        yield Problem("Kubernetes has ignored this annotation since 1.7, so the namespace is not isolated", place)
