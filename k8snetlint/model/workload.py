"""Objects that make pods: the workload kinds, and any custom resource with a pod template.

Source: https://kubernetes.io/docs/concepts/workloads/
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from k8snetlint.model.aspects import POD_LABELS, SELECTORS
from k8snetlint.model.resource import Resource
from k8snetlint.model.selectors import selector_of
from k8snetlint.model.tables.controllers import ADDED_LABELS
from k8snetlint.model.values import items, mapping, number, strings, text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from k8snetlint.model.selectors import LabelSelector
    from k8snetlint.source.document import Place, Source
    from k8snetlint.source.paths import FieldPath


_HANDLERS: dict[str, tuple[tuple[str, ...], ...]] = {
    "livenessProbe": ((),),
    "readinessProbe": ((),),
    "startupProbe": ((),),
    "lifecycle": (("postStart",), ("preStop",)),
}
"""The fields of a container that connect to it, and where below them the connection is described."""


NETWORKS = "k8s.v1.cni.cncf.io/networks"
"""https://github.com/k8snetworkplumbingwg/multi-net-spec."""
_DIGITS = 5
"""How many a port has at most."""


class HostAlias(NamedTuple):
    """A host name in the hosts file of pods: its address, and its path in the pod's spec."""

    name: str
    address: str
    path: tuple[str | int, ...]


class Workload(Resource):
    """The pods that an object makes.

    Slots:
        template: where the object describes its pods, `()` for a Pod.
        selector: the selector of its pods; None if missing, null, or no label selector (as in a ReplicationController).
        pod_labels: the labels of each of its pods.
        scraped_port: the port at which an annotation of its pods asks Prometheus for scraping; None if none does.
        containers: init containers first, as they run.
        host_network: whether the pods share the node's network.
        dns_policy: None if not written.
        labels: those of the object itself, not of its pods.
        images: the image repositories of its containers, without tag and digest; init containers do not count.
        service_account: the ServiceAccount whose token its pods get; None if not written, or if they get no token.
        service_name: the Service that a StatefulSet's pods get their DNS names from; None if not written.
        host_aliases: the host names that it writes into the hosts file of its pods, with the places and the address.
        traffic_services: the Services through which an Argo Rollout sends traffic to its pods.
        networks: the annotation of its pods that attaches them to further networks; None if not written.
        controller: kind and name of the object that manages it, the kind empty if it is missing; None if there is
            none, or a node (a static pod).
    """

    __slots__ = (
        "containers",
        "controller",
        "dns_policy",
        "host_aliases",
        "host_network",
        "images",
        "labels",
        "networks",
        "pod_labels",
        "scraped_port",
        "selector",
        "service_account",
        "service_name",
        "template",
        "traffic_services",
    )

    def __init__(
        self,
        value: dict[str, object],
        source: Source,
        document: int,
        root: FieldPath = (),
        unknown_fields: Iterable[FieldPath] = (),
    ) -> None:
        super().__init__(value, source, document, root, unknown_fields)
        self.selector = selector_of(mapping(value.get("spec")).get("selector")) if self.group else None
        metadata = mapping(value.get("metadata"))
        self.labels = strings(metadata.get("labels"))
        self.controller = _controller(metadata["ownerReferences"]) if "ownerReferences" in metadata else None
        self.template = _template_path(self.group, self.kind)
        template = value
        for step in self.template:
            template = mapping(template.get(step))
        pod_metadata = mapping(template.get("metadata"))
        self.pod_labels = strings(pod_metadata.get("labels"))
        annotations = mapping(pod_metadata["annotations"]) if "annotations" in pod_metadata else {}
        self.networks = text(annotations.get(NETWORKS)) if NETWORKS in annotations else None
        self.scraped_port = scraped_port(annotations) if annotations else None
        spec = mapping(template.get("spec"))
        self.host_network = spec.get("hostNetwork") is True
        self.dns_policy = text(spec.get("dnsPolicy"))
        self.service_account = _service_account(spec) if "serviceAccountName" in spec else None
        self.host_aliases = _host_aliases(spec["hostAliases"]) if "hostAliases" in spec else ()
        images = [text(mapping(each).get("image")) for each in items(spec.get("containers"))]
        self.images = tuple([_repository(image) for image in images if image])
        self.traffic_services = _traffic_services(value) if self.kind == "Rollout" else ()
        stateful = (self.group, self.kind) == ("apps", "StatefulSet")
        self.service_name = text(mapping(value.get("spec")).get("serviceName")) if stateful else None
        self.containers = tuple(
            [
                Container(mapping(each), self.at(*self.template, "spec", field, index), init=field == "initContainers")
                for field in ("initContainers", "containers")
                if field in spec
                for index, each in enumerate(items(spec[field]))
            ]
        )

    @property
    def ports(self) -> Iterator[ContainerPort]:
        """The ports of all containers that run while the pod serves: init containers only if they are sidecars."""
        for container in self.containers:
            if container.sidecar or not container.init:
                yield from container.ports

    def texts_of(self, aspect: str) -> Iterable[str]:
        """Return what is written of an aspect."""
        if aspect == POD_LABELS:
            return (*self.pod_labels, *self.pod_labels.values())
        if aspect == SELECTORS:
            return self.selector.texts() if self.selector else ()
        return super().texts_of(aspect)

    def selected_by(self, selector: LabelSelector) -> bool:
        """Tell whether a selector matches its pods; requirements for labels that controllers add count as fulfilled."""
        wanted = selector.match_labels or {}
        if ADDED_LABELS.isdisjoint(wanted) and not selector.match_expressions:
            return selector.matches(self.pod_labels)
        if any(self.pod_labels.get(key) != value for key, value in wanted.items() if key not in ADDED_LABELS):
            return False
        rest = (each for each in selector.match_expressions or () if each.key not in ADDED_LABELS)
        return all(each.matches(self.pod_labels) for each in rest)


