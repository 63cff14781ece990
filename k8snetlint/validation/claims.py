"""Claims of storage in StatefulSets and in ephemeral volumes, as the API server validates them.

Source: `ValidatePersistentVolumeClaimSpec` of
https://github.com/kubernetes/kubernetes/blob/v1.37.2/pkg/apis/core/validation/validation.go
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from k8snetlint.source.paths import MapKey
from k8snetlint.validation.causes import Causes, server_field
from k8snetlint.validation.metadata import object_annotations
from k8snetlint.validation.names import label, subdomain
from k8snetlint.validation.quantities import resource
from k8snetlint.validation.selectors import labels, selector

if TYPE_CHECKING:
    from k8snetlint.source.paths import FieldPath
    from k8snetlint.validation.server import Server

_ACCESS_MODES = ("ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod")
_VOLUME_MODES = ("Block", "Filesystem")
_CLAIM = "PersistentVolumeClaim"


def ephemeral(value: dict[str, Any], path: FieldPath, field: str, _: Server, causes: Causes) -> None:
    """Check an `ephemeral` volume; `field` is how the server names it."""
    template = value.get("volumeClaimTemplate")
    place, named = (*path, "volumeClaimTemplate"), f"{field}.volumeClaimTemplate"
    if template is None:
        causes.required(place, field=named)
        return
    meta, at, shown = template.get("metadata") or {}, (*place, "metadata"), f"{named}.metadata"
    labels(meta.get("labels"), (*at, "labels"), causes, field=f"{shown}.labels")
    object_annotations(meta.get("annotations"), (*at, "annotations"), causes, field=f"{shown}.annotations")
    for each in meta:
        if each not in ("labels", "annotations") and meta[each]:
            go_name = "uID" if each == "uid" else each
            causes.forbidden((*at, each), "cannot be set", field=f"{shown}.{go_name}")
    claim_spec(template.get("spec") or {}, (*place, "spec"), causes, field=f"{named}.spec")


def claim_spec(value: dict[str, Any], path: FieldPath, causes: Causes, *, field: str = "") -> None:
    """Check the `spec` of a claim.

    Args:
        value: it.
        path: its path.
        causes: what is wrong is added here.
        field: how the server names its place.
    """
    field = field or server_field(path)
    _access_modes(value, path, field, causes)
    found = Causes()
    selector(value.get("selector"), (*path, "selector"), found)
    place = server_field(path)
    causes += [each._replace(field=field + each.field.removeprefix(place)) for each in found]
    requests = (value.get("resources") or {}).get("requests") or {}
    named = f"{field}.resources[storage]"
    if "storage" not in requests:
        causes.required((*path, "resources", "requests", "storage"), field=named)
    else:
        amount = resource(requests["storage"])
        if amount is not None and amount.nanos <= 0:
            at = (*path, "resources", "requests", MapKey("storage"))
            causes.invalid(at, amount.text, "must be greater than zero", field=named)
    for each in ("storageClassName", "volumeAttributesClassName"):
        name = value.get(each)
        if name:
            causes.each_invalid((*path, each), name, subdomain(name), field=f"{field}.{each}")
    mode = value.get("volumeMode")
    if mode is not None and mode not in _VOLUME_MODES:
        causes.not_supported((*path, "volumeMode"), mode, _VOLUME_MODES, field=f"{field}.volumeMode")
    for each in ("dataSource", "dataSourceRef"):
        if value.get(each) is not None:
            _data_source(value[each], (*path, each), f"{field}.{each}", causes)
    if value.get("dataSource") is not None and value.get("dataSourceRef") is not None:
        _same_source(value, path, field, causes)


def _access_modes(value: dict[str, Any], path: FieldPath, field: str, causes: Causes) -> None:
    modes = [each or "" for each in value.get("accessModes") or ()]
    named = f"{field}.accessModes"
    if not modes:
        causes.required((*path, "accessModes"), "at least 1 access mode is required", field=named)
    for index, each in enumerate(modes):
        if each not in _ACCESS_MODES:
            causes.not_supported((*path, "accessModes", index), each, _ACCESS_MODES, field=named)
    if "ReadWriteOncePod" in modes and not set(modes).isdisjoint(_ACCESS_MODES[:-1]):
        causes.forbidden((*path, "accessModes"), "may not use ReadWriteOncePod with other access modes", field=named)


def _data_source(value: dict[str, Any], path: FieldPath, field: str, causes: Causes) -> None:
    for each in ("name", "kind"):
        if not value.get(each):
            causes.required((*path, each), field=f"{field}.{each}")
    group, kind, namespace = value.get("apiGroup"), value.get("kind") or "", value.get("namespace")
    if not group and kind != _CLAIM:
        detail = f"must be '{_CLAIM}' when referencing the default apiGroup"
        causes.invalid(path, kind, detail, field=field)
    if group:
        causes.each_invalid((*path, "apiGroup"), group, subdomain(group), field=f"{field}.apiGroup")
    if namespace:
        causes.each_invalid((*path, "namespace"), namespace, label(namespace), field=f"{field}.namespace")


def _same_source(value: dict[str, Any], path: FieldPath, field: str, causes: Causes) -> None:
    source, reference = value["dataSource"], value["dataSourceRef"]
    # The server prints the path of the field as its value, an object without public fields.
    if reference.get("namespace"):
        detail = "may not be specified when dataSourceRef.namespace is specified"
        causes.invalid((*path, "dataSource"), {}, detail, field=field)
    elif any((source.get(each) or None) != (reference.get(each) or None) for each in ("apiGroup", "kind", "name")):
        causes.invalid((*path, "dataSource"), {}, "must match dataSourceRef", field=field)
