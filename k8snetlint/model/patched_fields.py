"""The fields of objects that a patch touches, and what is not known because of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.model.aspects import CONTAINERS, NETWORK, POD_LABELS, SELECTORS, aspects_of, overlap
from k8snetlint.model.tables.kinds import POD_KINDS

if TYPE_CHECKING:
    from k8snetlint.model.aspects import Touched
    from k8snetlint.source.paths import FieldPath

CONTAINER_LISTS = ("containers", "initContainers", "ephemeralContainers")
"""The fields of a pod that list containers."""


class PatchedFields:
    """What one patch does to its targets.

    Slots:
        touched: the fields that it adds, changes or removes.
        containers: the names of the containers that it names; one that does not exist is added.
    """

    __slots__ = ("_aspects", "containers", "touched")

    def __init__(self, touched: tuple[Touched, ...], containers: frozenset[str] = frozenset()) -> None:
        self.touched = touched
        self.containers = containers
        self._aspects: dict[str, frozenset[str]] = {}

    def aspects(self, kind: str) -> frozenset[str]:
        """Return what of an object of a kind it touches."""
        if kind not in self._aspects:
            self._aspects[kind] = frozenset().union(*(aspects_of(each, kind) for each in self.touched))
        return self._aspects[kind]

    def decides(self, path: FieldPath, kind: str) -> bool:
        """Tell whether the API server may judge a field differently after the patch is applied."""
        field = tuple("*" if isinstance(step, int) else str(step) for step in path)
        aspects = self.aspects(kind)
        if field[:2] == ("spec", "selector") or field[-3:-1] == ("metadata", "labels") or field[-1:] == ("labels",):
            related = not aspects.isdisjoint({POD_LABELS, SELECTORS})
        elif "ports" in field:
            related = bool(aspects & {NETWORK, CONTAINERS})
        else:
            related = "volumeMounts" in field and any("volumes" in each for each in self.touched)
        return related or any(overlap(field, _struct(each, kind)) for each in self.touched)


def _struct(touched: Touched, kind: str) -> Touched:
    """Return the field of a spec or container that contains a touched field: what is in it is judged together."""
    if kind not in POD_KINDS:
        return touched[:1] if touched[:1] == ("spec",) else touched[:2]
    ends = [index + 2 for index, step in enumerate(touched) if step in ("spec", "metadata")]
    ends += [index + 3 for index, step in enumerate(touched) if step in CONTAINER_LISTS]
    return touched[: max(ends, default=2)]
