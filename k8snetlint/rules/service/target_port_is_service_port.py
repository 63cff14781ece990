"""A Service sends to its own port number, but its pods listen on another one.

`port` is the port that clients use, `targetPort` the port of the pods; without `targetPort`, both are the same. If the
pods declare exactly one port, and it is another one, connections are probably refused.

A number that no pod declares is usually no mistake, so this is reported only if every selected pod has one container
that declares one port, which is not for metrics or health checks, and if nothing in the pod template and its ConfigMaps
mentions the number.

Source: https://kubernetes.io/docs/concepts/services-networking/service/#field-spec-ports

```yaml bad
# given: deployment unleash 4242
apiVersion: v1
kind: Service
metadata:
  name: unleash
spec:
  selector:
    app: unleash
  ports:
  - port: 80
    targetPort: 80  # finding: targetPort 80 is the Service's own port, but the pods declare only port 4242
```

```yaml fixed
# given: deployment unleash 4242
apiVersion: v1
kind: Service
metadata:
  name: unleash
spec:
  selector:
    app: unleash
  ports:
  - port: 80
    targetPort: 4242
```

```yaml bad
# given: pod blog 2368
apiVersion: v1
kind: Service
metadata:
  name: blog
spec:
  selector:
    app: blog
  ports:
  - port: 80  # finding: targetPort is missing, so the Service sends to its own port 80, but the pods declare only port 2368
```

Not reported: the port is for metrics only, or the pods mention the number:

```yaml good
# given: deployment exporter metrics:9113
apiVersion: v1
kind: Service
metadata:
  name: exporter
spec:
  selector:
    app: exporter
  ports:
  - port: 80
---
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  selector:
    app: web
  ports:
  - port: 8443
---
apiVersion: v1
kind: Pod
metadata:
  name: web
  labels:
    app: web
spec:
  containers:
  - name: web
    image: example.com/web:1
    args: ["--secure-port=8443"]
    ports:
    - containerPort: 8080
```
"""  # noqa: E501 - the message is one line

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.edit.change import set_to
from k8snetlint.evidence.mentions import may_mention
from k8snetlint.evidence.only_port import only_port
from k8snetlint.evidence.ports import belong_together, selected_pods
from k8snetlint.evidence.services import sends_to
from k8snetlint.finding import Fix, Problem, Severity
from k8snetlint.model.aspects import PORTS
from k8snetlint.model.service import Service
from k8snetlint.rules import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.model.cluster import Cluster


@rule(on=Service, severity=Severity.WARNING, requires_all_scopes=True, relies_on=(PORTS,))
def check(service: Service, cluster: Cluster) -> Iterator[Problem]:
    """Report an own port as target of pods that declare one other port only."""
    same = [each for each in service.ports if each.port and each.effective_target_port == each.port]
    pods = selected_pods(cluster, service) if same and not service.is_headless else cluster.index.pods(0)
    only = only_port(cluster, pods) if pods else None
    if only is None or not belong_together(cluster, service, pods):
        return
    number = only.container_port
    if any(each.effective_target_port in (number, only.name) for each in service.ports):
        return
    for port in same:
        own = port.port
        if own is None or port.protocol != only.protocol or sends_to(cluster, service, pods, own, port.protocol):
            continue
        if may_mention(cluster, pods, own):
            continue
        what = f"targetPort {own} is the Service's own port"
        if not port.target_port:
            what = f"targetPort is missing, so the Service sends to its own port {own}"
        at = port.at("targetPort")
        yield Problem(
            f"{what}, but the pods declare only port {number}",
            at,
            near=str(number),
            fix=Fix(f"write targetPort: {number}", (set_to(at, number, after="port"),), safe=False),
            related=((only.at("containerPort"), "the only port that is declared"),),
        )
