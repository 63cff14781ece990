"""Which resources are judged together: the scopes of a run, each of them a `Cluster`.

A stream is a scope, and so is what a root kustomization puts together, and a folder that Argo CD or Flux applies. All
the rest is one tree, which splits where it holds variants of one object.
"""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING, Any, NamedTuple

from k8snetlint.model.cluster import Cluster
from k8snetlint.model.delivery import Deliveries, Delivery
from k8snetlint.scope.delivery_folders import FilesLeft, Folders
from k8snetlint.scope.variants import home, outer, split
from k8snetlint.source.names import KUSTOMIZATIONS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from k8snetlint.model.cluster import AddedLabels
    from k8snetlint.model.environment import Environment
    from k8snetlint.model.resource import Resource
    from k8snetlint.scope.build import Build, Builds
    from k8snetlint.scope.contents import Contents, TransformedResources
    from k8snetlint.source.document import Source
    from k8snetlint.source.paths import FieldPath


_KUSTOMIZE = "kustomize.config.k8s.io"


class Inventory(NamedTuple):
    """What a run has read.

    Attributes:
        resources: all that is judged, in the order of their sources.
        context: what is there as well, but neither judged nor reported.
        builds: what kustomizations put together; None if there are none.
        made: the judged objects of files that kustomizations take in and change, by the file and what becomes of it.
        made_context: the same of the context.
        unread: by the file's name, why parts of it are not known: a template, a syntax error.
        files: the names of all files that were read.
        overlay_texts: the texts of files that say what kustomizations lay over objects.
        same: tells whether two definitions of one object are equal.
        definition_of: reads the plain value of an object again.
    """

    resources: tuple[Resource, ...]
    context: tuple[Resource, ...]
    builds: Builds | None
    made: TransformedResources
    made_context: TransformedResources
    unread: Mapping[str, str]
    files: frozenset[str]
    overlay_texts: Mapping[str, str]
    same: Callable[[Resource, Resource], bool]
    definition_of: Callable[[Resource], Any]


class Scopes(NamedTuple):
    """What is judged together, and what is not there at all.

    Attributes:
        clusters: the scopes.
        removed: the objects that a patch removes wherever they are taken in.
    """

    clusters: list[Cluster]
    removed: list[Resource]


def scopes_of(found: Inventory, environment_of: Callable[[str], Environment]) -> Scopes:
    """Return the scopes of a run; a resource stands in several if several kustomizations take it in.

    Args:
        found: what was read.
        environment_of: gives the facts about the cluster that a path is for.
    """
    scopes = _Scopes(found, environment_of)
    return Scopes(scopes.clusters(), scopes.removed())


class _Part(NamedTuple):
    """One scope: what a `Cluster` needs that other scopes have otherwise."""

    resources: tuple[Resource, ...]
    name: str
    environment: Environment
    present: tuple[Resource, ...] = ()
    inner: tuple[Resource, ...] = ()
    doubts: tuple[str, ...] = ()
    added_labels: AddedLabels | None = None
    applied_together: bool = False


