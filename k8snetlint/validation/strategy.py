"""How many pods workloads have, and how they replace them, as the API server validates it.

Source: https://github.com/kubernetes/kubernetes/blob/v1.37.2/pkg/apis/apps/validation/validation.go
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from k8snetlint.validation.names import fullmatch, regex

if TYPE_CHECKING:
    from k8snetlint.source.paths import FieldPath
    from k8snetlint.validation.causes import Causes
    from k8snetlint.validation.server import Server

_SPEC: FieldPath = ("spec",)
_COUNTS = {
    "Deployment": ("replicas", "minReadySeconds", "revisionHistoryLimit", "progressDeadlineSeconds"),
    "ReplicaSet": ("replicas", "minReadySeconds"),
    "StatefulSet": ("replicas", "minReadySeconds"),
    "DaemonSet": ("minReadySeconds", "revisionHistoryLimit"),
}
_ROLLING, _ON_DELETE, _RECREATE = "RollingUpdate", "OnDelete", "Recreate"
_MANAGEMENT = ("OrderedReady", "Parallel")
_RETENTION = ("Retain", "Delete")
_SET_FIELDS = (1, 27)
"""The gates StatefulSetAutoDeletePVC and StatefulSetStartOrdinal; before, the server dropped their fields."""
_SET_UNAVAILABLE = (1, 37)
"""The gate MaxUnavailableStatefulSet, the same."""
_PERCENT = "[0-9]+%"
_DEADLINE = 600
_SHARE = "25%"

Amount = str | float


def updates(kind: str, spec: dict[str, Any], server: Server, causes: Causes) -> None:
    """Check the counts of a workload and how it is updated."""
    for field in _COUNTS[kind]:
        number = spec.get(field)
        if number and number < 0:
            causes.nonnegative((*_SPEC, field), number)
    match kind:
        case "Deployment":
            _deadline(spec, causes)
            if spec.get("strategy"):
                _deployment(spec["strategy"], (*_SPEC, "strategy"), causes)
        case "DaemonSet":
            if spec.get("updateStrategy"):
                _daemon_set(spec["updateStrategy"], (*_SPEC, "updateStrategy"), causes)
        case "StatefulSet":
            _stateful_set(spec, server, causes)


def _deadline(spec: dict[str, Any], causes: Causes) -> None:
    written, ready = spec.get("progressDeadlineSeconds"), spec.get("minReadySeconds") or 0
    deadline = _DEADLINE if written is None else written
    if deadline <= ready:
        field = "minReadySeconds" if written is None else "progressDeadlineSeconds"
        named = "spec.progressDeadlineSeconds"
        causes.invalid((*_SPEC, field), deadline, "must be greater than minReadySeconds", field=named)


def _deployment(value: dict[str, Any], path: FieldPath, causes: Causes) -> None:
    kind, rolling = value.get("type") or _ROLLING, value.get("rollingUpdate")
    if kind == _RECREATE:
        if rolling is not None:
            detail = "may not be specified when strategy `type` is 'Recreate'"
            causes.forbidden((*path, "rollingUpdate"), detail)
    elif kind != _ROLLING:
        causes.not_supported(path, _as_struct(kind, rolling), (_RECREATE, _ROLLING))
    elif rolling:
        unavailable, surge = _amounts(rolling, _SHARE, _SHARE)
        at = (*path, "rollingUpdate")
        _amount(unavailable, (*at, "maxUnavailable"), causes)
        _amount(surge, (*at, "maxSurge"), causes)
        if not _number(unavailable) and not _number(surge):
            causes.invalid((*at, "maxUnavailable"), unavailable, "may not be 0 when `maxSurge` is 0", plain=False)
        _at_most_all(unavailable, (*at, "maxUnavailable"), causes)


def _daemon_set(value: dict[str, Any], path: FieldPath, causes: Causes) -> None:
    kind, rolling = value.get("type") or _ROLLING, value.get("rollingUpdate")
    if kind not in (_ROLLING, _ON_DELETE):
        causes.not_supported(path, _as_struct(kind, rolling), (_ROLLING, _ON_DELETE))
    elif kind == _ROLLING and rolling:
        unavailable, surge = _amounts(rolling, 1, 0)
        at = (*path, "rollingUpdate")
        for field, amount in (("maxUnavailable", unavailable), ("maxSurge", surge)):
            _amount(amount, (*at, field), causes)
            _at_most_all(amount, (*at, field), causes)
        if _number(unavailable) and _number(surge):
            causes.invalid((*at, "maxSurge"), surge, "may not be set when maxUnavailable is non-zero", plain=False)
        elif not _number(unavailable) and not _number(surge):
            causes.required((*at, "maxUnavailable"), "cannot be 0 when maxSurge is 0")


def _stateful_set(spec: dict[str, Any], server: Server, causes: Causes) -> None:
    management, strategy = spec.get("podManagementPolicy"), spec.get("updateStrategy")
    if management and management not in _MANAGEMENT:
        detail = "must be 'OrderedReady' or 'Parallel'"
        causes.invalid((*_SPEC, "podManagementPolicy"), management, detail, plain=False)
    if strategy:
        _set_strategy(strategy, (*_SPEC, "updateStrategy"), server, causes)
    if server.version < _SET_FIELDS:
        return
    retention, ordinals = spec.get("persistentVolumeClaimRetentionPolicy") or {}, spec.get("ordinals") or {}
    for field in ("whenDeleted", "whenScaled"):
        policy = retention.get(field)
        if policy and policy not in _RETENTION:
            causes.not_supported((*_SPEC, "persistentVolumeClaimRetentionPolicy", field), policy, _RETENTION)
    causes.nonnegative((*_SPEC, "ordinals", "start"), ordinals.get("start"))


def _set_strategy(value: dict[str, Any], path: FieldPath, server: Server, causes: Causes) -> None:
    kind, rolling = value.get("type") or _ROLLING, value.get("rollingUpdate")
    at = (*path, "rollingUpdate")
    if kind not in (_ROLLING, _ON_DELETE):
        shown = _as_struct(kind, rolling, of_set=True)
        causes.invalid(path, shown, "must be 'RollingUpdate' or 'OnDelete'")
    elif rolling is None:
        return
    elif kind == _ON_DELETE:
        shown = _as_struct(kind, rolling, of_set=True)["RollingUpdate"]
        causes.invalid(at, shown, "only allowed for updateStrategy 'RollingUpdate'")
    else:
        causes.nonnegative((*at, "partition"), rolling.get("partition"))
        unavailable = rolling.get("maxUnavailable")
        if unavailable is not None and server.version >= _SET_UNAVAILABLE:
            _amount(unavailable, (*at, "maxUnavailable"), causes)
            if not _number(unavailable):
                causes.invalid((*at, "maxUnavailable"), unavailable, "cannot be 0", plain=False)
            _at_most_all(unavailable, (*at, "maxUnavailable"), causes)


def _amounts(rolling: dict[str, Any], unavailable: Amount, surge: Amount) -> tuple[Amount, Amount]:
    """Return `maxUnavailable` and `maxSurge`, with their defaults."""
    written = rolling.get("maxUnavailable"), rolling.get("maxSurge")
    return unavailable if written[0] is None else written[0], surge if written[1] is None else written[1]


def _amount(value: Amount, path: FieldPath, causes: Causes) -> None:
    """Check a number or a percentage."""
    if not isinstance(value, str):
        causes.nonnegative(path, value)
    elif not fullmatch(_PERCENT, value):
        message = "a valid percent string must be a numeric string followed by an ending '%'"
        causes.invalid(path, value, regex(message, _PERCENT, "1%", "93%"), plain=False)


def _at_most_all(value: Amount, path: FieldPath, causes: Causes) -> None:
    if isinstance(value, str) and fullmatch(_PERCENT, value) and _number(value) > 100:
        causes.invalid(path, value, "must not be greater than 100%", plain=False)


def _number(value: Amount) -> float:
    """Return a number, or that of a percentage; a text that is neither is 0."""
    if not isinstance(value, str):
        return value
    text = value.removesuffix("%") if fullmatch(_PERCENT, value) else value
    return int(text) if fullmatch("[+-]?[0-9]{1,18}", text) else 2**63 - 1 if fullmatch("[0-9]{19,}", text) else 0


def _as_struct(kind: str, rolling: dict[str, Any] | None, *, of_set: bool = False) -> dict[str, Any]:
    """Return a strategy as the server prints it: all fields, in Go's names."""
    printed: dict[str, Any] | None = None
    if rolling is not None and of_set:
        printed = {"Partition": rolling.get("partition") or 0, "MaxUnavailable": rolling.get("maxUnavailable")}
    elif rolling is not None:
        unavailable, surge = _amounts(rolling, 0, 0)
        printed = {"MaxUnavailable": unavailable, "MaxSurge": surge}
    return {"Type": kind, "RollingUpdate": printed}
