"""Classes of pods: those that no selector and no port name of a cluster's policies can tell apart.

The n-th class is bit n of a set. After the classes of known workloads come pods that no manifest shows: any other pod
of each namespace, and any pod of all other namespaces. Nothing shows their labels. Both kinds are sorted by name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from k8snetlint.connectivity.certain import Certain, PartialLabels
from k8snetlint.connectivity.mesh import is_in_mesh
from k8snetlint.connectivity.namespaces import OTHER_NAMESPACES, Namespaces
from k8snetlint.model.aspects import POD_LABELS, PORTS
from k8snetlint.model.bitsets import bits_of, first, positions
from k8snetlint.model.ports import NamedPort, protocol_of
from k8snetlint.model.workload import Workload

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from k8snetlint.model.cluster import Cluster
    from k8snetlint.model.networkpolicy import NetworkPolicy
    from k8snetlint.model.otherpolicy import OtherPolicy
    from k8snetlint.model.resource import Resource
    from k8snetlint.model.selectors import LabelSelector

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
        application: what is applied together, where the namespace is chosen then: all of it goes to the same one.
        in_mesh: whether they are in an ambient mesh.
    """

    namespace: str | None
    labels: Mapping[str, str]
    partial: bool
    host_network: bool
    ports: Mapping[NamedPort, tuple[int, ...]] | None
    workloads: tuple[Workload, ...]
    role: str = ""
    application: str = ""
    in_mesh: bool = False

    @property
    def is_shown(self) -> bool:
        """Whether a manifest shows these pods."""
        return bool(self.workloads)


class _Key(NamedTuple):
    """What the workloads of a class have in common, as in `PodClass`; labels and ports are None if they are not known.

    Attributes:
        other: what else tells workloads apart.
    """

    namespace: str | None
    application: str
    in_mesh: bool
    host_network: bool
    labels: tuple[tuple[str, str], ...] | None
    ports: tuple[tuple[NamedPort, int], ...] | None
    other: object


class PodClasses:
    """All classes of a cluster.

    Args:
        cluster: the cluster.
        policies: the policies that tell pods apart.
        hidden: pods that are known, although no manifest shows them.

    Attributes:
        every: the classes.
        everything: the set of all of them.
        shown: the set of those that a manifest shows.
        on_host_network: the set of those on the network of their node.
        in_mesh: the set of those in an ambient mesh.
        class_of: the numbers of the classes, by workload, in the order of the manifests.
    """

    def __init__(self, cluster: Cluster, policies: Iterable[NetworkPolicy], hidden: Sequence[PodClass] = ()) -> None:
        self._cluster = cluster
        keys, names = _distinctions(policies)
        keys |= frozenset(key for each in other_policies(cluster) for key in each.keys_of_pods())
        grouped: dict[_Key, list[Workload]] = {}
        for workload in cluster.known(Workload):
            grouped.setdefault(self._key(workload, keys, names), []).append(workload)
        shown = sorted((_class(key, tuple(same)) for key, same in grouped.items()), key=_first_name)
        whole = cluster.environment.whole_cluster
        used = {each.namespace for each in (*shown, *hidden)} - {OTHER_NAMESPACES}
        somewhere = any(each.namespace == OTHER_NAMESPACES for each in hidden)
        self.namespaces = Namespaces(cluster, used, others=not whole or somewhere)
        self.every: tuple[PodClass, ...] = (
            *shown,
            *(self._others_in(each, shown) for each in (() if whole else sorted(self.namespaces.names, key=_in_order))),
            *hidden,
        )
        self.everything = (1 << len(self.every)) - 1
        self.shown = (1 << len(shown)) - 1
        self.on_host_network = bits_of(number for number, each in enumerate(self.every) if each.host_network)
        self.in_mesh = bits_of(number for number, each in enumerate(self.every) if each.in_mesh)
        numbers = {workload: number for number, each in enumerate(shown) for workload in each.workloads}
        self.class_of = {workload: numbers[workload] for workload in cluster.known(Workload)}
        controlled = bits_of(
            number for number, each in enumerate(shown) if any(one.kind != "Pod" for one in each.workloads)
        )
        partial = bits_of(number for number, each in enumerate(self.every) if each.partial)
        self._labels = PartialLabels([each.labels for each in self.every], partial, controlled)
        self._by_namespace: dict[str | None, int] = {}
        self._by_application: dict[str, int] = {}
        for number, each in enumerate(self.every):
            self._by_namespace[each.namespace] = self._by_namespace.get(each.namespace, 0) | 1 << number
            if each.namespace is None:
                self._by_application[each.application] = self._by_application.get(each.application, 0) | 1 << number
        self._in_matching: dict[LabelSelector, Certain] = {}
        self._around: dict[tuple[str | None, str], Certain] = {}

    def _key(self, workload: Workload, keys: frozenset[str], names: frozenset[str]) -> _Key:
        namespace = self._cluster.known_namespace_of(workload)
        in_mesh = is_in_mesh(workload.pod_labels, self._cluster.namespaces().get(namespace or ""))
        labels = ports = None
        if workload.knows(POD_LABELS):
            labels = tuple(sorted((key, value) for key, value in workload.pod_labels.items() if key in keys))
        if workload.knows(PORTS):
            ports = tuple(_named_ports(workload, names))
        return _Key(
            namespace,
            self._application_of(workload) if namespace is None else "",
            in_mesh and not workload.host_network,
            workload.host_network,
            labels,
            ports,
            # Nobody knows whether others are alike.
            workload.kind == "Pod" if labels is not None and ports is not None else workload,
        )

    def _application_of(self, resource: Resource) -> str:
        """Return what a resource is applied together with, if its namespace is chosen then; empty if it is known."""
        if self._cluster.known_namespace_of(resource) is not None:
            return ""
        return "all" if self._cluster.applied_together else f"folder {resource.folder}"

    def _others_in(self, namespace: str | None, shown: Iterable[PodClass]) -> PodClass:
        """Return the pods of a namespace that no manifest shows."""
        applications = {each.application for each in shown if each.namespace is None} if namespace is None else ()
        # Where several namespaces are chosen on applying, nobody knows which one is meant.
        application = next(iter(applications)) if len(applications) == 1 else ""
        in_mesh = is_in_mesh({}, self._cluster.namespaces().get(namespace or ""))
        return _not_shown(namespace)._replace(application=application, in_mesh=in_mesh)

    def matching(self, selector: LabelSelector | None) -> Certain:
        """Return the pods that a selector matches, in any namespace; all of them without one."""
        return self._labels.matching(selector)

    def around(self, resource: Resource) -> Certain:
        """Return the pods in the namespace of a resource; a namespace that is chosen on applying may be any."""
        key = self._cluster.known_namespace_of(resource), self._application_of(resource)
        known = self._around.get(key)
        if known is None:
            namespace, application = key
            if namespace is None:
                known = Certain(self._by_application.get(application, 0), self.everything)
            else:
                known = Certain(self.inside(namespace), self.inside(namespace) | self.inside(None))
            self._around[key] = known
        return known

    def inside(self, namespace: str | None) -> int:
        """Return the pods that are written in a namespace, or in none."""
        return self._by_namespace.get(namespace, 0)

    def namespaces_of(self, pods: int) -> Iterator[str | None]:
        """Yield the namespaces of some pods, each once."""
        while pods:
            namespace = self.every[first(pods)].namespace
            yield namespace
            pods &= ~self.inside(namespace)

    def in_namespaces(self, namespace_selector: LabelSelector, selector: LabelSelector | None) -> Certain:
        """Return the pods that a selector matches in the namespaces that another one matches."""
        inside = self._in_matching.get(namespace_selector)
        if inside is None:
            names = self.namespaces.matching(namespace_selector)
            inside = self._in_matching[namespace_selector] = Certain(
                self.within(names.always), self.within(names.possible)
            )
        return inside & self._labels.matching(selector)

    def within(self, namespaces: int) -> int:
        """Return the pods of some namespaces."""
        bits = 0
        for position in positions(namespaces):
            bits |= self.inside(self.namespaces.names[position])
        return bits


