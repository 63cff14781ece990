"""A Service uses a targetPort name that none of its pods declares.

A name in `targetPort` means the port that a container declares with this name and the same protocol. A pod that does
not declare it is not an endpoint of this Service port. If no pod declares it, the port has no endpoints, and
connections fail.

It is an error if the Service's own file contains all pods that it selects, otherwise a warning.

Source: https://kubernetes.io/docs/concepts/services-networking/service/#field-spec-ports

```yaml bad
# given: deployment web http:8080 metrics:9090
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  selector:
    app: web
  ports:
  - name: http
    port: 80
    targetPort: https  # finding: no pod of the Service declares a TCP port named https, so this port has no endpoints
  - name: metrics
    port: 9090
    targetPort: metrics
```

```yaml fixed
# given: deployment web http:8080 metrics:9090
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  selector:
    app: web
  ports:
  - name: http
    port: 80
    targetPort: http
  - name: metrics
    port: 9090
    targetPort: metrics
```

```yaml bad
# given: pod resolver dns:53/UDP
apiVersion: v1
kind: Service
metadata:
  name: resolver
spec:
  selector:
    app: resolver
  ports:
  - port: 53
    targetPort: dns  # finding: no pod of the Service declares a TCP port named dns, only a UDP port, so this port has no endpoints
```

The pods declare the name for another protocol; without `protocol`, a port of a container is TCP:

```yaml bad
# given: pod hole dns:53 dhcp:67/UDP
apiVersion: v1
kind: Service
metadata:
  name: hole
spec:
  selector:
    app: hole
  ports:
  - port: 53
    protocol: UDP
    targetPort: dns  # finding: no pod of the Service declares a UDP port named dns, only a TCP port, so this port has no endpoints
```

Not reported: one of several pods declares the port, a sidecar declares it, or a service mesh may inject it:

```yaml good
# given: pod batch app=web
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  selector:
    app: web
  ports:
  - name: http
    port: 80
    targetPort: http
  - name: proxy
    port: 81
    targetPort: proxy
  - name: envoy
    port: 15090
    targetPort: http-envoy-prom
  - name: number
    port: 82
    targetPort: 7000
---
apiVersion: v1
kind: Pod
metadata:
  name: web
  labels:
    app: web
spec:
  initContainers:
  - name: proxy
    image: example.com/proxy:1
    restartPolicy: Always
    ports:
    - name: proxy
      containerPort: 15001
  containers:
  - name: web
    image: example.com/web:1
    ports:
    - name: http
      containerPort: 8080
```

Not reported, because an operator creates the pods:

```yaml good
apiVersion: v1
kind: Service
metadata:
  name: made-elsewhere
spec:
  selector:
    app: made-elsewhere
  ports:
  - port: 80
    targetPort: http
---
apiVersion: example.com/v1
kind: Platform
metadata:
  name: platform
spec:
  template:
    metadata:
      labels:
        app: made-elsewhere
    spec:
      containers:
      - name: the-operator-adds-ports
        image: example.com/platform:1
```
"""  # noqa: E501 - the message is one line

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from k8snetlint.edit.change import set_to
from k8snetlint.evidence.ports import (
    are_in_same_file,
    declared_names,
    declares,
    describe_port_names,
    is_port_name,
    port_declarations,
    selected_pods,
    suggest_port_name,
    unknown_ports,
)
from k8snetlint.finding import Fix, OpenQuestion, Problem, Severity
from k8snetlint.model.ports import Protocol
from k8snetlint.model.service import Service
from k8snetlint.rules import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.model.cluster import Cluster
    from k8snetlint.model.members import Pods
    from k8snetlint.model.service import ServicePort
    from k8snetlint.model.workload import ContainerPort


@rule(on=Service, severity=Severity.WARNING, requires_all_scopes=True)
def check(service: Service, cluster: Cluster) -> Iterator[Problem | OpenQuestion]:
    """Report target ports by names that no selected pod declares."""
    names = [(port, port.target_port) for port in service.ports if isinstance(port.target_port, str)]
    pods = selected_pods(cluster, service) if names else cluster.index.pods(0)
    why = unknown_ports(cluster, service) if names and not pods else ""
    if why:
        yield OpenQuestion(service.at("spec", "ports"), why)
    severity = Severity.ERROR if are_in_same_file(cluster, service, pods) else None
    for port, name in names if pods else ():
        if is_port_name(name) and not declares(cluster, pods, name, port.protocol):
            yield _problem(cluster, pods, port, name, severity)


def _problem(cluster: Cluster, pods: Pods, port: ServicePort, name: str, severity: Severity | None) -> Problem:
    at, message = port.at("targetPort"), f"no pod of the Service declares a {port.protocol} port named {name}"
    other = _under_other_protocol(cluster, pods, name)
    if other:
        return Problem(
            f"{message}, only a {other.protocol} port, so this port has no endpoints",
            at,
            severity=severity,
            related=((other.at("name"), f"{name} is declared for {other.protocol} here"),),
            label=f"the pods declare {name} for {other.protocol}; both protocols must be the same",
        )
    known = declared_names(cluster, pods, port.protocol)
    near = suggest_port_name(cluster, pods, name, port.protocol)
    return Problem(
        f"{message}, so this port has no endpoints",
        at,
        severity=severity,
        near=near,
        fix=Fix(f"write targetPort: {near}", (set_to(at, near),), safe=False) if near else None,
        related=((known[near].at("name"), f"{near} is declared here"),) if near else (),
        label=describe_port_names(cluster, pods, port.protocol),
    )


def _under_other_protocol(cluster: Cluster, pods: Pods, name: str) -> ContainerPort | None:
    """Return the declaration of a port name for another protocol than the one that was looked for."""
    declared = (port_declarations(cluster, pods, name, each.name) for each in Protocol)
    return next(itertools.chain.from_iterable(declared), None)
