"""The changes of kustomize's built-in transformers, read from their configurations.

Annotations, images, replicas and hashes of names matter to no check.

Source: https://github.com/kubernetes-sigs/kustomize/tree/master/api/internal/builtins
"""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING

from k8snetlint.model.values import items, mapping, strings, text
from k8snetlint.scope.changes import (
    Affix,
    FieldChange,
    Labels,
    NamespaceChange,
    Patch,
    join_path,
    patches_of,
    replacements_of,
)
from k8snetlint.scope.fieldspecs import read_field_specs
from k8snetlint.scope.target import Target, target_of_selector
from k8snetlint.source.names import BUILTIN

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from k8snetlint.model.aspects import Touched
    from k8snetlint.scope.changes import Change, ReadFile
    from k8snetlint.scope.fieldspecs import FieldSpec

_NAME = ("metadata", "name")
_NAMESPACE = ("metadata", "namespace")
_LIST_FIELDS = frozenset(
    {
        *("containers", "egress", "env", "ephemeralContainers", "from", "ingress", "initContainers", "ports"),
        *("to", "volumeClaimTemplates", "volumes"),
    }
)
"""The list fields on the paths that checks look at: a fieldSpec does not write their indexes."""


def changes_of_transformer(value: object, folder: str, read: ReadFile) -> tuple[Change, ...] | None:
    """Return the changes of a transformer, None if they are not known.

    Args:
        value: its configuration.
        folder: the folder of the kustomization that lists it; its paths are relative to that folder.
        read: returns the documents of a file, None if there is no such file.
    """
    fields = mapping(value)
    reader = _READERS.get(text(fields.get("kind")) or "") if fields.get("apiVersion") == BUILTIN else None
    if reader is None:
        return None
    changes = tuple(reader(fields, folder, read))
    return None if None in changes else tuple(each for each in changes if each is not None)


def _namespace(fields: dict[str, object], _folder: str, _read: ReadFile) -> Iterator[Change]:
    namespace = text(mapping(fields.get("metadata")).get("namespace"))
    if not namespace:
        return
    unset_only = fields.get("unsetOnly") is True
    renames_namespace = False
    for spec in read_field_specs(fields.get("fieldSpecs")):
        if spec.path == _NAME and spec.applies_to("v1", "Namespace") and spec.kind:
            renames_namespace = not unset_only
        elif spec.path != _NAMESPACE:
            # kustomize sets metadata.namespace of namespaced kinds in any case, whatever the fieldSpecs say.
            yield _field_change(spec)
    yield NamespaceChange(namespace, unset_only, renames_namespace)


def _affixes(fields: dict[str, object], _folder: str, _read: ReadFile) -> Iterator[Change]:
    prefix, suffix = text(fields.get("prefix")) or "", text(fields.get("suffix")) or ""
    if prefix or suffix:
        for spec in read_field_specs(fields.get("fieldSpecs")):
            yield Affix(prefix, suffix, spec) if spec.path == _NAME else _field_change(spec)


def _prefix(fields: dict[str, object], folder: str, read: ReadFile) -> Iterator[Change]:
    return _affixes({**fields, "suffix": None}, folder, read)


def _suffix(fields: dict[str, object], folder: str, read: ReadFile) -> Iterator[Change]:
    return _affixes({**fields, "prefix": None}, folder, read)


def _labels(fields: dict[str, object], _folder: str, _read: ReadFile) -> Iterator[Change]:
    pairs, specs = strings(fields.get("labels")), read_field_specs(fields.get("fieldSpecs"))
    if pairs and specs:
        yield Labels(pairs, specs)


def _other_fields(fields: dict[str, object], _folder: str, _read: ReadFile) -> Iterator[Change]:
    """Yield changes of the fields that matter to checks, if the fieldSpecs name any."""
    for spec in read_field_specs(fields.get("fieldSpecs")):
        if spec.path[-1] not in ("annotations", "image", "replicas"):
            yield _field_change(spec)


def _no_changes(_fields: dict[str, object], _folder: str, _read: ReadFile) -> Iterator[Change]:
    yield from ()


def _patch(fields: dict[str, object], folder: str, _read: ReadFile) -> Iterator[Change]:
    return patches_of(fields, folder)


def _json_patch(fields: dict[str, object], folder: str, _read: ReadFile) -> Iterator[Change]:
    return patches_of({**fields, "patch": fields.get("jsonOp")}, folder)


def _merge_patches(fields: dict[str, object], folder: str, _read: ReadFile) -> Iterator[Change]:
    for path in items(fields.get("paths")):
        yield from patches_of(path, folder)
    written = text(fields.get("patches"))
    if written:
        yield Patch(None, written, None, may_rename=False)


def _replacements(fields: dict[str, object], folder: str, _read: ReadFile) -> Iterator[Change]:
    return replacements_of(fields, folder)


def _value_add(fields: dict[str, object], folder: str, read: ReadFile) -> Iterator[Change | None]:
    targets = [*items(fields.get("targets"))]
    path = text(fields.get("targetFilePath"))
    if path:
        loaded = read(join_path(folder, path))
        if loaded is None:
            yield None
            return
        targets += [each for entry in loaded for each in (entry if isinstance(entry, list) else [entry])]
    for target in map(mapping, targets):
        field = _path_pattern((text(target.get("fieldPath")) or "").strip("/"))
        selector = mapping(target.get("selector"))
        if field == _NAMESPACE and not selector:
            yield NamespaceChange(text(fields.get("value")) or posixpath.basename(folder), renames_namespace=False)
        elif field:
            yield FieldChange(target_of_selector(selector), (field,))


def _path_pattern(path: str) -> Touched:
    """Return the steps of a path with slashes, `*` for an index."""
    steps = (step.replace("\\/", "/") for step in re.split(r"(?<!\\)/", path) if step)
    return tuple("*" if step.isdecimal() or step[0] == "[" or step in ("-", "*") else step for step in steps)


def _field_change(spec: FieldSpec) -> FieldChange:
    """Return the change of the field that a fieldSpec names."""
    target = Target(kind=spec.kind or None, group=spec.group or None, version=spec.version or None)
    field: list[str] = []
    is_list = False
    for key in spec.path:
        name = key.removesuffix("[]")
        if is_list or (field and field[-1] in _LIST_FIELDS):
            field.append("*")
        field.append(name)
        is_list = name != key
    return FieldChange(target, (tuple(field),))


_READERS: dict[str, Callable[[dict[str, object], str, ReadFile], Iterator[Change | None]]] = {
    "AnnotationsTransformer": _other_fields,
    "HashTransformer": _no_changes,
    "ImageTagTransformer": _other_fields,
    "LabelTransformer": _labels,
    "NamespaceTransformer": _namespace,
    "PatchJson6902Transformer": _json_patch,
    "PatchStrategicMergeTransformer": _merge_patches,
    "PatchTransformer": _patch,
    "PrefixSuffixTransformer": _affixes,
    "PrefixTransformer": _prefix,
    "ReplacementTransformer": _replacements,
    "ReplicaCountTransformer": _other_fields,
    "SuffixTransformer": _suffix,
    "ValueAddTransformer": _value_add,
}
