"""What is judged together: the resources of one scope, the facts about their cluster, and what is not known."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

from k8snetlint.model.tables.kinds import is_cluster_scoped

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from k8snetlint.model.all_resources import AllResources
    from k8snetlint.model.delivery import Deliveries
    from k8snetlint.model.environment import Environment
    from k8snetlint.model.index import Index
    from k8snetlint.model.namespace import Namespace
    from k8snetlint.model.resource import Resource
    from k8snetlint.scope.build import Build
    from k8snetlint.source.document import Source
    from k8snetlint.source.paths import FieldPath, Place

R = TypeVar("R", bound="Resource")


class Cluster:
    """The resources of one scope.

    Attributes:
        name: what a reader calls the scope: `overlays/prod`, empty for the tree of all files.
        build: what puts it together, if a kustomization does.
        resources: what is judged, in the order of the text.
        present: what is there as well, but judged elsewhere or not at all (`--context`).
        context: what of it the user has named as being there, whatever the folder.
        inner: what the variants within it hold, of which one is applied as well.
        all_resources: what stands in all scopes of the run; None if there is no other scope.
        doubts: why something may be in the cluster that no manifest of the scope shows; empty if there is no reason.
        environment: what manifests do not tell.
        applied_together: all of it is applied at once, under the names that are written: two objects of one name are a
            mistake. In a tree of files they may be alternatives.
        definition_of: reads the plain value of a resource again, as it is written; None if nobody can.
    """

    def __init__(
        self,
        resources: tuple[Resource, ...],
        environment: Environment,
        *,
        name: str = "",
        build: Build | None = None,
        present: tuple[Resource, ...] = (),
        inner: tuple[Resource, ...] = (),
        context: tuple[Resource, ...] = (),
        all_resources: AllResources | None = None,
        deliveries: Deliveries | None = None,
        doubts: tuple[str, ...] = (),
        applied_together: bool = False,
        definition_of: Callable[[Resource], Any] | None = None,
    ) -> None:
        self.resources = resources
        self.environment = environment
        self.name = name
        self.build = build
        self.present = present
        self.inner = inner
        self.context = frozenset(context)
        self.all_resources = all_resources
        self._deliveries = deliveries
        self.doubts = doubts
        self.applied_together = applied_together
        self.definition_of = definition_of
        self._by_class: dict[type, list[Resource]] = {}
        for resource in resources:
            self._by_class.setdefault(type(resource), []).append(resource)
        self._by_place: dict[tuple[Source, int, FieldPath], Resource] | None = None
        self._default_namespace: str | bool | None = False
        self._namespaces: dict[str, Namespace | None] | None = None
        self._present: dict[type, list[Resource]] | None = None

    def of(self, kind: type[R]) -> list[R]:
        """Return the resources of a class that are judged; of `Resource` those whose kind has no class of its own."""
        return self._by_class.get(kind, [])  # type: ignore[return-value]  # indexed by class

    def resource_at(self, place: Place) -> Resource:
        """Return the resource that is judged and that a place is in."""
        if self._by_place is None:
            self._by_place = {(each.source, each.document, each.root): each for each in self.resources}
        return self._by_place[place.source, place.document, place.root]

    def known(self, kind: type[R]) -> Iterator[R]:
        """Yield all resources of a class that are there, judged or not."""
        yield from self.of(kind)
        if self.present and self._present is None:
            self._present = {}
            for each in self.present:
                self._present.setdefault(type(each), []).append(each)
        yield from (self._present or {}).get(kind, ())  # type: ignore[misc]  # indexed by class

    @property
    def deliveries(self) -> Deliveries:
        """What Argo CD and Flux bring, those of all scopes of the run."""
        if self._deliveries is None:
            from k8snetlint.model.delivery import Deliveries, Delivery  # noqa: PLC0415 - only where it is asked for

            self._deliveries = Deliveries(self.known(Delivery))
        return self._deliveries

    @cached_property
    def index(self) -> Index:
        """What questions about the cluster look up; made when the first one is asked."""
        from k8snetlint.model.index import Index  # noqa: PLC0415 - only where it is asked for

        return Index(self)

    def namespace_of(self, resource: Resource) -> str:
        """Return the namespace that a resource goes to; empty for kinds that have none.

        Where none is written: `--namespace`, else the scope's only written namespace, else `default`.
        """
        return "default" if (namespace := self.known_namespace_of(resource)) is None else namespace

    def known_namespace_of(self, resource: Resource) -> str | None:
        """Return the namespace of a resource as `namespace_of`; None where it is left open.

        It is open if none is written and other resources of the scope go to several: whoever applies the manifests
        says which (`kubectl -n`).
        """
        if is_cluster_scoped(resource.kind):
            return ""
        if resource.namespace:
            return resource.namespace
        if self._default_namespace is False:
            written = {each.namespace for each in self.resources if each.namespace}
            written = written or {each.namespace for each in self.present if each.namespace}
            only = None if len(written) > 1 else (*written, "default")[0]
            self._default_namespace = self.environment.namespace or only
        return self._default_namespace  # type: ignore[return-value]  # no longer False

    def namespaces(self) -> dict[str, Namespace | None]:
        """Return all namespaces that are known, by name; None for one that is only named by objects in it."""
        if self._namespaces is None:
            from k8snetlint.model.namespace import BUILT_IN_NAMESPACES, Namespace  # noqa: PLC0415 - only where it is asked for

            names: dict[str, Namespace | None] = dict.fromkeys(BUILT_IN_NAMESPACES)
            names |= {each.namespace: None for each in (*self.resources, *self.present) if each.namespace}
            if self.environment.namespace:
                names[self.environment.namespace] = None
            names |= {each.name: each for each in self.known(Namespace) if each.name}
            self._namespaces = names
        return self._namespaces
