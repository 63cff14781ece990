"""The StatefulSets of a cluster by their names, and which pods each of them has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from k8snetlint.model.aspects import overlap
from k8snetlint.model.resource import Resource
from k8snetlint.model.values import mapping, number
from k8snetlint.model.workload import Workload

if TYPE_CHECKING:
    from k8snetlint.model.cluster import Cluster

_SCALERS = ("HorizontalPodAutoscaler", "ScaledObject", "VerticalPodAutoscaler")


def stateful_set(cluster: Cluster, name: str, namespace: str) -> Workload | None:
    """Return the StatefulSet of a name in a namespace, None if there is not exactly one."""
    answers = cluster.index.answers
    found: dict[tuple[str | None, str | None], list[Workload]] | None = answers.get("stateful sets")
    if found is None:
        found = answers["stateful sets"] = {}
        for each in cluster.known(Workload):
            if each.kind == "StatefulSet":
                found.setdefault((each.name, cluster.known_namespace_of(each)), []).append(each)
    sets = found.get((name, namespace), ())
    return sets[0] if len(sets) == 1 else None


def pod_numbers(cluster: Cluster, workload: Workload) -> range | None:
    """Return the numbers of the pods of a StatefulSet, None if they are not known: something may scale it."""
    touched = (each for patch in workload.patches for each in patch.touched)
    if cluster.definition_of is None or workload.origin is not None or _may_be_scaled(cluster, workload):
        return None
    if any(overlap(each, ("spec", "replicas")) or overlap(each, ("spec", "ordinals")) for each in touched):
        return None
    definition: Any = cluster.definition_of(workload)
    spec = mapping(mapping(definition).get("spec"))
    replicas = number(spec.get("replicas", 1))
    start = number(mapping(spec.get("ordinals")).get("start", 0))
    # Without any replica it is scaled later.
    return range(start, start + replicas) if replicas and start is not None else None


def _may_be_scaled(cluster: Cluster, workload: Workload) -> bool:
    """Tell whether there is an autoscaler in the namespace of a workload."""
    answers = cluster.index.answers
    scaled: set[str | None] | None = answers.get("scaled namespaces")
    if scaled is None:
        scalers = (each for each in cluster.known(Resource) if each.kind in _SCALERS)
        scaled = answers["scaled namespaces"] = {cluster.known_namespace_of(each) for each in scalers}
    return cluster.known_namespace_of(workload) in scaled
