"""Security contexts of pods and containers, as the API server validates them.

Sources: `ValidateSecurityContext` and `validatePodSpecSecurityContext` of
https://github.com/kubernetes/kubernetes/blob/v1.37.2/pkg/apis/core/validation/validation.go, and
https://github.com/kubernetes/component-helpers/blob/v0.37.2/node/util/sysctl/namespace.go
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from k8snetlint.validation.names import fullmatch, in_range, size, trimmed
from k8snetlint.validation.paths import descending

if TYPE_CHECKING:
    from k8snetlint.source.paths import FieldPath
    from k8snetlint.validation.causes import Causes
    from k8snetlint.validation.pod_context import PodContext

_IDS = ("fsGroup", "runAsUser", "runAsGroup")
_LAST_ID = 2**31 - 1
_SECCOMP_TYPES = ("Localhost", "RuntimeDefault", "Unconfined")
_CHOICES = {
    "fsGroupChangePolicy": (("Always", "OnRootMismatch"), (1, 23)),
    "supplementalGroupsPolicy": (("Merge", "Strict"), (1, 33)),
    "seLinuxChangePolicy": (("MountOption", "Recursive"), (1, 33)),
}
"""The values of fields, and the version before which the server dropped the field."""
_APP_ARMOR = (1, 31)
"""The gate AppArmorFields is on since 1.31; before, the server dropped the field."""
_LONGEST_PROFILE = 4095
_PROC_MOUNT = (1, 33)
"""The gate ProcMountType; before, the server dropped the field."""
_SYS_ADMIN_SPELLING = "CAP_SYS_ADMIN"
_SYSCTL_SEGMENT = "[a-z0-9]([-_a-z0-9]*[a-z0-9])?"
_SYSCTL = rf"({_SYSCTL_SEGMENT}[\./])*{_SYSCTL_SEGMENT}"
_IPC_SYSCTLS = (
    *("kernel.sem", "kernel.shm", "kernel.shmall", "kernel.shmmax", "kernel.shmmni", "kernel.shm_rmid_forced"),
    *("kernel.msg", "kernel.msgmax", "kernel.msgmnb", "kernel.msgmni"),
)
"""The sysctls of the IPC namespace, but for those under `fs.mqueue.`; `kernel.shm*` is read as `kernel.shm`."""
_FIELDS: dict[str, tuple[tuple[str, Any], ...]] = {
    "": (
        *(("capabilities", None), ("privileged", None), ("seLinuxOptions", None), ("windowsOptions", None)),
        *(("runAsUser", None), ("runAsGroup", None), ("runAsNonRoot", None), ("readOnlyRootFilesystem", None)),
        *(("allowPrivilegeEscalation", None), ("procMount", None), ("seccompProfile", None)),
        ("appArmorProfile", None),
    ),
    "capabilities": (("add", None), ("drop", None)),
    "seLinuxOptions": (("user", ""), ("role", ""), ("type", ""), ("level", "")),
    "windowsOptions": (
        *(("gmsaCredentialSpecName", None), ("gmsaCredentialSpec", None), ("runAsUserName", None)),
        ("hostProcess", None),
    ),
    "seccompProfile": (("type", ""), ("localhostProfile", None)),
    "appArmorProfile": (("type", ""), ("localhostProfile", None)),
}
"""The fields of Go's structs and what they are if they are not written."""


def security_context(
    value: dict[str, Any], path: FieldPath, _: dict[str, Any], pod: PodContext, causes: Causes
) -> None:
    """Check the `securityContext` of a container."""
    for field in ("runAsUser", "runAsGroup"):
        if field in value:
            _id(value[field], (*path, field), causes)
    mount = value.get("procMount")
    if mount is not None and pod.server.version >= _PROC_MOUNT:
        if mount not in ("Default", "Unmasked"):
            causes.not_supported((*path, "procMount"), mount, ("Default", "Unmasked"))
        elif mount == "Unmasked" and pod.spec.get("hostUsers") is not False:
            causes.invalid((*path, "procMount"), mount, "`hostUsers` must be false to use `Unmasked`")
    _profiles(value, path, pod, causes)
    if value.get("allowPrivilegeEscalation") is False:
        if value.get("privileged"):
            detail = "cannot set `allowPrivilegeEscalation` to false and `privileged` to true"
            causes.invalid(path, _as_struct(value), detail)
        for each in (value.get("capabilities") or {}).get("add") or ():
            if each == _SYS_ADMIN_SPELLING:
                detail = f"cannot set `allowPrivilegeEscalation` to false and `capabilities.Add` {each}"
                causes.invalid(path, _as_struct(value), detail)


