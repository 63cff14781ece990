"""Answers to questions about the whole of a scope, and what to write instead of a selector that matches nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar

if TYPE_CHECKING:
    from k8snetlint.model.namespace_requests import AnsweredShare
    from k8snetlint.model.resource import Resource
    from k8snetlint.source.document import Place

T = TypeVar("T")

MISSPELT, OTHER_KEY, OBJECT_NAME, NAMESPACE_NAME = ("misspelt", "other-key", "object-name", "namespace-name")
OBJECT_LABELS, OTHER_NAMESPACE = ("object-labels", "other-namespace")
MISSING_LABEL, UNUSED_KEY, DIFFERENT_PODS = ("missing-label", "unused-key", "different-pods")
"""Kinds of suggestions."""


class Suggestion(NamedTuple):
    """What to write instead of a selector, or of one label of it.

    Attributes:
        kind: one of the kinds above.
        key, value: the label of the selector that matches nothing; empty if the whole selector is wrong.
        replacement: what to write instead: a value, or `key: value`, or a namespace; empty if it cannot be written so.
        label: what the near object has, for a note at its place.
        near: the object that nearly matches.
        place: where its label is written, or its name.
    """

    kind: str
    key: str
    value: str
    replacement: str
    label: str
    near: Resource | None
    place: Place | None


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