class _Scopes:
    def __init__(self, found: Inventory, environment_of: Callable[[str], Environment]) -> None:
        self.found = found
        self.environment_of = environment_of
        self.by_file = _by_file(found.resources)
        context_files = _by_file(found.context)
        self.contents = _contents(found, self.by_file, context_files)
        taken_in = found.builds.transforms_by_file if found.builds else {}
        # The context is there as its kustomizations make it; what they make together with what is judged, only there.
        made = [each for there in self.contents.values() if not there.checked for each in there.context]
        self.joined = (*made, *(each for name in context_files if name not in taken_in for each in context_files[name]))
        left = [each for name in self.by_file if name not in taken_in for each in self.by_file[name]]
        built = [each for there in self.contents.values() for each in there.checked]
        shared = [each for there in self.contents.values() if there.checked for each in there.context]
        self.every = (*left, *built, *self.joined, *shared)
        # What Argo CD or Flux brings may go anywhere, wherever it is asked for.
        deliveries = [each for each in (*left, *built) if isinstance(each, Delivery)]
        order = {name: index for index, name in enumerate(self.by_file)} if deliveries else {}
        self.deliveries = sorted(deliveries, key=lambda each: (order[_file_of(each)], each.document))
        self.brought = Deliveries((*self.deliveries, *(each for each in self.joined if isinstance(each, Delivery))))
        self.judged: set[str] = set()
        self.folders = Folders(self.by_file if self.deliveries else ())
        self.delivered: dict[str, str] = {}
        for delivery in self.deliveries:
            for path in delivery.folders if delivery.target_namespace else ():
                folder = self.folders.applied_by(delivery, path)
                self.delivered.setdefault(folder or "", delivery.target_namespace or "")

    def clusters(self) -> list[Cluster]:
        parts = self._parts()
        all_resources = None
        if len(parts) > 1:
            from k8snetlint.model.all_resources import AllResources  # noqa: PLC0415 - not for a single scope

            all_resources = AllResources(self.every)
        return [
            Cluster(
                each.resources,
                each.environment,
                name=each.name,
                present=(*each.present, *self.joined),
                inner=each.inner,
                context=self.joined,
                all_resources=all_resources,
                deliveries=self.brought,
                doubts=tuple(dict.fromkeys(each.doubts)),
                added_labels=each.added_labels,
                applied_together=each.applied_together,
                definition_of=self.found.definition_of,
            )
            for each in parts
        ]

    def _parts(self) -> list[_Part]:
        built = [*self._kustomizations()]
        parts = [*self._streams(), *built, *self._folders()]
        # What only kustomizations hold that take in each other is in none of the above.
        rest = [each for name, members in self.by_file.items() if name not in self.judged for each in members]
        by_cluster: dict[Environment, list[Resource]] = {}
        for each in rest:
            by_cluster.setdefault(self.environment_of(each.source.name), []).append(each)
        for environment, members in by_cluster.items():
            parts += self._tree(members, environment, built)
        return parts

    def removed(self) -> list[Resource]:
        """Return the objects that are gone wherever they are taken in."""
        gone = {_place_of(each): each for there in self.contents.values() for each in there.removed}
        for there in self.contents.values() if gone else ():
            for each in there.checked:
                gone.pop(_place_of(each), None)
        return list(gone.values())

    def _streams(self) -> Iterator[_Part]:
        for name, members in self.by_file.items():
            if members[0].source.stream:
                self.judged.add(name)
                environment, doubts = self.environment_of(name), self._unread([name])
                yield _Part(tuple(members), name, environment, doubts=doubts, applied_together=True)

    def _kustomizations(self) -> Iterator[_Part]:
        for build, there in self.contents.items():
            if there.checked or there.removed:
                self.judged.update(build.files)
            if not there.checked:
                continue
            # Argo CD and Flux say where that goes which names no namespace.
            environment = self.environment_of(posixpath.join(build.folder, KUSTOMIZATIONS[0]))
            environment = environment._replace(namespace=self.delivered.get(build.folder, environment.namespace))
            doubts = (*self._doubts(build), *self._unread(build.files))
            yield _Part(
                tuple(there.checked),
                build.folder,
                environment,
                present=tuple(there.context),
                doubts=doubts,
                added_labels=build.added_labels,
                applied_together=True,
            )

    def _doubts(self, build: Build) -> Iterator[str]:
        """Yield why something may be applied that no manifest shows."""
        yield from (f"{name} is not here" for name in build.files if name not in self.found.files)
        for inner in build.kustomizations.values():
            for remote in inner.remote_paths:
                yield f"{inner.folder} includes {remote}, which is not read"
            for field in inner.generator_fields:
                yield f"{inner.folder} has {field}"
        if build.is_cut_off:
            yield f"{build.folder} includes its parts in too many ways to follow"

    def _folders(self) -> Iterator[_Part]:
        """Yield the folders that Argo CD or Flux applies, where they are not kustomizations."""
        left = FilesLeft(name for name in self.by_file if name not in self.judged)
        for delivery in self.deliveries:
            own = _file_of(delivery)
            for path in delivery.folders:
                folder = self.folders.applied_by(delivery, path)
                # It does not bring itself.
                if folder is None or (own.startswith(folder + "/") and own in left):
                    continue
                files = left.take(folder)
                if not files:
                    continue
                self.judged.update(files)
                environment = self.environment_of(files[0])
                environment = environment._replace(namespace=delivery.target_namespace or environment.namespace)
                members = [each for name in files for each in self.by_file[name] if each.group != _KUSTOMIZE]
                if members:
                    yield _Part(tuple(members), folder, environment, doubts=self._unread(files))

    def _tree(self, rest: list[Resource], environment: Environment, built: Iterable[_Part]) -> Iterator[_Part]:
        rest = [each for each in rest if each.group != _KUSTOMIZE]
        groups = split(rest, self.found.same, environment.namespace)
        unread: dict[str, list[str]] = {}
        for name in self.found.unread:
            if name not in self.judged:
                unread.setdefault(home(name, groups), []).append(name)
        inner: dict[str, list[Resource]] = {}
        for part, members in groups.items():
            for around in outer(part, groups):
                inner.setdefault(around, []).extend(members)
        # Kustomizations take in other files than these: what they apply is there, if only in one of the variants.
        for each in built if rest else ():
            if each.environment._replace(namespace=environment.namespace) == environment:
                part = home(each.name, groups)
                for around in (part, *outer(part, groups)):
                    inner.setdefault(around, []).extend(each.resources)
        for part, members in groups.items():
            if not members:
                continue
            outside = outer(part, groups)
            own = {(each.group, each.kind, each.name) for each in members}
            present = [
                each for other in outside for each in groups[other] if (each.group, each.kind, each.name) not in own
            ]
            files = [name for group in (part, *outside) for name in unread.get(group, ())]
            yield _Part(
                tuple(members),
                part,
                environment,
                present=tuple(present),
                inner=tuple(inner.get(part, ())),
                doubts=self._unread(files),
            )

    def _unread(self, files: Iterable[str]) -> tuple[str, ...]:
        return tuple(f"{name}: {self.found.unread[name]}" for name in files if name in self.found.unread)


def _contents(
    found: Inventory, by_file: dict[str, list[Resource]], context_files: dict[str, list[Resource]]
) -> dict[Build, Contents]:
    """Return what each outermost kustomization puts together."""
    if found.builds is None:
        return {}
    from k8snetlint.scope.contents import ResourcesByFile, contents_of  # noqa: PLC0415 - only where there is a kustomization
    from k8snetlint.scope.patch_marker import PatchMarker  # noqa: PLC0415 - as above

    marker = PatchMarker(found.builds.kustomizations, found.overlay_texts)
    judged, context = ResourcesByFile(by_file, found.made), ResourcesByFile(context_files, found.made_context)
    return {each: contents_of(each, marker, judged, context) for each in found.builds.roots.values()}


def _place_of(resource: Resource) -> tuple[Source, int, FieldPath]:
    return resource.source, resource.document, resource.root


def _file_of(resource: Resource) -> str:
    return posixpath.normpath(resource.source.name)


def _by_file(resources: Iterable[Resource]) -> dict[str, list[Resource]]:
    found: dict[str, list[Resource]] = {}
    for each in resources:
        found.setdefault(_file_of(each), []).append(each)
    return found
