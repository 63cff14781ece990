"""The containers of a pod, as the API server validates them, in its order.

Source: `validateContainers`, `validateInitContainers`, `validateEphemeralContainers` of
https://github.com/kubernetes/kubernetes/blob/v1.37.2/pkg/apis/core/validation/validation.go
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

from k8snetlint.validation.causes import server_field
from k8snetlint.validation.container_ports import ports, unique_on_host
from k8snetlint.validation.names import label, trimmed

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from k8snetlint.source.paths import FieldPath
    from k8snetlint.validation.causes import Causes
    from k8snetlint.validation.pod_context import PodContext

    Check = Callable[[Any, FieldPath, dict[str, Any], PodContext, Causes], None]
    """Checks a field: its value, its path, the container, the pod."""
    RunningCheck = Callable[[dict[str, Any], FieldPath, PodContext, Causes], None]

_RESTART_POLICIES = ("Always", "Never", "OnFailure")
_RESTART_RULES = (1, 35)
"""The gate ContainerRestartRules: any container may have a `restartPolicy`, not only init containers `Always`."""
_SIDECARS = (1, 29)
"""The gate SidecarContainers; before, the server dropped the field."""
_RUNNING = ("lifecycle", "livenessProbe", "readinessProbe", "startupProbe")
"""The fields of containers that run while the pod serves."""
_NOT_EPHEMERAL = (*_RUNNING, "ports", "resources", "resizePolicy", "restartPolicy", "restartPolicyRules")
_RESIZE_RESOURCES, _RESIZE_POLICIES = ("cpu", "memory"), ("NotRequired", "RestartContainer")
_RESIZE = (1, 33)
"""The gate InPlacePodVerticalScaling; before, the server dropped the field."""


def containers(value: Sequence[Any] | None, path: FieldPath, pod: PodContext, causes: Causes) -> None:
    """Check `containers`."""
    if not value:
        causes.required(path)
        return
    names: set[str] = set()
    host_ports = 0
    for index, each in enumerate(value):
        container, at = each or {}, (*path, index)
        host_ports += _container(container, at, pod, causes)
        name = container.get("name") or ""
        if name in names:
            causes.duplicate((*at, "name"), name)
        names.add(name)
        for field in _RUNNING:
            if field in container:
                _running(field, container, at, pod, causes)
        if "restartPolicy" in container or "restartPolicyRules" in container:
            _restart_policy(container, at, pod, causes)
    if host_ports > 1:
        unique_on_host(value, path, causes, defaulted=pod.has_host_ports)


def init_containers(value: Sequence[Any], path: FieldPath, pod: PodContext, causes: Causes) -> None:
    """Check `initContainers`."""
    names = {(each or {}).get("name") or "" for each in pod.spec.get("containers") or ()}
    for index, each in enumerate(value):
        container, at = each or {}, (*path, index)
        # They run one after another, so that each may have the host ports of another.
        if _container(container, at, pod, causes) > 1:
            unique_on_host((container,), path, causes, defaulted=pod.has_host_ports, first=index)
        name = container.get("name") or ""
        if name in names:
            causes.duplicate((*at, "name"), name)
        elif name:
            names.add(name)
        is_sidecar = container.get("restartPolicy") == "Always" and pod.server.version >= _SIDECARS
        for field in _RUNNING:
            if is_sidecar:
                _running(field, container, at, pod, causes)
            elif container.get(field) is not None:
                causes.forbidden((*at, field), "may not be set for init containers without restartPolicy=Always")
        if "restartPolicy" in container or "restartPolicyRules" in container:
            _restart_policy(container, at, pod, causes, init=True)
        for number, policy in enumerate(container.get("resizePolicy") or ()):
            restart = (policy or {}).get("restartPolicy")
            if restart == "RestartContainer" and not is_sidecar and pod.server.version >= _RESIZE:
                detail = "must not be set to 'RestartContainer' for non-sidecar initContainers"
                causes.invalid((*at, "resizePolicy", number, "restartPolicy"), restart, detail)


def ephemeral_containers(value: Sequence[Any], path: FieldPath, pod: PodContext, causes: Causes) -> None:
    """Check `ephemeralContainers`, which can be added to a running pod only."""
    if not value:
        return
    text = "cannot be set on create" if pod.is_pod else "ephemeral containers not allowed in pod template"
    causes.forbidden(path, text)
    fields = ("containers", "initContainers")
    others = {(each or {}).get("name") or "" for field in fields for each in pod.spec.get(field) or ()}
    names = set(others)
    for index, each in enumerate(value):
        container, at = each or {}, (*path, index)
        _container(container, at, pod, causes, defaulted=False)
        if not pod.is_pod:
            _image_blanks(container, at, causes)
        name = container.get("name") or ""
        if name in names:
            causes.duplicate((*at, "name"), name)
        names.add(name)
        target = container.get("targetContainerName")
        if target and target not in others:
            causes.not_found((*at, "targetContainerName"), target, among=(*pod.path, "containers"))
        for field in _NOT_EPHEMERAL:
            # Resources are no pointer: empty, they are as if they were not written.
            if container.get(field) or (container.get(field) is not None and field != "resources"):
                causes.forbidden((*at, field), "cannot be set for an Ephemeral Container")
        for number, mount in enumerate(container.get("volumeMounts") or ()):
            for field in ("subPath", "subPathExpr"):
                if (mount or {}).get(field):
                    detail = "cannot be set for an Ephemeral Container"
                    causes.forbidden((*at, "volumeMounts", number, field), detail)


def _container(
    container: dict[str, Any], path: FieldPath, pod: PodContext, causes: Causes, *, defaulted: bool | None = None
) -> int:
    """Check what all containers have in common, and return how many ports of the host it takes."""
    name, image = container.get("name"), container.get("image")
    if not name:
        causes.required((*path, "name"))
    else:
        wrong = label(name)
        if wrong:
            causes.each_invalid((*path, "name"), name, wrong)
    if not image:
        causes.required((*path, "image"))
    elif pod.is_pod:
        _image_blanks(container, path, causes)
    host_ports = 0
    for field, value in container.items():
        if value is None or value == "":
            continue
        if field == "ports":
            on_host = pod.has_host_ports if defaulted is None else defaulted
            host_ports = ports(value, (*path, field), causes, defaulted=on_host)
            continue
        check = _check_of(field)
        if check is not None:
            check(value, (*path, field), container, pod, causes)
    return host_ports


@functools.cache
def _check_of(field: str) -> Check | None:
    """Return what checks a field of any container; most fields are free."""
    # A module is imported when the first field of its kind occurs.
    match field:
        case "env":
            from k8snetlint.validation.env import env  # noqa: PLC0415 - see above

            return env
        case "envFrom":
            from k8snetlint.validation.env import env_from  # noqa: PLC0415 - see above

            return env_from
        case "volumeMounts":
            from k8snetlint.validation.mounts import volume_mounts  # noqa: PLC0415 - see above

            return volume_mounts
        case "volumeDevices":
            from k8snetlint.validation.mounts import volume_devices  # noqa: PLC0415 - see above

            return volume_devices
        case "resources":
            from k8snetlint.validation.resources import container_resources  # noqa: PLC0415 - see above

            return container_resources
        case "securityContext":
            from k8snetlint.validation.security import security_context  # noqa: PLC0415 - see above

            return security_context
        case "imagePullPolicy":
            return _pull_policy
        case "terminationMessagePolicy":
            return _termination_message_policy
        case "resizePolicy":
            return _resize_policy
        case _:
            return None


def _running(field: str, container: dict[str, Any], path: FieldPath, pod: PodContext, causes: Causes) -> None:
    value = container.get(field)
    if value is not None:
        probe, lifecycle = _running_checks()
        (lifecycle if field == "lifecycle" else probe)(value, (*path, field), pod, causes)


@functools.cache
def _running_checks() -> tuple[RunningCheck, RunningCheck]:
    from k8snetlint.validation.probes import lifecycle, probe  # noqa: PLC0415 - where there is one

    return probe, lifecycle


def _image_blanks(container: dict[str, Any], path: FieldPath, causes: Causes) -> None:
    image = container.get("image") or ""
    if image != trimmed(image):
        causes.invalid((*path, "image"), image, "must not have leading or trailing whitespace")


def _pull_policy(value: str, path: FieldPath, _: dict[str, Any], __: PodContext, causes: Causes) -> None:
    if value not in ("Always", "IfNotPresent", "Never"):
        causes.not_supported(path, value, ("Always", "IfNotPresent", "Never"))


def _termination_message_policy(value: str, path: FieldPath, _: dict[str, Any], __: PodContext, causes: Causes) -> None:
    if value not in ("File", "FallbackToLogsOnError"):
        causes.not_supported(path, value, ("File", "FallbackToLogsOnError"))


def _restart_policy(
    container: dict[str, Any], path: FieldPath, pod: PodContext, causes: Causes, *, init: bool = False
) -> None:
    policy, rules = container.get("restartPolicy"), container.get("restartPolicyRules")
    at, version = (*path, "restartPolicy"), pod.server.version
    if version >= _RESTART_RULES:
        if policy is None and rules:
            causes.required(at, "must specify restartPolicy when restart rules are used")
        elif policy is not None and policy not in _RESTART_POLICIES:
            causes.not_supported(at, policy, _RESTART_POLICIES)
    elif policy is None or version < _SIDECARS:
        return
    elif not init:
        causes.forbidden(at, "may not be set for non-init containers")
    elif policy != "Always":
        causes.not_supported(at, policy, ("Always",))


def _resize_policy(value: Sequence[Any], path: FieldPath, _: dict[str, Any], pod: PodContext, causes: Causes) -> None:
    if pod.server.version < _RESIZE:
        return
    seen: set[str] = set()
    for index, each in enumerate(value):
        resource, policy = (each or {}).get("resourceName") or "", (each or {}).get("restartPolicy") or ""
        if resource in seen:
            causes.duplicate((*path, index), resource, plain=False)
        seen.add(resource)
        for field, text, known in (
            ("resourceName", resource, _RESIZE_RESOURCES),
            ("restartPolicy", policy, _RESIZE_POLICIES),
        ):
            # The server names the list.
            if not text:
                causes.required((*path, index, field), field=server_field(path))
            elif text not in known:
                causes.not_supported((*path, index, field), text, known, field=server_field(path))
        if pod.spec.get("restartPolicy") == "Never" and policy != "NotRequired":
            detail = "must be 'NotRequired' when pod `restartPolicy` is 'Never'"
            causes.invalid((*path, index, "restartPolicy"), policy, detail, field=server_field(path), plain=False)
