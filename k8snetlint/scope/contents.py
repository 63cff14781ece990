"""The objects of a build, as kustomize would print them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from k8snetlint.model.service import Service
from k8snetlint.model.workload import Workload
from k8snetlint.scope.transform import UNCHANGED, Transform

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from k8snetlint.model.resource import Resource
    from k8snetlint.scope.build import Build, Treatment
    from k8snetlint.scope.patch_marker import PatchMarker
    from k8snetlint.source.document import Source
    from k8snetlint.source.paths import FieldPath

TransformedResources = dict[tuple[str, Transform], list["Resource"]]
"""The changed objects, by file and transform."""


class ResourcesByFile(NamedTuple):
    """Objects by file: as written, and as kustomizations change them."""

    written: Mapping[str, list[Resource]]
    transformed: TransformedResources

    def of(self, name: str, transform: Transform) -> Iterable[Resource]:
        """Return the objects of a file after a transform."""
        return self.written.get(name, ()) if transform is UNCHANGED else self.transformed.get((name, transform), ())


class Contents(NamedTuple):
    """The objects of a build.

    Attributes:
        checked: those of files that are checked.
        context: those of other files.
        removed: those of checked files that a patch removes.
    """

    checked: list[Resource]
    context: list[Resource]
    removed: list[Resource]


def contents_of(build: Build, marker: PatchMarker, checked: ResourcesByFile, context: ResourcesByFile) -> Contents:
    """Return the objects of a build, from the files that are checked and from the context."""
    removed: list[Resource] = []
    results: tuple[dict[object, tuple[Resource, Treatment]], ...] = ({}, {})
    for name, treatment in build.included:
        for files, objects in zip((checked, context), results, strict=True):
            for resource in files.of(name, treatment.transform):
                changed = marker.mark(resource, treatment)
                if changed is not None:
                    key = (*_definition_key(changed), changed.namespace, changed.name)
                    objects.setdefault(key, (changed, treatment))
                elif files is checked:
                    removed.append(resource)
    services = _service_names(each for objects in results for each, _ in objects.values())
    built = [
        [_with_service_name(each, treatment, services) for each, treatment in objects.values()] for objects in results
    ]
    return Contents(built[0], built[1], removed)


def removed_everywhere(all_contents: Collection[Contents]) -> list[Resource]:
    """Return the checked objects that a patch removes in each kustomization that includes them."""
    removed = {_definition_key(each): each for contents in all_contents for each in contents.removed}
    for contents in all_contents if removed else ():
        for each in contents.checked:
            removed.pop(_definition_key(each), None)
    return list(removed.values())


def _definition_key(resource: Resource) -> tuple[Source, int, FieldPath]:
    """Return what tells the definition of an object from all others."""
    return resource.source, resource.document, resource.root


def _service_names(resources: Iterable[Resource]) -> dict[str, dict[str, None]]:
    """Return the final names of Services, by their written names."""
    names: dict[str, dict[str, None]] = {}
    for each in resources:
        if isinstance(each, Service) and each.name:
            names.setdefault((each.origin or each).name or "", {})[each.name] = None
    return names


def _with_service_name(
    resource: Resource, treatment: Treatment, services: Mapping[str, Mapping[str, None]]
) -> Resource:
    """Return an object whose `serviceName` is the final name of that Service, if the Service is in the same build."""
    if not isinstance(resource, Workload) or not resource.service_name or resource.service_name not in services:
        return resource
    final_names = services[resource.service_name]
    final_name = treatment.transform.final_name(resource.service_name, "v1", "Service")
    name = final_name if final_name in final_names else next(iter(final_names))
    if name == resource.service_name:
        return resource
    changed = resource.copy()
    changed.origin = resource.origin or resource
    changed.service_name = name
    return changed
