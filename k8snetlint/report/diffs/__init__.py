"""How two states of a cluster differ, in the formats that people and machines read."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from k8snetlint.connectivity.comparison import Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from k8snetlint.connectivity.comparison import Comparison
    from k8snetlint.finding import Related
    from k8snetlint.source.document import Place


class ScopeDiff(NamedTuple):
    """The comparison of one scope.

    Attributes:
        name: of the scope, empty for the only one.
        comparison: what differs.
        taken_before, taken_now: what is taken for granted in each state.
    """

    name: str
    comparison: Comparison
    taken_before: tuple[str, ...]
    taken_now: tuple[str, ...]


class StateDiff(NamedTuple):
    """All that differs between two states.

    Attributes:
        old, new: what users call the states.
        scopes: the comparisons.
        locate: returns where a place is, with what is said about it.
    """

    old: str
    new: str
    scopes: tuple[ScopeDiff, ...]
    locate: Callable[[Place, str], Related]

    @property
    def widened(self) -> bool:
        """Whether anything is open that was not."""
        return any(each.comparison.widened for each in self.scopes)

    @property
    def is_empty(self) -> bool:
        """Whether nothing differs."""
        return all(each.comparison.is_empty for each in self.scopes)

    def counts(self) -> Iterator[tuple[str, int]]:
        """Yield how much differs: the kinds of changes, then workloads of one state."""
        comparisons = [each.comparison for each in self.scopes]
        for kind in Kind:
            yield kind.value, sum(change.kind is kind for each in comparisons for change in each.changes)
        yield "added", sum(len(each.added) for each in comparisons)
        yield "removed", sum(len(each.removed) for each in comparisons)
