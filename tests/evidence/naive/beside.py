"""What stands in all scopes of a run: each scope may ask whether the others hold what it lacks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.model.namespace import Namespace
from k8snetlint.model.workload import Workload

if TYPE_CHECKING:
    from collections.abc import Iterable

    from k8snetlint.model.resource import Resource

Pair = tuple[str, str]
"""A label's key and value."""


class AllResources:
    """The workloads and namespaces of a whole run, in the order of the text.

    Slots:
        workloads, namespaces: as written, unchanged by kustomizations.
    """

    __slots__ = ("_by_label", "namespaces", "workloads")

    def __init__(self, resources: Iterable[Resource] = ()) -> None:
        self.workloads: list[Workload] = []
        self.namespaces: list[Namespace] = []
        for each in resources:
            if isinstance(each, Workload):
                self.workloads.append(each)
            elif isinstance(each, Namespace):
                self.namespaces.append(each)
        self._by_label: dict[Pair, list[Workload]] | None = None

    def carriers(self, pair: Pair | None) -> list[Workload]:
        """Return the workloads whose pods carry a label, all for None."""
        if pair is None:
            return self.workloads
        if self._by_label is None:
            self._by_label = by_label(self.workloads)
        return self._by_label.get(pair, [])


def by_label(workloads: Iterable[Workload]) -> dict[Pair, list[Workload]]:
    """Return workloads by the labels of their pods."""
    found: dict[Pair, list[Workload]] = {}
    for each in workloads:
        for pair in each.pod_labels.items():
            found.setdefault(pair, []).append(each)
    return found
