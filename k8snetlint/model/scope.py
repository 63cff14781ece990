"""Which resources are judged together: the scopes of a run, each of them a `Cluster`.

A stream is a scope, and so is what a root kustomization puts together, and a folder that Argo CD or Flux applies. All
the rest is one tree, which splits where it holds variants of one object.
"""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING, Any, NamedTuple

from k8snetlint.model.beside import Beside
from k8snetlint.model.cluster import Cluster
from k8snetlint.model.delivery import Delivery
from k8snetlint.model.transform import targets, transformed
from k8snetlint.model.variants import home, outer, split
from k8snetlint.source.names import KUSTOMIZATIONS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from k8snetlint.model.environment import Environment
    from k8snetlint.model.kustomization import Kustomization
    from k8snetlint.model.resource import Resource


class Inventory(NamedTuple):
    """What a run has read.

    Attributes:
        resources: all that is judged, in the order of their sources.
        context: what is there as well, but neither judged nor reported.
        kustomizations: by their folders, normalised.
        unread: by the file's name, why parts of it are not known: a template, a syntax error.
        files: the names of all files that were read.
        patch_texts: the texts of files that kustomizations list as patches.
        same: tells whether two definitions of one object are equal.
        definition_of: reads the plain value of an object again.
    """

    resources: tuple[Resource, ...]
    context: tuple[Resource, ...]
    kustomizations: Mapping[str, Kustomization]
    unread: Mapping[str, str]
    files: frozenset[str]
    patch_texts: Mapping[str, str]
    same: Callable[[Resource, Resource], bool]
    definition_of: Callable[[Resource], Any]


def clusters_of(found: Inventory, environment_of: Callable[[str], Environment]) -> list[Cluster]:
    """Return the scopes of a run; a resource stands in several if several kustomizations take it in.

    Args:
        found: what was read.
        environment_of: gives the facts about the cluster that a path is for.
    """
    return _Scopes(found, environment_of).all()


