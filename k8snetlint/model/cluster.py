"""What is judged together: the resources of one scope, and the facts about their cluster."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from k8snetlint.model.environment import Environment
    from k8snetlint.model.resource import Resource

R = TypeVar("R", bound="Resource")

_CLUSTER_SCOPED = frozenset(
    {
        *("APIService", "CSIDriver", "CSINode", "CertificateSigningRequest", "ClusterRole", "ClusterRoleBinding"),
        *("CustomResourceDefinition", "FlowSchema", "IngressClass", "MutatingWebhookConfiguration", "Namespace"),
        *("Node", "PersistentVolume", "PriorityClass", "PriorityLevelConfiguration", "RuntimeClass", "StorageClass"),
        *("ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding", "ValidatingWebhookConfiguration"),
        *("VolumeAttachment",),
    }
)


class Cluster:
    """The resources of one scope.

    Slots:
        resources: in the order of the text.
        environment: what manifests do not tell.
        applied_together: all of it is applied at once, under the names that are written: two objects of one name are a
            mistake. In a tree of files they may be alternatives.
    """

    __slots__ = ("_by_class", "_default_namespace", "applied_together", "environment", "resources")

    def __init__(
        self, resources: tuple[Resource, ...], environment: Environment, *, applied_together: bool = False
    ) -> None:
        self.resources = resources
        self.applied_together = applied_together
        self.environment = environment
        self._by_class: dict[type, list[Resource]] = {}
        for resource in resources:
            self._by_class.setdefault(type(resource), []).append(resource)
        self._default_namespace: str | None = None

    def of(self, kind: type[R]) -> list[R]:
        """Return the resources of a class; of `Resource` those whose kind has no class of its own."""
        return self._by_class.get(kind, [])  # type: ignore[return-value]  # indexed by class

    def namespace_of(self, resource: Resource) -> str:
        """Return the namespace that a resource goes to; empty for kinds that have none.

        Where none is written: `--namespace`, else the scope's only written namespace, else `default`.
        """
        if resource.kind in _CLUSTER_SCOPED:
            return ""
        if resource.namespace:
            return resource.namespace
        if self._default_namespace is None:
            written = {each.namespace for each in self.resources if each.namespace}
            only = written.pop() if len(written) == 1 else "default"
            self._default_namespace = self.environment.namespace or only
        return self._default_namespace
