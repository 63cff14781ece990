"""The labels by which the policies of a run ask for namespaces, and for how many of them there is a Namespace.

If nearly all values that are requested for a label are those of Namespaces, the manifests contain the namespaces, and
a value without one is a mistake. What many policies ask for exists elsewhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from k8snetlint.source.templates import is_placeholder

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator

    from k8snetlint.model.networkpolicy import NetworkPolicy
    from k8snetlint.model.selectors import LabelSelector

MANY = 3
"""What so many objects ask for or have is not the mistake of one of them, and no accident."""
_SHARE = 0.9
"""Of the values that are requested for a label, the share that must be answered by a Namespace.

Measured on public repositories, with a random part of their Namespaces hidden: with 0.8, hiding 5 % brings 4 to 8 false
findings, with 0.9 it brings 2 to 4, and where a fifth is hidden none is reported.
"""


class AnsweredShare(NamedTuple):
    """How many of the values that are requested for a label's key are answered by a Namespace.

    Attributes:
        key, value: the label that no Namespace has.
        answered: the number of values that are the label or the name of some Namespace.
        of: the number of these, and of those that no Namespace has and at most two policies ask for.
    """

    key: str
    value: str
    answered: int
    of: int


class NamespaceRequests:
    """What the namespaceSelectors of a run ask for.

    Args:
        policies: each as it is written: a base of many overlays asks once.
        pairs: the labels of Namespaces.
        names: the names of Namespaces.
        used: the namespaces of all objects.
    """

    def __init__(
        self,
        policies: Iterable[NetworkPolicy],
        pairs: Container[tuple[str, str]],
        names: Container[str | None],
        used: Container[str | None],
    ) -> None:
        self._pairs = pairs
        self._names = names
        self._used = used
        self._policies: dict[str, dict[str, int]] = {}
        for policy in policies:
            for key, value in {pair for selector in _selectors(policy) for pair in _requests(selector)}:
                values = self._policies.setdefault(key, {})
                values[value] = values.get(value, 0) + 1
        self._shares: dict[str, tuple[int, int]] = {}

    def policies(self, key: str, value: str) -> int:
        """Return how many policies ask for a label."""
        return self._policies.get(key, {}).get(value, 0)

    def unanswered(self, selector: LabelSelector) -> AnsweredShare | None:
        """Return the label of a selector that no Namespace has, if nearly all other values are answered; else None."""
        for each in selector.requirements:
            if each.operator != "In" or not each.values or not all(self._is_open(each.key, one) for one in each.values):
                continue
            answered, of = self._share(each.key)
            if answered and answered >= _SHARE * of:
                return AnsweredShare(each.key, each.values[0], answered, of)
        return None

    def _share(self, key: str) -> tuple[int, int]:
        known = self._shares.get(key)
        if known is None:
            values = self._policies.get(key, {})
            answered = sum(self._is_answered(key, value) for value in values)
            open_ = sum(self._is_open(key, value) for value in values)
            known = self._shares[key] = answered, answered + open_
        return known

    def _is_answered(self, key: str, value: str) -> bool:
        return (key, value) in self._pairs or value in self._names

    def _is_open(self, key: str, value: str) -> bool:
        known = self._is_answered(key, value) or value in self._used or is_placeholder(value)
        return not known and self.policies(key, value) < MANY


def _selectors(policy: NetworkPolicy) -> Iterator[LabelSelector]:
    for rule in policy.rules():
        for peer in rule.peers or ():
            if peer.namespace_selector is not None:
                yield peer.namespace_selector


def _requests(selector: LabelSelector) -> Iterator[tuple[str, str]]:
    for each in selector.requirements:
        if each.operator == "In":
            yield from ((each.key, value) for value in each.values)
