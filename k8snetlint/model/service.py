"""Service, v1.

Source: https://kubernetes.io/docs/reference/kubernetes-api/service-resources/service-v1/
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.model.aspects import PORTS, SELECTORS
from k8snetlint.model.resource import Resource
from k8snetlint.model.selectors import LabelSelector
from k8snetlint.model.values import entries, items, mapping, number, number_or_text, strings, struct, text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from k8snetlint.source.document import Place, Source
    from k8snetlint.source.paths import FieldPath


_LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"
_CLIENT = "kubectl-client-side-apply"
"""The manager of the fields that `kubectl apply` without `--server-side` writes."""


class Service(Resource):
    """A Service as written.

    Slots:
        labels: those of the Service itself.
        type: after defaulting: `ClusterIP` if not written.
        type_written: whether it is written.
        selector: None if missing or null: its endpoints are made by hand.
        cluster_ip: `None` as a text makes it headless.
        external_name, load_balancer_ip, session_affinity, internal_traffic_policy: None if not written.
        external_ips, source_ranges: the texts of `externalIPs` and `loadBalancerSourceRanges`, empty if not written.
        annotations: those of the Service itself.
        client_side_applied: the manifest shows that `kubectl apply` merges it, and not the API server.
    """

    __slots__ = (
        "_label_selector",
        "annotations",
        "client_side_applied",
        "cluster_ip",
        "external_ips",
        "external_name",
        "external_traffic_policy",
        "health_check_node_port",
        "internal_traffic_policy",
        "labels",
        "load_balancer_ip",
        "ports",
        "selector",
        "session_affinity",
        "source_ranges",
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
        metadata = mapping(value.get("metadata"))
        self.labels = strings(metadata.get("labels"))
        self.annotations = strings(metadata.get("annotations"))
        self.client_side_applied = _LAST_APPLIED in self.annotations or _is_managed_by_client(metadata)
        spec = struct(value.get("spec"))
        self.type_written = bool(text(spec.get("type")))
        self.type = text(spec.get("type")) or "ClusterIP"
        selector = spec.get("selector")
        self.selector = None if selector is None else strings(struct(selector))
        self._label_selector: LabelSelector | None = None
        self.cluster_ip = text(spec.get("clusterIP"))
        self.external_traffic_policy = text(spec.get("externalTrafficPolicy"))
        self.health_check_node_port = number(spec.get("healthCheckNodePort"))
        self.internal_traffic_policy = text(spec.get("internalTrafficPolicy"))
        self.session_affinity = text(spec.get("sessionAffinity"))
        self.external_name = text(spec.get("externalName"))
        self.load_balancer_ip = text(spec.get("loadBalancerIP"))
        self.external_ips = _texts(spec.get("externalIPs"))
        self.source_ranges = _texts(spec.get("loadBalancerSourceRanges"))
        ports = enumerate(entries(spec.get("ports")))
        self.ports = tuple([ServicePort(struct(each), self.at("spec", "ports", index)) for index, each in ports])

    @property
    def is_headless(self) -> bool:
        """Whether clients get the addresses of its pods, and nothing forwards its ports."""
        return self.cluster_ip == "None"

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
        protocol_written: whether it is written.
    """

    __slots__ = ("name", "node_port", "place", "port", "protocol", "protocol_written", "target_port")

    def __init__(self, value: dict[str, object], place: Place) -> None:
        self.place = place
        self.name = text(value.get("name"))
        self.port = number(value.get("port"))
        self.target_port = number_or_text(value.get("targetPort"))
        self.node_port = number(value.get("nodePort"))
        protocol = text(value.get("protocol"))
        self.protocol_written = bool(protocol)
        self.protocol = protocol or "TCP"

    @property
    def effective_target_port(self) -> int | str | None:
        """The port of the pods: `port` where `targetPort` is missing, 0 or empty."""
        return self.target_port or self.port

    def at(self, *path: str | int, key: bool = False) -> Place:
        """Return the place of a field of the port."""
        return self.place.to(*path, key=key)


def _is_managed_by_client(metadata: dict[str, object]) -> bool:
    if "managedFields" not in metadata:
        return False
    return any(mapping(each).get("manager") == _CLIENT for each in items(metadata["managedFields"]))


def _texts(value: object) -> tuple[str, ...]:
    """Return the items of a list of strings; null is the empty string."""
    return tuple(text(each) or "" for each in items(value)) if value else ()
