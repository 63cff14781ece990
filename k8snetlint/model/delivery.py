"""Objects that apply other manifests: Argo CD Applications, Flux and Rancher objects.

Sources: https://argo-cd.readthedocs.io/en/stable/operator-manual/application.yaml,
https://fluxcd.io/flux/components/kustomize/api/v1/, https://fluxcd.io/flux/components/helm/api/v2/,
https://docs.k3s.io/helm
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.model.resource import Resource
from k8snetlint.model.values import items, mapping, text
from k8snetlint.source.templates import is_placeholder

if TYPE_CHECKING:
    from collections.abc import Iterable

    from k8snetlint.source.document import Source
    from k8snetlint.source.paths import FieldPath


class Delivery(Resource):
    """An object that applies manifests.

    Slots:
        target_namespace: the namespace of what does not name one; None if not written.
        folders: the folders of a repository that are applied as they are, in the order of the text.
        unseen: something is applied that no manifest shows: a chart, a generator, whatever a template makes.
    """

    __slots__ = ("folders", "target_namespace", "unseen")

    def __init__(
        self,
        value: dict[str, object],
        source: Source,
        document: int,
        root: FieldPath = (),
        unknown_fields: Iterable[FieldPath] = (),
    ) -> None:
        super().__init__(value, source, document, root, unknown_fields)
        spec = mapping(value.get("spec"))
        if self.kind == "Application":
            sources = [mapping(each) for each in (spec.get("source"), *items(spec.get("sources"))) if each]
            self.target_namespace = text(mapping(spec.get("destination")).get("namespace"))
            self.folders = tuple(path for each in sources if (path := text(each.get("path"))))
            self.unseen = any(each.get("chart") or each.get("helm") or each.get("plugin") for each in sources)
        else:
            flux = self.kind == "Kustomization"
            self.target_namespace = text(spec.get("targetNamespace")) or (None if flux else self.namespace)
            path = text(spec.get("path")) if flux else None
            self.folders = (path,) if path else ()
            self.unseen = not flux


class Deliveries:
    """All deliveries of a run: what they apply may go to any namespace, and counts in all scopes.

    Slots:
        unseen: why they may apply what no manifest shows, the first reason for each namespace, with its number among
            all; None is the key of what may be in any.
    """

    __slots__ = ("unseen",)

    def __init__(self, every: Iterable[Delivery] = ()) -> None:
        self.unseen: dict[str | None, tuple[int, str]] = {}
        for number, each in enumerate(each for each in every if each.unseen):
            target = each.target_namespace
            namespace = None if not target or is_placeholder(target) else target
            why = f"{each.kind} {each.name} deploys objects that are not in the manifests"
            self.unseen.setdefault(namespace, (number, why))
