"""Whether the definition of a workload has names that its pods must resolve."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from k8snetlint.evidence.dns_clients import cluster_name_of
from k8snetlint.model.values import items, mapping
from k8snetlint.source.templates import is_placeholder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.model.cluster import Cluster
    from k8snetlint.model.workload import Workload

_HOST = re.compile(r"(?:[a-z][a-z0-9+.-]*://(?:[^/@\s]*@)?([a-z0-9.-]+)|\b([a-z0-9-]+(?:\.[a-z0-9-]+)+\.svc)\b)")
_NO_NAME = re.compile(r"[0-9.]*|localhost")


_READ = 20
"""So many definitions are read, to find other host names."""


def client_of_names(cluster: Cluster, workloads: list[Workload]) -> tuple[Workload, str] | None:
    """Return a workload whose containers use a host name, and the name; those of Services come first."""
    for each in workloads:
        use = cluster_name_of(cluster, each)
        if use is not None:
            return each, use.host
    names = ((each, _name_in(cluster, each)) for each in workloads[:_READ])
    return next(((each, name) for each, name in names if name), None)


def _name_in(cluster: Cluster, workload: Workload) -> str:
    """Return a host name in the arguments or environment of a workload's containers, empty without one."""
    if cluster.definition_of is None:
        return ""
    template: Any = cluster.definition_of(workload)
    for step in workload.template:
        template = mapping(mapping(template).get(step))
    for text in _texts(mapping(mapping(template).get("spec"))):
        for each in _HOST.finditer(text):
            host = each[1] or each[2]
            if not _NO_NAME.fullmatch(host) and not is_placeholder(text):
                return host
    return ""


def _texts(spec: dict[str, object]) -> Iterator[str]:
    for container in map(mapping, (*items(spec.get("containers")), *items(spec.get("initContainers")))):
        for each in (*items(container.get("command")), *items(container.get("args"))):
            yield str(each)
        for each in map(mapping, items(container.get("env"))):
            yield str(each.get("value") or "")
