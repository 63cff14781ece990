"""A workload's selector has labels directly, without matchLabels.

The `selector` of a Service contains labels directly; the selectors of Deployments and other workloads contain them in
`matchLabels`. The API server rejects the manifest; without strict validation it drops the labels, and rejects the empty
selector that is left.

Source: https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/label-selector/#LabelSelector

```yaml bad
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  selector:
    app: web  # finding: selector has the label app outside matchLabels; without strict validation it is dropped, and an empty selector is rejected
  template:
    metadata:
      labels:
        app: web
    spec:
      containers:
      - name: web
        image: nginx
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
  template:
    metadata:
      labels:
        app: web
    spec:
      containers:
      - name: web
        image: nginx
```

```yaml good
apiVersion: v1
kind: ReplicationController
metadata:
  name: web
spec:
  selector:
    app: web
  template:
    metadata:
      labels:
        app: web
    spec:
      containers:
      - name: web
        image: nginx
```
"""  # noqa: E501 - the message is one line

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.edit.change import nest
from k8snetlint.finding import Fix, Problem, Severity
from k8snetlint.model.values import mapping
from k8snetlint.model.workload import Workload
from k8snetlint.rules import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.model.selectors import LabelSelector

_FIELDS = ("matchLabels", "matchExpressions")


@rule(on=Workload, severity=Severity.ERROR, supersedes=("api-unknown-field", "api-invalid"))
def check(workload: Workload) -> Iterator[Problem]:
    """Report a selector of labels that are not in matchLabels."""
    selector = workload.selector
    if workload.group != "apps" or selector is None or not selector.unknown_keys or not selector.is_empty:
        return
    from k8snetlint.source.similar import closest  # noqa: PLC0415 - such selectors are rare

    labels = selector.unknown_keys
    if selector.match_labels is not None or any(closest(label, _FIELDS) for label in labels):
        return
    what, they_are = ("labels", "they are") if len(labels) > 1 else ("label", "it is")
    yield Problem(
        f"selector has the {what} {', '.join(labels)} outside matchLabels; without strict validation {they_are}"
        " dropped, and an empty selector is rejected",
        workload.at("spec", "selector"),
        near="spec.selector.matchLabels",
        fix=_fix(workload, selector),
    )


def _fix(workload: Workload, selector: LabelSelector) -> Fix | None:
    """Return the fix that moves the labels, safe if the pods have them: then only that can be meant."""
    written = mapping(mapping(mapping(workload.raw).get("spec")).get("selector"))
    labels = {label: written.get(label) for label in selector.unknown_keys}
    if len(labels) < len(written) or not all(isinstance(value, str) for value in labels.values()):
        return None
    is_own = labels.items() <= workload.pod_labels.items()
    place = workload.at("spec", "selector")
    return Fix(f"move {', '.join(labels)} into matchLabels", (nest(place, "matchLabels", *labels),), safe=is_own)
