"""Which resources are checked together: the scopes of a run, each of them a `Cluster`.

A stream is a scope, so is the build of a kustomization that no other one includes, and so is a folder that Argo CD or
Flux applies. All other files are one tree, which is split where it contains variants of one object.
"""

from __future__ import annotations

import functools
import itertools
import operator
import posixpath
from typing import TYPE_CHECKING, Any, NamedTuple

from k8snetlint.model.cluster import Cluster
from k8snetlint.model.delivery import Deliveries, Delivery
from k8snetlint.scope.variants import enclosing_groups, split_variants, variant_of
from k8snetlint.source.names import KUSTOMIZATIONS

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Iterator, Mapping

    from k8snetlint.model.cluster import AddedLabels
    from k8snetlint.model.environment import Environment
    from k8snetlint.model.resource import Resource
    from k8snetlint.scope.build import Build, Builds
    from k8snetlint.scope.contents import Contents, TransformedResources
    from k8snetlint.scope.delivery_folders import TreeFolders


_KUSTOMIZE = "kustomize.config.k8s.io"


class Inventory(NamedTuple):
    """What a run has read.

    Attributes:
        resources: the resources that are checked, in the order of their sources.
        context: the resources that exist as well, but are neither checked nor reported.
        builds: the builds of kustomizations; None without any.
        transformed: the checked objects that kustomizations change, by file and transform.
        transformed_context: the same for the context.
        unread: by file, why parts of it are not known: a template, a syntax error.
        files: the names of all files that were read.
        patch_texts: the texts of files with patches and replacements.
        is_same: tells whether two definitions of one object are equal.
        definition_of: reads the plain value of an object again.
    """

    resources: tuple[Resource, ...]
    context: tuple[Resource, ...]
    builds: Builds | None
    transformed: TransformedResources
    transformed_context: TransformedResources
    unread: Mapping[str, str]
    files: frozenset[str]
    patch_texts: Mapping[str, str]
    is_same: Callable[[Resource, Resource], bool]
    definition_of: Callable[[Resource], Any]


class Scopes(NamedTuple):
    """The scopes of a run, and the objects in none of them.

    Attributes:
        clusters: the scopes.
        removed: the objects that a patch removes in every kustomization that includes them.
    """

    clusters: list[Cluster]
    removed: list[Resource]


def scopes_of(inventory: Inventory, environment_of: Callable[[str], Environment]) -> Scopes:
    """Return the scopes of a run; a resource is in several if several kustomizations include it.

    Args:
        inventory: what was read.
        environment_of: returns the facts about the cluster that a path is meant for.
    """
    scopes = _ScopeBuilder(inventory, environment_of)
    return Scopes(scopes.clusters(), scopes.removed())


class _Scope(NamedTuple):
    """One scope: the arguments of `Cluster` that differ between scopes."""

    resources: tuple[Resource, ...]
    name: str
    environment: Environment
    present: tuple[Resource, ...] = ()
    inner: tuple[Resource, ...] = ()
    doubts: tuple[str, ...] = ()
    added_labels: AddedLabels | None = None
    applied_together: bool = False


