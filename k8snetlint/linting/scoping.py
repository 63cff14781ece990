"""What a run judges together."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from k8snetlint.linting.inventory import Definitions, text_of
from k8snetlint.linting.reading import read_context

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from k8snetlint.finding import Finding
    from k8snetlint.linting.reading import Files, Reading
    from k8snetlint.model.cluster import Cluster
    from k8snetlint.model.resource import Resource
    from k8snetlint.scope.scopes import Scopes
    from k8snetlint.source.document import Source


class Scoping:
    """The scopes of a reading; they are put together, and the context is read, when somebody asks first."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._failures: list[Finding] = []

    @functools.cached_property
    def _context(self) -> Files:
        return read_context(self._reading)

    @functools.cached_property
    def scopes(self) -> Scopes:
        """All that is judged together, and what is removed everywhere; nothing if we fail at it."""
        from k8snetlint.scope.scopes import Scopes  # noqa: PLC0415 - when there is an object

        try:
            return self._scopes()
        except Exception as error:  # noqa: BLE001 - our bug must not hide what is wrong with objects by themselves
            from k8snetlint.linting.failures import failure  # noqa: PLC0415 - only for a bug

            self._failures.append(failure(self._reading.files.resources[0].source.name, error))
            return Scopes([], [])

    def _scopes(self) -> Scopes:
        from k8snetlint.scope.scopes import Inventory, scopes_of  # noqa: PLC0415 - when there is an object

        reading, files = self._reading, self._reading.files
        patches = reading.builds.patch_files() if reading.builds else ()
        definitions = Definitions()
        inventory = Inventory(
            tuple(files.resources),
            tuple(self._context.resources),
            reading.builds,
            files.made,
            self._context.made,
            {**files.unread, **self._context.unread},
            frozenset(reading.sources),
            {path: text_of(reading.sources[path]) for path in patches if path in reading.sources},
            definitions.same,
            definitions.value,
        )
        return scopes_of(inventory, reading.config.environment_of)

    @property
    def clusters(self) -> Sequence[Cluster]:
        """All scopes; without an object there is no scope."""
        return self.scopes.clusters if self._reading.files.resources else ()

    @property
    def resources(self) -> Sequence[Resource]:
        """All objects that were read, those of the context as well."""
        return (*self._reading.files.resources, *self._context.resources)

    @property
    def definitions(self) -> Sequence[tuple[Resource, tuple[str, str]]]:
        """The CustomResourceDefinitions, with the group and the kind that each defines."""
        context = self._context.definitions if self._reading.context else ()
        return (*self._reading.files.definitions, *context)

    @property
    def failures(self) -> Sequence[Finding]:
        """Where we failed ourselves, in the context as well."""
        context = self._context.findings if "_context" in self.__dict__ else ()
        return (*self._failures, *(each for each in context if each.id == "internal-error"))

    @property
    def unusual(self) -> Mapping[Source, Sequence[int]]:
        """The documents that the fast parser cannot read, by file, of all that was read."""
        own = self._reading.files.unusual
        return {**own, **self._context.unusual} if "_context" in self.__dict__ else own

    @functools.cached_property
    def is_complete(self) -> bool:
        """Whether nothing may be in the cluster that no manifest shows."""
        return self._reading.config.whole_tree and not any(each.doubts for each in self.clusters)
