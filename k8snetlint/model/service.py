"""Service, v1.

Source: https://kubernetes.io/docs/reference/kubernetes-api/service-resources/service-v1/
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.model.resource import Resource
from k8snetlint.model.values import items, mapping, number, number_or_text, strings, text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from k8snetlint.source.document import Source
    from k8snetlint.source.paths import FieldPath, Place


class Service(Resource):
    """A Service as written.

    Slots:
        type: after defaulting: `ClusterIP` if not written.
        selector: None if missing or null.
    """

    __slots__ = ("external_traffic_policy", "health_check_node_port", "ports", "selector", "type")

    def __init__(
        self,
        value: dict[str, object],
        source: Source,
        document: int,
        root: FieldPath = (),
        unknown_fields: Iterable[FieldPath] = (),
    ) -> None:
        super().__init__(value, source, document, root, unknown_fields)
        spec = mapping(value.get("spec"))
        self.type = text(spec.get("type")) or "ClusterIP"
        selector = spec.get("selector")
        self.selector = strings(selector) if isinstance(selector, dict) else None
        self.external_traffic_policy = text(spec.get("externalTrafficPolicy"))
        self.health_check_node_port = number(spec.get("healthCheckNodePort"))
        self.ports = tuple(
            ServicePort(mapping(each), self.at("spec", "ports", index))
            for index, each in enumerate(items(spec.get("ports")))
        )


class ServicePort:
    """One entry of `ports`; `target_port` is a number, a name, or None for the same as `port`."""

    __slots__ = ("_place", "name", "node_port", "port", "protocol", "target_port")

    def __init__(self, value: dict[str, object], place: Place) -> None:
        self._place = place
        self.name = text(value.get("name"))
        self.port = number(value.get("port"))
        self.target_port = number_or_text(value.get("targetPort"))
        self.node_port = number(value.get("nodePort"))
        self.protocol = text(value.get("protocol")) or "TCP"

    def at(self, *path: str | int) -> Place:
        """Return the place of a field of the port."""
        return self._place.to(*path)
