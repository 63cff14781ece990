"""What pods share with their host, and what they call themselves, as the API server validates it.

Source: `validateHostUsers` and `validatePodHostName` of
https://github.com/kubernetes/kubernetes/blob/v1.37.2/pkg/apis/core/validation/validation.go
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.validation.causes import server_field
from k8snetlint.validation.names import size, subdomain

if TYPE_CHECKING:
    from k8snetlint.source.paths import FieldPath
    from k8snetlint.validation.causes import Causes
    from k8snetlint.validation.pod_context import PodContext

_USERS_SINCE = (1, 33)
"""The gate UserNamespacesSupport; before, the server dropped the field."""
_DEVICES_SINCE = (1, 34)
_NAMES_SINCE = (1, 35)
"""The gate HostnameOverride (KEP-4762), the same."""
_LONGEST_NAME = 64
_CONTAINERS = ("initContainers", "containers", "ephemeralContainers")


def host_users(value: bool, path: FieldPath, pod: PodContext, causes: Causes) -> None:  # noqa: FBT001 - a field's value
    """Check that a pod with its own users shares no other namespace with the host."""
    if value or pod.server.version < _USERS_SINCE:
        return
    for field in ("hostNetwork", "hostPID", "hostIPC"):
        if pod.spec.get(field):
            at = (*path[:-1], field)
            # The server writes two of them as Go does.
            named = server_field((*path[:-1], field if field == "hostNetwork" else f"H{field[1:]}"))
            causes.forbidden(at, "when `hostUsers` is false", field=named)
    for field in _CONTAINERS if pod.server.version >= _DEVICES_SINCE else ():
        for index, each in enumerate(pod.spec.get(field) or ()):
            if (each or {}).get("volumeDevices"):
                causes.forbidden((*path[:-1], field, index, "volumeDevices"), "when `hostUsers` is false")


def hostname_override(value: str, path: FieldPath, pod: PodContext, causes: Causes) -> None:
    """Check `hostnameOverride`."""
    if pod.server.version < _NAMES_SINCE:
        return
    if pod.spec.get("setHostnameAsFQDN"):
        causes.forbidden(path, "may not be specified when setHostnameAsFQDN is true")
    if pod.spec.get("hostNetwork"):
        causes.forbidden(path, "may not be specified when hostNetwork is true")
    if size(value) > _LONGEST_NAME:
        causes.too_long(path, _LONGEST_NAME)
    causes.each_invalid(path, value, subdomain(value))


def share_process_namespace(value: bool, path: FieldPath, pod: PodContext, causes: Causes) -> None:  # noqa: FBT001 - as above
    """Check that processes are shared among the containers, or with the host."""
    if value and pod.spec.get("hostPID"):
        causes.invalid(path, value, "ShareProcessNamespace and HostPID cannot both be enabled")
