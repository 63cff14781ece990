"""What the kustomizations that an object passes make of it: their plain transformers, all in one.

Source: https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from k8snetlint.model.cluster import is_cluster_scoped
from k8snetlint.scope.fieldspecs import put_labels

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.scope.fieldspecs import Put, Specs
    from k8snetlint.scope.kustomization import Kustomization, Labels

_NAMES_STAY = frozenset({"APIService", "CustomResourceDefinition", "Namespace"})


class AddedLabels(NamedTuple):
    """Labels, the fields that they are put into, and what is put in after them."""

    specs: Specs
    labels: dict[str, str]
    rest: AddedLabels | None


class Transform:
    """What becomes of an object; the same one wherever the same becomes of it.

    Slots:
        namespace: where it goes, None where it stays.
        affixes: prefix and suffix of its name from each kustomization that sets one, the outermost first.
        labels: what is put on it; None for nothing.
        label_keys: the keys of these labels.
    """

    __slots__ = ("_puts", "affixes", "label_keys", "labels", "namespace")

    def __init__(
        self,
        namespace: str | None = None,
        affixes: tuple[tuple[str, str], ...] = (),
        labels: AddedLabels | None = None,
    ) -> None:
        self.namespace = namespace
        self.affixes = affixes
        self.labels = labels
        self._puts: list[Put] = []
        while labels:
            self._puts.append((labels.specs, labels.labels))
            labels = labels.rest
        self.label_keys = frozenset(key for _, pairs in self._puts for key in pairs)

    @property
    def only_moves(self) -> bool:
        """Whether it sets nothing but the namespace."""
        return self.labels is None and not self.affixes

    def applied_to(self, value: dict[str, Any]) -> dict[str, Any]:
        """Return an object as it leaves the kustomizations; the object itself if nothing changes."""
        value = put_labels(value, self._puts)
        metadata = {} if value.get("metadata") is None else value["metadata"]
        if not isinstance(metadata, dict):
            return value
        named: dict[str, str] = {}
        kind, name = value["kind"], metadata.get("name")
        if self.namespace and kind == "Namespace" and value["apiVersion"] == "v1":
            named["name"] = self.namespace
        elif self.namespace and not is_cluster_scoped(kind):
            named["namespace"] = self.namespace
        if self.affixes and isinstance(name, str) and kind not in _NAMES_STAY:
            named["name"] = self.renamed(name)
        return value if named.items() <= metadata.items() else {**value, "metadata": {**metadata, **named}}

    def names_of(self, name: str) -> Iterator[str]:
        """Yield the names that an object has on its way, the written one first."""
        yield name
        for prefix, suffix in reversed(self.affixes):
            name = f"{prefix}{name}{suffix}"
            yield name

    def renamed(self, name: str) -> str:
        """Return the name that an object leaves with."""
        *_, last = self.names_of(name)
        return last


UNCHANGED = Transform()
"""What becomes of an object that no kustomization changes."""


class Transforms:
    """All transforms of a run: equal ones are one."""

    def __init__(self) -> None:
        self._known: dict[Any, Transform] = {(None, (), None): UNCHANGED}
        self._added: dict[Any, AddedLabels] = {}

    def inside(self, outer: Transform, kustomization: Kustomization) -> Transform:
        """Return what becomes of the objects of a kustomization, whose result goes through `outer`."""
        affixes = outer.affixes
        if kustomization.name_prefix or kustomization.name_suffix:
            affixes = (*affixes, (kustomization.name_prefix, kustomization.name_suffix))
        labels = outer.labels
        for each in reversed(kustomization.labels):
            labels = self._put_before(each, labels)
        # The last one to set it wins.
        namespace = outer.namespace or kustomization.namespace
        key = (namespace, affixes, id(labels) if labels else None)
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = Transform(namespace, affixes, labels)
        return known

    def _put_before(self, own: Labels, rest: AddedLabels | None) -> AddedLabels:
        labels = own.pairs
        if rest and rest.specs == own.specs:
            labels, rest = {**labels, **rest.labels}, rest.rest
        key = (own.specs, tuple(sorted(labels.items())), id(rest) if rest else None)
        known = self._added.get(key)
        if known is None:
            known = self._added[key] = AddedLabels(own.specs, labels, rest)
        return known
