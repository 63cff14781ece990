"""The question which pods a selector matches, and what else selects pods in the same namespaces."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from k8snetlint.model.cluster import Cluster
    from k8snetlint.model.index import NamespaceSet
    from k8snetlint.model.resource import Resource
    from k8snetlint.model.selectors import LabelSelector


class SelectorQuery:
    """Which pods does a selector match?

    Attributes:
        cluster: the scope.
        index: its index.
        selector: it matches none of the pods.
        subject: the resource that selects.
        namespace_set: the namespaces that are considered.
        own: the selector is for the pods of the subject, and not for peers.
        candidates: the set of the workloads that may be in these namespaces.
        same_application: the set of those, known or of variants, that evidently belong to the application of the
            subject.
    """

    def __init__(
        self,
        cluster: Cluster,
        selector: LabelSelector,
        subject: Resource,
        namespace_set: NamespaceSet,
        *,
        own: bool = False,
        named: bool = False,
    ) -> None:
        self.cluster = cluster
        self.index = cluster.index
        self.selector = selector
        self.subject = subject
        self.namespace_set = namespace_set
        self.own = own
        self._named = named or bool(subject.namespace)
        self._others: int | None = None
        self.candidates = namespace_set.workloads & self.index.seen
        self.same_application = namespace_set.workloads & self.index.workloads.same_application(
            subject, named=self._named
        )

    @property
    def others(self) -> int:
        """The set of what else selects pods of the application."""
        if self._others is None:
            selecting = self.index.selecting.members
            others = self.namespace_set.selecting & selecting.same_application(self.subject, named=self._named)
            self._others = others & ~selecting.bit_of(self.subject)
        return self._others

    @property
    def other_services(self) -> int:
        """The Services among them."""
        return self.others & self.index.selecting.services