class _ScopeBuilder:
    def __init__(self, inventory: Inventory, environment_of: Callable[[str], Environment]) -> None:
        self.inventory = inventory
        self.environment_of = environment_of
        self.by_file = _by_file(inventory.resources)
        context_files = _by_file(inventory.context)
        self.contents_by_build = _contents(inventory, self.by_file, context_files)
        all_contents = self.contents_by_build.values()
        included = inventory.builds.transforms_by_file if inventory.builds else {}
        # Context is present as its kustomizations change it; in a build with checked objects, it is present there only.
        built_context = [each for contents in all_contents if not contents.checked for each in contents.context]
        self.context = (*built_context, *_outside(context_files, included))
        not_included = _outside(self.by_file, included)
        built = [each for contents in all_contents for each in contents.checked]
        shared_context = [each for contents in all_contents if contents.checked for each in contents.context]
        self.all_resources = (*not_included, *built, *self.context, *shared_context)
        # What Argo CD or Flux apply may go to any cluster, so every scope knows all deliveries.
        deliveries = [each for each in (*not_included, *built) if isinstance(each, Delivery)]
        order = {name: index for index, name in enumerate(self.by_file)} if deliveries else {}
        self.deliveries = sorted(deliveries, key=lambda each: (order[_file_of(each)], each.document))
        context_deliveries = (each for each in self.context if isinstance(each, Delivery))
        self.all_deliveries = Deliveries((*self.deliveries, *context_deliveries))
        self.checked_files: set[str] = set()
        self.target_namespaces = self.tree_folders.target_namespaces(self.deliveries) if self.deliveries else {}

    @functools.cached_property
    def tree_folders(self) -> TreeFolders:
        """The folders of all files."""
        from k8snetlint.scope.delivery_folders import TreeFolders  # noqa: PLC0415 - few trees have deliveries

        return TreeFolders(self.by_file)

    def clusters(self) -> list[Cluster]:
        scopes = self._scopes()
        all_resources = None
        if len(scopes) > 1:
            from k8snetlint.model.all_resources import AllResources  # noqa: PLC0415 - not for a single scope

            all_resources = AllResources(self.all_resources)
        return [
            Cluster(
                scope.resources,
                scope.environment,
                name=scope.name,
                present=(*scope.present, *self.context),
                inner=scope.inner,
                context=self.context,
                all_resources=all_resources,
                deliveries=self.all_deliveries,
                doubts=tuple(dict.fromkeys(scope.doubts)),
                added_labels=scope.added_labels,
                applied_together=scope.applied_together,
                definition_of=self.inventory.definition_of,
            )
            for scope in scopes
        ]

    def _scopes(self) -> list[_Scope]:
        built = [*self._kustomizations()]
        streams = [*self._streams()]
        scopes = [*streams, *built, *self._folders()]
        # This includes files of kustomizations that include each other: none of them is a root.
        by_environment: dict[Environment, list[Resource]] = {}
        for each in _outside(self.by_file, self.checked_files):
            by_environment.setdefault(self.environment_of(each.source.name), []).append(each)
        for environment, members in by_environment.items():
            scopes += self._tree(members, environment, [*streams, *built])
        return scopes

    def removed(self) -> list[Resource]:
        """Return the objects that are removed in every kustomization that includes them."""
        if not self.contents_by_build:
            return []
        from k8snetlint.scope.contents import removed_everywhere  # noqa: PLC0415 - only where there is a kustomization

        return removed_everywhere(self.contents_by_build.values())

    def _streams(self) -> Iterator[_Scope]:
        for name, members in self.by_file.items():
            if members[0].source.stream:
                self.checked_files.add(name)
                environment, doubts = self.environment_of(name), self._unread([name])
                yield _Scope(tuple(members), name, environment, doubts=doubts, applied_together=True)

    def _kustomizations(self) -> Iterator[_Scope]:
        for build, contents in self.contents_by_build.items():
            if contents.checked or contents.removed:
                self.checked_files.update(build.files)
            if not contents.checked:
                continue
            environment = self.environment_of(posixpath.join(build.folder, KUSTOMIZATIONS[0]))
            # Argo CD and Flux set the namespace of objects without one.
            namespace = self.target_namespaces.get(build.folder, environment.namespace)
            environment = environment._replace(namespace=namespace)
            doubts = (*self._doubts(build), *self._unread(build.files))
            yield _Scope(
                tuple(contents.checked),
                build.folder,
                environment,
                present=tuple(contents.context),
                doubts=doubts,
                added_labels=build.added_labels,
                applied_together=True,
            )

    def _doubts(self, build: Build) -> Iterator[str]:
        """Yield why a build may apply objects that are in no manifest."""
        yield from (f"{name} is not here" for name in build.files if name not in self.inventory.files)
        for each in build.kustomizations.values():
            for remote in each.remote_paths:
                yield f"{each.folder} includes {remote}, which is not read"
            for field in each.generator_fields:
                yield f"{each.folder} has {field}"
        if build.is_cut_off:
            yield f"{build.folder} includes its parts in too many ways to follow"

    def _folders(self) -> Iterator[_Scope]:
        """Yield the folders that Argo CD or Flux apply and that have no kustomization."""
        if not self.deliveries:
            return
        remaining = [name for name in self.by_file if name not in self.checked_files]
        for delivery, folder, files in self.tree_folders.applied_folders(self.deliveries, remaining):
            self.checked_files.update(files)
            environment = self.environment_of(files[0])
            environment = environment._replace(namespace=delivery.target_namespace or environment.namespace)
            members = [each for name in files for each in self.by_file[name] if _is_judged(each)]
            if members:
                yield _Scope(tuple(members), folder, environment, doubts=self._unread(files))

    def _tree(self, rest: list[Resource], environment: Environment, applied: Iterable[_Scope]) -> Iterator[_Scope]:
        rest = [each for each in rest if _is_judged(each)]
        groups = split_variants(rest, self.inventory.is_same, environment.namespace)
        unread: dict[str, list[str]] = {}
        for name in self.inventory.unread:
            if name not in self.checked_files:
                unread.setdefault(variant_of(name, groups), []).append(name)
        inner: dict[str, list[Resource]] = {}
        for variant, members in groups.items():
            for group in enclosing_groups(variant, groups):
                inner.setdefault(group, []).extend(members)
        # Kustomizations include other files than these, and a rendered chart has none: what they apply is present, in
        # one of the variants at least.
        for each in applied if rest else ():
            if each.environment._replace(namespace=environment.namespace) == environment:
                variant = variant_of(each.name, groups)
                for group in (variant, *enclosing_groups(variant, groups)):
                    inner.setdefault(group, []).extend(each.resources)
        for variant, members in groups.items():
            if not members:
                continue
            enclosing = enclosing_groups(variant, groups)
            own_names = {(each.group, each.kind, each.name) for each in members}
            outside = (each for group in enclosing for each in groups[group])
            present = [each for each in outside if (each.group, each.kind, each.name) not in own_names]
            files = [name for group in (variant, *enclosing) for name in unread.get(group, ())]
            yield _Scope(
                tuple(members),
                variant,
                environment,
                present=tuple(present),
                inner=tuple(inner.get(variant, ())),
                doubts=self._unread(files),
            )

    def _unread(self, files: Iterable[str]) -> tuple[str, ...]:
        return tuple(f"{name}: {self.inventory.unread[name]}" for name in files if name in self.inventory.unread)