def _class(key: _Key, workloads: tuple[Workload, ...]) -> PodClass:
    ports: dict[NamedPort, tuple[int, ...]] = {}
    for name, number in key.ports or ():
        ports[name] = (*ports.get(name, ()), number)
    return PodClass(
        key.namespace,
        dict(key.labels or ()),
        partial=key.labels is None,
        host_network=key.host_network,
        ports=None if key.ports is None else ports,
        workloads=workloads,
        application=key.application,
        in_mesh=key.in_mesh,
    )


def kind_and_name(workload: Workload) -> tuple[str, str]:
    """Return by what the pods of a workload are named: what controls them, else the workload itself."""
    kind, name = workload.controller or (workload.kind, workload.name or "")
    return kind or workload.kind, name


def _first_name(pods: PodClass) -> tuple[object, ...]:
    kind, name = min((kind_and_name(each) for each in pods.workloads), key=lambda each: each[::-1])
    return _in_order(pods.namespace), name, kind, sorted(pods.labels.items())


def _in_order(namespace: str | None) -> str:
    return namespace or ""


def other_policies(cluster: Cluster) -> Iterator[OtherPolicy]:
    """Yield the policies of other kinds."""
    if cluster.has_any("OtherPolicy"):
        from k8snetlint.model.otherpolicy import OtherPolicy  # noqa: PLC0415 - few clusters have any

        yield from cluster.known(OtherPolicy)


def hidden_controllers(cluster: Cluster) -> Iterator[PodClass]:
    """Yield the pods that serve Ingresses, if no manifest shows them: those that are configured, else unknown ones."""
    for text in cluster.environment.ingress_controllers:
        namespace, _, labels = text.partition("?")
        pairs = dict(each.partition("=")[::2] for each in labels.split(","))
        yield _not_shown(namespace)._replace(labels=pairs, role=INGRESS_CONTROLLER)
    if not cluster.environment.ingress_controllers:
        yield _not_shown(OTHER_NAMESPACES)._replace(role=INGRESS_CONTROLLER)


def _not_shown(namespace: str | None) -> PodClass:
    return PodClass(namespace, {}, partial=True, host_network=False, ports=None, workloads=())


def _distinctions(policies: Iterable[NetworkPolicy]) -> tuple[frozenset[str], frozenset[str]]:
    """Return the label keys and the port names by which policies tell pods apart."""
    keys: set[str] = set()
    names: set[str] = set()
    for policy in policies:
        for selector in policy.written_selectors:
            keys.update(selector.keys())
        for policy_rule in policy.rules():
            for port in policy_rule.ports or ():
                if isinstance(port.port, str):
                    names.add(port.port)
    return frozenset(keys), frozenset(names)


def _named_ports(workload: Workload, names: frozenset[str]) -> Iterator[tuple[NamedPort, int]]:
    for port in workload.ports if names else ():
        if port.name in names and port.container_port:
            protocol = protocol_of(port.protocol)
            if protocol is not None:
                yield NamedPort(protocol, port.name or ""), port.container_port
