"""What to write in a selector so that it matches the pods of an object: the labels that change it the least."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.model.selectors import LabelSelector
from k8snetlint.model.service import Service
from k8snetlint.model.workload import Workload

if TYPE_CHECKING:
    from collections.abc import Mapping

    from k8snetlint.model.cluster import Cluster
    from k8snetlint.model.resource import Resource


def least_labels(cluster: Cluster, owner: Resource, written: Mapping[str, str]) -> dict[str, str]:
    """Return the labels for a selector that is to match the pods of an object, empty if it requires more than labels.

    Labels that all its pods have stay, labels with another value get that of the pods, and of the labels by which the
    object itself selects its pods only so many are added that no other pods match.

    Args:
        cluster: the scope.
        owner: a workload or a Service.
        written: the labels that are in the selector.
    """
    own = _own_labels(owner)
    if not own:
        return {}
    index = cluster.index
    here = index.namespace_set_of(owner).workloads & index.seen
    wanted = _matching(cluster, own) & here
    values = {**owner.pod_labels, **own} if isinstance(owner, Workload) else own
    labels: dict[str, str] = {}
    for key, value in written.items():
        if not wanted & ~_matching(cluster, {key: value}):
            labels[key] = value
        elif key in values:
            labels[key] = values[key]
    for key, value in own.items():
        if labels and _matching(cluster, labels) & here == wanted:
            return labels
        labels[key] = value
    return labels if _matching(cluster, labels) & here == wanted else own


def _matching(cluster: Cluster, labels: Mapping[str, str]) -> int:
    return cluster.index.pod_labels.matching(LabelSelector({"matchLabels": {**labels}}))


def _own_labels(owner: Resource) -> dict[str, str]:
    """Return the labels by which an object selects its pods, empty if it requires more than labels."""
    match owner.origin or owner:
        case Service() as service:
            return dict(service.selector or {})
        case Workload() as workload if workload.selector and not workload.selector.match_expressions:
            return dict(workload.selector.match_labels or {})
        case _:
            return {}
