"""What volumes are made of, as the API server validates it.

Source: `validateVolumeSource` of
https://github.com/kubernetes/kubernetes/blob/v1.37.2/pkg/apis/core/validation/validation.go
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from k8snetlint.validation.downward import field_ref, resource_field_ref
from k8snetlint.validation.names import in_range, size, subdomain
from k8snetlint.validation.paths import backsteps, descending, descending_and_free

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from k8snetlint.source.paths import FieldPath
    from k8snetlint.validation.causes import Causes
    from k8snetlint.validation.server import Server

    Check = Callable[[Any, FieldPath, str, Server, Causes], None]
    """Checks a source: its value, its path, how the server names it."""

_REQUIRED = {
    "persistentVolumeClaim": ("claimName",),
    "gcePersistentDisk": ("pdName",),
    "awsElasticBlockStore": ("volumeID",),
    "glusterfs": ("endpoints", "path"),
    "rbd": ("monitors", "image"),
    "cinder": ("volumeID",),
    "cephfs": ("monitors",),
    "azureFile": ("secretName", "shareName"),
    "vsphereVolume": ("volumePath",),
    "photonPersistentDisk": ("pdID",),
    "portworxVolume": ("volumeID",),
    "scaleIO": ("gateway", "system", "volumeName"),
}
"""The fields that sources must have of which nothing else is checked."""
_HOST_PATH_TYPES = (
    *("", "BlockDevice", "CharDevice", "Directory", "DirectoryOrCreate", "File", "FileOrCreate", "Socket"),
)
_FILE_MODE = "must be a number between 0 and 0777 (octal), both inclusive"
_PULL_POLICIES = ("Always", "IfNotPresent", "Never")
_TOKEN_SECONDS = (10 * 60, 1 << 32)


def check_of(source: str) -> Check | None:
    """Return what checks a source, None if it is not checked."""
    if source in _REQUIRED:
        return _plain
    if source == "ephemeral":
        from k8snetlint.validation.claims import ephemeral  # noqa: PLC0415 - few volumes are

        return ephemeral
    return _CHECKS.get(source)


def _plain(value: dict[str, Any], path: FieldPath, field: str, _: Server, causes: Causes) -> None:
    source = str(path[-1])
    # The server calls this one otherwise.
    named = field.replace(".gcePersistentDisk", ".persistentDisk")
    for each in _REQUIRED[source]:
        if not value.get(each):
            causes.required((*path, each), field=f"{named}.{each}")
    if source in ("gcePersistentDisk", "awsElasticBlockStore"):
        partition = value.get("partition") or 0
        if not 0 <= partition <= 255:
            causes.each_invalid((*path, "partition"), partition, in_range(1, 255), field=f"{named}.partition")
    if source == "cinder" and value.get("secretRef") is not None and not value["secretRef"].get("name"):
        causes.required((*path, "secretRef", "name"), field=f"{named}.secretRef.name")


def _empty_dir(value: dict[str, Any], path: FieldPath, field: str, _: Server, causes: Causes) -> None:
    written = value.get("sizeLimit")
    if written is not None:
        from k8snetlint.validation.quantities import quantity  # noqa: PLC0415 - few have one

        limit = quantity(written)
        if limit is not None and limit.nanos < 0:
            detail = "SizeLimit field must be a valid resource quantity"
            causes.forbidden((*path, "sizeLimit"), detail, field=f"{field}.sizeLimit")


def _host_path(value: dict[str, Any], path: FieldPath, field: str, _: Server, causes: Causes) -> None:
    text, kind = value.get("path"), value.get("type")
    if not text:
        causes.required((*path, "path"), field=f"{field}.path")
        return
    causes.each_invalid((*path, "path"), text, backsteps(text), field=f"{field}.path")
    if kind and kind not in _HOST_PATH_TYPES:
        causes.not_supported((*path, "type"), kind, _HOST_PATH_TYPES, field=f"{field}.type")


def _git_repo(value: dict[str, Any], path: FieldPath, field: str, _: Server, causes: Causes) -> None:
    if not value.get("repository"):
        causes.required((*path, "repository"), field=f"{field}.repository")
    folder = value.get("directory") or ""
    causes.each_invalid((*path, "directory"), folder, descending(folder), field=f"{field}.directory")


def _nfs(value: dict[str, Any], path: FieldPath, field: str, _: Server, causes: Causes) -> None:
    for each in ("server", "path"):
        if not value.get(each):
            causes.required((*path, each), field=f"{field}.{each}")
    text = value.get("path") or ""
    if not text.startswith("/"):
        causes.invalid((*path, "path"), text, "must be an absolute path", field=f"{field}.path")


def _csi(value: dict[str, Any], path: FieldPath, field: str, _: Server, causes: Causes) -> None:
    driver, secret = value.get("driver") or "", value.get("nodePublishSecretRef")
    if not driver:
        causes.required((*path, "driver"), field=f"{field}.driver")
    else:
        if size(driver) > 63:
            causes.too_long((*path, "driver"), 63, field=f"{field}.driver")
        causes.each_invalid((*path, "driver"), driver, subdomain(driver.lower()), field=f"{field}.driver")
    if secret is not None:
        name, at = secret.get("name"), (*path, "nodePublishSecretRef", "name")
        if not name:
            causes.required(at, field=f"{field}.nodePublishSecretRef.name")
        else:
            causes.each_invalid(at, name, subdomain(name), field=f"{field}.name")


def _image(value: dict[str, Any], path: FieldPath, field: str, _: Server, causes: Causes) -> None:
    policy = value.get("pullPolicy")
    if not value.get("reference"):
        causes.required((*path, "reference"), field=f"{field}.reference")
    if policy and policy not in _PULL_POLICIES:
        causes.not_supported((*path, "pullPolicy"), policy, _PULL_POLICIES, field=f"{field}.pullPolicy")


def _secret(value: dict[str, Any], path: FieldPath, field: str, _: Server, causes: Causes) -> None:
    if not value.get("secretName"):
        causes.required((*path, "secretName"), field=f"{field}.secretName")
    _mode(value.get("defaultMode"), (*path, "defaultMode"), f"{field}.defaultMode", causes)
    _items(value.get("items") or (), (*path, "items"), f"{field}.items", causes)


def _config_map(value: dict[str, Any], path: FieldPath, field: str, _: Server, causes: Causes) -> None:
    if not value.get("name"):
        causes.required((*path, "name"), field=f"{field}.name")
    _mode(value.get("defaultMode"), (*path, "defaultMode"), f"{field}.defaultMode", causes)
    _items(value.get("items") or (), (*path, "items"), f"{field}.items", causes)


def _mode(value: float | None, path: FieldPath, field: str, causes: Causes) -> None:
    if value is not None and not 0 <= value <= 0o777:
        causes.invalid(path, value, _FILE_MODE, field=field)


def _items(value: Sequence[Any], path: FieldPath, field: str, causes: Causes) -> None:
    """Check which keys become which files."""
    for index, each in enumerate(value):
        item, at, named = each or {}, (*path, index), f"{field}[{index}]"
        for required in ("key", "path"):
            if not item.get(required):
                causes.required((*at, required), field=f"{named}.{required}")
        text = item.get("path") or ""
        causes.each_invalid((*at, "path"), text, descending_and_free(text), field=f"{named}.path")
        _mode(item.get("mode"), (*at, "mode"), f"{named}.mode", causes)


def _downward_api(value: dict[str, Any], path: FieldPath, field: str, server: Server, causes: Causes) -> None:
    _mode(value.get("defaultMode"), (*path, "defaultMode"), f"{field}.defaultMode", causes)
    _downward_items(value.get("items") or (), (*path, "items"), field, server, causes)


def _downward_items(value: Sequence[Any], path: FieldPath, field: str, server: Server, causes: Causes) -> None:
    """Check which fields become which files; the server does not say of which one it speaks."""
    for index, each in enumerate(value):
        item, at = each or {}, (*path, index)
        text, fields, resources = item.get("path") or "", item.get("fieldRef"), item.get("resourceFieldRef")
        if not text:
            causes.required((*at, "path"), field=f"{field}.path")
        causes.each_invalid((*at, "path"), text, descending_and_free(text), field=f"{field}.path")
        if fields is not None:
            named = f"{field}.fieldRef"
            field_ref(fields, (*at, "fieldRef"), server.version, causes, volume=True, field=named)
            if resources is not None:
                detail = "fieldRef and resourceFieldRef can not be specified simultaneously"
                causes.invalid(at, "resource", detail, field=field)
        elif resources is not None:
            named = f"{field}.resourceFieldRef"
            resource_field_ref(resources, (*at, "resourceFieldRef"), causes, volume=True, field=named)
        else:
            causes.required(at, "one of fieldRef and resourceFieldRef is required", field=field)
        _mode(item.get("mode"), (*at, "mode"), f"{field}.mode", causes)


def _projected(value: dict[str, Any], path: FieldPath, field: str, server: Server, causes: Causes) -> None:
    _mode(value.get("defaultMode"), (*path, "defaultMode"), f"{field}.defaultMode", causes)
    seen: set[str] = set()
    for index, each in enumerate(value.get("sources") or ()):
        source, at, named = each or {}, (*path, "sources", index), f"{field}.sources[{index}]"
        for kind in ("secret", "configMap"):
            part = source.get(kind)
            if part is not None:
                if not part.get("name"):
                    causes.required((*at, kind, "name"), field=f"{named}.{kind}.name")
                _items(part.get("items") or (), (*at, kind, "items"), f"{named}.{kind}.items", causes)
        downward, token = source.get("downwardAPI"), source.get("serviceAccountToken")
        if downward is not None:
            items = downward.get("items") or ()
            _downward_items(items, (*at, "downwardAPI", "items"), f"{named}.downwardAPI", server, causes)
        for taken, text, shown in _files(source, at):
            if text in seen:
                causes.invalid(taken, shown, "conflicting duplicate paths", field=field)
            seen.add(text)
        if token is not None:
            _token(token, (*at, "serviceAccountToken"), field, named, causes)
        if sum(part is not None for part in source.values()) > 1:
            causes.forbidden(at, "may not specify more than 1 volume type per source", field=named)


def _files(source: dict[str, Any], path: FieldPath) -> Iterator[tuple[FieldPath, str, str]]:
    """Yield the paths of files that a source makes, and what the server shows if it is taken."""
    for kind in ("secret", "configMap", "downwardAPI"):
        part = source.get(kind) or {}
        for index, each in enumerate(part.get("items") or ()):
            text = (each or {}).get("path")
            if text:
                shown = text if kind == "downwardAPI" else part.get("name") or ""
                yield (*path, kind, "items", index, "path"), text, shown


def _token(value: dict[str, Any], path: FieldPath, field: str, named: str, causes: Causes) -> None:
    """Check a `serviceAccountToken`; the server names another field for its path."""
    seconds, text = value.get("expirationSeconds"), value.get("path") or ""
    least, most = _TOKEN_SECONDS
    at, called = (*path, "expirationSeconds"), f"{named}.serviceAccountToken.expirationSeconds"
    if seconds is not None and seconds < least:
        causes.invalid(at, seconds, "may not specify a duration less than 10 minutes", field=called)
    if seconds is not None and seconds > most:
        causes.invalid(at, seconds, "may not specify a duration larger than 2^32 seconds", field=called)
    if not text:
        causes.required((*path, "path"), field=f"{field}.path")
    else:
        causes.each_invalid((*path, "path"), text, descending_and_free(text), field=f"{field}.path")


_CHECKS: dict[str, Check] = {
    "emptyDir": _empty_dir,
    "hostPath": _host_path,
    "gitRepo": _git_repo,
    "nfs": _nfs,
    "csi": _csi,
    "image": _image,
    "secret": _secret,
    "configMap": _config_map,
    "downwardAPI": _downward_api,
    "projected": _projected,
}
