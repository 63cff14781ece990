"""What questions about one cluster look up again and again."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from k8snetlint.model.delivery import Delivery
from k8snetlint.model.namespace import Namespace, known_labels
from k8snetlint.model.networkpolicy import NetworkPolicy
from k8snetlint.model.resource import Resource
from k8snetlint.model.service import Service
from k8snetlint.model.tables.controllers import ADDED_LABELS
from k8snetlint.model.tables.kinds import POD_GROUPS, POD_KINDS
from k8snetlint.model.tables.podless import may_make_pods
from k8snetlint.source.templates import is_placeholder
from naive.beside import by_label

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.model.selectors import LabelSelector
    from k8snetlint.model.workload import Workload
    from naive.beside import Pair
    from naive.cluster import Cluster


class Index:
    """The resources of a cluster, by what is asked for.

    Slots:
        selecting: what selects pods, with its selector, by namespace; None where that is open.
        users: which resources ask for a label anywhere.
        names: the names of workloads.
        unread: workloads that nobody can read, with their namespaces.
        makers: what may create pods that no manifest shows, with their namespaces.
    """

    __slots__ = (
        "_carriers",
        "_cluster",
        "_odd_namespace",
        "_plain",
        "_there",
        "makers",
        "names",
        "selecting",
        "unread",
        "users",
    )

    def __init__(self, cluster: Cluster) -> None:
        self._odd_namespace: str | None = None
        self._plain: dict[Workload, bool] = {}
        workloads = [each for found in cluster.workloads_by_namespace().values() for each in found]
        self.names = {each.name for each in workloads}
        self._carriers = by_label(workloads)
        self._there = workloads
        self._cluster = cluster
        self.selecting: dict[str | None, list[tuple[Resource, LabelSelector]]] = {}
        self.users: dict[Pair, set[Resource]] = {}
        self._select(cluster)
        self.unread: list[tuple[str | None, str]] = []
        self.makers: list[tuple[str | None, str]] = []
        for other in cluster.known(Resource):
            namespace = cluster.known_namespace_of(other)
            if other.kind in POD_KINDS and other.group in POD_GROUPS:
                self.unread.append((namespace, f"{other.kind} {other.name} cannot be read"))
            elif may_make_pods(other.group, other.kind):
                self.makers.append((namespace, f"{other.kind} {other.name} ({other.group}) may create pods"))
        for delivery in cluster.known(Delivery):
            if delivery.unseen:
                why = f"{delivery.kind} {delivery.name} deploys objects that are not in the manifests"
                self.makers.append((delivery.target_namespace, why))

    def _select(self, cluster: Cluster) -> None:
        for service in cluster.known(Service):
            if service.selector:
                namespace = cluster.known_namespace_of(service)
                selector = service.label_selector
                self.selecting.setdefault(namespace, []).append((service, selector))
                self._use(service, selector)
        for policy in cluster.known(NetworkPolicy):
            if policy.pod_selector:
                namespace = cluster.known_namespace_of(policy)
                self.selecting.setdefault(namespace, []).append((policy, policy.pod_selector))
            for selector, _ in policy.selectors():
                self._use(policy, selector)

    def _use(self, resource: Resource, selector: LabelSelector) -> None:
        for pair in pairs_of(selector):
            self.users.setdefault(pair, set()).add(resource)

    def carriers(self, selector: LabelSelector) -> Iterator[Workload]:
        """Yield all workloads whose pods a selector matches, whatever their namespace."""
        candidates = self._there
        for pair in _telling(selector):
            carriers = self._carriers.get(pair, [])
            if len(carriers) < len(candidates):
                candidates = carriers
        yield from (each for each in candidates if each.selected_by(selector))

    def carry(self, key: str, value: str) -> bool:
        """Tell whether any pods have a label."""
        return (key, value) in self._carriers

    def elsewhere(self, selector: LabelSelector) -> Workload | None:
        """Return a workload of another scope whose pods a selector matches."""
        pair = next(_telling(selector), None)
        candidates = self._cluster.all.carriers(pair) if self._cluster.all else ()
        return next((each for each in candidates if each.selected_by(selector) and not self._cluster.owns(each)), None)

    def namespace_elsewhere(self, selector: LabelSelector) -> Namespace | None:
        """Return a namespace of another scope that a selector matches."""
        candidates = self._cluster.all.namespaces if self._cluster.all else ()
        matching = (each for each in candidates if selector.matches(known_labels(each.name or "", each)))
        return next((each for each in matching if not self._cluster.owns(each)), None)

    def is_plain(self, workload: Workload) -> bool:
        """Tell whether the labels of a workload's pods are those that are written."""
        known = self._plain.get(workload)
        if known is None:
            # Without a container it is a placeholder, or a part that something else completes.
            texts = (*workload.pod_labels, *workload.pod_labels.values())
            known = bool(workload.containers) and not workload.patched and not any(map(is_placeholder, texts))
            self._plain[workload] = known
        return known

    def odd_namespace(self) -> str:
        """Return why not all namespaces of the manifests are known as they are, empty if they are."""
        if self._odd_namespace is None:
            self._odd_namespace = next(_odd(self._cluster), "")
        return self._odd_namespace


@functools.lru_cache(maxsize=1)
def index_of(cluster: Cluster) -> Index:
    """Return the index of a cluster; clusters are judged one after the other."""
    return Index(cluster)


def pairs_of(selector: LabelSelector) -> Iterator[Pair]:
    """Yield the labels that a selector asks for, the value empty where it may be any."""
    yield from (selector.match_labels or {}).items()
    for each in selector.match_expressions or ():
        if each.operator in ("In", "Exists"):
            yield from ((each.key, value) for value in each.values or ("",))


def _odd(cluster: Cluster) -> Iterator[str]:
    for each in cluster.known(Namespace):
        if each.patched:
            yield f"a patch changes Namespace {each.name}"
        elif any(is_placeholder(text) for text in (each.name or "", *each.labels, *each.labels.values())):
            yield f"a placeholder stands in Namespace {each.name}"


def _telling(selector: LabelSelector) -> Iterator[Pair]:
    """Yield the labels that all pods have which a selector matches."""
    return (pair for pair in (selector.match_labels or {}).items() if pair[0] not in ADDED_LABELS)
