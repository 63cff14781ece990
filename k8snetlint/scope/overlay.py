"""Patches and replacements: whom each of them is meant for, and which fields it touches. None of them is applied.

Source: https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/patches/
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from k8snetlint.model.aspects import CONTAINERS, NETWORK, POD_LABELS, SELECTORS, aspects_of, overlap
from k8snetlint.model.tables.kinds import POD_KINDS
from k8snetlint.model.values import items, mapping, text
from k8snetlint.scope.target import Target, target_of_object, target_of_selector
from k8snetlint.source.document import Source
from k8snetlint.source.load import objects_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from k8snetlint.model.aspects import Touched
    from k8snetlint.scope.changes import Patch, Replacement
    from k8snetlint.scope.kustomization import Kustomization
    from k8snetlint.source.paths import FieldPath

_WHOLE: tuple[Touched, ...] = ((),)
_CONTAINERS = ("containers", "initContainers", "ephemeralContainers")
_IDENTITY = (("apiVersion",), ("kind",), ("metadata", "name"), ("metadata", "namespace"))
_STEP = re.compile(r"((?:\\.|[^.\\\[]|\[[^\[\]]*\])+)(?:\.|$)")


class Overlay:
    """What one patch does.

    Slots:
        target: whom it is meant for.
        touched: the fields that it adds, changes or removes.
        removes: the whole object goes, if it is known to be meant.
        containers: the names of the containers that it names; one that is not there is added.
    """

    __slots__ = ("_aspects", "containers", "removes", "target", "touched")

    def __init__(
        self,
        target: Target,
        touched: tuple[Touched, ...],
        *,
        removes: bool = False,
        containers: frozenset[str] = frozenset(),
    ) -> None:
        self.target = target
        self.touched = touched
        self.removes = removes
        self.containers = containers
        self._aspects: dict[str, frozenset[str]] = {}

    def aspects(self, kind: str) -> frozenset[str]:
        """Return what of an object of a kind it touches."""
        if kind not in self._aspects:
            self._aspects[kind] = frozenset().union(*(aspects_of(each, kind) for each in self.touched))
        return self._aspects[kind]

    def decides(self, path: FieldPath, kind: str) -> bool:
        """Tell whether what the API server says of a field may be another thing once the patch is applied."""
        field = tuple("*" if isinstance(step, int) else str(step) for step in path)
        aspects = self.aspects(kind)
        if field[:2] == ("spec", "selector") or field[-3:-1] == ("metadata", "labels") or field[-1:] == ("labels",):
            related = not aspects.isdisjoint({POD_LABELS, SELECTORS})
        elif "ports" in field:
            related = bool(aspects & {NETWORK, CONTAINERS})
        else:
            related = "volumeMounts" in field and any("volumes" in each for each in self.touched)
        return related or any(overlap(field, _struct(each, kind)) for each in self.touched)


def _struct(touched: Touched, kind: str) -> Touched:
    """Return the field of a spec or container that something is touched in: what is in it is judged together."""
    if kind not in POD_KINDS:
        return touched[:1] if touched[:1] == ("spec",) else touched[:2]
    ends = [index + 2 for index, step in enumerate(touched) if step in ("spec", "metadata")]
    ends += [index + 3 for index, step in enumerate(touched) if step in _CONTAINERS]
    return touched[: max(ends, default=2)]


def overlays_of(kustomization: Kustomization, texts: Mapping[str, str]) -> Iterator[Overlay]:
    """Yield what a kustomization lays over objects; `texts` holds the files of patches that are here."""
    if kustomization.unknown_transformers:
        yield Overlay(Target(), _WHOLE)
    for touch in kustomization.touches:
        yield Overlay(touch.target, touch.fields)
    for patch in kustomization.patches:
        yield from _overlays_of_patch(patch, texts)
    for replacement in kustomization.replacements:
        yield from _overlays_of_replacement(replacement, texts)


def _overlays_of_patch(patch: Patch, texts: Mapping[str, str]) -> Iterator[Overlay]:
    target = target_of_selector(patch.target) if patch.target else None
    written = patch.text if patch.path is None else texts.get(patch.path)
    values = None if written is None else objects_in(Source.of("", written))
    if values is None:
        yield Overlay(target or Target(), _WHOLE)
        return
    for value in values:
        if isinstance(value, list):
            if target:
                yield Overlay(target, tuple(dict.fromkeys(_touched_by_operations(value))))
        elif isinstance(value, dict):
            yield _merged(value, target or target_of_object(value), renames=patch.renames)


def _merged(value: dict[str, object], target: Target, *, renames: bool) -> Overlay:
    """Return what a strategic-merge patch does."""
    directive = value.get("$patch")
    if directive == "delete":
        return Overlay(target, _WHOLE, removes=True)
    if directive is not None and directive != "merge":
        return Overlay(target, _WHOLE)
    containers: set[str] = set()
    touched = dict.fromkeys(_touched_by_merge(value, (), containers))
    if not renames:
        for path in _IDENTITY:
            touched.pop(path, None)
    return Overlay(target, tuple(touched), containers=frozenset(containers))


def _touched_by_merge(node: object, path: Touched, containers: set[str]) -> Iterator[Touched]:
    pending: list[tuple[object, Touched]] = [(node, path)]
    while pending:
        node, path = pending.pop()
        if isinstance(node, list) and node:
            pending += [(each, (*path, "*")) for each in node]
        elif isinstance(node, dict) and node:
            in_containers = path[-2:-1] and path[-2] in _CONTAINERS
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
        yield Overlay(Target(), _WHOLE)
        return
    replacements = [each for value in values for each in (value if isinstance(value, list) else [value])]
    for target in (each for value in replacements for each in items(mapping(value).get("targets"))):
        select = mapping(mapping(target).get("select"))
        paths = [path for path in map(text, items(mapping(target).get("fieldPaths"))) if path]
        # Without a path it is the name.
        yield Overlay(target_of_selector(select), tuple(map(_of_field_path, paths or ["metadata.name"])))


def _of_field_path(path: str) -> Touched:
    """Return a path of a replacement, `spec.template.spec.containers.[name=web].ports.0`, with `*` for entries."""
    steps = (step.replace("\\", "") for step in _STEP.findall(path))
    return tuple("*" if step.startswith("[") or step.isdecimal() else step for step in steps)
