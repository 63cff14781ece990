"""Whom a patch is meant for. Where that cannot be told, it may be meant for anybody.

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
"""Expressions that mean the same in RE2 and here: without repeated groups."""
_MOST = {"[*+]": 2, r"\(": 2, r"\|": 20}
"""How often a sign may stand in an expression: what is matched in several ways takes its time here, not in RE2."""
_LONGEST_NAME = 100
_PAIR = re.compile(r"\s*([\w./-]+)\s*(==?|!=)\s*([\w.-]*)\s*")

Wanted = str | re.Pattern[str] | None
"""A text, an expression for it, or None for any."""


class Target(NamedTuple):
    """Whom a patch is meant for; kind, name, group, version, namespace are None where any will do.

    Attributes:
        labels: what an object has to carry, and what it must not; None for a selector that is not understood.
        sure: whether all that is asked for is known here; the labels that an object has on its way are not.
    """

    kind: Wanted = None
    name: Wanted = None
    group: Wanted = None
    version: Wanted = None
    namespace: Wanted = None
    labels: tuple[tuple[str, str, str], ...] = ()
    sure: bool = True

    def fits(self, resource: Resource, names: Collection[str], added: Container[str] = ()) -> bool:
        """Tell whether an object may be meant.

        Args:
            resource: the object as it leaves all kustomizations.
            names: all names that it has on its way.
            added: the keys of the labels that are put on it on its way: nobody knows what they are at this patch.
        """
        written = resource.origin or resource
        return (
            _is(self.kind, resource.kind)
            and _is(self.group, resource.group)
            and _is(self.version, resource.version)
            and any(_is(self.name, name) for name in names)
            and any(_is(self.namespace, each.namespace or "default") for each in (written, resource))
            and _carries([each for each in self.labels if each[0] not in added], written)
        )

    def surely_fits(self, resource: Resource) -> bool:
        """Tell whether an object that fits is meant, whatever inner kustomizations make of it before."""
        written = resource.origin or resource
        namespaces = {each.namespace or "default" for each in (written, resource)}
        return (
            self.sure and _is(self.name, written.name or "") and all(_is(self.namespace, each) for each in namespaces)
        )


def target_of_object(value: Mapping[str, object]) -> Target:
    """Return the one that a strategic-merge patch names by its own kind and name."""
    group, _, _ = (text(value.get("apiVersion")) or "").rpartition("/")
    return Target(text(value.get("kind")), text(mapping(value.get("metadata")).get("name")), group)


def target_of_selector(value: Mapping[str, object]) -> Target:
    """Return those that a target selects; its texts are expressions, which have to match as a whole."""
    wanted = {each: _wanted(text(value.get(each)) or "") for each in ("kind", "name", "group", "version", "namespace")}
    unread = any(wanted[each] is None and value.get(each) for each in wanted)
    selector = text(value.get("labelSelector")) or ""
    labels = tuple(_pairs(selector)) if selector else ()
    sure = not (unread or selector or value.get("annotationSelector"))
    return Target(**wanted, labels=labels, sure=sure)


def _wanted(expression: str) -> Wanted:
    if _LITERAL.fullmatch(expression):
        return expression
    if not _SAFE.fullmatch(expression) or any(len(re.findall(sign, expression)) > most for sign, most in _MOST.items()):
        return None
    try:
        return re.compile(expression)
    except re.error:
        return None


def _is(wanted: Wanted, found: str) -> bool:
    if wanted is None or len(found) > _LONGEST_NAME:
        return True
    return wanted == found if isinstance(wanted, str) else wanted.fullmatch(found) is not None


def _pairs(selector: str) -> Iterator[tuple[str, str, str]]:
    """Yield key, operator and value of each requirement, nothing if not all of them are understood."""
    found = [_PAIR.fullmatch(each) for each in selector.split(",")]
    if all(found):
        yield from ((each[1], each[2], each[3]) for each in found if each)


def _carries(wanted: Iterable[tuple[str, str, str]], resource: Resource) -> bool:
    labels: Mapping[str, str] | None = getattr(resource, "labels", None)
    if labels is None:
        return True
    return all((labels.get(key) == value) is (operator != "!=") for key, operator, value in wanted)