def pod_security_context(value: dict[str, Any], path: FieldPath, pod: PodContext, causes: Causes) -> None:
    """Check the `securityContext` of a pod."""
    for field, written in value.items():
        if field in _IDS:
            _id(written, (*path, field), causes)
        elif field in _CHOICES:
            known, since = _CHOICES[field]
            if written is not None and written not in known and pod.server.version >= since:
                causes.not_supported((*path, field), written, known)
    for index, each in enumerate(value.get("supplementalGroups") or ()):
        _id(each or 0, (*path, "supplementalGroups", index), causes)
    if value.get("sysctls"):
        _sysctls(value["sysctls"], (*path, "sysctls"), pod, causes)
    _profiles(value, path, pod, causes)


def _id(value: float | None, path: FieldPath, causes: Causes) -> None:
    if value is not None and not 0 <= value <= _LAST_ID:
        causes.each_invalid(path, value, in_range(0, _LAST_ID))


def _profiles(value: dict[str, Any], path: FieldPath, pod: PodContext, causes: Causes) -> None:
    """Check the profiles of seccomp and AppArmor."""
    seccomp = value.get("seccompProfile")
    if seccomp is not None:
        _seccomp(seccomp, (*path, "seccompProfile"), causes)
    app_armor = value.get("appArmorProfile")
    if app_armor is not None and pod.server.version >= _APP_ARMOR:
        _app_armor(app_armor, (*path, "appArmorProfile"), causes)


def _seccomp(value: dict[str, Any], path: FieldPath, causes: Causes) -> None:
    kind, profile = value.get("type"), value.get("localhostProfile")
    at = (*path, "localhostProfile")
    if not kind:
        causes.required((*path, "type"), "type is required when seccompProfile is set")
    elif kind not in _SECCOMP_TYPES:
        causes.not_supported((*path, "type"), kind, _SECCOMP_TYPES)
    if kind != "Localhost":
        if profile is not None:
            shown = {"Type": kind or "", "LocalhostProfile": profile}
            causes.invalid(at, shown, "can only be set when seccomp type is Localhost")
    elif profile is None:
        causes.required(at, "must be set when seccomp type is Localhost")
    else:
        causes.each_invalid(at, profile, descending(profile))


def _app_armor(value: dict[str, Any], path: FieldPath, causes: Causes) -> None:
    kind, profile = value.get("type"), value.get("localhostProfile")
    at, missing = (*path, "localhostProfile"), "must be set when AppArmor type is Localhost"
    if not kind:
        causes.required((*path, "type"), "type is required when appArmorProfile is set")
    elif kind not in _SECCOMP_TYPES:
        causes.not_supported((*path, "type"), kind, _SECCOMP_TYPES)
    elif kind != "Localhost":
        if profile is not None:
            causes.invalid(at, profile, "can only be set when AppArmor type is Localhost", plain=False)
    elif profile is None:
        causes.required(at, missing)
    else:
        if profile != trimmed(profile):
            causes.invalid(at, profile, "must not be padded with whitespace")
        elif not profile:
            causes.required(at, missing)
        if size(profile) > _LONGEST_PROFILE:
            causes.too_long(at, _LONGEST_PROFILE)


def _sysctls(value: list[Any], path: FieldPath, pod: PodContext, causes: Causes) -> None:
    seen: set[str] = set()
    for index, each in enumerate(value):
        name, at = (each or {}).get("name") or "", (*path, index, "name")
        if not name:
            causes.required(at)
        elif size(name) > 253 or not fullmatch(_SYSCTL, name):
            causes.invalid(at, name, f"must have at most 253 characters and match regex ^{_SYSCTL}$")
        elif name in seen:
            causes.duplicate(at, name)
        seen.add(name)
        normal = _with_dots(name).partition("*")[0]
        if pod.spec.get("hostNetwork") and normal.startswith("net."):
            causes.invalid(at, name, "may not be specified when 'hostNetwork' is true")
        elif pod.spec.get("hostIPC") and (normal in _IPC_SYSCTLS or normal.startswith("fs.mqueue.")):
            causes.invalid(at, name, "may not be specified when 'hostIPC' is true")


def _with_dots(name: str) -> str:
    """Return the name of a sysctl with dots: the first separator decides what is one."""
    first = next((letter for letter in name if letter in "./"), ".")
    return name if first == "." else name.translate(str.maketrans("./", "/."))


def _as_struct(value: dict[str, Any], kind: str = "") -> dict[str, Any]:
    """Return a security context as the server prints it: all fields, in Go's names."""
    printed = {}
    for field, default in _FIELDS[kind]:
        written = value.get(field)
        name = field.replace("gmsa", "GMSA", 1) if field.startswith("gmsa") else field[0].upper() + field[1:]
        if field == "seLinuxOptions":
            name = "SELinuxOptions"
        if written is None:
            printed[name] = default
        else:
            printed[name] = _as_struct(written, field) if field in _FIELDS else written
    return printed
