"""Which pods of Jobs a Service selects beside those of an application."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.evidence.answers import Match
from k8snetlint.evidence.pods import pods
from k8snetlint.evidence.ports import belong_together
from k8snetlint.model.aspects import PORTS, SELECTORS

if TYPE_CHECKING:
    from k8snetlint.model.cluster import Cluster
    from k8snetlint.model.index import Index
    from k8snetlint.model.members import Pods
    from k8snetlint.model.service import Service


def job_pods(cluster: Cluster, service: Service) -> tuple[Pods, Pods] | None:
    """Return the Jobs whose pods are endpoints of a Service, and the application that it is for; None without both."""
    if not service.selector or service.type == "ExternalName" or not service.knows(SELECTORS, PORTS):
        return None
    answer, index = pods(cluster, service), cluster.index
    if not isinstance(answer, Match) or not answer.found.bits & index.jobs:
        return None
    if not any(isinstance(port.effective_target_port, int) for port in service.ports):
        return None
    workloads = answer.found.among(index.plain)
    jobs, application = workloads.among(index.jobs & ~_serving(service, index)), workloads.among(index.lasting)
    if not jobs or not application or not belong_together(cluster, service, workloads):
        return None
    return jobs, application


def _serving(service: Service, index: Index) -> int:
    """Return which workloads declare a port that the Service sends to."""
    found = 0
    for port in service.ports:
        target = port.effective_target_port
        found |= index.declarations.declaring(target, port.protocol) if target else 0
    return found
