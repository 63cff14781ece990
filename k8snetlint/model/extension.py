"""Objects because of which the API server sends requests to Services: webhooks and aggregated API servers.

Sources: https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/#service-reference,
https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definition-versioning/,
https://kubernetes.io/docs/tasks/extend-kubernetes/setup-extension-api-server/
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.model.resource import Resource
from k8snetlint.model.values import entries, number, struct, text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from k8snetlint.source.document import Place, Source
    from k8snetlint.source.paths import FieldPath

_HTTPS = 443
"""The port where none is written."""


class Extension(Resource):
    """A ValidatingWebhookConfiguration, MutatingWebhookConfiguration, APIService or CustomResourceDefinition.

    Slots:
        services: the Services that it names; none where it names a URL, or where the API server does the work itself.
    """

    __slots__ = ("services",)

    def __init__(
        self,
        value: dict[str, object],
        source: Source,
        document: int,
        root: FieldPath = (),
        unknown_fields: Iterable[FieldPath] = (),
    ) -> None:
        super().__init__(value, source, document, root, unknown_fields)
        self.services = tuple(ServiceReference(struct(each), place) for each, place in self._references(value) if each)

    def _references(self, value: dict[str, object]) -> Iterator[tuple[object, Place]]:
        for index, each in enumerate(entries(value.get("webhooks"))):
            place = self.at("webhooks", index, "clientConfig", "service")
            yield struct(struct(each).get("clientConfig")).get("service"), place
        spec = struct(value.get("spec"))
        yield spec.get("service"), self.at("spec", "service")
        webhook = struct(struct(spec.get("conversion")).get("webhook"))
        place = self.at("spec", "conversion", "webhook", "clientConfig", "service")
        yield struct(webhook.get("clientConfig")).get("service"), place


class ServiceReference:
    """Which Service gets requests of the API server.

    Slots:
        namespace, name: those of the Service; None if missing.
        port: that of the Service, after defaulting.
    """

    __slots__ = ("name", "namespace", "place", "port")

    def __init__(self, value: dict[str, object], place: Place) -> None:
        self.place = place
        self.namespace = text(value.get("namespace"))
        self.name = text(value.get("name"))
        port = number(value.get("port"))
        self.port = _HTTPS if port is None else port
