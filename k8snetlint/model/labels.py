"""Which of many things have which labels: one index, in which every question is set algebra on integers.

The things are numbered, and a set of them is an integer. So a selector is answered by a few `&` and `|` over all things
at once, and what nearly matches is found by leaving out one requirement at a time.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from k8snetlint.model.bitsets import Sets

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from k8snetlint.model.selectors import LabelSelector, Requirement
    from k8snetlint.model.spelling import Spellings


class LabelIndex:
    """The labels of many things.

    Attributes:
        every: the set of all things.
        pairs: the sets by label, key and value.
        added: keys that are added to any thing, with any value: requirements for them count as fulfilled.
    """

    def __init__(self, labels: Iterable[Mapping[str, str]], added: frozenset[str] = frozenset()) -> None:
        self.added = added
        self.pairs: Sets[tuple[str, str]] = Sets()
        self._matching: dict[LabelSelector | tuple[tuple[str, str], ...], int] = {}
        self._last_selector: LabelSelector | None = None
        self._last_lacking: list[tuple[str, str, int]] = []
        every = list(labels)
        for position, each in enumerate(every):
            self.pairs.add_to_all(each.items(), position)
        self.every = (1 << len(every)) - 1

    def matching(self, selector: LabelSelector) -> int:
        """Return what a selector matches; what was asked before is remembered."""
        # Nearly all selectors are a few labels, which are looked up as they are.
        labels = None if selector.match_expressions else tuple((selector.match_labels or {}).items())
        asked = selector if labels is None else labels
        known = self._matching.get(asked)
        if known is None:
            known = self.every
            if labels is None:
                for each in selector.requirements:
                    known &= self.fulfilling(each)
            else:
                for pair in labels:
                    if pair[0] not in self.added:
                        known &= self.pairs[pair]
            self._matching[asked] = known
        return known

    def all_but_one(self, selector: LabelSelector, within: int) -> list[tuple[str, str, int]]:
        """Return each label that a selector asks for, with the things that fulfil all requirements but this one.

        Requirements that no single label fulfils are left out, and so is what fulfils nothing.

        Args:
            selector: the selector.
            within: the things that are considered.
        """
        if selector is not self._last_selector:
            # One question is about several sets of things.
            self._last_selector, self._last_lacking = selector, self._all_but_one(selector)
        return [(key, value, rest) for key, value, lacking in self._last_lacking if (rest := lacking & within)]

    def _all_but_one(self, selector: LabelSelector) -> list[tuple[str, str, int]]:
        # What fulfils everything so far, and what does not fulfil one requirement.
        whole, lacking = self.every, 0
        wanted: list[tuple[str, str | None, int]] = []
        for key, value, fulfilling in self._wanted(selector):
            if key not in self.added:
                lacking = lacking & fulfilling | whole & ~fulfilling
                whole &= fulfilling
                wanted.append((key, value, fulfilling))
        return [
            (key, value, rest)
            for key, value, fulfilling in wanted
            if value is not None and (rest := lacking & ~fulfilling)
        ]

    def _wanted(self, selector: LabelSelector) -> Iterator[tuple[str, str | None, int]]:
        """Yield for each requirement its key, its value if it asks for a single one, and what fulfils it."""
        if not selector.match_expressions:
            for pair in sorted((selector.match_labels or {}).items()):
                yield *pair, self.pairs[pair]
            return
        for each in selector.requirements:
            value = each.values[0] if each.operator == "In" and len(each.values) == 1 else None
            yield each.key, value, self.fulfilling(each)

    def fulfilling(self, requirement: Requirement) -> int:
        """Return what fulfils one requirement."""
        key = requirement.key
        if key in self.added:
            return self.every
        match requirement.operator:
            case "In":
                return self._with_any(requirement)
            case "NotIn":
                # A missing label is not among the values (apimachinery, labels.Requirement.Matches).
                return self.every & ~self._with_any(requirement)
            case "Exists":
                return self.with_key(key)
            case "DoesNotExist":
                return self.every & ~self.with_key(key)
            case _:
                return 0

    def _with_any(self, requirement: Requirement) -> int:
        bits = 0
        for value in requirement.values:
            bits |= self.pairs[requirement.key, value]
        return bits

    def with_key(self, key: str) -> int:
        """Return what has a label with a key, whatever its value."""
        values = self._values.get(key)
        if values is None:
            return 0
        bits = self._keys.get(key)
        if bits is None:
            bits = 0
            for value in values:
                bits |= self.pairs[key, value]
            self._keys[key] = bits
        return bits

    @functools.cached_property
    def _keys(self) -> dict[str, int]:
        return {}

    @functools.cached_property
    def _values(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for key, value in self.pairs:
            found.setdefault(key, []).append(value)
        return found

    @functools.cached_property
    def _keys_by_value(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for key, value in self.pairs:
            found.setdefault(value, []).append(key)
        return found

    def values_of(self, key: str) -> list[str]:
        """Return the values of the labels with a key."""
        return self._values.get(key, [])

    def keys_with(self, value: str) -> list[str]:
        """Return the keys of the labels with a value."""
        return self._keys_by_value.get(value, [])

    def spellings(self, key: str) -> Spellings:
        """Return the values of the labels with a key, to look for similar ones."""
        known = self._spellings.get(key)
        if known is None:
            from k8snetlint.model.spelling import Spellings  # noqa: PLC0415 - only for a selector that matches nothing

            known = self._spellings[key] = Spellings(self.values_of(key))
        return known

    @functools.cached_property
    def _spellings(self) -> dict[str, Spellings]:
        return {}
