"""Label selectors, with all their operators.

Source: https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from k8snetlint.model.values import entries, strings, struct, text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_FIELDS = ("matchLabels", "matchExpressions")


class Requirement(NamedTuple):
    """One entry of `matchExpressions`, as written; key and operator are empty where they are missing."""

    key: str
    operator: str
    values: tuple[str, ...] = ()

    def matches(self, labels: Mapping[str, str]) -> bool:
        """Tell whether labels fulfil it; an unknown operator fulfils nothing."""
        value = labels.get(self.key)
        match self.operator:
            case "In":
                return value is not None and value in self.values
            case "NotIn":
                # A missing label is not among the values (apimachinery, labels.Requirement.Matches).
                return value is None or value not in self.values
            case "Exists":
                return value is not None
            case "DoesNotExist":
                return value is None
            case _:
                return False


class LabelSelector:
    """A selector over labels: all of `match_labels` and all of `match_expressions` must hold.

    A missing or null selector is None instead: it is not the empty one, and in most places it has another meaning.
    Two selectors are equal if they ask for the same, however it is written.

    Slots:
        match_labels, match_expressions: None where they are not written.
        unknown_keys: the other keys of the selector.
    """

    __slots__ = ("_hash", "_requirements", "match_expressions", "match_labels", "unknown_keys")

    def __init__(self, value: dict[str, object]) -> None:
        labels, expressions = value.get("matchLabels"), value.get("matchExpressions")
        self.match_labels = None if labels is None else strings(struct(labels))
        self.match_expressions = (
            None if expressions is None else tuple(_requirement(struct(each)) for each in entries(expressions))
        )
        # Most selectors are nothing but labels.
        is_known = len(value) == (labels is not None) + (expressions is not None)
        self.unknown_keys = () if is_known else tuple(key for key in value if key not in _FIELDS)
        self._requirements: tuple[Requirement, ...] | None = None
        self._hash = 0

    @property
    def requirements(self) -> tuple[Requirement, ...]:
        """All its requirements, sorted; a label is the requirement that its key is `In` one value."""
        if self._requirements is None:
            asked = {Requirement(key, "In", (value,)) for key, value in (self.match_labels or {}).items()}
            asked.update(each._replace(values=tuple(sorted({*each.values}))) for each in self.match_expressions or ())
            self._requirements = tuple(sorted(asked))
        return self._requirements

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, LabelSelector):
            return False
        if not self.match_expressions and not other.match_expressions:
            return (self.match_labels or {}) == (other.match_labels or {})
        return self.requirements == other.requirements

    def __hash__(self) -> int:
        if not self._hash:
            # Most selectors are nothing but labels, which need not be made requirements for this.
            labels = (self.match_labels or {}).items()
            self._hash = hash(frozenset(map(_as_label, self.requirements) if self.match_expressions else labels))
        return self._hash

    @property
    def is_empty(self) -> bool:
        """Whether it selects everything."""
        return not self.match_labels and not self.match_expressions

    def keys(self) -> Iterable[str]:
        """Return the label keys that it asks for."""
        labels = self.match_labels or ()
        return [*labels, *(each.key for each in self.match_expressions)] if self.match_expressions else labels

    def texts(self) -> list[str]:
        """Return the keys and the values that it asks for."""
        labels = self.match_labels or {}
        found = [*labels, *labels.values()]
        for each in self.match_expressions or ():
            found += each.key, *each.values
        return found

    def pairs(self) -> Iterator[tuple[str, str]]:
        """Yield the labels that it asks for, key and value; the value is empty where it may be any."""
        yield from (self.match_labels or {}).items()
        for each in self.match_expressions or ():
            if each.operator in ("In", "Exists"):
                yield from ((each.key, value) for value in each.values or ("",))

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
        Unknown: it or a part of it is a placeholder.
    """
    return None if value is None else LabelSelector(struct(value))


def _as_label(requirement: Requirement) -> tuple[object, ...]:
    """Return the label that a requirement asks for, key and value; the requirement where it is not a single one."""
    is_label = requirement.operator == "In" and len(requirement.values) == 1
    return (requirement.key, *requirement.values) if is_label else requirement


def _requirement(value: dict[str, object]) -> Requirement:
    # A null entry of a list is its zero value, an empty string.
    values = tuple(each or "" for each in entries(value.get("values")) if each is None or isinstance(each, str))
    return Requirement(text(value.get("key")) or "", text(value.get("operator")) or "", values)
