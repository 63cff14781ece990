"""Which workloads read a ConfigMap: names in it are resolved in their namespace."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.evidence.config_maps import pod_spec, readings
from k8snetlint.model.workload import Workload

if TYPE_CHECKING:
    from k8snetlint.model.cluster import Cluster
    from k8snetlint.model.resource import Resource


def namespace_of_users(cluster: Cluster, config_map: Resource) -> str | None:
    """Return the namespace of the workloads of its folder that read a ConfigMap; None if there is not exactly one."""
    answers, key = cluster.index.answers, ("readers of ConfigMaps", config_map.folder)
    readers: dict[str, set[str | None]] | None = answers.get(key)
    if readers is None:
        readers = answers[key] = _readers(cluster, config_map.folder)
    namespaces = readers.get((config_map.origin or config_map).name or "", set())
    return next(iter(namespaces)) if len(namespaces) == 1 else None


def _readers(cluster: Cluster, folder: str) -> dict[str, set[str | None]]:
    """Return the namespaces of the workloads in a folder, by the names of the ConfigMaps that they read."""
    found: dict[str, set[str | None]] = {}
    for workload in _workloads_of(cluster).get(folder, ()):
        for each in readings(pod_spec(cluster, workload)):
            found.setdefault(each.name, set()).add(cluster.known_namespace_of(workload))
    return found


def _workloads_of(cluster: Cluster) -> dict[str, list[Workload]]:
    """Return the workloads of each folder."""
    answers = cluster.index.answers
    found: dict[str, list[Workload]] | None = answers.get("workloads of folders")
    if found is None:
        found = answers["workloads of folders"] = {}
        for each in cluster.known(Workload):
            found.setdefault(each.folder, []).append(each)
    return found
