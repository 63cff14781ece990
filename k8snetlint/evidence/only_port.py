"""The one port that pods declare, where it is evidently the one that they serve."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from k8snetlint.model.cluster import Cluster
    from k8snetlint.model.members import Pods
    from k8snetlint.model.workload import ContainerPort, Workload

_SIDE_PORTS = ("metric", "prom", "health", "probe", "admin", "debug", "jmx", "monitor", "exporter", "status")
"""Names of ports that pods often declare although they do not declare the one that they serve."""


def only_port(cluster: Cluster, pods: Pods) -> ContainerPort | None:
    """Return the port that all of these pods declare, if each has one container with this one port."""
    answers, key = cluster.index.answers, (only_port, pods.bits)
    if key not in answers:
        answers[key] = _only_port(pods)
    found: ContainerPort | None = answers[key]
    return found


def _only_port(pods: Pods) -> ContainerPort | None:
    found: ContainerPort | None = None
    for each in pods:
        port = _of_only_container(each)
        if port is None or (found and (port.container_port, port.protocol) != (found.container_port, found.protocol)):
            return None
        found = found or port
    return found


def _of_only_container(workload: Workload) -> ContainerPort | None:
    running = [each for each in workload.containers if not each.init or each.sidecar]
    ports = running[0].ports if len(running) == 1 else ()
    if len(ports) != 1 or any(word in (ports[0].name or "") for word in _SIDE_PORTS):
        return None
    return ports[0]
