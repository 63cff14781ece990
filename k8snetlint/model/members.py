"""The resources of one scope in a row, and sets of them: the n-th one is bit n."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Generic, TypeVar

from k8snetlint.model.bitsets import bits_of, first, positions, sets_by

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from k8snetlint.model.bitsets import Sets
    from k8snetlint.model.resource import Resource
    from k8snetlint.model.scope_resources import ScopeResources
    from k8snetlint.model.workload import Workload
    from k8snetlint.source.document import Source

R = TypeVar("R", bound="Resource")


class Members(Generic[R]):
    """Resources by their namespaces, those whose namespace is open last, and sets of them by what they have in common.

    Attributes:
        every: the resources.
        everything: the set of all of them.
        by_namespace: sets by namespace, None for what may go to any.
    """

    def __init__(self, scope: ScopeResources, resources: Iterable[R]) -> None:
        self._scope = scope
        grouped: dict[str | None, list[R]] = {}
        for each in resources:
            grouped.setdefault(scope.known_namespace_of(each), []).append(each)
        open_ = grouped.pop(None, [])
        if open_:
            grouped[None] = open_
        self.every: tuple[R, ...] = tuple(each for group in grouped.values() for each in group)
        self.everything = (1 << len(self.every)) - 1
        self.by_namespace: dict[str | None, int] = {}
        self._applications: dict[tuple[str, bool], int] = {}
        at = 0
        for namespace, group in grouped.items():
            self.by_namespace[namespace] = ((1 << len(group)) - 1) << at
            at += len(group)

    def of(self, bits: int) -> Iterator[R]:
        """Yield the resources of a set."""
        return (self.every[position] for position in positions(bits))

    def first(self, bits: int) -> R:
        """Return the first resource of a set that is not empty."""
        return self.every[first(bits)]

    def within(self, namespaces: Iterable[str]) -> int:
        """Return what may be in one of these namespaces."""
        bits = self.by_namespace.get(None, 0)
        for namespace in namespaces:
            bits |= self.by_namespace.get(namespace, 0)
        return bits

    def same_application(self, subject: Resource, *, named: bool) -> int:
        """Return what evidently belongs to the application of a resource, if it may be in the same namespace.

        Files that name no namespace may go to several ones: only what is in one folder belongs together.

        Args:
            subject: the resource.
            named: its namespace, or that of the pods that it selects, is written.
        """
        key = subject.folder, named
        known = self._applications.get(key)
        if known is None:
            known = self.everything
            if not (self._scope.environment.namespace or self._scope.applied_together):
                known = (self._written if named else 0) | self._context | self.by_folder[subject.folder]
            self._applications[key] = known
        return known

    @cached_property
    def _written(self) -> int:
        """What names its namespace."""
        return self._where(bool(each.namespace) for each in self.every)

    @cached_property
    def _context(self) -> int:
        context = self._scope.context
        return self._where(each in context for each in self.every) if context else 0

    @cached_property
    def by_folder(self) -> Sets[str]:
        """Sets by the folders of their files."""
        return sets_by(each.folder for each in self.every)

    @cached_property
    def by_source(self) -> Sets[Source]:
        """Sets by their files."""
        return sets_by(each.source for each in self.every)

    @cached_property
    def by_name(self) -> Sets[str | None]:
        """Sets by their names."""
        return sets_by(each.name for each in self.every)

    def _where(self, flags: Iterable[bool]) -> int:
        return bits_of(position for position, flag in enumerate(flags) if flag)

    def bit_of(self, resource: Resource) -> int:
        """Return the set of one resource, empty if it is not one of these."""
        return self._bits.get(resource, 0)

    @cached_property
    def _bits(self) -> dict[Resource, int]:
        return {each: 1 << position for position, each in enumerate(self.every)}


class Pods:
    """The pods of some workloads of one scope, those workloads in a row."""

    __slots__ = ("_workloads", "bits")

    def __init__(self, workloads: Members[Workload], bits: int) -> None:
        self._workloads = workloads
        self.bits = bits
        """The set of the workloads."""

    def __iter__(self) -> Iterator[Workload]:
        return self._workloads.of(self.bits)

    def __len__(self) -> int:
        return self.bits.bit_count()

    def __bool__(self) -> bool:
        return bool(self.bits)

    @property
    def first(self) -> Workload:
        """The first workload; there must be one."""
        return self._workloads.first(self.bits)

    def among(self, bits: int) -> Pods:
        """Return those that are in a set as well."""
        return Pods(self._workloads, self.bits & bits)
