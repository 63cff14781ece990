"""An entry of policyTypes is neither Ingress nor Egress.

The two are written with one upper-case letter, both are written as two entries, and there is no third. The API server
rejects everything else, and more than two entries. A type that is listed twice is accepted;
then the other one is probably missing.

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
  policyTypes: [ingress]  # finding: policyTypes holds ingress, which is written Ingress
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
  policyTypes: [Both]  # finding: policyTypes [Both] means both directions, which are two entries: [Ingress, Egress]
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
  policyTypes: [Ingress, Ingress]  # finding: policyTypes holds Ingress twice, and Egress is not isolated
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
_MEANT = {
    **{each.lower(): (each,) for each in _BOTH},
    **dict.fromkeys(("inbound", "incoming", "input", "from"), _BOTH[:1]),
    **dict.fromkeys(("outbound", "outgoing", "output", "to"), _BOTH[1:]),
    **dict.fromkeys(("both", "all", "any", "*"), _BOTH),
}
"""What is written for the two, in lower case."""
_CERTAIN = frozenset({"ingress", "egress", "both", "all"})
"""What can mean nothing else."""


@rule(on=NetworkPolicy, severity=Severity.ERROR, supersedes=("api-invalid", "api-not-supported"))
def check(policy: NetworkPolicy) -> Iterator[Problem]:
    """Report types that are none, where it is clear which are meant, and types that stand twice."""
    types = policy.policy_types or ()
    if types in _USUAL:
        return
    meant = [_meant(each) for each in types]
    place = policy.at("spec", "policyTypes")
    if all(meant) and (len(types) > len(_BOTH) or any(len(each) > 1 for each in meant)):
        wanted = [each for each in _BOTH if any(each in some for some in meant)]
        safe = not any(set(_parts(each)) - _CERTAIN for each in types)
        fix = Fix(f"write policyTypes: [{', '.join(wanted)}]", (set_to(place, wanted),), safe=safe)
        yield Problem(f"policyTypes [{', '.join(each.strip() for each in types)}] {_says(wanted)}", place, fix=fix)
        return
    for index, (each, known) in enumerate(zip(types, meant, strict=True)):
        if len(known) == 1 and each != known[0] and len(types) <= len(_BOTH):
            change = set_to(place.to(index), known[0])
            safe = each.strip().lower() == known[0].lower()
            fix = Fix(f"write {known[0]}", (change,), safe=safe)
            how = "with white space around it" if each.strip() == known[0] else f"which is written {known[0]}"
            yield Problem(f"policyTypes holds {each.strip()}, {how}", place.to(index), fix=fix)
    if len(types) == len(_BOTH) and types[0] == types[1] and types[0] in _BOTH:
        other = _BOTH[1 - _BOTH.index(types[0])]
        # Of rules in the other direction it is said that nobody reads them.
        if not policy.rules(Direction(other)):
            message = f"policyTypes holds {types[0]} twice, and {other} is not isolated"
            yield Problem(message, place, severity=Severity.INFO)


def _meant(text: str) -> tuple[str, ...]:
    """Return the types that an entry means, none where nobody can tell."""
    parts = _parts(text)
    if not all(part in _MEANT for part in parts):
        return ()
    return tuple(each for each in _BOTH if any(each in _MEANT[part] for part in parts))


def _parts(text: str) -> list[str]:
    return [each for each in re.split("[,/;&+| ]+", text.strip().lower()) if each not in ("", "and")]


def _says(wanted: list[str]) -> str:
    if len(wanted) == 1:
        return f"is {wanted[0]} alone, which is one entry: {wanted[0]}"
    return f"means both directions, which are two entries: [{', '.join(wanted)}]"
