"""Namespace, v1.

Source: https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/namespace-v1/
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.model.aspects import LABELS, NAME
from k8snetlint.model.resource import Resource
from k8snetlint.model.values import mapping, strings

if TYPE_CHECKING:
    from collections.abc import Iterable

    from k8snetlint.source.document import Source
    from k8snetlint.source.paths import FieldPath


NAME_LABEL = "kubernetes.io/metadata.name"
"""The API server labels every namespace with it; its value is the name."""
BUILT_IN_NAMESPACES = ("default", "kube-node-lease", "kube-public", "kube-system")
"""The namespaces of every cluster."""


class Namespace(Resource):
    """A namespace as written.

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

    @property
    def is_plain(self) -> bool:
        """Whether its name and its labels are those that are written, and no others."""
        return self.knows(LABELS, NAME)

    def texts_of(self, aspect: str) -> Iterable[str]:
        """Return what is written of an aspect."""
        return (*self.labels, *self.labels.values()) if aspect == LABELS else super().texts_of(aspect)


def known_labels(name: str, manifest: Namespace | None) -> dict[str, str]:
    """Return the labels that a namespace is known to have."""
    return {NAME_LABEL: name, **(manifest.labels if manifest else {})}
