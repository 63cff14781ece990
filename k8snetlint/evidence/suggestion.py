"""What was probably meant: one label that is nearly there, misspelt, or called by the name of an object.

Where two things are equally near, none is named.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from k8snetlint.model.asked import MANY
from k8snetlint.model.bitsets import first, positions
from k8snetlint.model.namespace import NAME_LABEL, Namespace
from k8snetlint.model.spelling import typo_distance
from k8snetlint.model.workload import Workload

if TYPE_CHECKING:
    from collections.abc import Sequence

    from k8snetlint.model.bitsets import Sets
    from k8snetlint.model.labels import LabelIndex
    from k8snetlint.model.resource import Resource
    from k8snetlint.source.paths import Place

MISSPELT, OTHER_KEY, OBJECT_NAME, NAMESPACE_NAME = ("misspelt", "other-key", "object-name", "namespace-name")
OBJECT_LABELS, OTHER_NAMESPACE = ("object-labels", "other-namespace")
MISSING_LABEL, UNUSED_KEY, DIFFERENT_PODS = ("missing-label", "unused-key", "different-pods")
_FAR_MORE = 4
"""What so many times more objects ask for is what was meant, even if many misspell it: policies are copied."""


class Suggestion(NamedTuple):
    """What was probably meant.

    Attributes:
        kind: one of the names above.
        key, value: the label of the selector that matches nothing; empty where the whole selector is meant.
        meant: what to write instead: a value, or `key: value`; a namespace; empty if no words say it.
        label: what the near object has, for a note at its place.
        near: the object.
        place: where the label stands there, or the object's name.
    """

    kind: str
    key: str
    value: str
    meant: str
    label: str
    near: Resource | None
    place: Place | None


class Found(NamedTuple):
    """A suggestion, in how many letters it differs from what is written, and the number of the near object."""

    distance: int
    position: int
    suggestion: Suggestion


class Labelled:
    """Objects of one kind, by their labels and names; what resembles a label anywhere is looked up once.

    Slots:
        labels: the labels.
        names: the sets by name.
        owners: the objects.
    """

    __slots__ = ("_misspelt", "_other_keys", "labels", "names", "owners")

    def __init__(self, labels: LabelIndex, names: Sets[str | None], owners: Sequence[Resource | None]) -> None:
        self.labels = labels
        self.names = names
        self.owners = owners
        self._misspelt: dict[tuple[str, str], list[tuple[int, str]]] = {}
        self._other_keys: dict[tuple[str, str], list[tuple[int, str]]] = {}

    def misspelt(self, key: str, value: str, rest: int) -> list[Found]:
        """Return the values under the same key of which the wanted one may be a misspelling."""
        known = self._misspelt.get((key, value))
        if known is None:
            near = ((typo_distance(value, has), has) for has in self.labels.spellings(key).near(value))
            known = self._misspelt[key, value] = [(far, has) for far, has in near if far is not None]
        return [
            self.found(far, first(there), MISSPELT, (key, value), has)
            for far, has in known
            if (there := rest & self.labels.pairs[key, has])
        ]

    def other_key(self, key: str, value: str, rest: int) -> list[Found]:
        """Return the keys under which the wanted value is, and of which the wanted one may be a misspelling."""
        known = self._other_keys.get((key, value))
        if known is None:
            keys = (other for other in self.labels.keys_with(value) if other != NAME_LABEL)
            near = ((typo_distance(key, other), other) for other in keys)
            known = self._other_keys[key, value] = [(far, other) for far, other in near if far is not None]
        return [
            self.found(far, first(there), OTHER_KEY, (key, value), value, under=other)
            for far, other in known
            if (there := rest & self.labels.pairs[other, value] & ~self.labels.with_key(key))
        ]

    def named(self, key: str, value: str, rest: int) -> list[Found]:
        """Return the objects that are called by the wanted value, and carry another one under the key."""
        called = rest & self.names[value]
        return [
            self.found(1, position, OBJECT_NAME, (key, value), has)
            for position in (positions(called & self.labels.with_key(key)) if called else ())
            if (has := _labels(self.owners[position]).get(key)) is not None and typo_distance(value, has) is None
        ]

    def found(
        self, distance: int, position: int, kind: str, wanted: tuple[str, str], has: str, *, under: str = ""
    ) -> Found:
        """Return the suggestion to write what an object carries.

        Args:
            distance: in how many letters it differs.
            position: the number of the object.
            kind: what is wrong.
            wanted: the label that was asked for.
            has: what the object carries.
            under: the key under which it does, empty for the wanted one.
        """
        (key, value), owner = wanted, self.owners[position]
        meant = f"{under}: {has}" if under else has
        if owner is None:
            return Found(distance, position, Suggestion(kind, key, value, meant, "", None, None))
        under = under or key
        label = f"{owner.kind} {owner.name} has {under}={has}"
        is_name = owner.kind == "Namespace" and under == NAME_LABEL
        place = owner.at("metadata", "name") if is_name else owner.at(*labels_path(owner), under)
        return Found(distance, position, Suggestion(kind, key, value, meant, label, owner, place))


def labels_path(owner: Resource) -> tuple[str, ...]:
    """Return where the labels stand by which an object, or its pods, are selected."""
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


def the_best(found: list[Found]) -> Suggestion | None:
    """Return the nearest, None if two that are equally near mean different things."""
    if not found:
        return None
    least = min(each.distance for each in found)
    nearest = [each for each in found if each.distance == least]
    if len({(each.suggestion.key, each.suggestion.meant) for each in nearest}) > 1:
        return None
    return min(nearest, key=lambda each: each.position).suggestion


def asked_by_many(asked: int, meant: int) -> bool:
    """Tell whether what looks misspelt is known elsewhere: several objects ask for it, and not far more for the other.

    Args:
        asked: how many objects ask for what is written.
        meant: how many ask for what may be meant.
    """
    return asked >= MANY and meant < _FAR_MORE * asked
