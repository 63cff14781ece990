"""Requests and limits of resources, as the API server validates them.

Source: `validateResourceRequirements` of
https://github.com/kubernetes/kubernetes/blob/v1.37.2/pkg/apis/core/validation/validation.go, and
https://github.com/kubernetes/kubernetes/blob/v1.37.2/pkg/apis/core/helper/helpers.go
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from k8snetlint.source.paths import MapKey
from k8snetlint.validation.causes import Causes, server_field
from k8snetlint.validation.names import label_key
from k8snetlint.validation.quantities import Quantity, quantity, resource

if TYPE_CHECKING:
    from collections.abc import Mapping

    from k8snetlint.source.paths import FieldPath
    from k8snetlint.validation.pod_context import PodContext

_ORDINARY = frozenset({"cpu", "memory", "ephemeral-storage"})
_OF_QUOTAS = frozenset(
    {
        *(f"{kind}.{each}" for kind in ("requests", "limits") for each in _ORDINARY),
        *("pods", "resourcequotas", "services", "replicationcontrollers", "secrets", "configmaps"),
        *("persistentvolumeclaims", "storage", "requests.storage", "services.nodeports", "services.loadbalancers"),
    }
)
"""Names that Kubernetes knows, but not of what a container has."""
_COUNTED = frozenset(
    {
        *("pods", "resourcequotas", "services", "replicationcontrollers", "secrets", "configmaps"),
        *("persistentvolumeclaims", "services.nodeports", "services.loadbalancers"),
    }
)
_HUGE_PAGES = "hugepages-"
_NATIVE = "kubernetes.io/"
_REQUESTS = "requests."


def container_resources(
    value: dict[str, Any], path: FieldPath, _: dict[str, Any], pod: PodContext, causes: Causes
) -> None:
    """Check the `resources` of a container."""
    limits, requests = value.get("limits") or {}, value.get("requests") or {}
    if pod.is_pod and path[-3] != "ephemeralContainers":
        requests = {**limits, **requests}
    amounts = _amounts(limits, (*path, "limits"), causes)
    requested = _amounts(requests, (*path, "requests"), causes)
    for name, amount in requested.items():
        if name in limits:
            _compare(name, amount, amounts[name], (*path, "requests"), causes)
        elif _is_required(name):
            causes.required((*path, "limits"), "Limit must be set for non overcommitable resources")
    names = {*limits, *requests}
    if names.isdisjoint({"cpu", "memory"}) and any(each.startswith(_HUGE_PAGES) for each in names):
        causes.forbidden(path, "HugePages require cpu or memory")


def _compare(name: str, amount: Quantity | None, limit: Quantity | None, path: FieldPath, causes: Causes) -> None:
    """Check that no more is requested than the limit; the server names the list."""
    if amount is None or limit is None or amount.nanos == limit.nanos:
        return
    is_required = _is_required(name)
    if is_required or amount.nanos > limit.nanos:
        how = "equal to" if is_required else "less than or equal to"
        detail = f"must be {how} {name} limit of {limit.text}"
        causes.invalid((*path, MapKey(name)), amount.text, detail, field=server_field(path))


def overhead(value: dict[str, Any], path: FieldPath, _: PodContext, causes: Causes) -> None:
    """Check `overhead`, which the server takes for limits."""
    found = Causes()
    _amounts(value, (*path, "limits"), found)
    if any(each.startswith(_HUGE_PAGES) for each in value) and value.keys().isdisjoint({"cpu", "memory"}):
        found.forbidden(path, "HugePages require cpu or memory")
    causes += [each._replace(path=(*path, *each.path[len(path) + 1 :])) for each in found]


def _amounts(value: Mapping[str, Any], path: FieldPath, causes: Causes) -> dict[str, Quantity | None]:
    """Check names and quantities, and return these."""
    amounts = {}
    for name, written in value.items():
        amount = amounts[name] = resource(written)
        if name not in _ORDINARY:
            _unusual(name, amount, (*path, MapKey(name)), causes)
        if amount is not None and amount.nanos < 0:
            causes.invalid((*path, MapKey(name)), amount.text, "must be greater than or equal to 0")
    return amounts


def _unusual(name: str, amount: Quantity | None, path: FieldPath, causes: Causes) -> None:
    """Check a resource other than those that every node has."""
    wrong = label_key(name)
    causes.each_invalid(path, name, wrong)
    is_huge = name.startswith(_HUGE_PAGES)
    if "/" not in name:
        if not wrong and not is_huge and not name.startswith(_REQUESTS + _HUGE_PAGES) and name not in _OF_QUOTAS:
            causes.invalid(path, name, "must be a standard resource type or fully qualified", plain=False)
        if not is_huge:
            causes.invalid(path, name, "must be a standard resource for containers", plain=False)
    elif _NATIVE not in name and not _is_extended(name):
        causes.invalid(path, name, "doesn't follow extended resource name standard", plain=False)
    if amount is None:
        return
    if (name in _COUNTED or _is_extended(name)) and not amount.is_whole:
        causes.invalid(path, amount.text, "must be an integer")
    if is_huge and not _is_divisible(name, amount):
        detail = f"{amount.text} is not positive integer multiple of {name}"
        causes.invalid(path, amount.text, detail)


def _is_extended(name: str) -> bool:
    is_native = "/" not in name or _NATIVE in name
    return not is_native and not name.startswith(_REQUESTS) and not label_key(_REQUESTS + name)


def _is_required(name: str) -> bool:
    """Tell whether a limit of a resource must be what is requested."""
    return name.startswith(_HUGE_PAGES) or ("/" in name and _NATIVE not in name)


def _is_divisible(name: str, amount: Quantity) -> bool:
    text = name.removeprefix(_HUGE_PAGES)
    try:
        page = quantity(text) if text else None
    except ValueError:
        return False
    return page is not None and page.nanos > 0 and page.is_whole and amount.units % page.units == 0
