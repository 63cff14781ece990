"""Where pods may run but for affinity: tolerations, topology spread, gates; as the API server validates it.

Source: `ValidateTolerations` and `validateTopologySpreadConstraints` of
https://github.com/kubernetes/kubernetes/blob/v1.37.2/pkg/apis/core/validation/validation.go
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from k8snetlint.validation.causes import server_field
from k8snetlint.validation.names import label_key, label_value
from k8snetlint.validation.selectors import selector

if TYPE_CHECKING:
    from collections.abc import Sequence

    from k8snetlint.source.paths import FieldPath
    from k8snetlint.validation.causes import Causes
    from k8snetlint.validation.pod_context import PodContext

_EFFECTS = ("NoSchedule", "PreferNoSchedule", "NoExecute")
_OPERATORS = ("Equal", "Exists")
_COMPARISONS, _COMPARISONS_SINCE = ("Lt", "Gt"), (1, 35)
"""Known, but off by default: the gate TaintTolerationComparisonOperators."""
_UNSATISFIABLE = ("DoNotSchedule", "ScheduleAnyway")
_POLICIES = ("Honor", "Ignore")
_NODE_POLICIES = (1, 26)
"""The gate NodeInclusionPolicyInPodTopologySpread; before, the server dropped these fields."""
_LABEL_KEYS, _MERGED_KEYS = (1, 27), (1, 34)
"""The gate MatchLabelKeysInPodTopologySpread, before which the server dropped the field, and …SelectorMerge."""
_MIN_DOMAINS = (1, 27)
"""The gate MinDomainsInPodTopologySpread, the same."""
_SCHEDULING_GATES = (1, 27)


def tolerations(value: Sequence[Any], path: FieldPath, pod: PodContext, causes: Causes) -> None:
    """Check `tolerations`."""
    for index, each in enumerate(value):
        toleration, at = each or {}, (*path, index)
        key, operator = toleration.get("key") or "", toleration.get("operator") or ""
        effect, text = toleration.get("effect") or "", toleration.get("value") or ""
        if key:
            causes.each_invalid((*at, "key"), key, label_key(key))
        elif operator != "Exists":
            detail = 'operator must be Exists when `key` is empty, which means "match all values and all keys"'
            causes.invalid((*at, "operator"), operator, detail, plain=False)
        if toleration.get("tolerationSeconds") is not None and effect != "NoExecute":
            detail = "effect must be 'NoExecute' when `tolerationSeconds` is set"
            causes.invalid((*at, "effect"), effect, detail, plain=False)
        if operator == "Exists":
            if text:
                # The server names the operator.
                named = server_field((*at, "operator"))
                causes.invalid((*at, "value"), text, "value must be empty when `operator` is 'Exists'", field=named)
        elif operator in ("", "Equal"):
            wrong = label_value(text)
            if wrong:
                named = server_field((*at, "operator"))
                causes.invalid((*at, "value"), text, ";".join(wrong), field=named)
        else:
            new = _COMPARISONS if operator in _COMPARISONS and pod.server.version >= _COMPARISONS_SINCE else ()
            causes.not_supported((*at, "operator"), operator, (*_OPERATORS, *new))
        if effect and effect not in _EFFECTS:
            causes.not_supported((*at, "effect"), effect, _EFFECTS)


def topology_spread(value: Sequence[Any], path: FieldPath, pod: PodContext, causes: Causes) -> None:
    """Check `topologySpreadConstraints`."""
    pairs = [((each or {}).get("topologyKey") or "", (each or {}).get("whenUnsatisfiable") or "") for each in value]
    for index, each in enumerate(value):
        constraint, at = each or {}, (*path, index)
        key, action = pairs[index]
        skew, domains = constraint.get("maxSkew") or 0, constraint.get("minDomains")
        if skew <= 0:
            causes.invalid((*at, "maxSkew"), skew, "must be greater than zero")
        if not key:
            causes.required((*at, "topologyKey"), "can not be empty")
        if action not in _UNSATISFIABLE:
            causes.not_supported((*at, "whenUnsatisfiable"), action, _UNSATISFIABLE)
        if pairs[index] in pairs[index + 1 :]:
            named = server_field((*at, "{topologyKey, whenUnsatisfiable}"))
            causes.duplicate((*at, "topologyKey"), f"{{{key}, {action}}}", field=named)
        if domains is not None and pod.server.version >= _MIN_DOMAINS:
            if domains <= 0:
                causes.invalid((*at, "minDomains"), domains, "must be greater than zero")
            if action != "DoNotSchedule":
                detail = f"can only use minDomains if whenUnsatisfiable=DoNotSchedule, not {action}"
                causes.invalid((*at, "minDomains"), domains, detail)
        for field in ("nodeAffinityPolicy", "nodeTaintsPolicy"):
            policy = constraint.get(field)
            if policy is not None and policy not in _POLICIES and pod.server.version >= _NODE_POLICIES:
                causes.not_supported((*at, field), policy, _POLICIES)
        if constraint.get("matchLabelKeys") and pod.server.version >= _LABEL_KEYS:
            _label_keys(constraint, at, pod, causes)
        selector(constraint.get("labelSelector"), (*at, "labelSelector"), causes)


def _label_keys(constraint: dict[str, Any], path: FieldPath, pod: PodContext, causes: Causes) -> None:
    selected = constraint.get("labelSelector")
    if pod.server.version >= _MERGED_KEYS:
        from k8snetlint.validation.affinity import label_keys  # noqa: PLC0415 - few constraints have any

        label_keys({"matchLabelKeys": constraint["matchLabelKeys"]}, selected, path, pod, causes)
        return
    at = (*path, "matchLabelKeys")
    if selected is None:
        causes.forbidden(at, "must not be specified when labelSelector is not set")
    expressions = (selected or {}).get("matchExpressions") or ()
    keys = {*((selected or {}).get("matchLabels") or ()), *((each or {}).get("key") or "" for each in expressions)}
    for index, each in enumerate(constraint["matchLabelKeys"]):
        key = each or ""
        causes.each_invalid((*at, index), key, label_key(key))
        if key in keys:
            causes.invalid((*at, index), key, "exists in both matchLabelKeys and labelSelector")


def readiness_gates(value: Sequence[Any], path: FieldPath, _: PodContext, causes: Causes) -> None:
    """Check `readinessGates`."""
    for index, each in enumerate(value):
        kind = (each or {}).get("conditionType") or ""
        causes.each_invalid((*path, index, "conditionType"), kind, label_key(kind))


def scheduling_gates(value: Sequence[Any], path: FieldPath, pod: PodContext, causes: Causes) -> None:
    """Check `schedulingGates`."""
    if pod.server.version < _SCHEDULING_GATES:
        return
    seen: set[str] = set()
    for index, each in enumerate(value):
        name = (each or {}).get("name") or ""
        causes.each_invalid((*path, index, "name"), name, label_key(name), field=server_field((*path, index)))
        if name in seen:
            causes.duplicate((*path, index, "name"), name, field=server_field((*path, index)))
        seen.add(name)
    if value and pod.is_pod and pod.spec.get("nodeName"):
        causes.forbidden((*path[:-1], "nodeName"), "cannot be set until all schedulingGates have been cleared")
