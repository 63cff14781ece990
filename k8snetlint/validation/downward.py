"""References to fields of the pod and of containers, in environment variables and in volumes.

Source: `validateObjectFieldSelector` and `validateContainerResourceFieldSelector` of
https://github.com/kubernetes/kubernetes/blob/v1.37.2/pkg/apis/core/validation/validation.go, and
https://github.com/kubernetes/kubernetes/blob/v1.37.2/pkg/apis/core/pods/helpers.go
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from k8snetlint.validation.causes import server_field
from k8snetlint.validation.names import label_key

if TYPE_CHECKING:
    from k8snetlint.model.environment import Version
    from k8snetlint.source.paths import FieldPath
    from k8snetlint.validation.causes import Causes

_VARIABLE_FIELDS = (
    *("metadata.name", "metadata.namespace", "metadata.uid", "spec.nodeName", "spec.serviceAccountName"),
    *("status.hostIP", "status.hostIPs", "status.podIP", "status.podIPs"),
)
_VOLUME_FIELDS = ("metadata.annotations", "metadata.labels", "metadata.name", "metadata.namespace", "metadata.uid")
_CONVERTED = {*_VARIABLE_FIELDS, *_VOLUME_FIELDS, "spec.restartPolicy", "spec.schedulerName", "status.phase"}
_HOST_IPS, _HOST_IPS_SINCE = "status.hostIPs", (1, 29)
_MAPS = ("metadata.annotations", "metadata.labels")
_RESOURCES = tuple(
    f"{kind}.{resource}" for kind in ("limits", "requests") for resource in ("cpu", "ephemeral-storage", "memory")
)
_HUGE_PAGES = ("limits.hugepages-", "requests.hugepages-")
_BYTES = ("1", "1k", "1M", "1G", "1T", "1P", "1E", "1Ki", "1Mi", "1Gi", "1Ti", "1Pi", "1Ei")
_DIVISORS = {
    "cpu": (("1m", "1"), "only divisor's values 1m and 1 are supported with the cpu resource"),
    "memory": (_BYTES, f"only divisor's values {', '.join(_BYTES)} are supported with the memory resource"),
    "ephemeral-storage": (
        _BYTES,
        f"only divisor's values {', '.join(_BYTES)} are supported with the local ephemeral storage resource",
    ),
    "hugepages": (_BYTES, f"only divisor's values {', '.join(_BYTES)} are supported with the hugepages resource"),
}


def field_ref(
    value: dict[str, Any], path: FieldPath, version: Version, causes: Causes, *, volume: bool = False, field: str = ""
) -> None:
    """Check a `fieldRef`.

    Args:
        value: it.
        path: its path.
        version: the Kubernetes version.
        causes: what is wrong is added here.
        volume: it is that of a file in a volume.
        field: how the server names its place.
    """
    text, api_version = value.get("fieldPath") or "", value.get("apiVersion") or "v1"
    known = _VOLUME_FIELDS if volume else _VARIABLE_FIELDS
    if text in known and api_version == "v1" and text != _HOST_IPS:
        return
    field = field or server_field(path)
    at, named = (*path, "fieldPath"), f"{field}.fieldPath"
    if not text:
        causes.required(at, field=named)
        return
    head, subscript = _subscripted(text)
    is_new = version < _HOST_IPS_SINCE
    if api_version != "v1":
        causes.invalid(at, text, f"error converting fieldPath: unsupported pod version: {api_version}", field=named)
    elif subscript is not None and head not in _MAPS:
        detail = f"error converting fieldPath: field label does not support subscript: {text}"
        causes.invalid(at, text, detail, field=named)
    elif subscript is not None:
        key = subscript.lower() if head == "metadata.annotations" else subscript
        causes.each_invalid(path, key, label_key(key), field=field)
    elif text not in (*_CONVERTED, "spec.host") or (text == _HOST_IPS and is_new):
        causes.invalid(at, text, f"error converting fieldPath: field label not supported: {text}", field=named)
    else:
        converted = "spec.nodeName" if text == "spec.host" else text
        if converted not in known:
            shown = tuple(each for each in known if each != _HOST_IPS or not is_new)
            causes.not_supported(at, converted, shown, field=named, plain=True)


def _subscripted(text: str) -> tuple[str, str | None]:
    """Split `metadata.labels['app']`."""
    head, bracket, rest = text.removesuffix("']").partition("['")
    return (head, rest) if text.endswith("']") and bracket and head else (text, None)


def resource_field_ref(
    value: dict[str, Any], path: FieldPath, causes: Causes, *, volume: bool = False, field: str = ""
) -> None:
    """Check a `resourceFieldRef`; the arguments are those of `field_ref`."""
    resource = value.get("resource") or ""
    if resource in _RESOURCES and not volume and value.get("divisor") is None:
        return
    field = field or server_field(path)
    if volume and not value.get("containerName"):
        causes.required((*path, "containerName"), field=f"{field}.containerName")
    elif not resource:
        causes.required((*path, "resource"), field=f"{field}.resource")
    elif resource not in _RESOURCES and not resource.startswith(_HUGE_PAGES):
        causes.not_supported((*path, "resource"), resource, _RESOURCES, field=f"{field}.resource", plain=True)
    divisor = value.get("divisor")
    if divisor is None:
        return
    from k8snetlint.validation.quantities import quantity  # noqa: PLC0415 - few references have a divisor

    written = quantity(divisor)
    kind = "hugepages" if resource.startswith(_HUGE_PAGES) else resource.partition(".")[2]
    if written and written.nanos and (resource in _RESOURCES or kind == "hugepages"):
        allowed, detail = _DIVISORS[kind]
        if written.text not in allowed:
            causes.invalid((*path, "divisor"), resource, detail, field=f"{field}.divisor")
