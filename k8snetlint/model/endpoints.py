"""Endpoints, v1, and EndpointSlice, discovery.k8s.io/v1: where the connections to a Service without a selector go.

Source: https://kubernetes.io/docs/concepts/services-networking/service/#services-without-selectors
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from k8snetlint.model.resource import Resource
from k8snetlint.model.values import entries, mapping, number, strings, struct, text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from k8snetlint.source.document import Source
    from k8snetlint.source.paths import FieldPath

_SERVICE = "kubernetes.io/service-name"


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
    """The addresses of a Service.

    Slots:
        service_name: the name of the Service; None if it is not written.
        endpoints: its addresses with their ports.
    """

    __slots__ = ("endpoints", "service_name")

    def __init__(
        self,
        value: dict[str, object],
        source: Source,
        document: int,
        root: FieldPath = (),
        unknown_fields: Iterable[FieldPath] = (),
    ) -> None:
        super().__init__(value, source, document, root, unknown_fields)
        is_slice = self.kind == "EndpointSlice"
        labels = strings(mapping(value.get("metadata")).get("labels"))
        self.service_name = labels.get(_SERVICE) if is_slice else self.name
        self.endpoints = tuple(_of_slice(value) if is_slice else _of_endpoints(value))


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
