"""What of pods the API server validates and we do not: `--server-exact` names it where it is written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from k8snetlint.model.tables.kinds import POD_GROUPS, POD_KINDS
from k8snetlint.source.paths import MapKey

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from k8snetlint.source.paths import FieldPath

POD_FIELDS = ("resources", "resourceClaims", "schedulingGroup", "evictionResponders")
"""Fields of a pod: resources of the whole pod, claims of devices, scheduling in groups."""
CONTAINER_FIELDS = ("restartPolicyRules",)
JOB_FIELDS = ("successPolicy", "managedBy", "scheduling")
VOLUMES = ("iscsi", "fc", "flexVolume", "azureDisk", "quobyte", "flocker", "storageos")
"""Sources of volumes of certain vendors, most of which are gone."""
PROJECTIONS = ("clusterTrustBundle", "podCertificate")
ANNOTATIONS = (
    *("container.apparmor.security.beta.kubernetes.io/", "container.seccomp.security.alpha.kubernetes.io/"),
    *("seccomp.security.alpha.kubernetes.io/pod", "scheduler.alpha.kubernetes.io/tolerations"),
    *("controller.kubernetes.io/pod-deletion-cost", "kubernetes.io/config.mirror"),
)
"""The beginnings of annotations that have a meaning for pods."""
WINDOWS = "windowsOptions"
_CONTAINERS = ("initContainers", "containers", "ephemeralContainers")


def unjudged(value: Mapping[str, Any]) -> Iterator[FieldPath]:
    """Yield the fields of an object that is decoded which the server validates and we do not."""
    group, kind = value["apiVersion"].rpartition("/")[0], value["kind"]
    if kind not in POD_KINDS or group not in POD_GROUPS:
        return
    at: FieldPath = ()
    holder: Mapping[str, Any] = value
    for step in {"Pod": (), "CronJob": ("spec", "jobTemplate", "spec", "template")}.get(kind, ("spec", "template")):
        if step == "template" and kind in ("Job", "CronJob"):
            yield from _written(holder, at, JOB_FIELDS)
        holder, at = holder.get(step) or {}, (*at, step)
    for key in (holder.get("metadata") or {}).get("annotations") or {}:
        if key.startswith(ANNOTATIONS):
            yield (*at, "metadata", "annotations", MapKey(key))
    yield from _of_pod(holder.get("spec") or {}, (*at, "spec"))


def _of_pod(spec: Mapping[str, Any], path: FieldPath) -> Iterator[FieldPath]:
    yield from _written(spec, path, POD_FIELDS)
    yield from _written(spec.get("securityContext") or {}, (*path, "securityContext"), (WINDOWS,))
    if (spec.get("os") or {}).get("name") == "windows":
        yield (*path, "os")
    for index, each in enumerate(spec.get("volumes") or ()):
        at = (*path, "volumes", index)
        yield from _written(each or {}, at, VOLUMES)
        for number, source in enumerate(((each or {}).get("projected") or {}).get("sources") or ()):
            yield from _written(source or {}, (*at, "projected", "sources", number), PROJECTIONS)
    for field in _CONTAINERS:
        for index, each in enumerate(spec.get(field) or ()):
            container, at = each or {}, (*path, field, index)
            yield from _written(container, at, CONTAINER_FIELDS)
            yield from _written(container.get("resources") or {}, (*at, "resources"), ("claims",))
            yield from _written(container.get("securityContext") or {}, (*at, "securityContext"), (WINDOWS,))


def _written(value: Mapping[str, Any], path: FieldPath, fields: tuple[str, ...]) -> Iterator[FieldPath]:
    for field in fields:
        if value.get(field) is not None:
            yield (*path, field)
