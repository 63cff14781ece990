"""What stands in all scopes of a run: each scope may ask whether the others hold what it lacks."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from k8snetlint.model.bitsets import Sets, bits_of
from k8snetlint.model.cluster import labels_of
from k8snetlint.model.labels import LabelIndex
from k8snetlint.model.namespace import Namespace, is_plain
from k8snetlint.model.networkpolicy import NetworkPolicy
from k8snetlint.model.tables.controllers import ADDED_LABELS
from k8snetlint.model.workload import Workload

if TYPE_CHECKING:
    from collections.abc import Iterable

    from k8snetlint.model.asked import AskedNamespaces
    from k8snetlint.model.resource import Resource
    from k8snetlint.source.document import Source
    from k8snetlint.source.paths import FieldPath


class Beside:
    """The workloads and namespaces of a whole run, in the order of the text; the n-th is bit n of a set.

    Attributes:
        workloads, namespaces: as written, unchanged by kustomizations.
    """

    def __init__(self, resources: Iterable[Resource] = ()) -> None:
        self._resources = tuple(resources)
        self.workloads = [each for each in self._resources if isinstance(each, Workload)]
        self.namespaces = [each for each in self._resources if isinstance(each, Namespace)]

    @cached_property
    def pod_labels(self) -> LabelIndex:
        """The labels of the pods."""
        return LabelIndex((each.pod_labels for each in self.workloads), ADDED_LABELS)

    @cached_property
    def namespace_labels(self) -> LabelIndex:
        """The labels of the namespaces."""
        return LabelIndex(labels_of(each.name or "", each) for each in self.namespaces)

    @cached_property
    def namespace_names(self) -> Sets[str | None]:
        """The sets of the namespaces by their names."""
        found: Sets[str | None] = Sets()
        for position, each in enumerate(self.namespaces):
            found.add(each.name, position)
        return found

    @cached_property
    def plain_namespaces(self) -> int:
        """The set of the namespaces whose name and labels are those that are written."""
        return bits_of(position for position, each in enumerate(self.namespaces) if is_plain(each))

    @cached_property
    def asked(self) -> AskedNamespaces:
        """The labels by which policies ask for namespaces."""
        from k8snetlint.model.asked import AskedNamespaces  # noqa: PLC0415 - only where nothing matches

        policies = (each for each in self._resources if isinstance(each, NetworkPolicy))
        names = {each.name for each in self.namespaces if is_plain(each)}
        used = {each.namespace for each in self._resources}
        return AskedNamespaces(policies, self.namespace_labels.pairs, names, used)

    @cached_property
    def _positions(self) -> tuple[dict[tuple[Source, int, FieldPath], int], ...]:
        return tuple(
            {(each.source, each.document, each.root): position for position, each in enumerate(every)}
            for every in (self.workloads, self.namespaces)
        )

    def owned(self, resources: Iterable[Resource]) -> tuple[int, int]:
        """Return which workloads, and which namespaces, are among these resources, as written or as changed."""
        found: tuple[list[int], list[int]] = ([], [])
        for each in resources:
            if isinstance(each, Workload | Namespace):
                kind = 0 if isinstance(each, Workload) else 1
                position = self._positions[kind].get((each.source, each.document, each.root))
                if position is not None:
                    found[kind].append(position)
        return bits_of(found[0]), bits_of(found[1])
