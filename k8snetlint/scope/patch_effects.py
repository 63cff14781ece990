"""Patches and replacements: whom each of them is meant for, and which fields it touches. None of them is applied.

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

_WHOLE: tuple[Touched, ...] = ((),)
_IDENTITY = (("apiVersion",), ("kind",), ("metadata", "name"), ("metadata", "namespace"))
_STEP = re.compile(r"((?:\\.|[^.\\\[]|\[[^\[\]]*\])+)(?:\.|$)")


class Overlay(NamedTuple):
    """What one patch does.

    Attributes:
        target: whom it is meant for.
        fields: what it touches.
        removes: the whole object goes, if it is known to be meant.
    """

    target: Target
    fields: PatchedFields
    removes: bool = False


def overlays_of(kustomization: Kustomization, texts: Mapping[str, str]) -> Iterator[Overlay]:
    """Yield what a kustomization lays over objects; `texts` holds the files of patches that are here."""
    if kustomization.has_unknown_transformers:
        yield Overlay(Target(), PatchedFields(_WHOLE))
    for change in kustomization.field_changes:
        yield Overlay(change.target, PatchedFields(change.fields))
    for patch in kustomization.patches:
        yield from _overlays_of_patch(patch, texts)
    for replacement in kustomization.replacements:
        yield from _overlays_of_replacement(replacement, texts)


def _overlays_of_patch(patch: Patch, texts: Mapping[str, str]) -> Iterator[Overlay]:
    target = target_of_selector(patch.target) if patch.target else None
    written = patch.text if patch.path is None else texts.get(patch.path)
    values = None if written is None else objects_in(Source.of("", written))
    if values is None:
        yield Overlay(target or Target(), PatchedFields(_WHOLE))
        return
    for value in values:
        if isinstance(value, list):
            if target:
                yield Overlay(target, PatchedFields(tuple(dict.fromkeys(_touched_by_operations(value)))))
        elif isinstance(value, dict):
            yield _merged(value, target or target_of_object(value), renames=patch.renames)


def _merged(value: dict[str, object], target: Target, *, renames: bool) -> Overlay:
    """Return what a strategic-merge patch does."""
    directive = value.get("$patch")
    if directive == "delete":
        return Overlay(target, PatchedFields(_WHOLE), removes=True)
    if directive is not None and directive != "merge":
        return Overlay(target, PatchedFields(_WHOLE))
    containers: set[str] = set()
    touched = dict.fromkeys(_touched_by_merge(value, (), containers))
    if not renames:
        for path in _IDENTITY:
            touched.pop(path, None)
    return Overlay(target, PatchedFields(tuple(touched), frozenset(containers)))


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
                    # `$patch` and `$retainKeys` change what is around them, `$setElementOrder/ports` only the ports.
                    field = key.partition("/")[2]
                    yield (*path, field) if field else path
                elif key == "name" and in_containers and isinstance(each, str):
                    containers.add(each)
                else:
                    pending.append((each, (*path, key)))
        elif node != {} or len(path) > 1:
            yield path


def _touched_by_operations(operations: list[object]) -> Iterator[Touched]:
    """Yield what the operations of a JSON patch (RFC 6902) touch."""
    for operation in map(mapping, operations):
        if operation.get("op") == "test":
            continue
        fields = ("path", "from") if operation.get("op") == "move" else ("path",)
        for pointer in (text(operation.get(field)) for field in fields):
            yield () if pointer is None else _of_pointer(pointer)


def _of_pointer(pointer: str) -> Touched:
    steps = (step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:])
    return tuple("*" if step == "-" or step.isdecimal() else step for step in steps)


def _overlays_of_replacement(replacement: Replacement, texts: Mapping[str, str]) -> Iterator[Overlay]:
    values: list[object] | None = [replacement.value]
    if replacement.path is not None:
        written = texts.get(replacement.path)
        values = None if written is None else objects_in(Source.of("", written))
    if values is None:
        yield Overlay(Target(), PatchedFields(_WHOLE))
        return
    replacements = [each for value in values for each in (value if isinstance(value, list) else [value])]
    for target in (each for value in replacements for each in items(mapping(value).get("targets"))):
        select = mapping(mapping(target).get("select"))
        paths = [path for path in map(text, items(mapping(target).get("fieldPaths"))) if path]
        # Without a path it is the name.
        touched = tuple(map(_of_field_path, paths or ["metadata.name"]))
        yield Overlay(target_of_selector(select), PatchedFields(touched))


def _of_field_path(path: str) -> Touched:
    """Return a path of a replacement, `spec.template.spec.containers.[name=web].ports.0`, with `*` for entries."""
    steps = (step.replace("\\", "") for step in _STEP.findall(path))
    return tuple("*" if step.startswith("[") or step.isdecimal() else step for step in steps)
