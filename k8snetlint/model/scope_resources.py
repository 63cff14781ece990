"""The resources of one scope by their classes, and the namespace that each of them goes to."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from k8snetlint.model.tables.kinds import CLUSTER_SCOPED

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from k8snetlint.model.environment import Environment
    from k8snetlint.model.namespace import Namespace
    from k8snetlint.model.resource import Resource
    from k8snetlint.source.document import Source
    from k8snetlint.source.paths import FieldPath

R = TypeVar("R", bound="Resource")


class ScopeResources:
    """What the manifests of one scope show.

    Attributes:
        judged: the resources that are judged, in the order of the text.
        environment: facts that are not in manifests.
        present: resources that exist as well, but are judged elsewhere or not at all (`--context`).
        inner: what the variants within the scope contain, of which one is applied as well.
        context: those of `present` that the user has named, whatever the folder.
        applied_together: all of it is applied at once.
    """

    def __init__(
        self,
        judged: tuple[Resource, ...],
        environment: Environment,
        *,
        present: tuple[Resource, ...] = (),
        inner: tuple[Resource, ...] = (),
        context: Iterable[Resource] = (),
        applied_together: bool = False,
    ) -> None:
        self.judged = judged
        self.environment = environment
        self.present = present
        self.inner = inner
        self.context = frozenset(context)
        self.applied_together = applied_together
        self._judged_by_class = _by_class(judged)
        self._judged_by_place: dict[tuple[Source, int, FieldPath], Resource] | None = None
        self._present_by_class: dict[type, list[Resource]] | None = None
        self._class_names: frozenset[str] | None = None
        self._default_namespace: str | bool | None = False
        self._namespaces: dict[str, Namespace | None] | None = None
        self._about_network: tuple[Resource, ...] | None = None
        self._judged_about_network: tuple[Resource, ...] | None = None

    @property
    def every(self) -> tuple[Resource, ...]:
        """All resources that exist, judged or not."""
        return (*self.judged, *self.present)

    def at(self, source: Source, document: int, root: FieldPath) -> Resource:
        """Return the resource that is judged and stands at a place."""
        if self._judged_by_place is None:
            self._judged_by_place = {(each.source, each.document, each.root): each for each in self.judged}
        return self._judged_by_place[source, document, root]

    def of(self, kind: type[R]) -> list[R]:
        """Return the resources of a class that are judged; of `Resource` those whose kind has no class of its own."""
        return self._judged_by_class.get(kind, [])  # type: ignore[return-value]  # indexed by class

    def known(self, kind: type[R]) -> Sequence[R]:
        """Return all resources of a class that exist, judged or not."""
        judged = self.of(kind)
        if not self.present:
            # Asked dozens of times of each scope, and most have no others.
            return judged
        return [*judged, *self._present().get(kind, ())]

    def about_network(self) -> tuple[Resource, ...]:
        """Return the resources that say something about the network of the cluster.

        Those that are judged elsewhere do not count: the manifests of a plugin may be those of another cluster.
        """
        if self._about_network is None:
            every = self.every if self.applied_together else (*self.judged, *self.context)
            self._about_network = tuple([each for each in every if each.network is not None])
        return self._about_network

    def judged_about_network(self) -> tuple[Resource, ...]:
        """Return those of them that are judged."""
        if self._judged_about_network is None:
            self._judged_about_network = tuple([each for each in self.judged if each.network is not None])
        return self._judged_about_network

    def has_any(self, kind: str) -> bool:
        """Tell whether there is a resource of a class of that name; the class need not be imported for that."""
        if self._class_names is None:
            self._class_names = frozenset([each.__name__ for each in (*self._judged_by_class, *self._present())])
        return kind in self._class_names

    def _present(self) -> dict[type, list[Resource]]:
        if self._present_by_class is None:
            self._present_by_class = _by_class(self.present)
        return self._present_by_class

    def known_namespace_of(self, resource: Resource) -> str | None:
        """Return the namespace that a resource goes to, empty for kinds that have none; None where it is open.

        Where none is written: `--namespace`, else the scope's only written namespace, else `default`. It is open if
        none is written and other resources of the scope go to several: it is chosen when the manifests are applied
        (`kubectl -n`).
        """
        if resource.kind in CLUSTER_SCOPED:
            return ""
        if resource.namespace:
            return resource.namespace
        if self._default_namespace is False:
            written = {each.namespace for each in self.judged if each.namespace}
            written = written or {each.namespace for each in self.present if each.namespace}
            only = None if len(written) > 1 else (*written, "default")[0]
            self._default_namespace = self.environment.namespace or only
        return self._default_namespace  # type: ignore[return-value]  # no longer False

    def namespaces(self) -> dict[str, Namespace | None]:
        """Return all namespaces that are known, by name; None for one that is only named by objects in it."""
        if self._namespaces is None:
            from k8snetlint.model.namespace import BUILT_IN_NAMESPACES, Namespace  # noqa: PLC0415 - only if asked for

            names: dict[str, Namespace | None] = dict.fromkeys(BUILT_IN_NAMESPACES)
            names |= {each.namespace: None for each in self.every if each.namespace}
            if self.environment.namespace:
                names[self.environment.namespace] = None
            names |= {each.name: each for each in self.known(Namespace) if each.name}
            self._namespaces = names
        return self._namespaces


def _by_class(resources: Iterable[Resource]) -> dict[type, list[Resource]]:
    found: dict[type, list[Resource]] = {}
    for each in resources:
        found.setdefault(type(each), []).append(each)
    return found


def is_service(resource: Resource) -> bool:
    """Tell whether a resource is a Service, also one that cannot be read."""
    return resource.kind == "Service" and not resource.group
