"""A selector has labels directly, without matchLabels.

The `selector` of a Service contains labels directly; the selectors of a NetworkPolicy contain them in `matchLabels`.
The API server rejects the manifest. Without strict validation (`--validate=false`, `--validate=ignore`,
`--validate=warn`, older clients) it drops the labels, and a selector without any other labels then selects everything:
every pod, every namespace.

Source: https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/label-selector/#LabelSelector

```yaml bad
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: db
spec:
  podSelector:
    app: db  # finding: podSelector has the label app outside matchLabels; without strict validation it is dropped, and every pod is selected
  policyTypes: [Ingress]
  ingress:
  - from:
    - podSelector:
        matchLabels:
          app: api
```

```yaml fixed
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: db
spec:
  podSelector:
    matchLabels:
      app: db
  policyTypes: [Ingress]
  ingress:
  - from:
    - podSelector:
        matchLabels:
          app: api
```

```yaml bad
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: db
spec:
  podSelector:
    matchLabels:
      app: db
    tier: cache  # finding: podSelector has the label tier outside matchLabels; without strict validation it is dropped
  policyTypes: [Ingress]
  ingress:
  - from:
    - namespaceSelector: {team: a, env: b}  # finding: namespaceSelector has the labels team, env outside matchLabels; without strict validation they are dropped, and every namespace is selected
```

```yaml good
apiVersion: v1
kind: Service
metadata:
  name: db
spec:
  selector:
    app: db
  ports:
  - port: 5432
```
"""  # noqa: E501 - the message is one line

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from k8snetlint.edit.change import move, nest
from k8snetlint.finding import Fix, Problem, Severity
from k8snetlint.model.networkpolicy import NetworkPolicy
from k8snetlint.rules import rule
from k8snetlint.source.paths import MapKey

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.model.selectors import LabelSelector
    from k8snetlint.source.document import Place

_NO_LABELS = frozenset(
    {
        *("podSelector", "namespaceSelector", "ipBlock", "from", "to", "ports", "policyTypes", "ingress", "egress"),
        *("operator", "values"),
    }
)
"""Fields that are in a selector because of wrong indentation."""


@rule(
    on=NetworkPolicy,
    severity=Severity.ERROR,
    supersedes=("netpol-misplaced-or-unknown-field", "api-unknown-field"),
    security=4.0,  # the remaining selector selects everything
)
def check(policy: NetworkPolicy) -> Iterator[Problem]:
    """Report labels directly in a selector."""
    if not policy.unknown_fields:
        return
    for selector, place_of in policy.selectors():
        labels, place = _labels(selector), place_of()
        if labels and len(labels) == len(selector.unknown_keys) and selector.match_labels is None:
            yield _problem(labels, selector, place, at=place, fix=_fix(policy, labels, selector, place))
        else:
            for label in labels:
                fix = _fix(policy, (label,), selector, place)
                yield _problem((label,), selector, place, at=place.to(label, key=True), fix=fix)


def _fix(policy: NetworkPolicy, labels: tuple[str, ...], selector: LabelSelector, place: Place) -> Fix | None:
    """Return the fix that moves labels into matchLabels, None if they are not labels, or it already has one."""
    written: Any = policy.raw
    for step in place.path:
        written = written[step]
    if not all(isinstance(written[label], str) for label in labels):
        return None
    title = f"move {', '.join(labels)} into matchLabels"
    if "matchLabels" not in written:
        together = labels == selector.unknown_keys
        return Fix(title, (nest(place, "matchLabels", *labels),), safe=True) if together else None
    if selector.match_labels is None or not selector.match_labels.keys().isdisjoint(labels):
        return None
    moves = (move(place.to(label), place.to("matchLabels", MapKey(label))) for label in labels)
    return Fix(title, tuple(moves), safe=True)


def _problem(labels: tuple[str, ...], selector: LabelSelector, place: Place, *, at: Place, fix: Fix | None) -> Problem:
    name = place.path[-1]
    many = len(labels) > 1
    what, they_are = ("labels", "they are") if many else ("label", "it is")
    message = (
        f"{name} has the {what} {', '.join(labels)} outside matchLabels; without strict validation {they_are} dropped"
    )
    if selector.is_empty:
        message += f", and every {'pod' if name == 'podSelector' else 'namespace'} is selected"
    suggested = place.to("matchLabels") if many else place.to("matchLabels", MapKey(labels[0]))
    return Problem(message, at, near=suggested.field, fix=fix)


def _labels(selector: LabelSelector) -> tuple[str, ...]:
    """Return the unknown keys of a selector that are neither misspelt nor fields of something else."""
    if not selector.unknown_keys:
        return ()
    from k8snetlint.source.similar import closest  # noqa: PLC0415 - such keys are rare

    fields = ("matchLabels", "matchExpressions")
    if not _NO_LABELS.isdisjoint(selector.unknown_keys):
        return ()
    return tuple(key for key in selector.unknown_keys if closest(key, fields) is None)
