"""Ingress, networking.k8s.io/v1.

Source: https://kubernetes.io/docs/reference/kubernetes-api/service-resources/ingress-v1/
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.model.resource import Resource
from k8snetlint.model.values import entries, mapping, number, strings, struct, text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from k8snetlint.source.document import Place, Source
    from k8snetlint.source.paths import FieldPath


class Ingress(Resource):
    """An Ingress as written.

    Slots:
        rules: one for each host.
        tls_hosts: the hosts of all certificates, with their places.
        default_backend: what gets the requests that no rule matches; None if missing.
        class_name: the name of its IngressClass, or that of the old annotation; None if neither is written.
    """

    __slots__ = ("class_name", "default_backend", "rules", "tls_hosts")

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
        annotations = strings(mapping(value.get("metadata")).get("annotations"))
        self.class_name = text(spec.get("ingressClassName")) or annotations.get("kubernetes.io/ingress.class")
        self.default_backend = _backend(spec.get("defaultBackend"), self.at("spec", "defaultBackend"))
        self.rules = tuple(
            IngressRule(struct(each), self.at("spec", "rules", index))
            for index, each in enumerate(entries(spec.get("rules")))
        )
        self.tls_hosts = tuple(
            (host, self.at("spec", "tls", index, "hosts", number))
            for index, each in enumerate(entries(spec.get("tls")))
            for number, host in enumerate(entries(struct(each).get("hosts")))
            if isinstance(host, str)
        )

    def backends(self) -> Iterator[IngressBackend]:
        """Yield all backends that are Services."""
        if self.default_backend is not None:
            yield self.default_backend
        for each in self.rules:
            yield from (path.backend for path in each.paths if path.backend is not None)


class IngressRule:
    """One entry of `rules`.

    Slots:
        host: as written; None if missing, which means every host.
        paths: of `http`.
    """

    __slots__ = ("host", "paths", "place")

    def __init__(self, value: dict[str, object], place: Place) -> None:
        self.place = place
        self.host = text(value.get("host"))
        self.paths = tuple(
            IngressPath(struct(each), place.to("http", "paths", index))
            for index, each in enumerate(entries(struct(value.get("http")).get("paths")))
        )


class IngressPath:
    """One entry of `paths`; None where a field is missing, or where the backend is no Service."""

    __slots__ = ("backend", "path", "path_type", "place")

    def __init__(self, value: dict[str, object], place: Place) -> None:
        self.place = place
        self.path = text(value.get("path"))
        self.path_type = text(value.get("pathType"))
        self.backend = _backend(value.get("backend"), place.to("backend"))


class IngressBackend:
    """A Service as a backend.

    Slots:
        service_name: the name of a Service in the namespace of the Ingress.
        port: the number or the name of one of its ports; None if missing.
    """

    __slots__ = ("place", "port", "service_name")

    def __init__(self, value: dict[str, object], place: Place) -> None:
        self.place = place
        self.service_name = text(value.get("name"))
        port = struct(value.get("port"))
        self.port = number(port.get("number")) or text(port.get("name"))


def _backend(value: object, place: Place) -> IngressBackend | None:
    service = struct(value).get("service")
    return None if service is None else IngressBackend(struct(service), place.to("service"))
