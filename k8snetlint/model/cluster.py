"""What is judged together: the resources of one scope, the facts about their cluster, and what is not known."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from k8snetlint.model.beside import Beside
    from k8snetlint.model.environment import Environment
    from k8snetlint.model.namespace import Namespace
    from k8snetlint.model.resource import Resource
    from k8snetlint.model.workload import Workload
    from k8snetlint.source.document import Source
    from k8snetlint.source.paths import FieldPath, Place

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

NAME_LABEL = "kubernetes.io/metadata.name"
"""What the API server labels every namespace with, its value the name."""
ALWAYS_THERE = ("default", "kube-node-lease", "kube-public", "kube-system")
"""The namespaces of every cluster."""


def is_cluster_scoped(kind: str) -> bool:
    """Tell whether objects of a kind stand in no namespace."""
    return kind in _CLUSTER_SCOPED


def labels_of(name: str, manifest: Namespace | None) -> dict[str, str]:
    """Return the labels that a namespace is known to carry."""
    return {NAME_LABEL: name, **(manifest.labels if manifest else {})}


class Cluster:
    """The resources of one scope.

    Slots:
        name: what a reader calls the scope: `overlays/prod`, empty for the tree of all files.
        resources: what is judged, in the order of the text.
        present: what is there as well, but judged elsewhere or not at all (`--context`).
        context: what of it the user has named as being there, whatever the folder.
        inner: what the variants within it hold, of which one is applied as well.
        beside: what stands in all scopes of the run, see `elsewhere`; None if there is no other scope.
        doubts: why something may be in the cluster that no manifest of the scope shows; empty if there is no reason.
        environment: what manifests do not tell.
        applied_together: all of it is applied at once, under the names that are written: two objects of one name are a
            mistake. In a tree of files they may be alternatives.
        unknown: what was asked and not answered, and why, by its place: for a user who wonders at silence.
    """

    __slots__ = (
        "_by_class",
        "_default_namespace",
        "_labelled",
        "_namespaces",
        "_own",
        "_present",
        "_workloads",
        "applied_together",
        "beside",
        "context",
        "doubts",
        "environment",
        "inner",
        "name",
        "present",
        "resources",
        "unknown",
    )

    def __init__(
        self,
        resources: tuple[Resource, ...],
        environment: Environment,
        *,
        name: str = "",
        present: tuple[Resource, ...] = (),
        inner: tuple[Resource, ...] = (),
        context: tuple[Resource, ...] = (),
        beside: Beside | None = None,
        doubts: tuple[str, ...] = (),
        applied_together: bool = False,
    ) -> None:
        self.resources = resources
        self.environment = environment
        self.name = name
        self.present = present
        self.inner = inner
        self.context = frozenset(context)
        self.beside = beside
        self.doubts = doubts
        self.applied_together = applied_together
        self.unknown: dict[tuple[str, int, FieldPath, FieldPath], tuple[Place, str]] = {}
        self._by_class: dict[type, list[Resource]] = {}
        for resource in resources:
            self._by_class.setdefault(type(resource), []).append(resource)
        self._default_namespace: str | bool | None = False
        self._workloads: dict[str | None, list[Workload]] | None = None
        self._namespaces: dict[str, Namespace | None] | None = None
        self._own: set[tuple[Source, int, FieldPath]] | None = None
        self._present: dict[type, list[Resource]] | None = None
        self._labelled: dict[tuple[str, str], list[str]] = {}

    def of(self, kind: type[R]) -> list[R]:
        """Return the resources of a class that are judged; of `Resource` those whose kind has no class of its own."""
        return self._by_class.get(kind, [])  # type: ignore[return-value]  # indexed by class

    def known(self, kind: type[R]) -> Iterator[R]:
        """Yield all resources of a class that are there, judged or not."""
        yield from self.of(kind)
        if self.present and self._present is None:
            self._present = {}
            for each in self.present:
                self._present.setdefault(type(each), []).append(each)
        yield from (self._present or {}).get(kind, ())  # type: ignore[misc]  # indexed by class

    @property
    def elsewhere(self) -> Iterator[Resource]:
        """Yield the workloads and namespaces of other scopes: they may be there as well, or instead of a part."""
        if self.beside is not None:
            others: tuple[list[Workload], list[Namespace]] = (self.beside.workloads, self.beside.namespaces)
            yield from (each for found in others for each in found if not self.owns(each))

    def owns(self, resource: Resource) -> bool:
        """Tell whether a resource, as written or as changed, is there."""
        if self._own is None:
            self._own = {(each.source, each.document, each.root) for each in (*self.resources, *self.present)}
        return (resource.source, resource.document, resource.root) in self._own

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

    def workloads_of(self, asker: Resource) -> list[Workload]:
        """Return the workloads that may make pods in the namespace of a resource."""
        namespace = self.known_namespace_of(asker)
        return (
            [each for found in self.workloads_by_namespace().values() for each in found]
            if namespace is None
            else (self.workloads_in((namespace,)))
        )

    def workloads_in(self, namespaces: Iterable[str]) -> list[Workload]:
        """Return the workloads that may make pods in namespaces: those in one, and those whose namespace is open."""
        by_namespace = self.workloads_by_namespace()
        return [each for name in (*namespaces, None) for each in by_namespace.get(name, ())]

    def namespaces(self) -> dict[str, Namespace | None]:
        """Return all namespaces that are known, by name; None for one that is only named by objects in it."""
        if self._namespaces is None:
            from k8snetlint.model.namespace import Namespace  # noqa: PLC0415 - only where it is asked for

            names: dict[str, Namespace | None] = dict.fromkeys(ALWAYS_THERE)
            names |= {each.namespace: None for each in (*self.resources, *self.present) if each.namespace}
            if self.environment.namespace:
                names[self.environment.namespace] = None
            names |= {each.name: each for each in self.known(Namespace) if each.name}
            self._namespaces = names
            for name, manifest in names.items():
                for pair in labels_of(name, manifest).items():
                    self._labelled.setdefault(pair, []).append(name)
        return self._namespaces

    def namespaces_labelled(self, key: str, value: str) -> list[str]:
        """Return the names of the namespaces that are known to carry a label."""
        self.namespaces()
        return self._labelled.get((key, value), [])

    def namespace_labels(self) -> Iterable[tuple[str, str]]:
        """Return all labels that namespaces are known to carry."""
        self.namespaces()
        return self._labelled

    def workloads_by_namespace(self) -> dict[str | None, list[Workload]]:
        """Return all workloads by their namespaces, None for those whose namespace is open."""
        if self._workloads is None:
            from k8snetlint.model.workload import Workload  # noqa: PLC0415 - only where it is asked for

            self._workloads = {}
            for each in self.known(Workload):
                self._workloads.setdefault(self.known_namespace_of(each), []).append(each)
        return self._workloads

    def cannot_know(self, at: Place, why: str) -> None:
        """Note that what stands at a place could not be judged."""
        self.unknown.setdefault((at.source.name, at.document, at.root, at.path), (at, why))
