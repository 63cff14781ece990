"""The volumes of a pod, as the API server validates them.

Source: `ValidateVolumes` of
https://github.com/kubernetes/kubernetes/blob/v1.37.2/pkg/apis/core/validation/validation.go
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

from k8snetlint.validation.causes import Causes, server_field
from k8snetlint.validation.names import label, subdomain

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from k8snetlint.source.paths import FieldPath
    from k8snetlint.validation.server import Server

    Check = Callable[[Any, FieldPath, str, Server, Causes], None]
    """Checks a source: its value, its path, how the server names it."""

SOURCES = (
    *("emptyDir", "hostPath", "gitRepo", "gcePersistentDisk", "awsElasticBlockStore", "secret", "nfs", "iscsi"),
    *("glusterfs", "flocker", "persistentVolumeClaim", "rbd", "cinder", "cephfs", "quobyte", "downwardAPI", "fc"),
    *("flexVolume", "configMap", "azureFile", "vsphereVolume", "photonPersistentDisk", "portworxVolume", "azureDisk"),
    *("storageos", "projected", "scaleIO", "csi", "ephemeral", "image"),
)
"""What a volume can be made of, in the server's order."""
_MISSPELT = {"cephfs": "cephFS", "downwardAPI": "downwarAPI"}
"""Sources that the server calls otherwise where there are two."""
_NAMES = {"configMap": "name", "secret": "secretName", "persistentVolumeClaim": "claimName"}
"""The one field that the most common sources must have."""
_IMAGES = (1, 35)
"""The gate ImageVolume; before, the server dropped the field."""


def volumes(
    value: Sequence[Any],
    path: FieldPath,
    server: Server,
    causes: Causes,
    *,
    pod_name: str = "",
    shift: int = 0,
    ignored: Mapping[str, Any] | None = None,
) -> dict[str, dict[str, Any]]:
    """Check `volumes` and return those that are right by their names: others cannot be mounted.

    Args:
        value: the volumes.
        path: their path.
        server: the API server.
        causes: what is wrong is added here.
        pod_name: the name of the Pod, of which claims are made for ephemeral volumes; empty if it is not known.
        shift: how many volumes the server puts before them.
        ignored: those that it leaves out, by their names.
    """
    right: dict[str, dict[str, Any]] = {}
    place = shift
    for index, each in enumerate(value):
        volume = each or {}
        name = volume.get("name") or ""
        if ignored and name in ignored:
            continue
        place += 1
        if name not in right and name and len(volume) == 2 and not label(name) and _is_plain(volume):
            right[name] = volume
            continue
        found = Causes()
        at = (*path, index)
        field = server_field((*path, place - 1))
        _source(volume, at, field, server, found)
        if not name:
            found.required((*at, "name"), field=f"{field}.name")
        else:
            wrong = label(name)
            if wrong:
                found.each_invalid((*at, "name"), name, wrong, field=f"{field}.name")
        if pod_name and volume.get("ephemeral") is not None:
            _claim_name(volume, (*at, "name"), f"{field}.name", pod_name, found)
        if name in right:
            found.duplicate((*at, "name"), name, field=f"{field}.name")
        if found:
            causes += found
        else:
            right[name] = volume
    return right


def _source(volume: dict[str, Any], path: FieldPath, field: str, server: Server, causes: Causes) -> None:
    """Check that a volume has one source at most, which then is an `emptyDir`, and the first one."""
    if len(volume) > 2:
        written = [each for each in SOURCES if volume.get(each) is not None]
    else:
        written = [each for each in volume if each != "name" and volume[each] is not None]
    if "image" in written and server.version < _IMAGES:
        written.remove("image")
    for number, source in enumerate(written):
        if number:
            named = f"{field}.{_MISSPELT.get(source, source)}"
            causes.forbidden((*path, source), "may not specify more than 1 volume type", field=named)
        else:
            check = _check_of(source)
            if check is not None:
                check(volume[source], (*path, source), f"{field}.{source}", server, causes)


@functools.cache
def _check_of(source: str) -> Check | None:
    from k8snetlint.validation.volume_sources import check_of  # noqa: PLC0415 - most sources are plain

    return check_of(source)


def _is_plain(volume: dict[str, Any]) -> bool:
    """Tell whether the one source of a volume has nothing but what it must have."""
    for source, value in volume.items():
        if source != "name":
            if source == "emptyDir":
                return value is not None and not str(value.get("sizeLimit")).lstrip().startswith("-")
            return bool(value) and source in _NAMES and len(value) == 1 and bool(value.get(_NAMES[source]))
    return False


def _claim_name(volume: dict[str, Any], path: FieldPath, field: str, pod_name: str, causes: Causes) -> None:
    """Check the name of the claim that is made for an ephemeral volume of a Pod."""
    name = volume.get("name")
    is_other = any(volume.get(each) is not None for each in SOURCES[: SOURCES.index("ephemeral")])
    claim = f"{pod_name}-{name}"
    for detail in subdomain(claim) if name and not is_other else ():
        causes.invalid(path, name, f'PVC name "{claim}": {detail}', field=field)


def made_claims(value: Sequence[Any], path: FieldPath, pod_name: str, causes: Causes) -> None:
    """Check that a Pod does not ask for a claim that is made for one of its ephemeral volumes."""
    volumes = [each or {} for each in value]
    made = {f"{pod_name}-{each.get('name') or ''}" for each in volumes if each.get("ephemeral") is not None}
    for index, each in enumerate(volumes if made else ()):
        claim = (each.get("persistentVolumeClaim") or {}).get("claimName") or ""
        if claim in made:
            detail = "must not reference a PVC that gets created for an ephemeral volume"
            causes.invalid((*path, index, "persistentVolumeClaim", "claimName"), claim, detail)


def tokens(value: Sequence[Any], path: FieldPath, causes: Causes) -> None:
    """Add that a Pod without an account has no tokens."""
    for index, each in enumerate(value):
        for number, source in enumerate(((each or {}).get("projected") or {}).get("sources") or ()):
            if (source or {}).get("serviceAccountToken") is not None:
                at = (*path, index, "projected", "sources", number, "serviceAccountToken")
                causes.forbidden(at, "must not be specified when serviceAccountName is not set")
