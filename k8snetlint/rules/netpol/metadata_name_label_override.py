"""A Namespace sets the label `kubernetes.io/metadata.name` to a value other than its name.

The API server sets this label to the namespace's name and overwrites the value in the manifest. A policy that selects
the namespace by the value in the manifest selects nothing.

Source: https://kubernetes.io/docs/reference/labels-annotations-taints/#kubernetes-io-metadata-name

```yaml bad
apiVersion: v1
kind: Namespace
metadata:
  name: shop
  labels:
    kubernetes.io/metadata.name: store  # finding: the API server overwrites kubernetes.io/metadata.name store with shop
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
    fix = None if renamed else Fix(f"set the label to {name}", (set_to(at, name),), safe=True)
    yield Problem(f"the API server overwrites {LABEL} {label} with {name}", at, fix=fix)
