"""EndpointSlice, v1.

Source: https://kubernetes.io/docs/reference/kubernetes-api/service-resources/endpoint-slice-v1/
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.model.resource import Resource
from k8snetlint.model.values import items, mapping, strings, text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from k8snetlint.source.document import Source
    from k8snetlint.source.paths import FieldPath

SERVICE_NAME = "kubernetes.io/service-name"
"""The label that names the Service of a slice."""


class EndpointSlice(Resource):
    """An EndpointSlice as written.

    Slots:
        labels: its labels.
        port_names: the names of its ports, empty for a port without one.
    """

    __slots__ = ("labels", "port_names")

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

    @property
    def service_name(self) -> str:
        """The Service that its addresses belong to, empty if none is named."""
        return self.labels.get(SERVICE_NAME, "")
