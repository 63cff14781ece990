"""A Service selects by a label that changes with every release.

Labels such as `helm.sh/chart`, `app.kubernetes.io/version` and `pod-template-hash` change with every release or every
pod template. If a Service selects by one of these, it loses the pods that still run when the Service is updated, and
has no endpoints until the first new pod is ready: an outage at each release.

Source: https://helm.sh/docs/chart_best_practices/labels/

```yaml bad
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  selector:
    app.kubernetes.io/name: web
    app.kubernetes.io/version: 1.4.2  # finding: the label app.kubernetes.io/version changes with every release
  ports:
  - port: 80
```

```yaml fixed
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  selector:
    app.kubernetes.io/name: web
  ports:
  - port: 80
```

```yaml good
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  selector:
    app.kubernetes.io/name: web
    app.kubernetes.io/instance: web
    version: v1
  ports:
  - port: 80
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.edit.change import delete
from k8snetlint.finding import Fix, Problem, Severity
from k8snetlint.model.aspects import SELECTORS
from k8snetlint.model.service import Service
from k8snetlint.model.tables.controllers import VOLATILE_LABELS, is_volatile
from k8snetlint.rules import rule
from k8snetlint.source.paths import MapKey

if TYPE_CHECKING:
    from collections.abc import Iterator


@rule(on=Service, severity=Severity.WARNING, relies_on=(SELECTORS,))
def check(service: Service) -> Iterator[Problem]:
    """Report each volatile key of the selector."""
    if not service.selector or VOLATILE_LABELS.isdisjoint(service.selector) or service.type == "ExternalName":
        return
    others = not VOLATILE_LABELS.issuperset(service.selector)
    for key, value in service.selector.items():
        if is_volatile(key, (value,)):
            at = service.at("spec", "selector", MapKey(key))
            fix = Fix(f"remove {key} from the selector", (delete(at),), safe=False) if others else None
            yield Problem(f"the label {key} changes with every release", at, fix=fix)
