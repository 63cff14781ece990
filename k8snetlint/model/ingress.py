"""Ingress and IngressClass, networking.k8s.io/v1.

Sources: https://kubernetes.io/docs/reference/kubernetes-api/service-resources/ingress-v1/,
https://kubernetes.io/docs/reference/kubernetes-api/service-resources/ingress-class-v1/
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from k8snetlint.model.aspects import HOSTS
from k8snetlint.model.resource import Resource
from k8snetlint.model.values import entries, mapping, number, strings, struct, text
from k8snetlint.source.paths import MapKey
from k8snetlint.source.templates import is_placeholder

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from k8snetlint.source.document import Place, Source
    from k8snetlint.source.paths import FieldPath


CLASS_ANNOTATION = "kubernetes.io/ingress.class"
"""How the class was named before `ingressClassName`; controllers still read it."""
DEFAULT_CLASS = "ingressclass.kubernetes.io/is-default-class"


class Ingress(Resource):
    """An Ingress as written.

    Slots:
        annotations: those whose values are strings.
        ingress_class_name: `ingressClassName`; None if missing.
        has_default_backend: whether something gets the requests that no rule matches: a Service or a resource.
        default_backend: the Service that gets them; None if missing.
        old_default_backend: the same with the fields of the old version; None if it has none of them.
        rules: one for each host.
        tls: the certificates.
    """

    __slots__ = (
        "_unsure_hosts",
        "annotations",
        "default_backend",
        "has_default_backend",
        "ingress_class_name",
        "old_default_backend",
        "rules",
        "tls",
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
        spec = struct(value.get("spec"))
        self._unsure_hosts: tuple[str, ...] | None = None
        self.annotations = strings(mapping(value.get("metadata")).get("annotations"))
        self.ingress_class_name = text(spec.get("ingressClassName"))
        self.has_default_backend = spec.get("defaultBackend") is not None
        self.default_backend = _backend(spec.get("defaultBackend"), self.at("spec", "defaultBackend"))
        self.old_default_backend = _old_backend(spec.get("defaultBackend"))
        self.rules = tuple(
            IngressRule(struct(each), self.at("spec", "rules", index))
            for index, each in enumerate(entries(spec.get("rules")))
        )
        self.tls = tuple(
            IngressTLS(struct(each), self.at("spec", "tls", index))
            for index, each in enumerate(entries(spec.get("tls")))
        )

    @property
    def class_name(self) -> str | None:
        """The name of its class, in the field or in the annotation; None if it names none."""
        return self.ingress_class_name or self.annotations.get(CLASS_ANNOTATION)

    def at_class(self) -> Place:
        """Return the place of the name of its class; of `spec` without one."""
        if self.ingress_class_name:
            return self.at("spec", "ingressClassName")
        return self.at_annotation(CLASS_ANNOTATION) if self.class_name else self.at("spec", key=True)

    def at_annotation(self, name: str, *, key: bool = False) -> Place:
        """Return the place of an annotation."""
        return self.at("metadata", "annotations", MapKey(name), key=key)

    def texts_of(self, aspect: str) -> Iterable[str]:
        """Return what is written of an aspect; of many hosts, only those that matter: the placeholders."""
        if aspect == HOSTS:
            if self._unsure_hosts is None:
                certified = (host for each in self.tls for host, _ in each.hosts)
                hosts = (*(each.host or "" for each in self.rules), *certified)
                self._unsure_hosts = tuple(filter(is_placeholder, hosts))
            return self._unsure_hosts
        return super().texts_of(aspect)

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
        has_http: whether `http` is written.
        paths: of `http`.
    """

    __slots__ = ("has_http", "host", "paths", "place")

    def __init__(self, value: dict[str, object], place: Place) -> None:
        self.place = place
        self.host = text(value.get("host"))
        self.has_http = value.get("http") is not None
        self.paths = tuple(
            IngressPath(struct(each), place.to("http", "paths", index))
            for index, each in enumerate(entries(struct(value.get("http")).get("paths")))
        )


class OldBackend(NamedTuple):
    """A backend as in networking.k8s.io/v1beta1: `serviceName` and `servicePort`, None where one is missing.

    `is_plain` tells that it has no other fields.
    """

    service_name: str | None
    port: int | str | None
    is_plain: bool


class IngressPath:
    """One entry of `paths`; None where a field is missing, or where the backend is no Service.

    Slots:
        old_backend: a backend with the fields of the old version.
    """

    __slots__ = ("backend", "old_backend", "path", "path_type", "place")

    def __init__(self, value: dict[str, object], place: Place) -> None:
        self.place = place
        self.path = text(value.get("path"))
        self.path_type = text(value.get("pathType"))
        self.backend = _backend(value.get("backend"), place.to("backend"))
        self.old_backend = _old_backend(value.get("backend"))


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


class IngressTLS:
    """One entry of `tls`.

    Slots:
        hosts: with their places; none are all hosts of the Ingress.
        secret_name: the Secret with the certificate; None if missing.
    """

    __slots__ = ("hosts", "place", "secret_name")

    def __init__(self, value: dict[str, object], place: Place) -> None:
        self.place = place
        self.secret_name = text(value.get("secretName"))
        self.hosts = tuple(
            (host, place.to("hosts", number))
            for number, host in enumerate(entries(value.get("hosts")))
            if isinstance(host, str)
        )


class IngressClass(Resource):
    """An IngressClass as written.

    Slots:
        controller: which controller serves the Ingresses of this class; empty if missing.
        is_default: whether Ingresses that name no class get this one.
    """

    __slots__ = ("controller", "is_default")

    def __init__(
        self,
        value: dict[str, object],
        source: Source,
        document: int,
        root: FieldPath = (),
        unknown_fields: Iterable[FieldPath] = (),
    ) -> None:
        super().__init__(value, source, document, root, unknown_fields)
        annotations = strings(mapping(value.get("metadata")).get("annotations"))
        self.controller = text(struct(value.get("spec")).get("controller")) or ""
        self.is_default = annotations.get(DEFAULT_CLASS) == "true"


def _backend(value: object, place: Place) -> IngressBackend | None:
    service = struct(value).get("service")
    return None if service is None else IngressBackend(struct(service), place.to("service"))


def _old_backend(value: object) -> OldBackend | None:
    backend = mapping(value)
    if "serviceName" not in backend and "servicePort" not in backend:
        return None
    port = backend.get("servicePort")
    if isinstance(port, str) and port.isascii() and port.isdigit():
        port = int(port)
    is_plain = backend.keys() <= {"serviceName", "servicePort"}
    return OldBackend(text(backend.get("serviceName")), number(port) or text(port), is_plain)
