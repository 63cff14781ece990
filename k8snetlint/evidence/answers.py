"""Answers to questions about the whole of a scope."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar

if TYPE_CHECKING:
    from k8snetlint.evidence.suggestion import Suggestion
    from k8snetlint.model.namespace_requests import AnsweredShare

T = TypeVar("T")


class Match(NamedTuple, Generic[T]):
    """Something matches: everything that does, judged or not."""

    found: T


class NoMatch(NamedTuple):
    """Nothing matches.

    Attributes:
        near: what to write instead.
        of: how many objects were considered.
        counted: the other values that are requested for the same label, where nearly all of them match.
    """

    near: Suggestion | None
    of: int
    counted: AnsweredShare | None = None


class CannotKnow(NamedTuple):
    """Nothing matches, but something that is not among the manifests may."""

    why: str
