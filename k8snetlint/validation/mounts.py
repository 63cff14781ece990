"""Where containers mount the volumes of their pod, as the API server validates it.

Source: `ValidateVolumeMounts` and `ValidateVolumeDevices` of
https://github.com/kubernetes/kubernetes/blob/v1.37.2/pkg/apis/core/validation/validation.go
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from k8snetlint.validation.causes import server_field
from k8snetlint.validation.paths import backsteps, descending

if TYPE_CHECKING:
    from collections.abc import Sequence

    from k8snetlint.source.paths import FieldPath
    from k8snetlint.validation.causes import Causes
    from k8snetlint.validation.pod_context import PodContext

_PLAIN = frozenset({"name", "mountPath", "readOnly"})
_PROPAGATIONS = ("Bidirectional", "HostToContainer", "None")
_RECURSIVE = ("Disabled", "Enabled", "IfPossible")
_RECURSIVE_SINCE = (1, 31)
"""The gate RecursiveReadOnlyMounts; before, the server dropped the field."""


def volume_mounts(
    value: Sequence[Any], path: FieldPath, container: dict[str, Any], pod: PodContext, causes: Causes
) -> None:
    """Check `volumeMounts`."""
    seen: set[str] = set()
    devices = {
        (each or {}).get("name") or "": (each or {}).get("devicePath") or ""
        for each in container.get("volumeDevices") or ()
    }
    for index, each in enumerate(value):
        mount, at = each or {}, (*path, index)
        name, mount_path = mount.get("name") or "", mount.get("mountPath") or ""
        if not name:
            causes.required((*at, "name"))
        if name not in pod.volumes:
            causes.not_found((*at, "name"), name, among=(*pod.path, "volumes"))
        if not mount_path:
            causes.required((*at, "mountPath"))
        if mount_path in seen:
            causes.invalid((*at, "mountPath"), mount_path, "must be unique")
        seen.add(mount_path)
        if devices:
            _not_devices(name, mount_path, at, devices, causes)
        if not mount.keys() <= _PLAIN:
            propagation = mount.get("mountPropagation")
            _sub_paths(mount, path, index, causes)
            if propagation is not None:
                _propagation(propagation, (*path, index, "mountPropagation"), container, causes)
            if pod.server.version >= _RECURSIVE_SINCE:
                _recursive(mount, (*path, index, "recursiveReadOnly"), causes)


def _not_devices(name: str, mount_path: str, path: FieldPath, devices: dict[str, str], causes: Causes) -> None:
    if name in devices:
        causes.invalid((*path, "name"), name, "must not already exist in volumeDevices")
    if mount_path in devices.values():
        causes.invalid((*path, "mountPath"), mount_path, "must not already exist as a path in volumeDevices")


def _field(path: FieldPath) -> str:
    """Return how the server names a field of a mount: it does not say of which one."""
    return server_field((*path[:-2], path[-1]))


def _sub_paths(mount: dict[str, Any], path: FieldPath, index: int, causes: Causes) -> None:
    sub_path, expression = mount.get("subPath"), mount.get("subPathExpr")
    if sub_path:
        at: FieldPath = (*path, index, "subPath")
        causes.each_invalid(at, sub_path, descending(sub_path), field=_field(at))
    if expression:
        at = (*path, index, "subPathExpr")
        if sub_path:
            causes.invalid(at, expression, "subPathExpr and subPath are mutually exclusive")
        causes.each_invalid(at, expression, descending(expression), field=_field(at))


def _propagation(value: str, path: FieldPath, container: dict[str, Any], causes: Causes) -> None:
    if value not in _PROPAGATIONS:
        causes.not_supported(path, value, _PROPAGATIONS, field=_field(path))
    if value == "Bidirectional" and not (container.get("securityContext") or {}).get("privileged"):
        detail = "Bidirectional mount propagation is available only to privileged containers"
        causes.forbidden(path, detail, field=_field(path))


def _recursive(mount: dict[str, Any], path: FieldPath, causes: Causes) -> None:
    value = mount.get("recursiveReadOnly")
    if value is None or value == "Disabled":
        return
    if value not in _RECURSIVE:
        causes.not_supported(path, value, _RECURSIVE, field=_field(path))
        return
    if not mount.get("readOnly"):
        causes.forbidden(path, "may only be specified when readOnly is true", field=_field(path))
    if mount.get("mountPropagation") not in (None, "None"):
        detail = "may only be specified when mountPropagation is None or not specified"
        causes.forbidden(path, detail, field=_field(path))


def volume_devices(
    value: Sequence[Any], path: FieldPath, container: dict[str, Any], pod: PodContext, causes: Causes
) -> None:
    """Check `volumeDevices`."""
    mounts = {
        (each or {}).get("name") or "": (each or {}).get("mountPath") or ""
        for each in container.get("volumeMounts") or ()
    }
    names: set[str] = set()
    paths: set[str] = set()
    for index, each in enumerate(value):
        name, device_path = (each or {}).get("name") or "", (each or {}).get("devicePath") or ""
        at = (*path, index)
        if not name:
            causes.required((*at, "name"))
        if name in names:
            causes.invalid((*at, "name"), name, "must be unique")
        volume = pod.volumes.get(name)
        if volume is None:
            causes.not_found((*at, "name"), name, among=(*pod.path, "volumes"))
        elif volume.get("persistentVolumeClaim") is None and volume.get("ephemeral") is None:
            detail = "can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode"
            causes.invalid((*at, "name"), name, detail)
        _device_path(device_path, at, paths, causes)
        if name in mounts:
            causes.invalid((*at, "name"), name, "must not already exist in volumeMounts")
        if device_path in mounts.values():
            causes.invalid((*at, "devicePath"), device_path, "must not already exist as a path in volumeMounts")
        if name:
            names.add(name)


def _device_path(text: str, path: FieldPath, seen: set[str], causes: Causes) -> None:
    at = (*path, "devicePath")
    if not text:
        causes.required(at)
    if text in seen:
        causes.invalid(at, text, "must be unique")
    if text and backsteps(text):
        causes.invalid(at, text, "can not contain backsteps ('..')")
    else:
        seen.add(text)
