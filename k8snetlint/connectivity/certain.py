"""What holds in every possible cluster that has these manifests, and what holds in some of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from k8snetlint.model.labels import LabelIndex
from k8snetlint.model.tables.controllers import ADDED_LABELS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from k8snetlint.model.selectors import LabelSelector, Requirement

_POSITIVE = ("In", "Exists")


class Certain(NamedTuple):
    """A set that is not known exactly.

    Attributes:
        always: what is in it in every possible cluster.
        possible: what is in it in some; `always` is a part of it.
    """

    always: int
    possible: int

    def __and__(self, other: int | Certain) -> Certain:
        """Return what is in another set, too."""
        always, possible = (other, other) if isinstance(other, int) else other
        return Certain(self.always & always, self.possible & possible)

    def __or__(self, other: Certain) -> Certain:
        """Return what is in any of two sets."""
        return Certain(self.always | other.always, self.possible | other.possible)

    def is_open(self, number: int) -> bool:
        """Tell whether it is possible, but not certain, that something is in the set."""
        return bool(self.possible >> number & ~(self.always >> number) & 1)


NOTHING = Certain(0, 0)


def exactly(bits: int) -> Certain:
    """Return a set that is known."""
    return Certain(bits, bits)


class PartialLabels:
    """The labels of numbered things; of some of them there may be more labels than are known.

    Args:
        labels: the labels that each of them is known to have.
        partial: the set of those that may have other labels as well.
        controlled: the set of those that get labels of controllers as well (`pod-template-hash`).
    """

    def __init__(self, labels: Sequence[Mapping[str, str]], partial: int, controlled: int = 0) -> None:
        self._index = LabelIndex(labels)
        self._partial = partial
        self._controlled = controlled | partial
        self._known: dict[LabelSelector, Certain] = {}

    @property
    def every(self) -> int:
        """The set of all things."""
        return self._index.every

    def matching(self, selector: LabelSelector | None) -> Certain:
        """Return what a selector matches; without one, everything."""
        if selector is None or selector.is_empty:
            return exactly(self._index.every)
        known = self._known.get(selector)
        if known is None:
            always = possible = self._index.every
            for each in selector.requirements:
                found = self.fulfilling(each)
                always &= found.always
                possible &= found.possible
            known = self._known[selector] = Certain(always, possible)
        return known

    def fulfilling(self, requirement: Requirement) -> Certain:
        """Return what fulfils one requirement."""
        fulfilling = self._index.fulfilling(requirement)
        partial = self._controlled if requirement.key in ADDED_LABELS else self._partial
        if not partial or (requirement.operator not in (*_POSITIVE, "NotIn", "DoesNotExist")):
            return exactly(fulfilling)
        unknown = partial & ~self._index.with_key(requirement.key)
        if requirement.operator in _POSITIVE:
            return Certain(fulfilling, fulfilling | unknown)
        return Certain(fulfilling & ~unknown, fulfilling)
