"""How nested kustomizations change an object: namespace, names and labels of all of them, combined in one value.

Source: https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from k8snetlint.model.tables.kinds import is_cluster_scoped
from k8snetlint.scope.changes import Affix, Labels, NamespaceChange
from k8snetlint.scope.fieldspecs import add_labels

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.scope.fieldspecs import FieldSpecs, LabelsInFields
    from k8snetlint.scope.kustomization import Kustomization

_KINDS_WITHOUT_AFFIXES = frozenset({"APIService", "CustomResourceDefinition", "Namespace"})


class LabelChain(NamedTuple):
    """Labels, the fields that they are added to, and the labels that are added after them."""

    specs: FieldSpecs
    labels: dict[str, str]
    rest: LabelChain | None


class TargetNamespace(NamedTuple):
    """The namespace that objects get.

    Attributes:
        namespace: the namespace of all objects; None if they keep theirs.
        default: the namespace of objects without one, if `namespace` is None; None if they stay without one.
        name: the name that Namespace objects get; None if they keep theirs.
    """

    namespace: str | None = None
    default: str | None = None
    name: str | None = None

    def after(self, change: NamespaceChange) -> TargetNamespace:
        """Return the namespace for objects that `change` is applied to first, and this one afterwards."""
        if self.namespace is None and change.unset_only:
            return self._replace(default=change.namespace)
        # The outermost kustomization that sets it wins.
        name = self.name or (change.namespace if change.renames_namespace else None)
        return TargetNamespace(self.namespace or (None if change.unset_only else change.namespace), None, name)

    def of(self, written: object) -> str | None:
        """Return the new namespace of an object, given the written one; None if it does not change."""
        return self.namespace or (self.default if written in (None, "") else None)


_UNMOVED = TargetNamespace()


class Transform:
    """The changes to an object; objects that are changed alike share one value.

    Slots:
        target_namespace: the namespace that it gets.
        affixes: prefixes and suffixes of its name, the outermost first.
        labels: the labels that are added; None without any.
        label_keys: the keys of these labels.
    """

    __slots__ = ("_additions", "affixes", "label_keys", "labels", "target_namespace")

    def __init__(
        self,
        target_namespace: TargetNamespace = _UNMOVED,
        affixes: tuple[Affix, ...] = (),
        labels: LabelChain | None = None,
    ) -> None:
        self.target_namespace = target_namespace
        self.affixes = affixes
        self.labels = labels
        self._additions: list[LabelsInFields] = []
        while labels:
            self._additions.append((labels.specs, labels.labels))
            labels = labels.rest
        self.label_keys = frozenset(key for _, pairs in self._additions for key in pairs)

    @property
    def only_sets_namespace(self) -> bool:
        """Whether nothing but the namespace changes."""
        return self.labels is None and not self.affixes

    def apply(self, value: dict[str, Any]) -> dict[str, Any]:
        """Return a changed copy of an object; the object itself if nothing changes."""
        value = add_labels(value, self._additions)
        metadata = {} if value.get("metadata") is None else value["metadata"]
        if not isinstance(metadata, dict):
            return value
        changes: dict[str, str] = {}
        api_version, kind, name = value["apiVersion"], value["kind"], metadata.get("name")
        namespace = self.target_namespace.of(metadata.get("namespace"))
        if kind == "Namespace" and api_version == "v1":
            changes |= {"name": self.target_namespace.name} if self.target_namespace.name else {}
        elif namespace and not is_cluster_scoped(kind):
            changes["namespace"] = namespace
        if self.affixes and isinstance(name, str) and kind not in _KINDS_WITHOUT_AFFIXES:
            changes["name"] = self.final_name(name, api_version, kind)
        return value if changes.items() <= metadata.items() else {**value, "metadata": {**metadata, **changes}}

    def names_of(self, name: str, api_version: str, kind: str) -> Iterator[str]:
        """Yield the names of an object: the written one, and the one after each kustomization that renames it."""
        yield name
        for prefix, suffix, spec in reversed(self.affixes):
            if spec.applies_to(api_version, kind):
                name = f"{prefix}{name}{suffix}"
                yield name

    def final_name(self, name: str, api_version: str, kind: str) -> str:
        """Return the name of an object after all kustomizations."""
        *_, last = self.names_of(name, api_version, kind)
        return last


UNCHANGED = Transform()
"""The transform of objects that no kustomization changes."""


class Transforms:
    """Creates the transforms of a run; equal transforms are the same object."""

    def __init__(self) -> None:
        self._transforms: dict[Any, Transform] = {(UNCHANGED.target_namespace, (), None): UNCHANGED}
        self._label_chains: dict[Any, LabelChain] = {}

    def compose(self, outer: Transform, kustomization: Kustomization) -> Transform:
        """Return the transform that applies a kustomization, and `outer` afterwards."""
        target_namespace, labels = outer.target_namespace, outer.labels
        affixes: list[Affix] = []
        for change in reversed(kustomization.applied_changes):
            match change:
                case NamespaceChange():
                    target_namespace = target_namespace.after(change)
                case Affix():
                    affixes.append(change)
                case Labels():
                    labels = self._prepend_labels(change, labels)
        all_affixes = (*outer.affixes, *affixes)
        key = (target_namespace, all_affixes, id(labels) if labels else None)
        transform = self._transforms.get(key)
        if transform is None:
            transform = self._transforms[key] = Transform(target_namespace, all_affixes, labels)
        return transform

    def _prepend_labels(self, change: Labels, rest: LabelChain | None) -> LabelChain:
        labels = change.pairs
        if rest and rest.specs == change.specs:
            labels, rest = {**labels, **rest.labels}, rest.rest
        key = (change.specs, tuple(sorted(labels.items())), id(rest) if rest else None)
        chain = self._label_chains.get(key)
        if chain is None:
            chain = self._label_chains[key] = LabelChain(change.specs, labels, rest)
        return chain
