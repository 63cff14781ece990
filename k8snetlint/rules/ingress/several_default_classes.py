"""Several IngressClasses are the default.

An Ingress without a class gets the IngressClass with the annotation `ingressclass.kubernetes.io/is-default-class` when it
is created. If several have it, the API server takes the one that was created last, and if all were created in the same
second, the first one by name. So which controller serves the Ingress depends on the order in which the IngressClasses
were applied, and changes when one of them is created anew.

It is reported if all of them are evidently for one cluster: they are in one file or one kustomization, or with
`--whole-cluster`.

Source: https://kubernetes.io/docs/concepts/services-networking/ingress/#default-ingress-class

```yaml bad
apiVersion: networking.k8s.io/v1
kind: IngressClass
metadata:
  name: external
  annotations:
    ingressclass.kubernetes.io/is-default-class: "true"
spec:
  controller: traefik.io/ingress-controller
---
apiVersion: networking.k8s.io/v1
kind: IngressClass
metadata:
  name: internal
  annotations:
    ingressclass.kubernetes.io/is-default-class: "true"  # finding: IngressClass external is the default, too: an Ingress without a class gets the one that was created last
spec:
  controller: haproxy.org/ingress-controller
```

```yaml good
apiVersion: networking.k8s.io/v1
kind: IngressClass
metadata:
  name: external
  annotations:
    ingressclass.kubernetes.io/is-default-class: "true"
spec:
  controller: traefik.io/ingress-controller
---
apiVersion: networking.k8s.io/v1
kind: IngressClass
metadata:
  name: internal
  annotations:
    ingressclass.kubernetes.io/is-default-class: "false"
spec:
  controller: haproxy.org/ingress-controller
```
"""  # noqa: E501 - the message is one line

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.finding import Problem, Severity
from k8snetlint.model.aspects import EVERYTHING, NAME
from k8snetlint.model.cluster import Cluster
from k8snetlint.model.ingress import DEFAULT_CLASS, IngressClass
from k8snetlint.rules import rule
from k8snetlint.source.paths import MapKey

if TYPE_CHECKING:
    from collections.abc import Iterator


@rule(on=Cluster, severity=Severity.WARNING)
def check(cluster: Cluster) -> Iterator[Problem]:
    """Report every default class but the first one."""
    together = cluster.applied_together or cluster.environment.whole_cluster
    firsts: dict[str, IngressClass] = {}
    for each in cluster.of(IngressClass):
        if not each.is_default or not each.knows(NAME, EVERYTHING):
            continue
        first = firsts.setdefault("" if together else each.source.name, each)
        # With the same name they are one object defined twice, which another rule reports.
        if first.name == each.name or each.is_patched_at("metadata", "annotations"):
            continue
        message = f"IngressClass {first.name} is the default, too: an Ingress without a class gets the one that was "
        yield Problem(
            f"{message}created last",
            each.at("metadata", "annotations", MapKey(DEFAULT_CLASS)),
            related=((first.at("metadata", "annotations", MapKey(DEFAULT_CLASS)), "a default class, too"),),
        )
