"""The fields that kustomize's `labels` and `commonLabels` are added to, and how they are added.

Source: https://github.com/kubernetes-sigs/kustomize/tree/master/api/internal/konfig/builtinpluginconsts
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any, NamedTuple

from k8snetlint.model.values import items, mapping, text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    _Add = Callable[[dict[str, Any], Mapping[str, Any]], dict[str, Any]]


class FieldSpec(NamedTuple):
    """A field of some kinds; an empty kind, group or version means any.

    Attributes:
        path: the keys from the object to the field. Lists on the path need no step; `[]` after a key requires a list.
        create: whether missing mappings on the path are created; missing lists never are.
    """

    path: tuple[str, ...]
    create: bool = False
    kind: str = ""
    group: str = ""
    version: str = ""

    def applies_to(self, api_version: str, kind: str) -> bool:
        """Tell whether it names a field of a kind."""
        group, _, version = api_version.rpartition("/")
        return self.kind in ("", kind) and self.group in ("", group) and self.version in ("", version)


FieldSpecs = tuple[FieldSpec, ...]


def _spec(path: str, kind: str = "", group: str = "", *, version: str = "", create: bool = True) -> FieldSpec:
    return FieldSpec(tuple(path.split("/")), create, kind, group, version)


def _scheduling(kind: str) -> Iterator[FieldSpec]:
    term, preferred, required = "labelSelector/matchLabels", "preferred", "required"
    ignored = "DuringSchedulingIgnoredDuringExecution"
    for affinity in ("podAffinity", "podAntiAffinity"):
        above = f"spec/template/spec/affinity/{affinity}"
        yield _spec(f"{above}/{preferred}{ignored}/podAffinityTerm/{term}", kind, "apps", create=False)
        yield _spec(f"{above}/{required}{ignored}/{term}", kind, "apps", create=False)
    yield _spec(f"spec/template/spec/topologySpreadConstraints/{term}", kind, "apps", create=False)


METADATA: FieldSpecs = (_spec("metadata/labels"),)
"""What `labels` are always added to."""
TEMPLATES: FieldSpecs = (
    *METADATA,
    _spec("spec/template/metadata/labels", "ReplicationController", version="v1"),
    _spec("spec/template/metadata/labels", "Deployment"),
    _spec("spec/template/metadata/labels", "ReplicaSet"),
    _spec("spec/template/metadata/labels", "DaemonSet"),
    _spec("spec/template/metadata/labels", "StatefulSet", "apps"),
    _spec("spec/volumeClaimTemplates[]/metadata/labels", "StatefulSet", "apps"),
    _spec("spec/template/metadata/labels", "Job", "batch"),
    _spec("spec/jobTemplate/metadata/labels", "CronJob", "batch"),
    _spec("spec/jobTemplate/spec/template/metadata/labels", "CronJob", "batch"),
)
"""What `labels` with `includeTemplates` are added to."""
SELECTORS: FieldSpecs = (
    _spec("spec/selector", "Service", version="v1"),
    _spec("spec/selector", "ReplicationController", version="v1"),
    _spec("spec/selector/matchLabels", "Deployment"),
    *_scheduling("Deployment"),
    _spec("spec/selector/matchLabels", "ReplicaSet"),
    _spec("spec/selector/matchLabels", "DaemonSet"),
    _spec("spec/selector/matchLabels", "StatefulSet", "apps"),
    *_scheduling("StatefulSet"),
    _spec("spec/selector/matchLabels", "Job", "batch", create=False),
    _spec("spec/jobTemplate/spec/selector/matchLabels", "CronJob", "batch", create=False),
    _spec("spec/selector/matchLabels", "PodDisruptionBudget", "policy", create=False),
    _spec("spec/podSelector/matchLabels", "NetworkPolicy", "networking.k8s.io", create=False),
    _spec("spec/ingress/from/podSelector/matchLabels", "NetworkPolicy", "networking.k8s.io", create=False),
    _spec("spec/egress/to/podSelector/matchLabels", "NetworkPolicy", "networking.k8s.io", create=False),
    *TEMPLATES,
)
"""What `labels` with `includeSelectors`, and `commonLabels`, are added to."""


NAMES = _spec("metadata/name", create=False)
"""What `namePrefix` and `nameSuffix` change."""


@functools.lru_cache(maxsize=256)
def reaches_peers(specs: FieldSpecs) -> bool:
    """Tell whether any of the fields is in the ingress or egress rules of a NetworkPolicy."""
    policies = (each.path for each in specs if each.applies_to("networking.k8s.io/v1", "NetworkPolicy"))
    return any(path[:1] == ("spec",) and path[1:2] in (("ingress",), ("egress",)) for path in policies)


def read_field_specs(value: object) -> FieldSpecs:
    """Return the fields of a list of fieldSpecs, such as `fields` of `labels`."""
    found: list[FieldSpec] = []
    for each in map(mapping, items(value)):
        path = text(each.get("path"))
        if path:
            kind, group, version = (text(each.get(field)) or "" for field in ("kind", "group", "version"))
            found.append(FieldSpec(tuple(path.strip("/").split("/")), each.get("create") is True, kind, group, version))
    return tuple(found)


LabelsInFields = tuple[FieldSpecs, "Mapping[str, str]"]
"""Labels, and the fields that they are added to."""


def add_labels(value: dict[str, Any], additions: Sequence[LabelsInFields]) -> dict[str, Any]:
    """Return a copy of an object with labels added; the object itself if nothing changes."""
    keys = [key for _, labels in additions for key in labels]
    if len(keys) == len(set(keys)):
        for specs, labels in additions:
            value = _add_to_fields(value, specs, labels, _merge)
        return value
    changed = value
    for specs, labels in additions:
        entries = {key: _SharedValue(text) for key, text in labels.items()}
        changed = _add_to_fields(changed, specs, entries, _share)
    changed = _unshare(changed)
    return value if changed == value else changed


def _add_to_fields(value: dict[str, Any], specs: FieldSpecs, labels: Mapping[str, Any], add: _Add) -> dict[str, Any]:
    group, _, version = value["apiVersion"].rpartition("/")
    for spec in _specs_of_kind(specs, value["kind"]):
        if spec.group in ("", group) and spec.version in ("", version):
            value = _add_at_path(value, spec.path, labels, create=spec.create, add=add)
    return value


@functools.lru_cache(maxsize=256)
def _specs_of_kind(specs: FieldSpecs, kind: str) -> FieldSpecs:
    return tuple(each for each in specs if each.kind in ("", kind))


def _add_at_path(node: Any, path: tuple[str, ...], labels: Mapping[str, Any], *, create: bool, add: _Add) -> Any:
    """Return a copy of a node with labels added at a path; the node itself if nothing changes."""
    if path and isinstance(node, list):
        changed = [_add_at_path(each, path, labels, create=create, add=add) for each in node]
        return node if all(one is other for one, other in zip(changed, node, strict=True)) else changed
    if not isinstance(node, dict):
        return node
    if not path:
        return add(node, labels)
    name, is_list = path[0].removesuffix("[]"), path[0].endswith("[]")
    before = node.get(name)
    if before is None and (is_list or not create):
        return node
    after = _add_at_path({} if before is None else before, path[1:], labels, create=create, add=add)
    return node if after is before else {**node, name: after}


def _merge(node: dict[str, Any], labels: Mapping[str, Any]) -> dict[str, Any]:
    return node if labels.items() <= node.items() else {**node, **labels}


class _SharedValue:
    """The value of a label, shared by all fields that it was added to at once.

    The fields that kustomize adds a label to share one YAML node, so a later change of one field changes all of them:
    `labels` without `includeSelectors` change a selector that got the same label from `commonLabels` before.
    """

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text = text


def _share(node: dict[str, Any], labels: Mapping[str, Any]) -> dict[str, Any]:
    changed = dict(node)
    for key, entry in labels.items():
        existing = changed.get(key)
        if isinstance(existing, _SharedValue):
            existing.text = entry.text
        else:
            # A label that is written in the manifest has its own node.
            changed[key] = _SharedValue(entry.text) if key in changed else entry
    return changed


def _unshare(node: Any) -> Any:
    if isinstance(node, dict):
        return {key: _unshare(each) for key, each in node.items()}
    if isinstance(node, list):
        return [_unshare(each) for each in node]
    return node.text if isinstance(node, _SharedValue) else node
