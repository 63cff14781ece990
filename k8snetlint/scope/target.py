"""Which objects a patch targets. A target that we cannot read may be any object.

Source: https://github.com/kubernetes-sigs/kustomize/blob/master/api/types/selector.go
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from k8snetlint.model.values import mapping, text

if TYPE_CHECKING:
    from collections.abc import Collection, Container, Iterable, Iterator, Mapping

    from k8snetlint.model.resource import Resource

_LITERAL = re.compile(r"[A-Za-z0-9_-]+")
_SAFE = re.compile(r"\^?(?:[A-Za-z0-9_-]|\\\.|(?:\.|\[\^?[A-Za-z0-9_.-]+\])[*+?]?|[|()])+\$?")
"""Regular expressions that mean the same in Go and in Python: no repeated groups."""
_MAX_COUNTS = {"[*+]": 2, r"\(": 2, r"\|": 20}
"""How often an operator may occur in an expression: Python backtracks, unlike Go's RE2."""
_LONGEST_NAME = 100
_REQUIREMENT = re.compile(r"\s*([\w./-]+)\s*(==?|!=)\s*([\w.-]*)\s*")

TextPattern = str | re.Pattern[str] | None
"""A string, a regular expression, or None for any."""


class Target(NamedTuple):
    """The objects that a patch targets; a kind, name, group, version or namespace of None means any.

    Attributes:
        labels: key, operator and value of each label requirement; empty if the selector is not understood.
        is_exact: whether the other fields say all: false with a label or annotation selector, or an unread pattern.
    """

    kind: TextPattern = None
    name: TextPattern = None
    group: TextPattern = None
    version: TextPattern = None
    namespace: TextPattern = None
    labels: tuple[tuple[str, str, str], ...] = ()
    is_exact: bool = True

    def may_match(self, resource: Resource, names: Collection[str], added_keys: Container[str] = ()) -> bool:
        """Tell whether an object may be a target.

        Args:
            resource: the object after all kustomizations.
            names: all names that it has between the first and the last kustomization.
            added_keys: the keys of labels that kustomizations add: their values at this patch are not known.
        """
        written = resource.origin or resource
        return (
            _may_equal(self.kind, resource.kind)
            and _may_equal(self.group, resource.group)
            and _may_equal(self.version, resource.version)
            and any(_may_equal(self.name, name) for name in names)
            and any(_may_equal(self.namespace, each.namespace or "default") for each in (written, resource))
            and _may_have([each for each in self.labels if each[0] not in added_keys], written)
        )

    def surely_matches(self, resource: Resource) -> bool:
        """Tell whether an object that may match is a target for certain, whatever inner kustomizations change."""
        written = resource.origin or resource
        namespaces = {each.namespace or "default" for each in (written, resource)}
        is_named = _may_equal(self.name, written.name or "")
        return self.is_exact and is_named and all(_may_equal(self.namespace, each) for each in namespaces)


def target_of_object(value: Mapping[str, object]) -> Target:
    """Return the target of a strategic-merge patch: the object of its own kind and name."""
    group, _, _ = (text(value.get("apiVersion")) or "").rpartition("/")
    return Target(text(value.get("kind")), text(mapping(value.get("metadata")).get("name")), group)


def target_of_selector(value: Mapping[str, object]) -> Target:
    """Return the target that a selector describes; its strings are regular expressions for the whole value."""
    fields = ("kind", "name", "group", "version", "namespace")
    patterns = {field: _pattern(text(value.get(field)) or "") for field in fields}
    has_unread = any(patterns[field] is None and value.get(field) for field in fields)
    selector = text(value.get("labelSelector")) or ""
    labels = tuple(_requirements_of(selector)) if selector else ()
    is_exact = not (has_unread or selector or value.get("annotationSelector"))
    return Target(**patterns, labels=labels, is_exact=is_exact)


def _pattern(expression: str) -> TextPattern:
    if _LITERAL.fullmatch(expression):
        return expression
    too_many = any(len(re.findall(sign, expression)) > count for sign, count in _MAX_COUNTS.items())
    if too_many or not _SAFE.fullmatch(expression):
        return None
    try:
        return re.compile(expression)
    except re.error:
        return None


def _may_equal(pattern: TextPattern, value: str) -> bool:
    if pattern is None or len(value) > _LONGEST_NAME:
        return True
    return pattern == value if isinstance(pattern, str) else pattern.fullmatch(value) is not None


def _requirements_of(selector: str) -> Iterator[tuple[str, str, str]]:
    """Yield key, operator and value of each requirement; nothing if one of them is not understood."""
    matches = [_REQUIREMENT.fullmatch(each) for each in selector.split(",")]
    if all(matches):
        yield from ((each[1], each[2], each[3]) for each in matches if each)


def _may_have(requirements: Iterable[tuple[str, str, str]], resource: Resource) -> bool:
    labels: Mapping[str, str] | None = getattr(resource, "labels", None)
    if labels is None:
        return True
    return all((labels.get(key) == value) is (operator != "!=") for key, operator, value in requirements)
