"""Probes and lifecycle handlers of containers, as the API server validates them.

Source: `validateProbe`, `validateLifecycle` and `validateHandler` of
https://github.com/kubernetes/kubernetes/blob/v1.37.2/pkg/apis/core/validation/validation.go
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from k8snetlint.validation.causes import server_field
from k8snetlint.validation.names import fullmatch, in_range, port_name, regex

if TYPE_CHECKING:
    from k8snetlint.source.paths import FieldPath
    from k8snetlint.validation.causes import Causes
    from k8snetlint.validation.pod_context import PodContext

_PROBE_HANDLERS = ("exec", "httpGet", "tcpSocket", "grpc")
_LIFECYCLE_HANDLERS = ("exec", "httpGet", "tcpSocket", "sleep")
_NUMBERS = ("initialDelaySeconds", "timeoutSeconds", "periodSeconds", "successThreshold", "failureThreshold")
_SCHEMES = ("HTTP", "HTTPS")
_HEADER = "[-A-Za-z0-9]+"
_SLEEP, _SLEEP_ZERO = (1, 30), (1, 33)
"""The gates PodLifecycleSleepAction, before which the server dropped the field, and …AllowZero."""


def probe(value: dict[str, Any], path: FieldPath, pod: PodContext, causes: Causes) -> None:
    """Check a probe; its name, the last step of the path, tells which one."""
    _handler(value, path, _PROBE_HANDLERS, pod, causes)
    for field, number in value.items():
        if field in _NUMBERS and number and number < 0:
            causes.nonnegative((*path, field), number)
    grace = value.get("terminationGracePeriodSeconds")
    if grace is not None and grace <= 0:
        causes.invalid((*path, "terminationGracePeriodSeconds"), grace, "must be greater than 0")
    if path[-1] == "readinessProbe":
        if grace is not None:
            detail = "must not be set for readinessProbes"
            causes.invalid((*path, "terminationGracePeriodSeconds"), grace, detail)
    elif (value.get("successThreshold") or 1) != 1:
        causes.invalid((*path, "successThreshold"), value["successThreshold"], "must be 1")


def lifecycle(value: dict[str, Any], path: FieldPath, pod: PodContext, causes: Causes) -> None:
    """Check `lifecycle`."""
    handlers = _LIFECYCLE_HANDLERS if pod.server.version >= _SLEEP else _LIFECYCLE_HANDLERS[:-1]
    for field in ("postStart", "preStop"):
        handler = value.get(field)
        if handler is not None:
            _handler(handler, (*path, field), handlers, pod, causes)


def _handler(value: dict[str, Any], path: FieldPath, fields: tuple[str, ...], pod: PodContext, causes: Causes) -> None:
    """Check that there is one handler, and the first one."""
    is_first = True
    for field in fields:
        action = value.get(field)
        if action is None:
            continue
        at = (*path, field)
        if not is_first:
            causes.forbidden(at, "may not specify more than 1 handler type")
            continue
        is_first = False
        match field:
            case "exec":
                if not action.get("command"):
                    causes.required((*at, "command"))
            case "httpGet":
                _http_get(action, at, causes)
            case "sleep":
                _sleep(action, at, pod, causes)
            case _:
                _port(action.get("port"), (*at, "port"), causes)
    if is_first:
        causes.required(path, "must specify a handler type")


def _http_get(value: dict[str, Any], path: FieldPath, causes: Causes) -> None:
    _port(value.get("port"), (*path, "port"), causes)
    scheme = value.get("scheme")
    if scheme and scheme not in _SCHEMES:
        causes.not_supported((*path, "scheme"), scheme, _SCHEMES)
    for index, each in enumerate(value.get("httpHeaders") or ()):
        name = (each or {}).get("name") or ""
        if not fullmatch(_HEADER, name):
            detail = regex(
                "a valid HTTP header must consist of alphanumeric characters or '-'", _HEADER, "X-Header-Name"
            )
            # The server does not say which one.
            named = server_field((*path, "httpHeaders"))
            causes.invalid((*path, "httpHeaders", index, "name"), name, detail, field=named)


def _port(value: str | float | None, path: FieldPath, causes: Causes) -> None:
    if isinstance(value, str):
        wrong = port_name(value)
        if wrong:
            causes.each_invalid(path, value, wrong)
    elif not 1 <= (value or 0) <= 65535:
        causes.each_invalid(path, value or 0, in_range(1, 65535))


def _sleep(value: dict[str, Any], path: FieldPath, pod: PodContext, causes: Causes) -> None:
    seconds, limit = value.get("seconds") or 0, pod.grace_period
    with_zero = pod.server.version >= _SLEEP_ZERO
    if seconds > limit or seconds < (0 if with_zero else 1):
        least = "non-negative" if with_zero else "greater than 0"
        causes.invalid(path, seconds, f"must be {least} and less than terminationGracePeriodSeconds ({limit})")
