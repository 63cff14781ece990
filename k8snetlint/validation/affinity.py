"""Affinity to nodes and to other pods, as the API server validates it.

Source: `validateAffinity` of
https://github.com/kubernetes/kubernetes/blob/v1.37.2/pkg/apis/core/validation/validation.go
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from k8snetlint.validation.causes import server_field
from k8snetlint.validation.names import label, label_key, label_value, subdomain
from k8snetlint.validation.selectors import selector

if TYPE_CHECKING:
    from collections.abc import Sequence

    from k8snetlint.source.paths import FieldPath
    from k8snetlint.validation.causes import Causes
    from k8snetlint.validation.pod_context import PodContext

REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution"
PREFERRED = "preferredDuringSchedulingIgnoredDuringExecution"
_NOT_AN_OPERATOR = "not a valid selector operator"
_LABEL_KEYS = (1, 31)
"""The gate MatchLabelKeysInPodAffinity; before, the server dropped these fields."""


def affinity(value: dict[str, Any], path: FieldPath, pod: PodContext, causes: Causes) -> None:
    """Check `affinity`."""
    node = value.get("nodeAffinity")
    if node is not None:
        _node_affinity(node, (*path, "nodeAffinity"), causes)
    for field in ("podAffinity", "podAntiAffinity"):
        terms = value.get(field)
        if terms is None:
            continue
        for index, each in enumerate(terms.get(REQUIRED) or ()):
            _pod_term(each or {}, (*path, field, REQUIRED, index), pod, causes)
        for index, each in enumerate(terms.get(PREFERRED) or ()):
            at = (*path, field, PREFERRED, index)
            _weight(each or {}, at, causes)
            _pod_term((each or {}).get("podAffinityTerm") or {}, (*at, "podAffinityTerm"), pod, causes)


def _weight(value: dict[str, Any], path: FieldPath, causes: Causes) -> None:
    weight = value.get("weight") or 0
    if not 1 <= weight <= 100:
        causes.invalid((*path, "weight"), weight, "must be in the range 1-100")


def _node_affinity(value: dict[str, Any], path: FieldPath, causes: Causes) -> None:
    required = value.get(REQUIRED)
    if required is not None:
        at = (*path, REQUIRED, "nodeSelectorTerms")
        terms = required.get("nodeSelectorTerms")
        if not terms:
            causes.required(at, "must have at least one node selector term")
        for index, each in enumerate(terms or ()):
            _node_term(each or {}, (*at, index), causes, with_values=True)
    for index, each in enumerate(value.get(PREFERRED) or ()):
        at = (*path, PREFERRED, index)
        _weight(each or {}, at, causes)
        # Values that no node can have are taken, with a warning.
        _node_term((each or {}).get("preference") or {}, (*at, "preference"), causes, with_values=False)


def _node_term(value: dict[str, Any], path: FieldPath, causes: Causes, *, with_values: bool) -> None:
    for index, each in enumerate(value.get("matchExpressions") or ()):
        _node_requirement(each or {}, (*path, "matchExpressions", index), causes, with_values=with_values)
    for index, each in enumerate(value.get("matchFields") or ()):
        _field_requirement(each or {}, (*path, "matchFields", index), causes)


def _node_requirement(value: dict[str, Any], path: FieldPath, causes: Causes, *, with_values: bool) -> None:
    operator, values = value.get("operator") or "", value.get("values") or ()
    at = (*path, "values")
    match operator:
        case "In" | "NotIn":
            if not values:
                causes.required(at, "must be specified when `operator` is 'In' or 'NotIn'")
        case "Exists" | "DoesNotExist":
            if values:
                causes.forbidden(at, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'")
        case "Gt" | "Lt":
            if len(values) != 1:
                causes.required(at, "must be specified single value when `operator` is 'Lt' or 'Gt'")
        case _:
            causes.invalid((*path, "operator"), operator, _NOT_AN_OPERATOR, plain=False)
    key = value.get("key") or ""
    causes.each_invalid((*path, "key"), key, label_key(key))
    for index, each in enumerate(values if with_values else ()):
        causes.each_invalid((*at, index), each or "", label_value(each or ""))


def _field_requirement(value: dict[str, Any], path: FieldPath, causes: Causes) -> None:
    operator, key, values = value.get("operator") or "", value.get("key") or "", value.get("values") or ()
    if operator not in ("In", "NotIn"):
        causes.invalid((*path, "operator"), operator, _NOT_AN_OPERATOR, plain=False)
    elif len(values) != 1:
        detail = "must be only one value when `operator` is 'In' or 'NotIn' for node field selector"
        causes.required((*path, "values"), detail)
    if key != "metadata.name":
        causes.invalid((*path, "key"), key, "not a valid field selector key")
    for index, each in enumerate(values if key == "metadata.name" else ()):
        causes.each_invalid((*path, "values", index), each or "", subdomain(each or ""))


def _pod_term(value: dict[str, Any], path: FieldPath, pod: PodContext, causes: Causes) -> None:
    selected = value.get("labelSelector")
    for field in ("labelSelector", "namespaceSelector"):
        selector(value.get(field), (*path, field), causes)
    for index, each in enumerate(value.get("namespaces") or ()):
        # The server names one namespace, and says not which.
        named = server_field((*path, "namespace"))
        causes.each_invalid((*path, "namespaces", index), each or "", label(each or ""), field=named)
    if pod.server.version >= _LABEL_KEYS:
        label_keys(value, selected, path, pod, causes)
    key = value.get("topologyKey") or ""
    if not key:
        causes.required((*path, "topologyKey"), "can not be empty")
    causes.each_invalid((*path, "topologyKey"), key, label_key(key))


def label_keys(
    value: dict[str, Any], selected: dict[str, Any] | None, path: FieldPath, pod: PodContext, causes: Causes
) -> None:
    """Check `matchLabelKeys` and `mismatchLabelKeys`.

    Args:
        value: what has them.
        selected: the label selector there.
        path: the path of `value`.
        pod: the pod.
        causes: what is wrong is added here.
    """
    matched = [each or "" for each in value.get("matchLabelKeys") or ()]
    mismatched = [each or "" for each in value.get("mismatchLabelKeys") or ()]
    for field, keys in (("matchLabelKeys", matched), ("mismatchLabelKeys", mismatched)):
        if keys and selected is None:
            causes.forbidden((*path, field), "must not be specified when labelSelector is not set")
            continue
        for index, key in enumerate(keys):
            causes.each_invalid((*path, field, index), key, label_key(key))
    if selected is not None and (matched or mismatched):
        added = _added(matched, mismatched, pod)
        _not_selected(matched, added, selected, path, causes)
        _added_requirements(added, len(selected.get("matchExpressions") or ()), path, pod, causes)
    for index, key in enumerate(matched):
        if key in mismatched:
            detail = "exists in both matchLabelKeys and mismatchLabelKeys"
            causes.invalid((*path, "matchLabelKeys", index), key, detail)


def _added(matched: Sequence[str], mismatched: Sequence[str], pod: PodContext) -> list[str]:
    """Return the keys that the server adds to the selector of a Pod: those that the Pod has."""
    return [key for key in (*matched, *mismatched) if key in pod.labels] if pod.is_pod else []


def _added_requirements(added: Sequence[str], written: int, path: FieldPath, pod: PodContext, causes: Causes) -> None:
    """Check the requirements that the server makes of the labels of a Pod."""
    for index, key in enumerate(added, written):
        field = server_field((*path, "labelSelector", "matchExpressions", index))
        causes.each_invalid((*path, "labelSelector"), key, label_key(key), field=f"{field}.key")
        text = pod.labels[key] or ""
        causes.each_invalid((*path, "labelSelector"), text, label_value(text), field=f"{field}.values[0]")


def _not_selected(
    matched: Sequence[str], added: Sequence[str], selected: dict[str, Any], path: FieldPath, causes: Causes
) -> None:
    places = {key: index for index, key in enumerate(matched)}
    keys = set(selected.get("matchLabels") or ())
    written = [(each or {}).get("key") or "" for each in selected.get("matchExpressions") or ()]
    for key in (*written, *added):
        if key in places and key in keys:
            at = (*path, "matchLabelKeys", places[key])
            # The server leaves the field out.
            named = server_field((*path, places[key]))
            causes.invalid(at, key, "exists in both matchLabelKeys and labelSelector", field=named)
        keys.add(key)
