"""The objects that a kustomization puts together, as they leave it."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, NamedTuple

from k8snetlint.model.service import Service
from k8snetlint.model.workload import Workload
from k8snetlint.scope.transform import UNCHANGED, Transform

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from k8snetlint.model.resource import Resource
    from k8snetlint.scope.build import Build, Way
    from k8snetlint.scope.patch_marker import Patching
    from k8snetlint.source.document import Source
    from k8snetlint.source.paths import FieldPath

Made = dict[tuple[str, Transform], list["Resource"]]
"""The objects of files that kustomizations change, by the file and what becomes of it."""


class Files(NamedTuple):
    """Objects by their files: as written, and as kustomizations change them."""

    written: Mapping[str, list[Resource]]
    made: Made

    def of(self, name: str, transform: Transform) -> Iterable[Resource]:
        """Return what becomes of the objects of a file."""
        return self.written.get(name, ()) if transform is UNCHANGED else self.made.get((name, transform), ())


class Contents(NamedTuple):
    """What a kustomization puts together.

    Attributes:
        judged: the objects that are judged.
        context: those that are there as well.
        removed: those that a patch takes away, judged otherwise.
    """

    judged: list[Resource]
    context: list[Resource]
    removed: list[Resource]


def contents_of(build: Build, patching: Patching, judged: Files, context: Files) -> Contents:
    """Return what a kustomization puts together of files that are judged and files that are not."""
    removed: list[Resource] = []
    found: tuple[dict[object, tuple[Resource, Way]], ...] = ({}, {})
    for name, way in build.taken:
        for files, into in zip((judged, context), found, strict=True):
            for resource in files.of(name, way.transform):
                changed = patching.patched(resource, way)
                if changed is not None:
                    into.setdefault((*place_of(changed), changed.namespace, changed.name), (changed, way))
                elif files is judged:
                    removed.append(resource)
    services = _services(each for into in found for each, _ in into.values())
    there = [[_referring(each, way, services) for each, way in into.values()] for into in found]
    return Contents(there[0], there[1], removed)


def place_of(resource: Resource) -> tuple[Source, int, FieldPath]:
    """Return where an object is written."""
    return resource.source, resource.document, resource.root


def _services(resources: Iterable[Resource]) -> dict[str, dict[str, None]]:
    """Return the names that Services leave with, by the written ones."""
    found: dict[str, dict[str, None]] = {}
    for each in resources:
        if isinstance(each, Service) and each.name:
            found.setdefault((each.origin or each).name or "", {})[each.name] = None
    return found


def _referring(resource: Resource, way: Way, services: Mapping[str, Mapping[str, None]]) -> Resource:
    """Return an object that names a Service by the name that this one leaves with, if it is put together with it."""
    if not isinstance(resource, Workload) or not resource.service_name or resource.service_name not in services:
        return resource
    names = services[resource.service_name]
    renamed = way.transform.renamed(resource.service_name, "v1", "Service")
    name = renamed if renamed in names else next(iter(names))
    if name == resource.service_name:
        return resource
    changed = copy.copy(resource)
    changed.origin = resource.origin or resource
    changed.service_name = name
    return changed
