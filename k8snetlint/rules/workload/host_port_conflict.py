"""Two DaemonSets use the same port of every node.

A `hostPort`, and each port of a pod with `hostNetwork: true`, is a port of the node. The scheduler puts only one pod with
a host port on a node. A DaemonSet runs a pod on each node, so of two DaemonSets with the same host port, one has no
running pods: they stay Pending, in whatever namespace.

It is reported only if both are in one file or one kustomization, and neither limits its nodes by `nodeSelector` or
`affinity`. Two containers of one pod cannot share a host port either: the API server rejects that.

Source: https://kubernetes.io/docs/concepts/configuration/overview/#services

```yaml bad
apiVersion: apps/v1
kind: DaemonSet
metadata:
  name: node-exporter
spec:
  selector:
    matchLabels: {app: node-exporter}
  template:
    metadata:
      labels: {app: node-exporter}
    spec:
      hostNetwork: true
      containers:
      - name: exporter
        image: example.com/exporter:1
        ports:
        - containerPort: 9100
---
apiVersion: apps/v1
kind: DaemonSet
metadata:
  name: agent
spec:
  selector:
    matchLabels: {app: agent}
  template:
    metadata:
      labels: {app: agent}
    spec:
      containers:
      - name: agent
        image: example.com/agent:1
        ports:
        - containerPort: 8080
          hostPort: 9100  # finding: DaemonSet node-exporter uses port 9100 of every node too, so only one of the two can run
```

```yaml good
apiVersion: apps/v1
kind: DaemonSet
metadata:
  name: agent-linux
spec:
  selector:
    matchLabels: {app: agent-linux}
  template:
    metadata:
      labels: {app: agent-linux}
    spec:
      nodeSelector: {kubernetes.io/os: linux}
      containers:
      - name: agent
        image: example.com/agent:1
        ports:
        - containerPort: 8080
          hostPort: 9100
---
apiVersion: apps/v1
kind: DaemonSet
metadata:
  name: agent-windows
spec:
  selector:
    matchLabels: {app: agent-windows}
  template:
    metadata:
      labels: {app: agent-windows}
    spec:
      nodeSelector: {kubernetes.io/os: windows}
      containers:
      - name: agent
        image: example.com/agent:1
        ports:
        - containerPort: 8080
          hostPort: 9100
```
"""  # noqa: E501 - the message is one line

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from k8snetlint.finding import Problem, Severity
from k8snetlint.model.aspects import NETWORK, PORTS
from k8snetlint.model.cluster import Cluster
from k8snetlint.model.values import mapping
from k8snetlint.model.workload import Workload
from k8snetlint.rules import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.model.workload import ContainerPort

_EVERY_ADDRESS = (None, "", "0.0.0.0", "::")  # noqa: S104 - addresses in manifests


@rule(on=Cluster, severity=Severity.WARNING, relies_on=(PORTS, NETWORK))
def check(cluster: Cluster) -> Iterator[Problem]:
    """Report host ports of DaemonSets that an earlier one uses."""
    taken: dict[tuple[str, int, str], tuple[Workload, ContainerPort]] = {}
    for workload in cluster.of(Workload):
        if (workload.group, workload.kind) != ("apps", "DaemonSet") or workload.is_patched_at(*workload.template):
            continue
        where = "" if cluster.applied_together else workload.source.name
        for port, number, field in _host_ports(workload):
            mine = (workload, port)
            owner, first = taken.setdefault((where, number, port.protocol), mine)
            if owner is workload or _is_same(cluster, owner, workload) or not _overlap(port, first):
                continue
            if _limits_nodes(cluster, workload) or _limits_nodes(cluster, owner):
                continue
            yield Problem(
                f"DaemonSet {owner.name} uses port {number} of every node too, so only one of the two can run",
                port.at(field),
                related=((first.at("containerPort"), f"the port of DaemonSet {owner.name}"),),
            )


def _host_ports(workload: Workload) -> Iterator[tuple[ContainerPort, int, str]]:
    for port in workload.ports:
        if port.host_port:
            yield port, port.host_port, "hostPort"
        elif workload.host_network and port.container_port:
            yield port, port.container_port, "containerPort"


def _is_same(cluster: Cluster, one: Workload, other: Workload) -> bool:
    """Tell whether two are one object that is defined twice, which another rule reports."""
    return (cluster.namespace_of(one), one.name) == (cluster.namespace_of(other), other.name)


def _overlap(one: ContainerPort, other: ContainerPort) -> bool:
    return one.host_ip == other.host_ip or one.host_ip in _EVERY_ADDRESS or other.host_ip in _EVERY_ADDRESS


def _limits_nodes(cluster: Cluster, workload: Workload) -> bool:
    """Tell whether a DaemonSet may run on some nodes only."""
    answers, key = cluster.index.answers, ("limits its nodes", workload)
    known: bool | None = answers.get(key)
    if known is None:
        value: Any = cluster.definition_of(workload) if cluster.definition_of else {}
        for step in (*workload.template, "spec"):
            value = mapping(mapping(value).get(step))
        limited = not value or value.get("nodeSelector") or value.get("affinity") or value.get("nodeName")
        known = answers[key] = bool(limited)
    return known
