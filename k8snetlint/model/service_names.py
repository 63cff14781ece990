"""The Services of a scope by their names, whether they have a selector or not."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from k8snetlint.model.aspects import NAME
from k8snetlint.model.bitsets import Sets, bits_of
from k8snetlint.model.members import Members
from k8snetlint.model.resource import Resource
from k8snetlint.model.service import Service
from k8snetlint.model.spelling import Spellings
from k8snetlint.source.templates import is_placeholder

if TYPE_CHECKING:
    from k8snetlint.model.scope_resources import ScopeResources


class ServiceNames:
    """The Services of a scope; the n-th of them is bit n of a set.

    Attributes:
        members: those that are known, and those of variants within the scope.
        seen: the set of those that are known.
        plain: the set of those whose name and namespace are known.
    """

    def __init__(self, scope: ScopeResources) -> None:
        self._scope = scope
        inner = [each for each in scope.inner if isinstance(each, Service)]
        self.members: Members[Service] = Members(scope, (*scope.known(Service), *inner))
        self.seen = self.members.everything & ~bits_of(map(self._position, inner))
        every = enumerate(self.members.every)
        self.plain = bits_of(position for position, each in every if each.knows(NAME))
        self._spellings: dict[int, Spellings] = {}

    def _position(self, service: Service) -> int:
        return self.members.bit_of(service).bit_length() - 1

    @cached_property
    def by_name(self) -> Sets[str]:
        """The sets of the Services that a reference by a name may mean.

        Kustomizations that rename a Service rename what refers to it, whichever of its names that uses.
        """
        found: Sets[str] = Sets()
        for position, each in enumerate(self.members.every):
            for name in _names_of(each):
                found.add(name, position)
        return found

    @cached_property
    def unreadable(self) -> dict[str, Resource]:
        """The Services that cannot be read, by their names."""
        others = (each for each in self._scope.known(Resource) if (each.group, each.kind) == ("", "Service"))
        return {each.name or "": each for each in others}

    @cached_property
    def unnamed(self) -> int:
        """The set of the Services whose names are placeholders."""
        every = enumerate(self.members.every)
        return bits_of(position for position, each in every if is_placeholder(each.name or ""))

    def similar(self, name: str, among: int) -> list[str]:
        """Return the names, as written, of a set of Services of which a name may be a misspelling."""
        spellings = self._spellings.get(among)
        if spellings is None:
            names = dict.fromkeys((each.origin or each).name or "" for each in self.members.of(among))
            spellings = self._spellings[among] = Spellings(names)
        return spellings.near(name)


def _names_of(service: Service) -> set[str]:
    """Return the name of a Service, the one that is written, and all that kustomizations may give it in between."""
    name = service.name or ""
    written = (service.origin.name if service.origin else None) or name
    if not written or written not in name:
        return {name, written}
    prefix, _, suffix = name.partition(written)
    prefixes = {prefix[start:] for start in range(len(prefix) + 1)}
    return {f"{begin}{written}{end}" for begin in prefixes for end in ("", suffix)}
