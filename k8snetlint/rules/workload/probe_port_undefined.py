"""A probe uses a port name that its container does not declare.

A name in the `port` of a probe or a hook means the port that the *same* container declares with this name. The kubelet
cannot check a name that it does not find: with a readiness probe the pod never becomes ready, with a startup probe the
container never counts as started, and a liveness probe never restarts it. The API server accepts the object.

Source: https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/#use-a-named-port

```yaml bad
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
  - name: web
    image: example.com/web:1
    ports:
    - name: http
      containerPort: 8080
    readinessProbe:
      httpGet:
        port: htpp  # finding: container web declares no port named htpp, so the pod never becomes ready
```

```yaml fixed
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
  - name: web
    image: example.com/web:1
    ports:
    - name: http
      containerPort: 8080
    readinessProbe:
      httpGet:
        port: http
```

The port of another container does not count:

```yaml bad
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
  - name: web
    image: example.com/web:1
    livenessProbe:
      tcpSocket:
        port: admin  # finding: container web declares no port named admin, only container proxy does, so the probe never restarts the container
  - name: proxy
    image: example.com/proxy:1
    ports:
    - name: admin
      containerPort: 9901
```

```yaml good
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
  - name: web
    image: example.com/web:1
    ports:
    - name: http
      containerPort: 8080
    readinessProbe:
      httpGet:
        port: 8081
```
"""  # noqa: E501 - the message is one line

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.edit.change import set_to
from k8snetlint.evidence.ports import is_port_name
from k8snetlint.finding import Fix, Problem, Severity
from k8snetlint.model.aspects import CONTAINERS, PORTS
from k8snetlint.model.tables.kinds import POD_GROUPS
from k8snetlint.model.workload import Workload
from k8snetlint.rules import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.model.workload import Container

_CONSEQUENCES = {
    "livenessProbe": "the probe never restarts the container",
    "readinessProbe": "the pod never becomes ready",
    "startupProbe": "the container never counts as started",
    "lifecycle": "the hook fails",
}
_EDITS = 2


@rule(on=Workload, severity=Severity.ERROR, relies_on=(PORTS, CONTAINERS))
def check(workload: Workload) -> Iterator[Problem]:
    """Report names of ports that the container of a probe or a hook does not declare."""
    # An operator may add ports to the containers of its resources.
    if workload.group not in POD_GROUPS and workload.kind != "Rollout":
        return
    for container in workload.containers:
        for path, name in _undeclared(container):
            where = "initContainers" if container.init else "containers"
            if not workload.is_patched_at(*workload.template, "spec", where, "*", *path):
                yield _problem(workload, container, path, name)


def _undeclared(container: Container) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield the port names that a container uses and does not declare, each with its path."""
    if container.port_references:
        names = {port.name for port in container.ports}
        yield from (each for each in container.port_references if each[1] not in names and is_port_name(each[1]))


def _problem(workload: Workload, container: Container, path: tuple[str, ...], name: str) -> Problem:
    from k8snetlint.source.similar import closest  # noqa: PLC0415 - findings only

    others = [each for each in workload.containers for port in each.ports if port.name == name]
    only = f", only container {others[0].name} does" if others else ""
    near = closest(name, [port.name for port in container.ports if port.name], _EDITS)
    at = container.at(*path)
    return Problem(
        f"container {container.name} declares no port named {name}{only}, so {_CONSEQUENCES[path[0]]}",
        at,
        near=near,
        fix=Fix(f"write port: {near}", (set_to(at, near),), safe=False) if near else None,
    )
