"""Answers to questions about the whole of a scope."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar

if TYPE_CHECKING:
    from k8snetlint.evidence.suggestion import Suggestion
    from k8snetlint.model.asked import Counted

T = TypeVar("T")


class Match(NamedTuple, Generic[T]):
    """Something matches: all that does, judged or not."""

    found: T


class NoMatch(NamedTuple):
    """Nothing matches.

    Attributes:
        near: what was probably meant.
        of: the number of what was looked at.
        counted: what else is asked for under the same label, where nearly all of it is answered.
    """

    near: Suggestion | None
    of: int
    counted: Counted | None = None


class CannotKnow(NamedTuple):
    """Nothing here matches, but something that is not here may."""

    why: str
