"""Which objects patches and replacements target, and which fields they change. None of them is applied.

Source: https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/patches/
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from k8snetlint.model.patched_fields import CONTAINER_LISTS, PatchedFields
from k8snetlint.model.values import items, mapping, text
from k8snetlint.scope.target import Target, target_of_object, target_of_selector
from k8snetlint.source.document import Source
from k8snetlint.source.load import objects_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from k8snetlint.model.aspects import Touched
    from k8snetlint.scope.changes import Patch, Replacement
    from k8snetlint.scope.kustomization import Kustomization

_WHOLE_OBJECT: tuple[Touched, ...] = ((),)
_IDENTITY_FIELDS = (("apiVersion",), ("kind",), ("metadata", "name"), ("metadata", "namespace"))
_STEP = re.compile(r"((?:\\.|[^.\\\[]|\[[^\[\]]*\])+)(?:\.|$)")


class PatchEffect(NamedTuple):
    """The effect of one patch, replacement or unapplied field change.

    Attributes:
        target: the objects that it changes.
        fields: the fields that it changes.
        removes: whether it removes its targets.
    """

    target: Target
    fields: PatchedFields
    removes: bool = False


def patch_effects_of(kustomization: Kustomization, texts: Mapping[str, str]) -> Iterator[PatchEffect]:
    """Yield the effects of a kustomization's patches; `texts` holds the patch files that were read, by path."""
    if kustomization.has_unknown_transformers:
        yield PatchEffect(Target(), PatchedFields(_WHOLE_OBJECT))
    for change in kustomization.field_changes:
        yield PatchEffect(change.target, PatchedFields(change.fields))
    for patch in kustomization.patches:
        yield from _effects_of_patch(patch, texts)
    for replacement in kustomization.replacements:
        yield from _effects_of_replacement(replacement, texts)


def _effects_of_patch(patch: Patch, texts: Mapping[str, str]) -> Iterator[PatchEffect]:
    target = target_of_selector(patch.target) if patch.target else None
    patch_text = patch.text if patch.path is None else texts.get(patch.path)
    values = None if patch_text is None else objects_in(Source.of("", patch_text))
    if values is None:
        yield PatchEffect(target or Target(), PatchedFields(_WHOLE_OBJECT))
        return
    for value in values:
        if isinstance(value, list):
            if target:
                yield PatchEffect(target, PatchedFields(tuple(dict.fromkeys(_touched_by_operations(value)))))
        elif isinstance(value, dict):
            yield _effect_of_merge(value, target or target_of_object(value), may_rename=patch.may_rename)


def _effect_of_merge(value: dict[str, object], target: Target, *, may_rename: bool) -> PatchEffect:
    """Return the effect of a strategic-merge patch."""
    directive = value.get("$patch")
    if directive == "delete":
        return PatchEffect(target, PatchedFields(_WHOLE_OBJECT), removes=True)
    if directive is not None and directive != "merge":
        return PatchEffect(target, PatchedFields(_WHOLE_OBJECT))
    containers: set[str] = set()
    touched = dict.fromkeys(_touched_by_merge(value, (), containers))
    if not may_rename:
        for path in _IDENTITY_FIELDS:
            touched.pop(path, None)
    return PatchEffect(target, PatchedFields(tuple(touched), frozenset(containers)))


def _touched_by_merge(node: object, path: Touched, containers: set[str]) -> Iterator[Touched]:
    pending: list[tuple[object, Touched]] = [(node, path)]
    while pending:
        node, path = pending.pop()
        if isinstance(node, list) and node:
            pending += [(each, (*path, "*")) for each in node]
        elif isinstance(node, dict) and node:
            in_containers = path[-2:-1] and path[-2] in CONTAINER_LISTS
            for key, each in node.items():
                if key.startswith("$"):
                    # `$patch` and `$retainKeys` change their mapping, `$setElementOrder/ports` only its ports.
                    field = key.partition("/")[2]
                    yield (*path, field) if field else path
                elif key == "name" and in_containers and isinstance(each, str):
                    containers.add(each)
                else:
                    pending.append((each, (*path, key)))
        elif node != {} or len(path) > 1:
            yield path


def _touched_by_operations(operations: list[object]) -> Iterator[Touched]:
    """Yield the fields that the operations of a JSON patch (RFC 6902) change."""
    for operation in map(mapping, operations):
        if operation.get("op") == "test":
            continue
        fields = ("path", "from") if operation.get("op") == "move" else ("path",)
        for pointer in (text(operation.get(field)) for field in fields):
            yield () if pointer is None else _touched_by_pointer(pointer)


def _touched_by_pointer(pointer: str) -> Touched:
    steps = (step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:])
    return tuple("*" if step == "-" or step.isdecimal() else step for step in steps)


def _effects_of_replacement(replacement: Replacement, texts: Mapping[str, str]) -> Iterator[PatchEffect]:
    values: list[object] | None = [replacement.value]
    if replacement.path is not None:
        patch_text = texts.get(replacement.path)
        values = None if patch_text is None else objects_in(Source.of("", patch_text))
    if values is None:
        yield PatchEffect(Target(), PatchedFields(_WHOLE_OBJECT))
        return
    replacements = [each for value in values for each in (value if isinstance(value, list) else [value])]
    for target in (each for value in replacements for each in items(mapping(value).get("targets"))):
        select = mapping(mapping(target).get("select"))
        paths = [path for path in map(text, items(mapping(target).get("fieldPaths"))) if path]
        # fieldPaths defaults to the name.
        touched = tuple(map(_touched_by_field_path, paths or ["metadata.name"]))
        yield PatchEffect(target_of_selector(select), PatchedFields(touched))


def _touched_by_field_path(path: str) -> Touched:
    """Return the steps of a field path, `spec.template.spec.containers.[name=web].ports.0`, with `*` for an index."""
    steps = (step.replace("\\", "") for step in _STEP.findall(path))
    return tuple("*" if step.startswith("[") or step.isdecimal() else step for step in steps)
