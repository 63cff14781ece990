"""Classes of pods: those that no selector and no port name of a cluster's policies can tell apart.

The n-th class is bit n of a set. After the classes of known workloads come pods that no manifest shows: any other pod
of each namespace, and any pod of all other namespaces. Nothing shows their labels.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from k8snetlint.connectivity.certain import Certain, PartialLabels
from k8snetlint.model.aspects import POD_LABELS, PORTS
from k8snetlint.model.bitsets import positions
from k8snetlint.model.namespace import NAME_LABEL, known_labels
from k8snetlint.model.ports import NamedPort, protocol_of
from k8snetlint.model.workload import Workload

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from k8snetlint.model.cluster import Cluster
    from k8snetlint.model.namespace import Namespace
    from k8snetlint.model.networkpolicy import NetworkPolicy
    from k8snetlint.model.selectors import LabelSelector

OTHER_NAMESPACES = "*"
"""In place of a name: all namespaces that no manifest shows."""
INGRESS_CONTROLLER = "ingress-controller"
"""The pods that serve Ingresses, where no manifest shows them."""


class PodClass(NamedTuple):
    """Pods that policies treat alike.

    Attributes:
        namespace: None where the namespace is chosen when the manifests are applied.
        labels: those of the pods' labels that selectors ask for.
        partial: whether the pods may have other labels as well.
        host_network: whether they are on the network of their node.
        ports: the numbers that they declare for the port names that policies use; None if that is not known.
        workloads: what creates the pods; empty for pods that no manifest shows.
        role: what pods that no manifest shows do (`INGRESS_CONTROLLER`), empty where that is not known.
    """

    namespace: str | None
    labels: Mapping[str, str]
    partial: bool
    host_network: bool
    ports: Mapping[NamedPort, tuple[int, ...]] | None
    workloads: tuple[Workload, ...]
    role: str = ""

    @property
    def is_shown(self) -> bool:
        """Whether a manifest shows these pods."""
        return bool(self.workloads)


class PodClasses:
    """All classes of a cluster.

    Args:
        cluster: the cluster.
        policies: the policies that tell pods apart.
        roles: what there is besides the pods that manifests show.

    Attributes:
        every: the classes.
        everything: the set of all of them.
        shown: the set of those that a manifest shows.
        on_host_network: the set of those on the network of their node.
        class_of: the numbers of the classes, by workload.
    """

    def __init__(self, cluster: Cluster, policies: Iterable[NetworkPolicy], roles: Iterable[str] = ()) -> None:
        self._cluster = cluster
        roles = tuple(roles)
        keys, names = _distinctions(policies)
        grouped: dict[object, list[Workload]] = {}
        for workload in cluster.known(Workload):
            grouped.setdefault(self._key(workload, keys, names), []).append(workload)
        shown = [self._class(tuple(each), keys, names) for each in grouped.values()]
        whole = cluster.environment.whole_cluster
        self.namespaces = Namespaces(cluster, {each.namespace for each in shown}, others=not whole or bool(roles))
        self.every: tuple[PodClass, ...] = (
            *shown,
            *(_not_shown(each) for each in (() if whole else self.namespaces.names)),
            *(_not_shown(OTHER_NAMESPACES)._replace(role=each) for each in roles),
        )
        self.everything = (1 << len(self.every)) - 1
        self.shown = (1 << len(shown)) - 1
        self.on_host_network = sum(1 << number for number, each in enumerate(self.every) if each.host_network)
        self.class_of = {workload: number for number, each in enumerate(shown) for workload in each.workloads}
        controlled = sum(
            1 << number for number, each in enumerate(shown) if any(one.kind != "Pod" for one in each.workloads)
        )
        partial = sum(1 << number for number, each in enumerate(self.every) if each.partial)
        self._labels = PartialLabels([each.labels for each in self.every], partial, controlled)
        self._by_namespace: dict[str | None, int] = {}
        for number, each in enumerate(self.every):
            self._by_namespace[each.namespace] = self._by_namespace.get(each.namespace, 0) | 1 << number
        self._in_matching: dict[LabelSelector, Certain] = {}

    def _key(self, workload: Workload, keys: frozenset[str], names: frozenset[str]) -> object:
        namespace = self._cluster.known_namespace_of(workload)
        if not workload.knows(POD_LABELS, PORTS):
            return namespace, workload
        labels = tuple(sorted((key, value) for key, value in workload.pod_labels.items() if key in keys))
        return namespace, workload.host_network, labels, tuple(_named_ports(workload, names)), workload.kind == "Pod"

    def _class(self, workloads: tuple[Workload, ...], keys: frozenset[str], names: frozenset[str]) -> PodClass:
        first = workloads[0]
        known = first.knows(POD_LABELS)
        labels = {key: value for key, value in first.pod_labels.items() if key in keys} if known else {}
        ports: dict[NamedPort, tuple[int, ...]] = {}
        for name, number in _named_ports(first, names):
            ports[name] = (*ports.get(name, ()), number)
        return PodClass(
            self._cluster.known_namespace_of(first),
            labels,
            partial=not known,
            host_network=first.host_network,
            ports=ports if first.knows(PORTS) else None,
            workloads=workloads,
        )

    def in_namespace(self, namespace: str | None, selector: LabelSelector | None) -> Certain:
        """Return the pods of a namespace that a selector matches, all of them without one."""
        return self._labels.matching(selector) & self._by_namespace.get(namespace, 0)

    def in_namespaces(self, namespace_selector: LabelSelector, selector: LabelSelector | None) -> Certain:
        """Return the pods that a selector matches in the namespaces that another one matches."""
        inside = self._in_matching.get(namespace_selector)
        if inside is None:
            names = self.namespaces.matching(namespace_selector)
            inside = self._in_matching[namespace_selector] = Certain(
                self.within(names.always), self.within(names.possible)
            )
        matching = self._labels.matching(selector)
        return Certain(inside.always & matching.always, inside.possible & matching.possible)

    def matching(self, selector: LabelSelector | None) -> Certain:
        """Return the pods of all namespaces that a selector matches, all of them without one."""
        return self._labels.matching(selector)

    def within(self, namespaces: int) -> int:
        """Return the pods of some namespaces."""
        bits = 0
        for position in positions(namespaces):
            bits |= self._by_namespace.get(self.namespaces.names[position], 0)
        return bits


class Namespaces:
    """The namespaces of a cluster, those that are only named, and all others as one.

    Attributes:
        names: their names; None for the one that is chosen when the manifests are applied.
    """

    def __init__(self, cluster: Cluster, used: Iterable[str | None], *, others: bool) -> None:
        known: dict[str | None, Namespace | None] = dict(cluster.namespaces().items())
        known |= {name: None for name in used if name not in known}
        whole = cluster.environment.whole_cluster
        if others:
            known[OTHER_NAMESPACES] = None
        self.names = tuple(known)
        self._known = frozenset(known)
        labels = [_labels_of(name, manifest) for name, manifest in known.items()]
        certain = [
            name != OTHER_NAMESPACES and (whole or (manifest is not None and manifest.is_plain))
            for name, manifest in known.items()
        ]
        self._labels = PartialLabels(labels, sum(1 << number for number, flag in enumerate(certain) if not flag))
        self._others = 1 << (len(known) - 1) if others else 0

    def matching(self, selector: LabelSelector) -> Certain:
        """Return which namespaces a selector matches."""
        always = possible = self._labels.every
        for each in selector.requirements:
            found = self._labels.fulfilling(each)
            if each.key == NAME_LABEL and each.operator in ("In", "NotIn") and self._known.issuperset(each.values):
                # No other namespace has one of these names.
                others = self._others if each.operator == "NotIn" else 0
                found = Certain(found.always | others, found.possible & ~self._others | others)
            always &= found.always
            possible &= found.possible
        return Certain(always, possible)


def _not_shown(namespace: str | None) -> PodClass:
    return PodClass(namespace, {}, partial=True, host_network=False, ports=None, workloads=())


def _labels_of(name: str | None, manifest: Namespace | None) -> dict[str, str]:
    if name is None or name == OTHER_NAMESPACES:
        return {}
    return known_labels(name, manifest)


def _distinctions(policies: Iterable[NetworkPolicy]) -> tuple[frozenset[str], frozenset[str]]:
    """Return the label keys and the port names by which policies tell pods apart."""
    keys: set[str] = set()
    names: set[str] = set()
    for policy in policies:
        for selector, _ in policy.selectors():
            keys.update(selector.keys())
        for policy_rule in policy.rules():
            names.update(port.port for port in policy_rule.ports or () if isinstance(port.port, str))
    return frozenset(keys), frozenset(names)


def _named_ports(workload: Workload, names: frozenset[str]) -> Iterator[tuple[NamedPort, int]]:
    for port in workload.ports if names else ():
        protocol = protocol_of(port.protocol)
        if port.name in names and protocol is not None and port.container_port:
            yield NamedPort(protocol, port.name or ""), port.container_port
