"""ServiceMonitor and PodMonitor of the Prometheus Operator: whose metrics are scraped, on which ports.

Source: https://prometheus-operator.dev/docs/api-reference/api/#monitoring.coreos.com/v1.ServiceMonitor
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from k8snetlint.model.aspects import SELECTORS
from k8snetlint.model.resource import Resource
from k8snetlint.model.selectors import LabelSelector
from k8snetlint.model.values import Unknown, entries, items, number, struct, text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from k8snetlint.source.document import Source
    from k8snetlint.source.paths import FieldPath


class ScrapedPort(NamedTuple):
    """A port that an endpoint of a monitor names.

    Attributes:
        name: the name of the port, of the Service or of the pods; None if not written.
        target: the port of the pods: a name or a number; None if not written.
    """

    name: str | None
    target: int | str | None


class Monitor(Resource):
    """A monitor as written.

    Slots:
        selector: what selects Services, or pods.
        namespaces: where they are; None for all namespaces, empty for its own.
        ports: those of its endpoints.
    """

    __slots__ = ("namespaces", "ports", "selector")

    def __init__(
        self,
        value: dict[str, object],
        source: Source,
        document: int,
        root: FieldPath = (),
        unknown_fields: Iterable[FieldPath] = (),
    ) -> None:
        super().__init__(value, source, document, root, unknown_fields)
        spec = struct(value.get("spec"))
        if spec.get("selector") is None:
            raise Unknown
        self.selector = LabelSelector(struct(spec["selector"]))
        where = struct(spec.get("namespaceSelector"))
        named = tuple(each for each in items(where.get("matchNames")) if isinstance(each, str))
        self.namespaces = None if where.get("any") is True else named
        listed = spec.get("podMetricsEndpoints" if self.selects_pods else "endpoints")
        self.ports = tuple(_port(struct(each)) for each in entries(listed))

    @property
    def selects_pods(self) -> bool:
        """Whether it selects pods, and not Services."""
        return self.kind == "PodMonitor"

    def texts_of(self, aspect: str) -> Iterable[str]:
        """Return what is written of an aspect."""
        return (*self.selector.texts(), *(self.namespaces or ())) if aspect == SELECTORS else super().texts_of(aspect)


def _port(endpoint: dict[str, object]) -> ScrapedPort:
    target = endpoint.get("targetPort")
    numbers = number(endpoint.get("portNumber")), number(target)
    return ScrapedPort(text(endpoint.get("port")), next((each for each in numbers if each), None) or text(target))
