"""Label selectors, with all that they can say.

Source: https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors
"""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING

from k8snetlint.model.values import entries, strings, struct, text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


class Requirement:
    """One entry of `matchExpressions`, as written; key and operator are empty where they are missing."""

    __slots__ = ("key", "operator", "values")

    def __init__(self, key: str, operator: str, values: tuple[str, ...] = ()) -> None:
        self.key = key
        self.operator = operator
        self.values = values

    def matches(self, labels: Mapping[str, str]) -> bool:
        """Tell whether labels fulfil it; an operator that is none fulfils nothing."""
        value = labels.get(self.key)
        match self.operator:
            case "In":
                return value is not None and value in self.values
            case "NotIn":
                # A label that is not there is not among the values (apimachinery, labels.Requirement.Matches).
                return value is None or value not in self.values
            case "Exists":
                return value is not None
            case "DoesNotExist":
                return value is None
            case _:
                return False


class LabelSelector:
    """A selector over labels: all of `match_labels` and all of `match_expressions` must hold.

    A missing or null selector is None instead: that is not the empty one, and means something else in most places.

    Slots:
        match_labels, match_expressions: None where they are not written.
        unknown_keys: what stands in the selector beside these two.
    """

    __slots__ = ("match_expressions", "match_labels", "unknown_keys")

    def __init__(self, value: dict[str, object]) -> None:
        labels, expressions = value.get("matchLabels"), value.get("matchExpressions")
        self.match_labels = None if labels is None else strings(struct(labels))
        self.match_expressions = (
            None if expressions is None else tuple(_requirement(struct(each)) for each in entries(expressions))
        )
        self.unknown_keys = tuple(key for key in value if key not in ("matchLabels", "matchExpressions"))

    @property
    def is_empty(self) -> bool:
        """Whether it selects everything."""
        return not self.match_labels and not self.match_expressions

    def with_labels(self, labels: Mapping[str, str]) -> LabelSelector:
        """Return a selector that asks for further labels."""
        changed = copy.copy(self)
        changed.match_labels = {**(self.match_labels or {}), **labels}
        return changed

    def keys(self) -> Iterator[str]:
        """Yield the label keys that it asks for."""
        yield from self.match_labels or ()
        yield from (requirement.key for requirement in self.match_expressions or ())

    def matches(self, labels: Mapping[str, str]) -> bool:
        """Tell whether labels fulfil it."""
        # Asked more often than anything else, so without generators.
        for key, value in self.match_labels.items() if self.match_labels else ():
            if labels.get(key) != value:
                return False
        return not self.match_expressions or all(each.matches(labels) for each in self.match_expressions)


def selector_of(value: object) -> LabelSelector | None:
    """Return a selector, None where it is missing or null.

    Raises:
        Unknown: a placeholder stands for it or a part of it.
    """
    return None if value is None else LabelSelector(struct(value))


def _requirement(value: dict[str, object]) -> Requirement:
    # A null entry of a list is its zero value, an empty string.
    values = tuple(each or "" for each in entries(value.get("values")) if each is None or isinstance(each, str))
    return Requirement(text(value.get("key")) or "", text(value.get("operator")) or "", values)
