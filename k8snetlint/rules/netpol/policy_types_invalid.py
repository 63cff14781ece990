"""An entry of policyTypes is neither Ingress nor Egress.

The only types are `Ingress` and `Egress`, each with an upper-case first letter. For both directions, write two entries.
The API server rejects every other value, and more than two entries. It accepts a type that is listed twice, but then
the other type is probably missing.

Source: https://kubernetes.io/docs/reference/kubernetes-api/policy-resources/network-policy-v1/#NetworkPolicySpec

```yaml bad
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: web
spec:
  podSelector:
    matchLabels:
      app: web
  policyTypes: [ingress]  # finding: policyTypes lists ingress, which must be written Ingress
```

```yaml fixed
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: web
spec:
  podSelector:
    matchLabels:
      app: web
  policyTypes: [Ingress]
```

```yaml bad
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: web
spec:
  podSelector:
    matchLabels:
      app: web
  policyTypes: [Both]  # finding: policyTypes [Both] means both directions, which must be two entries: [Ingress, Egress]
```

```yaml fixed
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: web
spec:
  podSelector:
    matchLabels:
      app: web
  policyTypes: [Ingress, Egress]
```

```yaml bad
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: web
spec:
  podSelector:
    matchLabels:
      app: web
  policyTypes: [Ingress, Ingress]  # finding: policyTypes lists Ingress twice, so egress is not isolated
```

```yaml bad
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: web
spec:
  podSelector:
    matchLabels:
      app: web
  policyTypes: [Egres]  # finding: policyTypes lists Egres, which must be written Egress
```

```yaml good
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: web
spec:
  podSelector:
    matchLabels:
      app: web
  policyTypes: [Egress, Ingress]
```
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from k8snetlint.edit.change import set_to
from k8snetlint.finding import Fix, Problem, Severity
from k8snetlint.model.networkpolicy import Direction, NetworkPolicy
from k8snetlint.rules import rule

if TYPE_CHECKING:
    from collections.abc import Iterator


_BOTH = (Direction.INGRESS.value, Direction.EGRESS.value)
_USUAL = frozenset({(), _BOTH, _BOTH[::-1], _BOTH[:1], _BOTH[1:]})
_SYNONYMS = {
    **{each.lower(): (each,) for each in _BOTH},
    **dict.fromkeys(("inbound", "incoming", "input", "from"), _BOTH[:1]),
    **dict.fromkeys(("outbound", "outgoing", "output", "to"), _BOTH[1:]),
    **dict.fromkeys(("both", "all", "any", "*"), _BOTH),
}
"""Words for the two types, in lower case."""
_CERTAIN = frozenset({"ingress", "egress", "both", "all"})
"""Words with only one possible meaning."""


@rule(on=NetworkPolicy, severity=Severity.ERROR, supersedes=("api-invalid", "api-not-supported"))
def check(policy: NetworkPolicy) -> Iterator[Problem]:
    """Report unknown types if the intended ones are clear, and types that are listed twice."""
    types = policy.policy_types or ()
    if types in _USUAL:
        return
    suggested = [_suggested_types(each) for each in types]
    place = policy.at("spec", "policyTypes")
    if all(suggested) and (len(types) > len(_BOTH) or any(len(each) > 1 for each in suggested)):
        wanted = [each for each in _BOTH if any(each in some for some in suggested)]
        safe = not any(set(_parts(each)) - _CERTAIN for each in types)
        fix = Fix(f"write policyTypes: [{', '.join(wanted)}]", (set_to(place, wanted),), safe=safe)
        yield Problem(f"policyTypes [{', '.join(each.strip() for each in types)}] {_says(wanted)}", place, fix=fix)
        return
    for index, (each, known) in enumerate(zip(types, suggested, strict=True)):
        if len(known) == 1 and each != known[0] and len(types) <= len(_BOTH):
            change = set_to(place.to(index), known[0])
            safe = each.strip().lower() == known[0].lower()
            fix = Fix(f"write {known[0]}", (change,), safe=safe)
            how = (
                "with leading or trailing whitespace"
                if each.strip() == known[0]
                else f"which must be written {known[0]}"
            )
            yield Problem(f"policyTypes lists {each.strip()}, {how}", place.to(index), fix=fix)
    if len(types) == len(_BOTH) and types[0] == types[1] and types[0] in _BOTH:
        other = _BOTH[1 - _BOTH.index(types[0])]
        # Rules of the other direction are reported as ignored.
        if not policy.rules(Direction(other)):
            message = f"policyTypes lists {types[0]} twice, so {other.lower()} is not isolated"
            yield Problem(message, place, severity=Severity.INFO)


def _suggested_types(text: str) -> tuple[str, ...]:
    """Return the types that an entry means, none if it is not clear."""
    parts = [_corrected(part) for part in _parts(text)]
    if not all(part in _SYNONYMS for part in parts):
        return ()
    return tuple(each for each in _BOTH if any(each in _SYNONYMS[part] for part in parts))


def _corrected(part: str) -> str:
    """Return the name of the direction that a word misspells, another word as it is."""
    if part in _SYNONYMS:
        return part
    from k8snetlint.source.similar import closest  # noqa: PLC0415 - such words are rare

    return closest(part, [each.lower() for each in _BOTH]) or part


def _parts(text: str) -> list[str]:
    return [each for each in re.split("[,/;&+| ]+", text.strip().lower()) if each not in ("", "and")]


def _says(wanted: list[str]) -> str:
    if len(wanted) == 1:
        return f"means only {wanted[0]}, which must be one entry: [{wanted[0]}]"
    return f"means both directions, which must be two entries: [{', '.join(wanted)}]"
