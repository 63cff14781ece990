"""Labelled objects as candidates for a suggestion: one label that nearly matches, or the name of an object.

Where two suggestions are equally near, none is made.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from k8snetlint.evidence.answers import MISSPELT, OBJECT_NAME, OTHER_KEY, Suggestion
from k8snetlint.model.bitsets import first, positions
from k8snetlint.model.namespace import NAME_LABEL, Namespace
from k8snetlint.model.namespace_requests import MANY
from k8snetlint.model.spelling import typo_distance
from k8snetlint.model.workload import Workload

if TYPE_CHECKING:
    from collections.abc import Container, Sequence

    from k8snetlint.model.bitsets import Sets
    from k8snetlint.model.labels import LabelIndex
    from k8snetlint.model.resource import Resource

_FAR_MORE = 4
"""If the replacement is requested so many times more often, it is right, even if many misspell it: policies are copied.
"""


class Candidate(NamedTuple):
    """A suggestion, by how many letters it differs from what is written, and the number of the near object."""

    distance: int
    position: int
    suggestion: Suggestion


class LabelledObjects:
    """Objects of one kind, by their labels and names; what is similar to a label is looked up once.

    Slots:
        labels: the labels.
        names: the sets by name.
        owners: the objects.
    """

    __slots__ = ("_similar_keys", "_similar_values", "labels", "names", "owners")

    def __init__(self, labels: LabelIndex, names: Sets[str | None], owners: Sequence[Resource | None]) -> None:
        self.labels = labels
        self.names = names
        self.owners = owners
        self._similar_values: dict[tuple[str, str], list[tuple[int, str]]] = {}
        self._similar_keys: dict[tuple[str, str], list[tuple[int, str]]] = {}

    def similar_values(self, key: str, value: str, rest: int) -> list[Candidate]:
        """Return the values under the same key of which the wanted value may be a misspelling."""
        known = self._similar_values.get((key, value))
        if known is None:
            values = ((typo_distance(value, each), each) for each in self.labels.spellings(key).near(value))
            known = self._similar_values[key, value] = [(far, each) for far, each in values if far is not None]
        return [
            self.candidate(distance, first(owners), MISSPELT, (key, value), similar)
            for distance, similar in known
            if (owners := rest & self.labels.pairs[key, similar])
        ]

    def similar_keys(self, key: str, value: str, rest: int, requested: Container[str]) -> list[Candidate]:
        """Return the keys with the wanted value of which the wanted key may be a misspelling.

        A key that is `requested` as well is not what was meant.
        """
        known = self._similar_keys.get((key, value))
        if known is None:
            keys = (other for other in self.labels.keys_with(value) if other != NAME_LABEL)
            near = ((typo_distance(key, other), other) for other in keys)
            known = self._similar_keys[key, value] = [(far, other) for far, other in near if far is not None]
        return [
            self.candidate(distance, first(owners), OTHER_KEY, (key, value), value, under=other)
            for distance, other in known
            if other not in requested
            and (owners := rest & self.labels.pairs[other, value] & ~self.labels.with_key(key))
        ]

    def values_of_named(self, key: str, value: str, rest: int) -> list[Candidate]:
        """Return what the objects whose name is the wanted value have under the key."""
        named = rest & self.names[value]
        return [
            self.candidate(1, position, OBJECT_NAME, (key, value), written)
            for position in (positions(named & self.labels.with_key(key)) if named else ())
            if (written := _labels(self.owners[position]).get(key)) is not None
            and typo_distance(value, written) is None
        ]

    def candidate(
        self, distance: int, position: int, kind: str, wanted: tuple[str, str], written: str, *, under: str = ""
    ) -> Candidate:
        """Return the suggestion to write a label that an object has.

        Args:
            distance: by how many letters it differs.
            position: the number of the object.
            kind: what is wrong.
            wanted: the label that the selector asks for.
            written: the value that the object has.
            under: the key of this value, empty for the wanted key.
        """
        (key, value), owner = wanted, self.owners[position]
        replacement = f"{under}: {written}" if under else written
        if owner is None:
            return Candidate(distance, position, Suggestion(kind, key, value, replacement, "", None, None))
        under = under or key
        label = f"{owner.kind} {owner.name} has {under}={written}"
        is_name = owner.kind == "Namespace" and under == NAME_LABEL
        place = owner.at("metadata", "name") if is_name else owner.at(*labels_path(owner), under)
        return Candidate(distance, position, Suggestion(kind, key, value, replacement, label, owner, place))


def labels_path(owner: Resource) -> tuple[str, ...]:
    """Return the path of the labels by which an object, or its pods, are selected."""
    template = owner.template if isinstance(owner, Workload) else ()
    return (*template, "metadata", "labels")


def _labels(owner: Resource | None) -> dict[str, str]:
    match owner:
        case Workload():
            return owner.pod_labels
        case Namespace():
            return owner.labels
        case _:
            return {}


def nearest(candidates: list[Candidate]) -> Suggestion | None:
    """Return the nearest suggestion, None if two that are equally near have different replacements."""
    if not candidates:
        return None
    least = min(each.distance for each in candidates)
    equal = [each for each in candidates if each.distance == least]
    if len({(each.suggestion.key, each.suggestion.replacement) for each in equal}) > 1:
        return None
    return min(equal, key=lambda each: each.position).suggestion


def is_common(requests: int, replacement_requests: int) -> bool:
    """Tell whether a label that looks misspelt is known: several objects ask for it, and not far more for the other.

    Args:
        requests: how many objects ask for what is written.
        replacement_requests: how many ask for its possible replacement.
    """
    return requests >= MANY and replacement_requests < _FAR_MORE * requests
