"""IngressClass, networking.k8s.io/v1.

Source: https://kubernetes.io/docs/concepts/services-networking/ingress/#ingress-class
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.model.resource import Resource
from k8snetlint.model.values import mapping, strings, struct, text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from k8snetlint.source.document import Source
    from k8snetlint.source.paths import FieldPath

_DEFAULT = "ingressclass.kubernetes.io/is-default-class"


class IngressClass(Resource):
    """An IngressClass as written.

    Slots:
        controller: which controller serves its Ingresses; None if missing.
        is_default: whether Ingresses that name no class have this one.
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
        self.controller = text(struct(value.get("spec")).get("controller"))
        annotations = strings(mapping(value.get("metadata")).get("annotations"))
        self.is_default = annotations.get(_DEFAULT) == "true"
