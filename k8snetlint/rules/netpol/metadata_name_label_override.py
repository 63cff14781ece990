"""A Namespace sets the label `kubernetes.io/metadata.name` to something else than its name.

The API server writes this label itself, with the namespace's name, and overwrites whatever the manifest says. A policy
that selects the namespace by the value written here selects nothing.

Source: https://kubernetes.io/docs/reference/labels-annotations-taints/#kubernetes-io-metadata-name

```yaml bad
apiVersion: v1
kind: Namespace
metadata:
  name: shop
  labels:
    kubernetes.io/metadata.name: store  # finding: kubernetes.io/metadata.name store is overwritten with shop
```

```yaml fixed
apiVersion: v1
kind: Namespace
metadata:
  name: shop
  labels:
    kubernetes.io/metadata.name: shop
```

```yaml good
apiVersion: v1
kind: Namespace
metadata:
  name: shop
  labels:
    team: shop
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.edit.change import set_to
from k8snetlint.finding import Fix, Problem, Severity
from k8snetlint.model.aspects import NAME
from k8snetlint.model.namespace import Namespace
from k8snetlint.rules import rule
from k8snetlint.source.paths import MapKey

if TYPE_CHECKING:
    from collections.abc import Iterator


LABEL = "kubernetes.io/metadata.name"


@rule(on=Namespace, severity=Severity.WARNING, relies_on=(NAME,))
def check(namespace: Namespace) -> Iterator[Problem]:
    """Report the label where it differs from the name."""
    label, name = namespace.labels.get(LABEL), namespace.name
    if label is None or name is None or label == name:
        return
    at = namespace.at("metadata", "labels", MapKey(LABEL))
    renamed = namespace.origin is not None and namespace.origin.name != name
    fix = None if renamed else Fix(f"let the label say {name}", (set_to(at, name),), safe=True)
    yield Problem(f"{LABEL} {label} is overwritten with {name}", at, fix=fix)
