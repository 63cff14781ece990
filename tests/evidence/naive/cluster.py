"""A cluster that is asked without an index."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from k8snetlint.model import cluster as model
from k8snetlint.model.namespace import known_labels
from k8snetlint.model.workload import Workload

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from k8snetlint.model.namespace import Namespace
    from k8snetlint.model.resource import Resource
    from k8snetlint.source.document import Place, Source
    from k8snetlint.source.paths import FieldPath
    from naive.beside import AllResources as NaiveBeside


class Cluster(model.Cluster):
    """A cluster with the questions that it answered itself."""

    def __init__(self, resources: tuple[Resource, ...], *others: Any, all_: NaiveBeside | None, **more: Any) -> None:
        super().__init__(resources, *others, **more)
        self.all = all_
        self.inner: tuple[Resource, ...] = more.get("inner", ())
        self.context = frozenset(more.get("context", ()))
        self._own: set[tuple[Source, int, FieldPath]] | None = None
        self._workloads: dict[str | None, list[Workload]] | None = None
        self.unknown: dict[tuple[str, int, FieldPath, FieldPath], tuple[Place, str]] = {}

    @property
    def elsewhere(self) -> Iterator[Resource]:
        """Yield the workloads and namespaces of other scopes: they may be there as well, or instead of a part."""
        if self.all is not None:
            others: tuple[list[Workload], list[Namespace]] = (self.all.workloads, self.all.namespaces)
            yield from (each for found in others for each in found if not self.owns(each))

    def owns(self, resource: Resource) -> bool:
        """Tell whether a resource, as written or as changed, is there."""
        if self._own is None:
            self._own = {(each.source, each.document, each.root) for each in (*self.resources, *self.present)}
        return (resource.source, resource.document, resource.root) in self._own

    def workloads_of(self, asker: Resource) -> list[Workload]:
        """Return the workloads that may create pods in the namespace of a resource."""
        namespace = self.known_namespace_of(asker)
        return (
            [each for found in self.workloads_by_namespace().values() for each in found]
            if namespace is None
            else (self.workloads_in((namespace,)))
        )

    def workloads_in(self, namespaces: Iterable[str]) -> list[Workload]:
        """Return the workloads that may create pods in namespaces: those in one, and those whose namespace is open."""
        by_namespace = self.workloads_by_namespace()
        return [each for name in (*namespaces, None) for each in by_namespace.get(name, ())]

    def namespaces_labelled(self, key: str, value: str) -> list[str]:
        """Return the names of the namespaces that are known to carry a label."""
        return [name for name, each in self.namespaces().items() if known_labels(name, each).get(key) == value]

    def namespace_labels(self) -> Iterable[tuple[str, str]]:
        """Return all labels that namespaces are known to carry."""
        return {pair: None for name, each in self.namespaces().items() for pair in known_labels(name, each).items()}

    def workloads_by_namespace(self) -> dict[str | None, list[Workload]]:
        """Return all workloads by their namespaces, None for those whose namespace is open."""
        if self._workloads is None:
            self._workloads = {}
            for each in self.known(Workload):
                self._workloads.setdefault(self.known_namespace_of(each), []).append(each)
        return self._workloads

    def cannot_know(self, at: Place, why: str) -> None:
        """Note that what stands at a place could not be judged."""
        self.unknown.setdefault((at.source.name, at.document, at.root, at.path), (at, why))
