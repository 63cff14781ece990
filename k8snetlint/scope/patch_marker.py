"""Objects that kustomizations lay patches over: marked with what of them is not known any more, or gone."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING

from k8snetlint.model.aspects import CONTAINERS
from k8snetlint.model.workload import Workload
from k8snetlint.scope.patch_effects import overlays_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from k8snetlint.model.patched_fields import PatchedFields
    from k8snetlint.model.resource import Resource
    from k8snetlint.scope.build import Layer, Way
    from k8snetlint.scope.kustomization import Kustomization
    from k8snetlint.scope.patch_effects import Overlay


class Patching:
    """The patches that objects pass, for one way after the other in the order in which they were walked."""

    def __init__(self, known: Mapping[str, Kustomization], texts: Mapping[str, str]) -> None:
        self._overlays = {
            folder: tuple(overlays_of(each, texts)) for folder, each in known.items() if each.has_patch_effects
        }
        self._layers: list[Layer] = []
        self._by_name: dict[str, list[Overlay]] = {}
        self._by_kind: dict[str, list[Overlay]] = {}
        self._others: list[Overlay] = []

    def patched(self, resource: Resource, way: Way) -> Resource | None:
        """Return an object with what patches touch of it; itself if there are none for it, None if one removes it."""
        self._go_to(way.layer)
        if not self._layers or not resource.name:
            return resource
        written = resource.origin or resource
        on_its_way = way.transform.names_of(written.name or "", written.api_version, written.kind)
        names = dict.fromkeys((*on_its_way, resource.name))
        candidates = self._candidates(resource.kind, names)
        found = [each for each in candidates if each.target.fits(resource, names, way.transform.label_keys)]
        if not found:
            return resource
        if any(each.removes and each.target.surely_fits(resource) for each in found):
            return None
        changed = copy.copy(resource)
        changed.origin = written
        changed.patches = tuple(each.fields for each in found)
        changed.patched = frozenset().union(*(_aspects(each, resource) for each in changed.patches))
        return changed

    def _candidates(self, kind: str, names: Mapping[str, None]) -> Iterator[Overlay]:
        for name in names:
            yield from self._by_name.get(name, ())
        yield from self._by_kind.get(kind, ())
        yield from self._others

    def _go_to(self, layer: Layer | None) -> None:
        """Let those patches be there that lie on the way from a layer outwards."""
        entered: list[Layer] = []
        while layer and not (layer.depth < len(self._layers) and self._layers[layer.depth] is layer):
            entered.append(layer)
            layer = layer.outer
        while len(self._layers) > (layer.depth + 1 if layer else 0):
            for each in self._overlays[self._layers.pop().kustomization.folder]:
                self._place_of(each).pop()
        for inner in reversed(entered):
            self._layers.append(inner)
            for each in self._overlays[inner.kustomization.folder]:
                self._place_of(each).append(each)

    def _place_of(self, overlay: Overlay) -> list[Overlay]:
        kind, name = overlay.target.kind, overlay.target.name
        if isinstance(name, str):
            return self._by_name.setdefault(name, [])
        return self._by_kind.setdefault(kind, []) if isinstance(kind, str) and name is None else self._others


def _aspects(patch: PatchedFields, resource: Resource) -> frozenset[str]:
    found = patch.aspects(resource.kind)
    if isinstance(resource, Workload) and patch.containers.difference(each.name for each in resource.containers):
        found |= {CONTAINERS}
    return found
