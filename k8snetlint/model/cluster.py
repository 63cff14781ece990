"""What is judged together: the resources of one scope, the facts about their cluster, and what is not known."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from k8snetlint.model.scope_resources import ScopeResources, is_service

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from k8snetlint.model.all_resources import AllResources
    from k8snetlint.model.delivery import Deliveries
    from k8snetlint.model.environment import Environment
    from k8snetlint.model.index import Index
    from k8snetlint.model.namespace import Namespace
    from k8snetlint.model.resource import Resource
    from k8snetlint.source.document import Place, Source

R = TypeVar("R", bound="Resource")


class AddedLabel(NamedTuple):
    """A label that a kustomization adds to a peer of a policy.

    Attributes:
        key, value: the label.
        folder: that of the kustomization.
        place: where it is written, None if nobody knows.
    """

    key: str
    value: str
    folder: str
    place: Place | None


AddedLabels = Callable[[str, "Mapping[str, str]"], "Iterable[AddedLabel]"]
"""Returns which kustomizations add labels to the peers of the policies in a file."""


class Cluster:
    """The resources of one scope.

    Attributes:
        resources: what is judged, in the order of the text.
        environment: facts that are not in manifests.
        name: what a reader calls the scope: `overlays/prod`, empty for the tree of all files.
        present: what exists as well, but is judged elsewhere or not at all (`--context`).
        all_resources: the resources of all scopes of the run; None if there is no other scope.
        doubts: why something may be in the cluster that no manifest of the scope shows; empty if there is no reason.
        applied_together: all of it is applied at once, under the names that are written: two objects of one name are a
            mistake. In a tree of files they may be alternatives.
        added_labels: tells which kustomizations add labels to peers; None if no kustomization makes the scope.
        definition_of: reads the plain value of a resource again, as it is written; None if that is not possible.
    """

    def __init__(
        self,
        resources: tuple[Resource, ...],
        environment: Environment,
        *,
        name: str = "",
        added_labels: AddedLabels | None = None,
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
        self.added_labels = added_labels
        self.present = present
        self.all_resources = all_resources
        self.doubts = doubts
        self.applied_together = applied_together
        self.definition_of = definition_of
        self._deliveries = deliveries
        self._scope = ScopeResources(
            resources, environment, present=present, inner=inner, context=context, applied_together=applied_together
        )

    @cached_property
    def index(self) -> Index:
        """What questions about the cluster look up; made when the first one is asked."""
        from k8snetlint.model.index import Index  # noqa: PLC0415 - only where it is asked for

        return Index(self._scope, all_resources=self.all_resources, deliveries=self._deliveries)

    @cached_property
    def with_host_names(self) -> tuple[Resource, ...]:
        """The resources that are judged and have host names in their fields."""
        return tuple([each for each in self.resources if each.dns is not None and each.dns.uses])

    def of(self, kind: type[R]) -> list[R]:
        """Return the resources of a class that are judged; of `Resource` those whose kind has no class of its own."""
        return self._scope.of(kind)

    def resource_at(self, place: Place) -> Resource:
        """Return the resource that is judged and that a place is in."""
        return self._scope.at(place.source, place.document, place.root)

    def known(self, kind: type[R]) -> Sequence[R]:
        """Return all resources of a class that exist, judged or not."""
        return self._scope.known(kind)

    @property
    def about_network(self) -> tuple[Resource, ...]:
        """The resources that say something about the network of the cluster; not those that are judged elsewhere."""
        return self._scope.about_network()

    @property
    def judged_about_network(self) -> tuple[Resource, ...]:
        """Those of `about_network` that are judged."""
        return self._scope.judged_about_network()

    def is_partly_read(self, source: Source) -> bool:
        """Tell whether parts of a file are not known: a template with branches, a syntax error."""
        return any(each.startswith(f"{source.path}: ") for each in self.doubts)

    def unplaced_services(self) -> tuple[Resource, ...]:
        """Return the Services whose namespace is not written, also those that cannot be read."""
        return tuple(each for each in self._scope.every if not each.namespace and is_service(each))

    def has_any(self, kind: str) -> bool:
        """Tell whether there is a resource of a class of that name; the class need not be imported for that."""
        return self._scope.has_any(kind)

    def namespace_of(self, resource: Resource) -> str:
        """Return the namespace that a resource goes to; empty for kinds that have none, `default` where it is open."""
        namespace = self._scope.known_namespace_of(resource)
        return "default" if namespace is None else namespace

    def known_namespace_of(self, resource: Resource) -> str | None:
        """Return the namespace that a resource goes to, empty for kinds that have none; None where it is open."""
        return self._scope.known_namespace_of(resource)

    def namespaces(self) -> dict[str, Namespace | None]:
        """Return all namespaces that are known, by name; None for one that is only named by objects in it."""
        return self._scope.namespaces()
