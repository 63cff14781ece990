"""Which kustomization puts a label into the peers of a policy, of all those that the policy passes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.model.cluster import AddedLabel
from k8snetlint.scope.changes import Labels
from k8snetlint.scope.fieldspecs import reaches_peers
from k8snetlint.source.paths import MapKey

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from k8snetlint.scope.kustomization import Kustomization


class LabelLayer:
    """A kustomization that puts labels into peers, on the way of an object that leaves it.

    Slots:
        kustomization: whose labels they are.
        entries: what says so, by the keys of the labels.
        outer: the next one that its result goes through; None for the last one.
    """

    __slots__ = ("_first_by_label", "entries", "kustomization", "outer")

    def __init__(self, kustomization: Kustomization, entries: dict[str, Labels], outer: LabelLayer | None) -> None:
        self.kustomization = kustomization
        self.entries = entries
        self.outer = outer
        self._first_by_label: dict[tuple[str, str | None], LabelLayer | None] = {}

    def adds(self, key: str, value: str | None) -> bool:
        """Tell whether this kustomization adds a label, with any value for None."""
        return key in self.entries and value in (None, self.entries[key].pairs[key])

    def find_first(self, key: str, value: str | None) -> LabelLayer | None:
        """Return the innermost one from here on that adds a label; None if none does."""
        label = key, value
        passed: list[LabelLayer] = []
        found: LabelLayer | None = self
        while found and label not in found._first_by_label and not found.adds(key, value):  # noqa: SLF001 - of this class
            passed.append(found)
            found = found.outer
        if found and label in found._first_by_label:  # noqa: SLF001 - as above
            found = found._first_by_label[label]  # noqa: SLF001 - as above
        for each in passed:
            each._first_by_label[label] = found  # noqa: SLF001 - as above
        return found


def label_layer_of(kustomization: Kustomization, outer: LabelLayer | None) -> LabelLayer | None:
    """Return what puts labels into the peers of a kustomization's policies, the innermost one."""
    labels = (each for each in kustomization.applied_changes if isinstance(each, Labels) and reaches_peers(each.specs))
    entries = {key: each for each in labels for key in each.pairs}
    return LabelLayer(kustomization, entries, outer) if entries else outer


def added_labels(layers: Iterable[LabelLayer], labels: Mapping[str, str]) -> Iterator[AddedLabel]:
    """Yield who adds labels to peers: the innermost kustomization on the first way on which one does."""
    layers = tuple(layers)
    for key, value in labels.items():
        # Where an outer kustomization changes a value, the inner one has added the label.
        adders = (each.find_first(key, wanted) for wanted in (value, None) for each in layers)
        first = next((each for each in adders if each), None)
        if first:
            kustomization, path = first.kustomization, first.entries[key].field_path
            # Of a transformer, only the list is known.
            if path != ("transformers",):
                path = (*path, MapKey(key))
            place = kustomization.place and kustomization.place.to(*path, key=True)
            yield AddedLabel(key, value, kustomization.folder, place)
