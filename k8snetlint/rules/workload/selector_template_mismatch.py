"""A workload's selector does not match the labels of its own pods.

A Deployment, StatefulSet, DaemonSet or ReplicaSet finds its pods with `spec.selector`, and creates them with the labels
of `spec.template`. If these do not match, it would create pods endlessly, so the API server rejects the object. Usually
a label was renamed in only one of the two places. Check the Services and NetworkPolicies that use this label, too.

Source: https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#selector

```yaml bad
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  selector:
    matchLabels:
      app: web
  template:
    metadata:
      labels:  # finding: `selector` does not match template `labels`: the selector requires app=web, the pods have app=wbe
        app: wbe
    spec:
      containers:
      - name: web
        image: example.com/web:1.4
```

```yaml bad
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  selector:
    matchLabels:
      app: web
      env: x
  template:
    metadata:
      labels:  # finding: `selector` does not match template `labels`: the selector requires env=x, the pods have no label env
        app: web
    spec:
      containers:
      - name: web
        image: example.com/web:1.4
```

```yaml fixed
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  selector:
    matchLabels:
      app: web
      env: x
  template:
    metadata:
      labels:
        app: web
        env: x
    spec:
      containers:
      - name: web
        image: example.com/web:1.4
```

```yaml good
apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: db
spec:
  serviceName: db
  selector:
    matchLabels:
      app: db
    matchExpressions:
    - {key: tier, operator: In, values: [back, data]}
  template:
    metadata:
      labels:
        app: db
        tier: data
        version: "15"
    spec:
      containers:
      - name: db
        image: example.com/db:15
```
"""  # noqa: E501 - the message is one line

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.edit.change import set_to
from k8snetlint.finding import Fix, Problem, Severity
from k8snetlint.model.aspects import POD_LABELS, SELECTORS
from k8snetlint.model.workload import Workload
from k8snetlint.rules import rule
from k8snetlint.source.paths import MapKey

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.model.selectors import LabelSelector


@rule(on=Workload, severity=Severity.ERROR, supersedes=("api-invalid",), relies_on=(SELECTORS, POD_LABELS))
def check(workload: Workload) -> Iterator[Problem]:
    """Report a written selector that does not match the template's labels."""
    selector = workload.selector
    if workload.group != "apps" or selector is None or selector.is_empty or selector.matches(workload.pod_labels):
        return
    if not workload.pod_labels and not workload.containers:
        return  # the pod template is missing: that is the mistake, and the API server says so
    message = f"`selector` does not match template `labels`: {_difference(selector, workload.pod_labels)}"
    at = workload.at("spec", "template", "metadata", "labels", key=True)
    related = ((workload.at("spec", "selector", key=True), "the selector"),)
    yield Problem(message, at, related=related, fix=_fix(workload))


def _fix(workload: Workload) -> Fix | None:
    """Return the fix that adds the required labels to the pods: the selector is immutable after creation."""
    written = workload.origin or workload
    if not isinstance(written, Workload) or written.selector is None:
        return None
    selector, labels = written.selector, written.pod_labels
    missing = {key: value for key, value in (selector.match_labels or {}).items() if labels.get(key) != value}
    if not missing or not selector.matches({**labels, **missing}):
        return None
    at = workload.at("spec", "template", "metadata", "labels")
    changes = tuple(set_to(at.to(MapKey(key)), value) for key, value in missing.items())
    required = ", ".join(f"{key}: {value}" for key, value in missing.items())
    return Fix(f"set the pod labels {required}", changes if labels else (set_to(at, missing),), safe=False)


def _difference(selector: LabelSelector, labels: dict[str, str]) -> str:
    """Return the first requirement of the selector that the labels do not fulfil."""
    for key, value in (selector.match_labels or {}).items():
        if key not in labels:
            return f"the selector requires {key}={value}, the pods have no label {key}"
        if labels[key] != value:
            return f"the selector requires {key}={value}, the pods have {key}={labels[key]}"
    failing = next(each for each in selector.match_expressions or () if not each.matches(labels))
    return f"the selector wants {failing.key} {failing.operator} {list(failing.values)}"
