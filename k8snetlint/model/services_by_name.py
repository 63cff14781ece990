"""The Services of many resources by their names and namespaces, and which names are similar."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from k8snetlint.model.spelling import Spellings, is_short_typo, typo_distance
from k8snetlint.source.templates import is_placeholder

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from k8snetlint.model.resource import Resource

_NONE: dict[str | None, list[Resource]] = {}


class ServicesByName:
    """Services by their names.

    Attributes:
        by_name: the Services by their names and namespaces; the namespace is None where it is open.
    """

    def __init__(self, services: Iterable[tuple[Resource, str | None]]) -> None:
        self.by_name: dict[str, dict[str | None, list[Resource]]] = {}
        for service, namespace in services:
            space = None if namespace and is_placeholder(namespace) else namespace
            self.by_name.setdefault(service.name or "", {}).setdefault(space, []).append(service)
        self._spellings: dict[tuple[str, str | None], Spellings] = {}

    def named(self, name: str, namespace: str | None) -> list[Resource]:
        """Return the Services of a name in a namespace; None is the one that nobody has written."""
        return self.by_name.get(name, _NONE).get(namespace, [])

    def every(self) -> Iterator[tuple[str | None, Resource]]:
        """Yield all Services with their namespaces."""
        for namespaces in self.by_name.values():
            for space, services in namespaces.items():
                yield from ((space, each) for each in services)

    def namespaces_of(self, name: str) -> Iterator[str]:
        """Yield the namespaces that are known to have a Service of a name."""
        return (each for each in self.by_name.get(name, _NONE) if each is not None)

    @cached_property
    def by_namespace(self) -> dict[str | None, list[str]]:
        """The names of the Services of each namespace."""
        found: dict[str | None, list[str]] = {}
        for name, namespaces in self.by_name.items():
            for namespace in namespaces:
                found.setdefault(namespace, []).append(name)
        return found

    @cached_property
    def has_placeholder(self) -> bool:
        """Whether the name of a Service is a placeholder."""
        return any(map(is_placeholder, self.by_name))

    def similar(self, name: str, namespace: str | None) -> Iterator[tuple[int, str]]:
        """Yield the Services of a namespace of which a name may be a typo, with the number of letters that differ."""
        if namespace in self.by_namespace:
            yield from self._near(name, ("Services", namespace), self.by_namespace[namespace])

    def similar_short(self, name: str, namespace: str | None) -> Iterator[tuple[int, str]]:
        """Yield the Services with short names of which a name may be a typo, as `similar`."""
        if namespace in self.by_namespace:
            spellings = self._spellings_of(("Services", namespace), self.by_namespace[namespace])
            yield from ((1, each) for each in spellings.near(name, 1) if is_short_typo(name, each))

    def similar_namespaces(self, name: str, namespace: str) -> Iterator[tuple[int, str]]:
        """Yield the namespaces with a Service of a name of which a namespace may be a typo, as `similar`."""
        if name in self.by_name:
            yield from self._near(namespace, ("namespaces", name), self.namespaces_of(name))

    def _near(self, word: str, key: tuple[str, str | None], words: Iterable[str]) -> Iterator[tuple[int, str]]:
        for each in self._spellings_of(key, words).near(word):
            letters = typo_distance(word, each)
            if letters is not None:
                yield letters, each

    def _spellings_of(self, key: tuple[str, str | None], words: Iterable[str]) -> Spellings:
        spellings = self._spellings.get(key)
        if spellings is None:
            spellings = self._spellings[key] = Spellings(words)
        return spellings


def nearest(found: Iterable[tuple[int, str]]) -> str | None:
    """Return the word of which the fewest letters differ, None without exactly one."""
    ordered = sorted(set(found))
    if not ordered or (len(ordered) > 1 and ordered[0][0] == ordered[1][0]):
        return None
    return ordered[0][1]
