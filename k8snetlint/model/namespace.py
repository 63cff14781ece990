"""Namespace, v1.

Source: https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/namespace-v1/
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.model.aspects import LABELS, NAME
from k8snetlint.model.resource import Resource
from k8snetlint.model.values import mapping, strings
from k8snetlint.source.templates import is_placeholder

if TYPE_CHECKING:
    from collections.abc import Iterable

    from k8snetlint.source.document import Source
    from k8snetlint.source.paths import FieldPath


def is_plain(namespace: Namespace) -> bool:
    """Tell whether the name and the labels of a namespace are those that are written, and no others."""
    texts = (namespace.name or "", *namespace.labels, *namespace.labels.values())
    return namespace.patched.isdisjoint({LABELS, NAME}) and not any(map(is_placeholder, texts))


class Namespace(Resource):
    """A namespace with what its manifest says of it.

    Slots:
        labels, annotations: those whose values are strings.
    """

    __slots__ = ("annotations", "labels")

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