class _Scopes:
    def __init__(self, found: Inventory, environment_of: Callable[[str], Environment]) -> None:
        self.found = found
        self.environment_of = environment_of
        self.by_file: dict[str, list[Resource]] = {}
        for resource in found.resources:
            self.by_file.setdefault(posixpath.normpath(resource.source.name), []).append(resource)
        self.context_files: dict[str, list[Resource]] = {}
        for resource in found.context:
            self.context_files.setdefault(posixpath.normpath(resource.source.name), []).append(resource)
        everything = (*found.resources, *found.context)
        self.beside = Beside(everything)
        self.targets = {
            folder: targets(each.patches, found.patch_texts) for folder, each in found.kustomizations.items()
        }
        taken_in = {part for each in found.kustomizations.values() for part in each.parts}
        self.closures = {
            folder: _Closure(folder, found.kustomizations) for folder in found.kustomizations if folder not in taken_in
        }
        self.contents = {folder: self._members(closure) for folder, closure in self.closures.items()}
        # The context is there as its kustomizations make it; what they make together with what is judged, only there.
        made = [each for members, present in self.contents.values() if not members for each in present]
        written = [each for name, members in self.context_files.items() if name not in taken_in for each in members]
        self.joined = (*made, *written)
        # What Argo CD or Flux brings may go anywhere, wherever it is asked for.
        self.deliveries = tuple(each for each in found.resources if isinstance(each, Delivery))
        self.judged: set[str] = set()
        self.folders = {above for name in self.by_file for above in _above(name)} if self.deliveries else set()
        self.delivered: dict[str, str] = {}
        for delivery in self.deliveries:
            if delivery.target_namespace:
                for path in delivery.folders:
                    self.delivered.setdefault(self._folder(delivery, path) or "", delivery.target_namespace)

    def all(self) -> list[Cluster]:
        clusters = [*self._streams(), *self._kustomizations(), *self._deliveries()]
        # What only kustomizations hold that take in each other is in none of the above.
        rest = [each for name, members in self.by_file.items() if name not in self.judged for each in members]
        by_cluster: dict[Environment, list[Resource]] = {}
        for each in rest:
            by_cluster.setdefault(self.environment_of(each.source.name), []).append(each)
        for environment, members in by_cluster.items():
            clusters += self._tree(members, environment)
        if len(clusters) == 1:
            clusters[0].beside = None
        return clusters

    def _cluster(
        self,
        members: Iterable[Resource],
        name: str,
        *,
        environment: Environment,
        present: Iterable[Resource] = (),
        inner: Iterable[Resource] = (),
        doubts: Iterable[str] = (),
        applied_together: bool = False,
    ) -> Cluster:
        resources = tuple(members)
        judged = set(map(id, resources))
        return Cluster(
            resources,
            environment,
            name=name,
            present=(*present, *self.joined, *(each for each in self.deliveries if id(each) not in judged)),
            inner=tuple(inner),
            context=self.joined,
            beside=self.beside,
            doubts=tuple(dict.fromkeys(doubts)),
            applied_together=applied_together,
            definition_of=self.found.definition_of,
        )

    def _streams(self) -> Iterator[Cluster]:
        for name, members in self.by_file.items():
            if members[0].source.stream:
                self.judged.add(name)
                environment, doubts = self.environment_of(name), self._unread([name])
                yield self._cluster(members, name, environment=environment, doubts=doubts, applied_together=True)

    def _kustomizations(self) -> Iterator[Cluster]:
        for folder, closure in self.closures.items():
            members, present = self.contents[folder]
            if not members:
                continue
            self.judged.update(closure.files)
            # Argo CD and Flux say where that goes which names no namespace.
            environment = self.environment_of(posixpath.join(folder, KUSTOMIZATIONS[0]))
            environment = environment._replace(namespace=self.delivered.get(folder, environment.namespace))
            doubts = (*closure.doubts(self.found.files), *self._unread(closure.files))
            yield self._cluster(
                members, folder, environment=environment, present=present, doubts=doubts, applied_together=True
            )

    def _members(self, closure: _Closure) -> tuple[list[Resource], list[Resource]]:
        """Return the objects of a closure as they leave it: those that are judged, and those of the context."""
        found: tuple[dict[Any, Resource], dict[Any, Resource]] = ({}, {})
        for name, chains in closure.files.items():
            for files, into in zip((self.by_file, self.context_files), found, strict=True):
                for resource in files.get(name, ()):
                    for chain in chains:
                        changed = self._passed(resource, chain)
                        key = (changed.source, changed.document, changed.root, changed.namespace, changed.name)
                        into.setdefault(key, changed)
        return list(found[0].values()), list(found[1].values())

    def _passed(self, resource: Resource, chain: tuple[str, ...]) -> Resource:
        """Return a resource as it leaves the last kustomization of a chain."""
        for folder in chain:
            resource = transformed(resource, self.found.kustomizations[folder], self.targets[folder])
        return resource

    def _deliveries(self) -> Iterator[Cluster]:
        """Yield the folders that Argo CD or Flux applies, where they are not kustomizations."""
        for delivery in self.deliveries:
            for path in delivery.folders:
                folder = self._folder(delivery, path)
                files = [
                    name
                    for name in self.by_file
                    if folder and name.startswith(folder + "/") and name not in self.judged
                ]
                members = [each for name in files for each in self.by_file[name]]
                if not members or any(each is delivery for each in members):
                    continue
                self.judged.update(files)
                environment = self.environment_of(files[0])
                environment = environment._replace(namespace=delivery.target_namespace or environment.namespace)
                yield self._cluster(members, folder or "", environment=environment, doubts=self._unread(files))

    def _folder(self, delivery: Delivery, path: str) -> str | None:
        """Return the folder of the tree that a path in a repository is, None if it is not here."""
        wanted = posixpath.normpath(path.lstrip("/"))
        if wanted == "." or wanted.startswith(".."):
            return None
        above = posixpath.dirname(posixpath.normpath(delivery.source.name))
        roots = ["", *reversed([above, *_above(above)])] if above else [""]
        for root in roots:
            folder = posixpath.normpath(posixpath.join(root, wanted))
            if folder in self.folders:
                return folder
        return None

    def _tree(self, rest: list[Resource], environment: Environment) -> Iterator[Cluster]:
        rest = [each for each in rest if each.group != "kustomize.config.k8s.io"]
        groups = split(rest, self.found.same)
        unread: dict[str, list[str]] = {}
        for name in self.found.unread:
            if name not in self.judged:
                unread.setdefault(home(name, groups), []).append(name)
        for part, members in groups.items():
            if not members:
                continue
            outside = outer(part, groups)
            own = {(each.group, each.kind, each.name) for each in members}
            around = [
                each for other in outside for each in groups[other] if (each.group, each.kind, each.name) not in own
            ]
            files = [name for group in (part, *outside) for name in unread.get(group, ())]
            inner = [each for other in groups if part in outer(other, (part,)) for each in groups[other]]
            yield self._cluster(
                members, part, environment=environment, present=around, inner=inner, doubts=self._unread(files)
            )

    def _unread(self, files: Iterable[str]) -> list[str]:
        return [f"{name}: {self.found.unread[name]}" for name in files if name in self.found.unread]


class _Closure:
    """What a kustomization takes in, directly or by others.

    Slots:
        files: each with the chains of kustomizations that it passes, innermost first.
        inner: the kustomizations, the root among them.
    """

    __slots__ = ("files", "inner", "known")

    def __init__(self, root: str, known: Mapping[str, Kustomization]) -> None:
        self.known = known
        self.files: dict[str, list[tuple[str, ...]]] = {}
        self.inner: dict[str, None] = {}
        for name, chain in self._taken_in(root, ()):
            chains = self.files.setdefault(name, [])
            if chain not in chains:
                chains.append(chain)

    def _taken_in(self, folder: str, above: tuple[str, ...]) -> list[tuple[str, tuple[str, ...]]]:
        """Return the files below a kustomization, each with its chain up to that one."""
        self.inner[folder] = None
        found: list[tuple[str, tuple[str, ...]]] = []
        for part in self.known[folder].parts:
            if part not in self.known:
                found.append((part, ()))
            elif part not in above and part != folder and len(found) < _MOST_FILES:
                if self.known[part].component:
                    # A Component changes all that stands before it as well.
                    found = [(name, (*chain, part)) for name, chain in found]
                found += self._taken_in(part, (*above, folder))
        return [(name, (*chain, folder)) for name, chain in found]

    def doubts(self, there: frozenset[str]) -> Iterator[str]:
        """Yield why something may be applied that no manifest shows; `there` are the files that were read."""
        yield from (f"{name} is not here" for name in self.files if name not in there)
        for folder in self.inner:
            for remote in self.known[folder].remote:
                yield f"{folder} takes in {remote}, which is not here"
            for field in self.known[folder].unseen:
                yield f"{folder} has {field}"


def _above(name: str) -> Iterator[str]:
    """Yield the folders that a file is in."""
    while (above := posixpath.dirname(name)) not in ("", name):
        yield above
        name = above


_MOST_FILES = 100_000
