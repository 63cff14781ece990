"""The question which pods a selector matches, and who else asks in the same namespaces."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from naive.index import index_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.model.resource import Resource
    from k8snetlint.model.selectors import LabelSelector
    from k8snetlint.model.workload import Workload
    from naive.cluster import Cluster


class Question(NamedTuple):
    """Which pods does a selector match?

    Attributes:
        cluster: the scope.
        selector: what matches none of the pods.
        asker: the resource that selects.
        there: the workloads that were asked.
        spaces: the namespaces that were looked at; empty if the asker's is open, and so all were.
        named: a namespaceSelector says which these are.
        inner: workloads of the variants within the tree, of which one is applied beside what was asked.
    """

    cluster: Cluster
    selector: LabelSelector
    asker: Resource
    there: list[Workload]
    spaces: tuple[str, ...]
    named: bool = False
    inner: tuple[Workload, ...] = ()

    def goes_with(self, resource: Resource) -> bool:
        """Tell whether a resource goes to one of the namespaces, and the asker knows of it.

        Files that name no namespace may go to several ones: together is only what stands in one folder.
        """
        namespace = self.cluster.known_namespace_of(resource)
        if namespace is not None and self.spaces and namespace not in self.spaces:
            return False
        says = self.cluster.environment.namespace or (resource.namespace and (self.asker.namespace or self.named))
        if says or self.cluster.applied_together or resource in self.cluster.context:
            return True
        return resource.folder == self.asker.folder

    def others(self) -> Iterator[tuple[Resource, LabelSelector]]:
        """Yield what else selects pods in the namespaces."""
        selecting = index_of(self.cluster).selecting
        for namespace in (*self.spaces, None) if self.spaces else selecting:
            for other, selector in selecting.get(namespace, ()):
                if other is not self.asker and self.goes_with(other):
                    yield other, selector
