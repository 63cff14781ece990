"""What questions about one cluster look up: its workloads and namespaces, their labels, and what selects them."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from k8snetlint.model.aspects import NAME, NETWORK, POD_LABELS
from k8snetlint.model.bitsets import bits_of, positions
from k8snetlint.model.labels import LabelIndex
from k8snetlint.model.members import Members, Pods
from k8snetlint.model.resource import Resource
from k8snetlint.model.tables.controllers import ADDED_LABELS
from k8snetlint.model.tables.kinds import POD_GROUPS, POD_KINDS
from k8snetlint.model.tables.podless import may_make_pods
from k8snetlint.model.workload import Workload
from k8snetlint.source.templates import is_placeholder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from k8snetlint.model.all_resources import AllResources
    from k8snetlint.model.declarations import Declarations
    from k8snetlint.model.delivery import Deliveries
    from k8snetlint.model.elsewhere import Elsewhere
    from k8snetlint.model.known_namespaces import KnownNamespaces
    from k8snetlint.model.rollout import Rollout
    from k8snetlint.model.scope_resources import ScopeResources
    from k8snetlint.model.selecting import Selecting
    from k8snetlint.model.service_names import ServiceNames


class NamespaceSet:
    """The namespaces that a question is about; no names are all of them.

    Attributes:
        names: the namespaces.
        workloads: the set of the workloads that may be in one of them.
    """

    def __init__(self, index: Index, names: tuple[str, ...]) -> None:
        self._index = index
        self.names = names
        self.workloads = index.workloads.within(names) if names else index.workloads.everything

    @cached_property
    def selecting(self) -> int:
        """The set of what selects pods, and may be in one of the namespaces."""
        members = self._index.selecting.members
        return members.within(self.names) if self.names else members.everything

    @cached_property
    def unreadable(self) -> str:
        """Why there may be pods that cannot be read, empty if there is no reason."""
        return self._first_of(self._index.unreadable)

    @cached_property
    def pod_producer(self) -> str:
        """Why there may be pods that no manifest shows, empty if there is no reason."""
        return self._first_of(self._index.pod_producers) or self._first_of(self._index.deliveries.unseen)

    def _first_of(self, reasons: dict[str | None, tuple[int, str]]) -> str:
        names = (*self.names, None) if self.names else reasons
        return min((reasons[name] for name in names if name in reasons), default=(0, ""))[1]


class Index:
    """The resources of a scope, by what questions ask for.

    Args:
        scope: the resources.
        all_resources: those of all scopes of the run; None if there is no other scope.
        deliveries: what Argo CD and Flux apply in all scopes of the run; None if only this one counts.

    Attributes:
        workloads: those that are known, and those of variants within the scope.
        seen, inner: the sets of those that are known, and of those of variants, of which one is applied as well.
        pod_labels: the labels of their pods.
        answers: the answers that were given before, by their questions.
    """

    def __init__(
        self,
        scope: ScopeResources,
        *,
        all_resources: AllResources | None = None,
        deliveries: Deliveries | None = None,
    ) -> None:
        self._scope = scope
        self._all_resources = all_resources
        self._deliveries = deliveries
        inner = tuple(each for each in scope.inner if isinstance(each, Workload))
        self.workloads: Members[Workload] = Members(scope, (*scope.known(Workload), *inner))
        self.inner = self._where(frozenset(inner).__contains__) if inner else 0
        self.seen = self.workloads.everything & ~self.inner
        self.pod_labels = LabelIndex((each.pod_labels for each in self.workloads.every), ADDED_LABELS)
        self.answers: dict[Any, Any] = {}
        self._namespace_sets: dict[str | None, NamespaceSet] = {}
        self._named_namespace_sets: dict[int, NamespaceSet] = {}

    def _where(self, matches: Callable[[Workload], bool]) -> int:
        return bits_of([position for position, each in enumerate(self.workloads.every) if matches(each)])

    def pods(self, bits: int) -> Pods:
        """Return the pods of a set of workloads."""
        return Pods(self.workloads, bits)

    def pods_of(self, workload: Workload) -> Pods:
        """Return the pods of one workload."""
        return Pods(self.workloads, self.workloads.bit_of(workload))

    def namespace_set_of(self, resource: Resource) -> NamespaceSet:
        """Return the namespace of a resource, all of them if it is open."""
        name = self._scope.known_namespace_of(resource)
        namespace_set = self._namespace_sets.get(name)
        if namespace_set is None:
            namespace_set = self._namespace_sets[name] = NamespaceSet(self, () if name is None else (name,))
        return namespace_set

    def namespace_set(self, namespaces: int) -> NamespaceSet:
        """Return the namespaces of a set."""
        namespace_set = self._named_namespace_sets.get(namespaces)
        if namespace_set is None:
            names = self.known_namespaces.names
            namespace_set = NamespaceSet(self, tuple(names[position] for position in positions(namespaces)))
            self._named_namespace_sets[namespaces] = namespace_set
        return namespace_set

    @cached_property
    def plain(self) -> int:
        """The set of the workloads whose pods have the labels that are written, and no others."""
        return self._where(_is_plain)

    @cached_property
    def in_any_namespace(self) -> int:
        """The set of the workloads whose namespace is a placeholder."""
        return self._where(lambda each: is_placeholder(each.namespace or ""))

    @cached_property
    def on_host_network(self) -> int:
        """The set of the workloads whose pods are on the network of their node."""
        return self._where(lambda each: each.host_network and NETWORK not in each.patched)

    @cached_property
    def lasting(self) -> int:
        """The set of the workloads whose pods are replaced when they end."""
        return self._where(lambda each: each.kind not in ("CronJob", "Job", "Pod"))

    @cached_property
    def jobs(self) -> int:
        """The set of the workloads whose pods do some work and end."""
        return self._where(lambda each: each.kind in ("CronJob", "Job"))

    @cached_property
    def on_some_nodes(self) -> int:
        """The set of the workloads whose pods are evidently not on every node."""
        return self._where(lambda each: each.kind in ("Deployment", "ReplicaSet", "StatefulSet"))

    @cached_property
    def own_labels(self) -> LabelIndex:
        """The labels of the workloads themselves, where those of their pods are written elsewhere."""
        return LabelIndex(each.labels if each.template else {} for each in self.workloads.every)

    @cached_property
    def labelled(self) -> int:
        """The set of the workloads that have labels of their own."""
        return self._where(lambda each: bool(each.labels and each.template))

    @cached_property
    def declarations(self) -> Declarations:
        """What the workloads declare about ports."""
        from k8snetlint.model.declarations import Declarations  # noqa: PLC0415 - only if asked for

        return Declarations(self.workloads.every)

    @cached_property
    def selecting(self) -> Selecting:
        """What selects pods."""
        from k8snetlint.model.selecting import Selecting  # noqa: PLC0415 - only where nothing matches

        return Selecting(self._scope, self.pod_labels)

    @cached_property
    def service_names(self) -> ServiceNames:
        """The Services by their names."""
        from k8snetlint.model.service_names import ServiceNames  # noqa: PLC0415 - only if asked for

        return ServiceNames(self._scope)

    @cached_property
    def known_namespaces(self) -> KnownNamespaces:
        """The namespaces that are known."""
        from k8snetlint.model.known_namespaces import KnownNamespaces  # noqa: PLC0415 - only if asked for

        return KnownNamespaces(self._scope.namespaces())

    @cached_property
    def elsewhere(self) -> Elsewhere:
        """The resources of other scopes of the run."""
        from k8snetlint.model.elsewhere import Elsewhere  # noqa: PLC0415 - only where nothing matches

        return Elsewhere(self._all_resources, self._scope.every)

    @cached_property
    def run(self) -> AllResources:
        """The resources of all scopes of the run, if only of this one."""
        if self._all_resources is not None:
            return self._all_resources
        from k8snetlint.model.all_resources import AllResources  # noqa: PLC0415 - only where nothing matches

        return AllResources(self._scope.every)

    @cached_property
    def deliveries(self) -> Deliveries:
        """What Argo CD and Flux apply, in all scopes of the run."""
        if self._deliveries is not None:
            return self._deliveries
        from k8snetlint.model.delivery import Deliveries, Delivery  # noqa: PLC0415 - only where nothing matches

        return Deliveries(self._scope.known(Delivery))

    @cached_property
    def unreadable(self) -> dict[str | None, tuple[int, str]]:
        """Workloads that cannot be read, the first of each namespace; None is the key of what may be in any."""
        workloads = (each for each in self._scope.known(Resource) if _is_unreadable(each))
        return _first_by_namespace(
            (self._scope.known_namespace_of(each), f"{each.kind} {each.name} cannot be read") for each in workloads
        )

    @cached_property
    def pod_producers(self) -> dict[str | None, tuple[int, str]]:
        """What may make pods that no manifest shows, as `unreadable`."""
        return _first_by_namespace(self._producers())

    def _producers(self) -> Iterator[tuple[str | None, str]]:
        for each in self._scope.known(Resource):
            if not _is_unreadable(each) and may_make_pods(each.group, each.kind):
                yield self._scope.known_namespace_of(each), f"{each.kind} {each.name} ({each.group}) may create pods"
        for rollout, workloads in self.rollouts:
            if not workloads:
                why = f"{rollout.kind} {rollout.name} ({rollout.group}) may create pods"
                yield self._scope.known_namespace_of(rollout), why

    @cached_property
    def rollouts(self) -> list[tuple[Rollout, int]]:
        """The Argo Rollouts that take their pods from another workload, each with the set of that workload."""
        if not self._scope.has_any("Rollout"):
            return []
        from k8snetlint.model.rollout import Rollout  # noqa: PLC0415 - only where one occurs

        return [(each, self._workload_of(each)) for each in self._scope.known(Rollout)]

    def _workload_of(self, rollout: Rollout) -> int:
        kind, name = rollout.workload
        called = self.namespace_set_of(rollout).workloads & self.workloads.by_name[name] if name else 0
        return bits_of(position for position in positions(called) if self.workloads.every[position].kind == kind)


def _is_plain(workload: Workload) -> bool:
    # Without a container it is a placeholder, or a part that a patch completes.
    return bool(workload.containers) and NAME not in workload.patched and workload.knows(POD_LABELS)


def _is_unreadable(resource: Resource) -> bool:
    return resource.kind in POD_KINDS and resource.group in POD_GROUPS


def _first_by_namespace(reasons: Iterable[tuple[str | None, str]]) -> dict[str | None, tuple[int, str]]:
    """Return the first reason for each namespace, with its number among all; None is the key of what may be in any."""
    found: dict[str | None, tuple[int, str]] = {}
    for number, (namespace, why) in enumerate(reasons):
        key = None if not namespace or is_placeholder(namespace) else namespace
        found.setdefault(key, (number, why))
    return found
