"""Marks the objects that kustomizations patch with the fields that are not known any more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.model.aspects import CONTAINERS
from k8snetlint.model.workload import Workload
from k8snetlint.scope.patch_effects import patch_effects_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from k8snetlint.model.patched_fields import PatchedFields
    from k8snetlint.model.resource import Resource
    from k8snetlint.scope.build import PatchLayer, Treatment
    from k8snetlint.scope.kustomization import Kustomization
    from k8snetlint.scope.patch_effects import PatchEffect


class PatchMarker:
    """Marks objects as patched; fastest when treatments come in the order in which files were included."""

    def __init__(self, kustomizations: Mapping[str, Kustomization], texts: Mapping[str, str]) -> None:
        patching = {folder: each for folder, each in kustomizations.items() if each.has_patch_effects}
        self._effects = {folder: tuple(patch_effects_of(each, texts)) for folder, each in patching.items()}
        self._layers: list[PatchLayer] = []
        self._by_name: dict[str, list[PatchEffect]] = {}
        self._by_kind: dict[str, list[PatchEffect]] = {}
        self._others: list[PatchEffect] = []

    def mark(self, resource: Resource, treatment: Treatment) -> Resource | None:
        """Return a copy marked with the patches of an object; itself if it has none, None if a patch removes it."""
        self._enter(treatment.patch_layer)
        if not self._layers or not resource.name:
            return resource
        written = resource.origin or resource
        own_names = treatment.transform.names_of(written.name or "", written.api_version, written.kind)
        names, added_keys = dict.fromkeys((*own_names, resource.name)), treatment.transform.label_keys
        candidates = self._candidates(resource.kind, names)
        matching = [each for each in candidates if each.target.may_match(resource, names, added_keys)]
        if not matching:
            return resource
        if any(each.removes and each.target.surely_matches(resource) for each in matching):
            return None
        marked = resource.copy()
        marked.origin = written
        marked.patches = tuple(each.fields for each in matching)
        marked.patched = frozenset().union(*(_aspects(each, resource) for each in marked.patches))
        return marked

    def _candidates(self, kind: str, names: Mapping[str, None]) -> Iterator[PatchEffect]:
        for name in names:
            yield from self._by_name.get(name, ())
        yield from self._by_kind.get(kind, ())
        yield from self._others

    def _enter(self, layer: PatchLayer | None) -> None:
        """Make the patches of a layer, and of all layers outside of it, the candidates."""
        entered: list[PatchLayer] = []
        while layer and not (layer.depth < len(self._layers) and self._layers[layer.depth] is layer):
            entered.append(layer)
            layer = layer.outer
        while len(self._layers) > (layer.depth + 1 if layer else 0):
            for each in self._effects[self._layers.pop().kustomization.folder]:
                self._bucket_of(each).pop()
        for inner in reversed(entered):
            self._layers.append(inner)
            for each in self._effects[inner.kustomization.folder]:
                self._bucket_of(each).append(each)

    def _bucket_of(self, effect: PatchEffect) -> list[PatchEffect]:
        kind, name = effect.target.kind, effect.target.name
        if isinstance(name, str):
            return self._by_name.setdefault(name, [])
        return self._by_kind.setdefault(kind, []) if isinstance(kind, str) and name is None else self._others


def _aspects(patch: PatchedFields, resource: Resource) -> frozenset[str]:
    aspects = patch.aspects(resource.kind)
    if isinstance(resource, Workload) and patch.containers.difference(each.name for each in resource.containers):
        aspects |= {CONTAINERS}
    return aspects
