"""Which of the nested kustomizations that include a policy adds a label to its peers."""

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
    """A kustomization that adds labels to peers, linked to the next such kustomization that includes it.

    Slots:
        kustomization: the kustomization that adds the labels.
        entries: its entries with these labels, by the keys of the labels.
        outer: the next layer outwards; None for the outermost.
    """

    __slots__ = ("_first_by_label", "entries", "kustomization", "outer")

    def __init__(self, kustomization: Kustomization, entries: dict[str, Labels], outer: LabelLayer | None) -> None:
        self.kustomization = kustomization
        self.entries = entries
        self.outer = outer
        self._first_by_label: dict[tuple[str, str | None], LabelLayer | None] = {}

    def adds(self, key: str, value: str | None) -> bool:
        """Tell whether this kustomization adds a label; a value of None means any value."""
        return key in self.entries and value in (None, self.entries[key].pairs[key])

    def find_first(self, key: str, value: str | None) -> LabelLayer | None:
        """Return the first layer, from this one outwards, that adds a label; None if none does."""
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
    """Return a kustomization's own layer if it adds labels to peers, else the outer one."""
    labels = (each for each in kustomization.applied_changes if isinstance(each, Labels) and reaches_peers(each.specs))
    entries = {key: each for each in labels for key in each.pairs}
    return LabelLayer(kustomization, entries, outer) if entries else outer


def added_labels(layers: Iterable[LabelLayer], labels: Mapping[str, str]) -> Iterator[AddedLabel]:
    """Yield which kustomization adds each label: the first one from any of the innermost layers outwards."""
    layers = tuple(layers)
    for key, value in labels.items():
        # Where an outer kustomization changes a value, the inner one has added the label.
        adders = (each.find_first(key, wanted) for wanted in (value, None) for each in layers)
        first = next((each for each in adders if each), None)
        if first:
            kustomization, path = first.kustomization, first.entries[key].field_path
            # Of a transformer, only the place of the list is known.
            if path != ("transformers",):
                path = (*path, MapKey(key))
            place = kustomization.place and kustomization.place.to(*path, key=True)
            yield AddedLabel(key, value, kustomization.folder, place)
