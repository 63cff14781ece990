"""What is written, but not known: a patch or a placeholder changes it before it is applied."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from k8snetlint.model.aspects import EVERYTHING, aspects_of
from k8snetlint.source.paths import value_at
from k8snetlint.source.templates import is_placeholder

if TYPE_CHECKING:
    from k8snetlint.finding import Problem
    from k8snetlint.model.resource import Resource
    from k8snetlint.source.document import Place


def without_unsure_fix(problem: Problem, owner: Resource) -> Problem:
    """Return a problem of an object, without its fix if that changes what a patch changes as well."""
    if problem.fix is None or not owner.patched:
        return problem
    unsure = any(_is_patched(change.at, owner) for change in problem.fix.changes)
    return problem.without_fix() if unsure else problem


def _is_patched(place: Place, owner: Resource) -> bool:
    touched = tuple("*" if isinstance(step, int) else step for step in place.path)
    return EVERYTHING in owner.patched or not owner.patched.isdisjoint(aspects_of(touched, owner.kind))


def has_placeholder(value: Any, place: Place) -> bool:
    """Tell whether a placeholder stands at a place of an object, as its key or as its value."""
    written = place.path[-1] if place.key and place.path else value_at(value, place.path)
    return isinstance(written, str) and is_placeholder(written)