class Container:
    """One container of a pod.

    Slots:
        init: it is an init container.
        sidecar: it is one that keeps running (`restartPolicy: Always`).
        port_references: the names of ports in its probes and hooks, each with its path.
    """

    __slots__ = ("init", "name", "place", "port_references", "ports", "sidecar")

    def __init__(self, value: dict[str, object], place: Place, *, init: bool) -> None:
        self.place = place
        self.name = text(value.get("name"))
        self.init = init
        self.sidecar = init and value.get("restartPolicy") == "Always"
        ports = enumerate(items(value.get("ports")))
        self.ports = tuple([ContainerPort(mapping(each), self, index) for index, each in ports])
        used = _HANDLERS.keys() & value.keys()
        self.port_references = tuple(_port_references(value)) if used else ()

    def at(self, *path: str | int, key: bool = False) -> Place:
        """Return the place of a field of the container."""
        return self.place.to(*path, key=key)


class ContainerPort:
    """One port that a container declares; `protocol` after defaulting: `TCP` if not written."""

    __slots__ = ("_container", "_index", "container_port", "host_ip", "host_port", "name", "protocol")

    def __init__(self, value: dict[str, object], container: Container, index: int) -> None:
        self._container = container
        self._index = index
        self.name = text(value.get("name"))
        self.container_port = number(value.get("containerPort"))
        self.host_port = number(value.get("hostPort"))
        self.host_ip = text(value.get("hostIP"))
        self.protocol = text(value.get("protocol")) or "TCP"

    @property
    def place(self) -> Place:
        """The place of the port."""
        return self.at()

    def at(self, *path: str | int, key: bool = False) -> Place:
        """Return the place of a field of the port."""
        return self._container.at("ports", self._index, *path, key=key)


def _service_account(spec: dict[str, object]) -> str | None:
    return None if spec.get("automountServiceAccountToken") is False else text(spec["serviceAccountName"])


def scraped_port(annotations: object) -> int | None:
    """Return the port at which annotations ask Prometheus for scraping, None if they do not ask.

    Source: https://github.com/prometheus/prometheus/blob/main/documentation/examples/prometheus-kubernetes.yml
    """
    written = mapping(annotations)
    port = text(written.get("prometheus.io/port")) or ""
    is_asked = written.get("prometheus.io/scrape") == "true" and port.isascii() and port.isdecimal()
    return int(port) if is_asked and len(port) <= _DIGITS else None


def _controller(owners: object) -> tuple[str, str] | None:
    for each in map(mapping, items(owners)):
        kind, name = text(each.get("kind")) or "", text(each.get("name"))
        if each.get("controller") is True and name:
            return None if kind == "Node" else (kind, name)
    return None


def _port_references(value: dict[str, object]) -> Iterator[tuple[tuple[str, ...], str]]:
    for field, handlers in _HANDLERS.items():
        for handler in handlers if field in value else ():
            described = mapping(value[field])
            for step in handler:
                described = mapping(described.get(step))
            for action in ("httpGet", "tcpSocket"):
                port = text(mapping(described.get(action)).get("port"))
                if port:
                    yield (field, *handler, action, "port"), port


def _host_aliases(value: object) -> tuple[HostAlias, ...]:
    return tuple(
        HostAlias(name, text(alias.get("ip")) or "", ("hostAliases", index, "hostnames", position))
        for index, alias in enumerate(map(mapping, items(value)))
        for position, name in enumerate(map(text, items(alias.get("hostnames"))))
        if name
    )


def _traffic_services(value: dict[str, object]) -> tuple[str, ...]:
    from k8snetlint.model.rollout import traffic_services_of  # noqa: PLC0415 - only for a Rollout

    return traffic_services_of(value)


def _repository(image: str) -> str:
    """Return an image's name without tag and digest; the colon of a registry's port stays."""
    path, slash, last = image.partition("@")[0].rpartition("/")
    return path + slash + last.partition(":")[0]


def _template_path(group: str, kind: str) -> tuple[str, ...]:
    if (group, kind) == ("", "Pod"):
        return ()
    return (
        ("spec", "jobTemplate", "spec", "template") if (group, kind) == ("batch", "CronJob") else ("spec", "template")
    )
