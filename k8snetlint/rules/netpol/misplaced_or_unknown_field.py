"""A NetworkPolicy has a misplaced or unknown field.

The usual causes are wrong indentation (`ports` inside a peer, `podSelector` next to `spec`), `from` in an egress rule
or `to` in an ingress rule, and a missing or extra letter (`policyType`). The API server rejects the manifest. Without
strict validation (`--validate=false`, `--validate=ignore`, `--validate=warn`, older clients) it drops the field and
stores the rest, which usually allows more: a rule without its peers allows every peer, a rule without its ports allows
every port.

Source: https://kubernetes.io/docs/reference/kubernetes-api/policy-resources/network-policy-v1/

```yaml bad
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: web
spec:
  podSelector:
    matchLabels:
      app: web
  policyTypes: [Ingress]
  ingress:
  - from:
    - podSelector:
        matchLabels:
          app: proxy
      ports:  # finding: unknown field "spec.ingress[0].from[0].ports"; without strict validation it is dropped, and the rule allows every port
      - port: 8080
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
  ingress:
  - from:
    - podSelector:
        matchLabels:
          app: proxy
    ports:
    - port: 8080
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
  policyTypes: [Ingress, Egress]
  ingress:
  - to:  # finding: unknown field "spec.ingress[0].to"; without strict validation it is dropped, and the rule allows every source
    - podSelector: {}
    ports:
    - port: 8080
  egress:
  - podSelector: {}  # finding: unknown field "spec.egress[0].podSelector"; without strict validation it is dropped, and the rule allows every destination
```

```yaml bad
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: web
spec:
  podSelector:
    matchLabel:  # finding: unknown field "spec.podSelector.matchLabel"; without strict validation it is dropped, and the selector matches everything
      app: web
  policyType: [Egress]  # finding: unknown field "spec.policyType"; without strict validation it is dropped, and policyTypes becomes [Ingress]
```

```yaml bad
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: web
policyTypes: [Ingress]  # finding: unknown field "policyTypes"; without strict validation it is dropped, and policyTypes becomes [Ingress]
spec:
  podSelector: {}
  ingress:
  - from:
    - namespaceSelector: {}
      podSelectors:  # finding: unknown field "spec.ingress[0].from[0].podSelectors"; without strict validation it is dropped, and every pod of these namespaces is allowed
        matchLabels:
          app: web
    ports:
    - port: 8080
      endport: 8090  # finding: unknown field "spec.ingress[0].ports[0].endport"; without strict validation it is dropped, and only one port is allowed
      description: metrics  # finding: unknown field "spec.ingress[0].ports[0].description"; without strict validation it is dropped
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
  policyTypes: [Egress]
  egress:
  - to:
    - namespaceSelector: {}
    - port: 53  # finding: unknown field "spec.egress[0].to[1].port"; without strict validation it is dropped, and the API server rejects the empty peer that is left
    ports:
    - port: 5353
      protocol: UDP
    - ipBlock:  # finding: unknown field "spec.egress[0].ports[1].ipBlock"; without strict validation it is dropped, and the entry that is left allows every TCP port
        cidr: 10.0.0.0/8
```

```yaml good
apiVersion: projectcalico.org/v3
kind: NetworkPolicy
metadata:
  name: web
spec:
  selector: app == "web"
  types: [Ingress]
```
"""  # noqa: E501 - the message is one line

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from k8snetlint.finding import Problem, Severity
from k8snetlint.model.networkpolicy import Direction, NetworkPolicy
from k8snetlint.rules import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.model.environment import Environment, Version
    from k8snetlint.source.paths import FieldPath
    from k8snetlint.validation.misplaced import Struct, SuggestedField

_RULES = {"NetworkPolicyIngressRule": Direction.INGRESS, "NetworkPolicyEgressRule": Direction.EGRESS}
_PORTS = frozenset({"ports", "port", "endPort", "protocol"})
_PEERS = frozenset({"ipBlock", "podSelector", "namespaceSelector"})


@rule(
    on=NetworkPolicy,
    severity=Severity.ERROR,
    supersedes=("api-unknown-field",),
    security=4.0,  # a rule without its peers or ports allows all of them
)
def check(policy: NetworkPolicy, environment: Environment) -> Iterator[Problem]:
    """Report unknown fields of the spec, and fields of the spec that are outside of it."""
    if not policy.unknown_fields:
        return
    from k8snetlint.validation.misplaced import fix_field  # noqa: PLC0415 - unknown fields are rare

    version = environment.versions[-1]
    for path in policy.unknown_fields:
        structs = _structs(policy, path, version)
        field = _suggest(str(path[-1]), structs, version)
        near = field.text if field else ""
        if path[0] != "spec" and not near.startswith("spec."):
            continue
        place = policy.at(*path, key=True)
        lost = near.rpartition(".")[2] or str(path[-1])
        consequence = _of_emptied(structs[-1], lost, version) or _consequence(policy, structs, lost)
        dropped = f'unknown field "{place.field}"; without strict validation it is dropped'
        message = f"{dropped}, and {consequence}" if consequence else dropped
        fix = fix_field(path, field, structs, version, lambda field_path: policy.at(*field_path)) if field else None
        yield Problem(message, place, near=near or None, advice=_advice(path, structs), fix=fix)


