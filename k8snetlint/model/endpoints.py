"""Endpoints, v1, and EndpointSlice, discovery.k8s.io/v1: where the connections to a Service without a selector go.

Source: https://kubernetes.io/docs/concepts/services-networking/service/#services-without-selectors
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from k8snetlint.model.resource import Resource
from k8snetlint.model.values import entries, items, mapping, number, strings, struct, text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from k8snetlint.source.document import Source
    from k8snetlint.source.paths import FieldPath

SERVICE_NAME = "kubernetes.io/service-name"
"""The label that names the Service of a slice."""


class Endpoint(NamedTuple):
    """One address with one port.

    Attributes:
        address: as written.
        pod: the name of the pod that has the address; None if it is not said.
        port_name: the name of the Service's port; empty for its only one.
        port: the number.
        protocol: after defaulting.
    """

    address: str
    pod: str | None
    port_name: str
    port: int
    protocol: str


class Endpoints(Resource):
    """The addresses of the Service with the same name.

    Slots:
        endpoints: its addresses with their ports.
    """

    __slots__ = ("endpoints",)

    def __init__(
        self,
        value: dict[str, object],
        source: Source,
        document: int,
        root: FieldPath = (),
        unknown_fields: Iterable[FieldPath] = (),
    ) -> None:
        super().__init__(value, source, document, root, unknown_fields)
        self.endpoints = tuple(_of_endpoints(value))

    @property
    def service_name(self) -> str:
        """The Service that its addresses belong to."""
        return self.name or ""


class EndpointSlice(Resource):
    """Some addresses of a Service.

    Slots:
        labels: its labels.
        port_names: the names of its ports, empty for a port without one.
        endpoints: its addresses with their ports.
    """

    __slots__ = ("endpoints", "labels", "port_names")

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
        self.port_names = tuple(text(mapping(each).get("name")) or "" for each in items(value.get("ports")))
        self.endpoints = tuple(_of_slice(value))

    @property
    def service_name(self) -> str:
        """The Service that its addresses belong to, empty if none is named."""
        return self.labels.get(SERVICE_NAME, "")


def _of_slice(value: dict[str, object]) -> Iterator[Endpoint]:
    for each in map(struct, entries(value.get("endpoints"))):
        for address in entries(each.get("addresses")):
            yield from _with_ports(address, each.get("targetRef"), entries(value.get("ports")))


def _of_endpoints(value: dict[str, object]) -> Iterator[Endpoint]:
    for subset in map(struct, entries(value.get("subsets"))):
        for each in map(struct, entries(subset.get("addresses"))):
            yield from _with_ports(each.get("ip"), each.get("targetRef"), entries(subset.get("ports")))


def _with_ports(address: object, target: object, ports: list[object]) -> Iterator[Endpoint]:
    reference = struct(target)
    pod = text(reference.get("name")) if reference.get("kind") == "Pod" else None
    for each in map(struct, ports):
        port = number(each.get("port"))
        if isinstance(address, str) and port is not None:
            yield Endpoint(address, pod, text(each.get("name")) or "", port, text(each.get("protocol")) or "TCP")