def _contents(
    inventory: Inventory, by_file: dict[str, list[Resource]], context_files: dict[str, list[Resource]]
) -> dict[Build, Contents]:
    """Return the objects of each build."""
    if inventory.builds is None:
        return {}
    from k8snetlint.scope.contents import ResourcesByFile, contents_of  # noqa: PLC0415 - only where there is a kustomization
    from k8snetlint.scope.patch_marker import PatchMarker  # noqa: PLC0415 - as above

    marker = PatchMarker(inventory.builds.kustomizations, inventory.patch_texts)
    checked = ResourcesByFile(by_file, inventory.transformed)
    context = ResourcesByFile(context_files, inventory.transformed_context)
    return {each: contents_of(each, marker, checked, context) for each in inventory.builds.roots.values()}


def _is_judged(resource: Resource) -> bool:
    """Tell whether rules look at a resource: at a kustomization only for what it says about the network."""
    return resource.group != _KUSTOMIZE or resource.network is not None


def _file_of(resource: Resource) -> str:
    return resource.source.path


def _outside(by_file: Mapping[str, list[Resource]], files: Container[str]) -> list[Resource]:
    """Return the resources of all other files."""
    return [each for name, members in by_file.items() if name not in files for each in members]


def _by_file(resources: Iterable[Resource]) -> dict[str, list[Resource]]:
    by_file: dict[str, list[Resource]] = {}
    for source, members in itertools.groupby(resources, operator.attrgetter("source")):
        by_file.setdefault(source.path, []).extend(members)
    return by_file
