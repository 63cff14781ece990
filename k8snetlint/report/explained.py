"""Answers about connections between two peers, as `explain` shows them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from k8snetlint.connectivity.answers import Answer
    from k8snetlint.connectivity.assumptions import Assumptions


class Explained(NamedTuple):
    """The answers for one scope.

    Attributes:
        scope: its name, empty for the tree of all files.
        assumptions: what the answers rest on.
        notes: how the destination was found, and which policies have no effect, as sentences without a period.
        answers: at least one.
    """

    scope: str
    assumptions: Assumptions
    notes: tuple[str, ...]
    answers: tuple[Answer, ...]


class Expectation(NamedTuple):
    """What was expected of a connection, and whether it is so in every possible cluster."""

    word: str
    is_met: bool
