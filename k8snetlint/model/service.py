"""Service, v1.

Source: https://kubernetes.io/docs/reference/kubernetes-api/service-resources/service-v1/
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.model.aspects import PORTS, SELECTORS
from k8snetlint.model.resource import Resource
from k8snetlint.model.selectors import LabelSelector
from k8snetlint.model.values import entries, mapping, number, number_or_text, strings, struct, text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from k8snetlint.source.document import Place, Source
    from k8snetlint.source.paths import FieldPath


class Service(Resource):
    """A Service as written.

    Slots:
        labels: those of the Service itself.
        type: after defaulting: `ClusterIP` if not written.
        type_written: whether it is written.
        selector: None if missing or null: its endpoints are made by hand.
        cluster_ip: `None` as a text makes it headless.
        external_name: of type ExternalName: the DNS name that it stands for; empty if missing.
    """

    __slots__ = (
        "_label_selector",
        "cluster_ip",
        "external_name",
        "external_traffic_policy",
        "health_check_node_port",
        "labels",
        "ports",
        "selector",
        "type",
        "type_written",
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
        self.labels = strings(mapping(value.get("metadata")).get("labels"))
        spec = struct(value.get("spec"))
        self.type_written = bool(text(spec.get("type")))
        self.type = text(spec.get("type")) or "ClusterIP"
        selector = spec.get("selector")
        self.selector = None if selector is None else strings(struct(selector))
        self._label_selector: LabelSelector | None = None
        self.cluster_ip = text(spec.get("clusterIP"))
        self.external_name = text(spec.get("externalName")) or ""
        self.external_traffic_policy = text(spec.get("externalTrafficPolicy"))
        self.health_check_node_port = number(spec.get("healthCheckNodePort"))
        self.ports = tuple(
            ServicePort(struct(each), self.at("spec", "ports", index))
            for index, each in enumerate(entries(spec.get("ports")))
        )

    @property
    def label_selector(self) -> LabelSelector:
        """The selector as a label selector, always the same object; empty without one."""
        if self._label_selector is None:
            self._label_selector = LabelSelector({"matchLabels": self.selector})
        return self._label_selector

    def texts_of(self, aspect: str) -> Iterable[str]:
        """Return what is written of an aspect."""
        if aspect == SELECTORS:
            return self.label_selector.texts()
        if aspect == PORTS:
            return (each.target_port for each in self.ports if isinstance(each.target_port, str))
        return super().texts_of(aspect)


class ServicePort:
    """One entry of `ports`.

    Slots:
        target_port: as written: a number, a name, or None if missing.
        protocol: after defaulting: `TCP` if not written.
    """

    __slots__ = ("name", "node_port", "place", "port", "protocol", "target_port")

    def __init__(self, value: dict[str, object], place: Place) -> None:
        self.place = place
        self.name = text(value.get("name"))
        self.port = number(value.get("port"))
        self.target_port = number_or_text(value.get("targetPort"))
        self.node_port = number(value.get("nodePort"))
        self.protocol = text(value.get("protocol")) or "TCP"

    @property
    def effective_target_port(self) -> int | str | None:
        """The port of the pods: `port` where `targetPort` is missing, 0 or empty."""
        return self.target_port or self.port

    def at(self, *path: str | int, key: bool = False) -> Place:
        """Return the place of a field of the port."""
        return self.place.to(*path, key=key)
