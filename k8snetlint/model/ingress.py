"""Ingress, networking.k8s.io/v1.

Source: https://kubernetes.io/docs/reference/kubernetes-api/service-resources/ingress-v1/
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.model.resource import Resource
from k8snetlint.model.values import entries, struct, text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from k8snetlint.source.document import Place, Source
    from k8snetlint.source.paths import FieldPath


class Ingress(Resource):
    """An Ingress as written.

    Slots:
        rules: one for each host.
        tls_hosts: the hosts of all certificates, with their places.
    """

    __slots__ = ("rules", "tls_hosts")

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
    """One entry of `paths`; None where a field is missing."""

    __slots__ = ("path", "path_type", "place")

    def __init__(self, value: dict[str, object], place: Place) -> None:
        self.place = place
        self.path = text(value.get("path"))
        self.path_type = text(value.get("pathType"))
