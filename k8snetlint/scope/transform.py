"""What the kustomizations that an object passes make of it: what is applied of them, all in one.

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
    """Labels, the fields that they are put into, and what is put in after them."""

    specs: FieldSpecs
    labels: dict[str, str]
    rest: LabelChain | None


class TargetNamespace(NamedTuple):
    """Where objects go.

    Attributes:
        namespace: where all go; None where they stay.
        default: where those go that name none, if not all go to the same; None where they stay.
        name: the name that Namespace objects get; None where they keep theirs.
    """

    namespace: str | None = None
    default: str | None = None
    name: str | None = None

    def after(self, change: NamespaceChange) -> TargetNamespace:
        """Return where objects go that go by this after a move."""
        if self.namespace is None and change.unset_only:
            return self._replace(default=change.namespace)
        # The last one to set it wins.
        name = self.name or (change.namespace if change.renames_namespace else None)
        return TargetNamespace(self.namespace or (None if change.unset_only else change.namespace), None, name)

    def of(self, written: object) -> str | None:
        """Return the namespace of an object of which this one is written, None if it stays as it is written."""
        return self.namespace or (self.default if written in (None, "") else None)


_UNMOVED = TargetNamespace()


class Transform:
    """What becomes of an object; the same one wherever the same becomes of it.

    Slots:
        target_namespace: where it goes.
        affixes: prefixes and suffixes of its name, the outermost first.
        labels: what is put on it; None for nothing.
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
        """Whether it sets nothing but the namespace."""
        return self.labels is None and not self.affixes

    def apply(self, value: dict[str, Any]) -> dict[str, Any]:
        """Return an object as it leaves the kustomizations; the object itself if nothing changes."""
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
        """Yield the names that an object of a kind has on its way, the written one first."""
        yield name
        for prefix, suffix, spec in reversed(self.affixes):
            if spec.applies_to(api_version, kind):
                name = f"{prefix}{name}{suffix}"
                yield name

    def final_name(self, name: str, api_version: str, kind: str) -> str:
        """Return the name that an object of a kind leaves with."""
        *_, last = self.names_of(name, api_version, kind)
        return last


UNCHANGED = Transform()
"""What becomes of an object that no kustomization changes."""


class Transforms:
    """All transforms of a run: equal ones are one."""

    def __init__(self) -> None:
        self._transforms: dict[Any, Transform] = {(UNCHANGED.target_namespace, (), None): UNCHANGED}
        self._label_chains: dict[Any, LabelChain] = {}

    def compose(self, outer: Transform, kustomization: Kustomization) -> Transform:
        """Return what becomes of the objects of a kustomization, whose result goes through `outer`."""
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