def _structs(policy: NetworkPolicy, path: FieldPath, version: Version) -> tuple[Struct, ...]:
    """Return the structs around a field, from the policy itself to the one that does not know the field."""
    from k8snetlint.validation.misplaced import Struct  # noqa: PLC0415 - unknown fields are rare
    from k8snetlint.validation.schemas import field_of, reference  # noqa: PLC0415 - when it is needed

    value: Any = policy.raw
    structs = [Struct("NetworkPolicy", (), value)]
    name: str | None = None
    for depth, step in enumerate(path[:-1], 1):
        value = value[step]
        if isinstance(step, str):
            schema = field_of(structs[-1].name, step, version) or {}
            name = reference(schema.get("items", schema))
        if name and isinstance(value, dict):
            structs.append(Struct(name, path[:depth], value))
    return tuple(structs)


def _suggest(key: str, structs: tuple[Struct, ...], version: Version) -> SuggestedField | None:
    """Return the field to write instead, None if it is not clear."""
    from k8snetlint.source.similar import closest  # noqa: PLC0415 - unknown fields are rare
    from k8snetlint.validation.misplaced import SuggestedField, suggest_field  # noqa: PLC0415 - when it is needed
    from k8snetlint.validation.schemas import fields_of  # noqa: PLC0415 - when it is needed

    here = structs[-1]
    direction = _RULES.get(here.name)
    if direction and key in ("from", "to"):
        field = direction.peer_field
        # It may as well be a rule of the other direction, in the wrong list.
        return None if field in here.value else SuggestedField(field, (*here.path, field), here.name, is_certain=False)
    if here.name in ("NetworkPolicy", "ObjectMeta"):
        near = closest(key, fields_of("NetworkPolicySpec", version))
        return SuggestedField(f"spec.{near}", ("spec", near), "NetworkPolicySpec") if near else None
    return suggest_field(key, structs, version)


def _advice(path: FieldPath, structs: tuple[Struct, ...]) -> str:
    """Return where a peer among the ports, or a port among the peers, belongs."""
    key, here = str(path[-1]), structs[-1].name
    if here == "NetworkPolicyPort" and key in _PEERS:
        return f"`{key}` is a peer and belongs under `{_RULES[structs[-2].name].peer_field}`, perhaps of another rule"
    if here == "NetworkPolicyPeer" and key in _PORTS - {"ports"}:
        return f"`{key}` belongs under `ports` of the rule"
    return ""


def _of_emptied(here: Struct, lost: str, version: Version) -> str:
    """Return what a list's entry means of which nothing is left without its unknown fields, empty if something is."""
    from k8snetlint.validation.schemas import fields_of  # noqa: PLC0415 - unknown fields are rare

    fields = fields_of(here.name, version)
    if not here.value.keys().isdisjoint(fields):
        return ""
    if here.name == "NetworkPolicyPort" and lost not in fields:
        return "the entry that is left allows every TCP port"
    if here.name == "NetworkPolicyPeer" and lost not in fields:
        return "the API server rejects the empty peer that is left"
    return ""


def _consequence(policy: NetworkPolicy, structs: tuple[Struct, ...], lost: str) -> str:
    """Return what a policy means without a field: `lost` is the name of the intended field."""
    here, around = structs[-1], structs[-2].value if len(structs) > 1 else {}
    match here.name, lost:
        case "NetworkPolicyIngressRule" | "NetworkPolicyEgressRule", _:
            return _rule_without(_RULES[here.name], lost, here.value)
        case "NetworkPolicyPeer", _ if lost in _PORTS:
            return "" if "ports" in around else "the rule allows every port"
        case "NetworkPolicyPeer", "podSelector" if "namespaceSelector" in here.value and lost not in here.value:
            return "every pod of these namespaces is allowed"
        case "NetworkPolicyPeer", "namespaceSelector" if "podSelector" in here.value and lost not in here.value:
            return "only pods of the policy's own namespace are allowed"
        case "NetworkPolicyPort", "port" if lost not in here.value:
            return "every port is allowed"
        case "NetworkPolicyPort", "endPort" if lost not in here.value:
            return "only one port is allowed"
        case "NetworkPolicyPort", "protocol" if lost not in here.value:
            return "the protocol is TCP"
        case "IPBlock", "except" if lost not in here.value:
            return "no address is excluded"
        case "LabelSelector", _ if not here.value.keys() & {"matchLabels", "matchExpressions"}:
            return "the selector matches everything"
        case "NetworkPolicySpec" | "NetworkPolicy" | "ObjectMeta", _:
            return _policy_without(policy, lost)
        case _:
            return ""


def _rule_without(direction: Direction, lost: str, written: dict[str, Any]) -> str:
    if lost in _PORTS:
        return "" if "ports" in written else "the rule allows every port"
    if direction.peer_field in written:
        return ""
    return f"the rule allows every {'source' if direction is Direction.INGRESS else 'destination'}"


def _policy_without(policy: NetworkPolicy, lost: str) -> str:
    if lost == "policyTypes" and not policy.policy_types:
        return f"policyTypes becomes [{', '.join(policy.computed_policy_types())}]"
    if lost == "podSelector" and policy.pod_selector is None:
        return "every pod of the namespace is selected"
    for direction in Direction:
        if lost == direction.rules_field and not any(policy.rules(direction)):
            return f"{'no' if policy.isolates(direction) else 'all'} {lost} is allowed"
    return ""
