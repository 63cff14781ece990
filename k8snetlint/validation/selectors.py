"""Labels and label selectors, as the API server validates them.

Source: https://github.com/kubernetes/apimachinery/blob/v0.37.2/pkg/apis/meta/v1/validation/validation.go
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from k8snetlint.source.paths import MapKey
from k8snetlint.validation.causes import server_field
from k8snetlint.validation.names import label_key, label_value

if TYPE_CHECKING:
    from k8snetlint.source.paths import FieldPath
    from k8snetlint.validation.causes import Causes


def labels(value: dict[str, Any] | None, path: FieldPath, causes: Causes, *, field: str = "") -> None:
    """Check a map of labels; the server names the map, not the key."""
    if not value:
        return
    for key, text in value.items():
        wrong = label_key(key)
        if wrong:
            causes.each_invalid((*path, MapKey(key)), key, wrong, field=field or server_field(path))
        if text:
            wrong = label_value(text)
            if wrong:
                causes.each_invalid((*path, MapKey(key)), text, wrong, field=field or server_field(path))


def selector(value: dict[str, Any] | None, path: FieldPath, causes: Causes) -> None:
    """Check a label selector."""
    if not value:
        return
    labels(value.get("matchLabels"), (*path, "matchLabels"), causes)
    for index, expression in enumerate(value.get("matchExpressions") or ()):
        _requirement(expression or {}, (*path, "matchExpressions", index), causes)


def _requirement(value: dict[str, Any], path: FieldPath, causes: Causes) -> None:
    operator, values = value.get("operator") or "", value.get("values") or ()
    if operator in ("In", "NotIn"):
        if not values:
            causes.required((*path, "values"), "must be specified when `operator` is 'In' or 'NotIn'")
    elif operator in ("Exists", "DoesNotExist"):
        if values:
            detail = "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"
            causes.forbidden((*path, "values"), detail)
    else:
        causes.invalid((*path, "operator"), operator, "not a valid selector operator", plain=False)
    key = value.get("key") or ""
    causes.each_invalid((*path, "key"), key, label_key(key))
    for index, each in enumerate(values):
        causes.each_invalid((*path, "values", index), each or "", label_value(each or ""))
