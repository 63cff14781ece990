"""A policy names the port of a Service instead of the port of the pods behind it.

A NetworkPolicy sees what arrives at the pods, after the Service has replaced its own port by the target port. Where a
Service maps 80 to 8080, a policy for port 80 allows what nobody sends, and the traffic on 8080 is dropped.

It is reported only where no pod declares the port, a Service of these very pods maps it to another one that they do
declare, and the same rule does not allow that one as well.

Source: https://kubernetes.io/docs/concepts/services-networking/network-policies/#networkpolicy-resource

```yaml bad
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: web
spec:
  podSelector:
    matchLabels:
      app: web
  ingress:
  - ports:
    - port: 80  # finding: port 80 is Service web's; its traffic reaches the pods on 8080, which this does not allow
---
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  selector:
    app: web
  ports:
  - port: 80
    targetPort: http
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  selector:
    matchLabels:
      app: web
  template:
    metadata:
      labels:
        app: web
    spec:
      containers:
      - name: web
        image: example.com/web:1
        ports:
        - name: http
          containerPort: 8080
```

```yaml fixed
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: web
spec:
  podSelector:
    matchLabels:
      app: web
  ingress:
  - ports:
    - port: 8080
---
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  selector:
    app: web
  ports:
  - port: 80
    targetPort: http
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  selector:
    matchLabels:
      app: web
  template:
    metadata:
      labels:
        app: web
    spec:
      containers:
      - name: web
        image: example.com/web:1
        ports:
        - name: http
          containerPort: 8080
```

```yaml bad
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: shop
spec:
  podSelector:
    matchLabels:
      app: shop
  policyTypes: [Egress]
  egress:
  - to:
    - podSelector:
        matchLabels:
          app: db
    ports:
    - port: 5432  # finding: port 5432 is Service db's; its traffic reaches the pods on 6432, which this does not allow
---
apiVersion: v1
kind: Service
metadata:
  name: db
spec:
  selector:
    app: db
  ports:
  - port: 5432
    targetPort: 6432
---
apiVersion: v1
kind: Pod
metadata:
  name: db
  labels:
    app: db
spec:
  containers:
  - name: bouncer
    image: example.com/bouncer:1
    ports:
    - containerPort: 6432
```

Both ports are allowed, the pods declare the port as well, or the Service has no address of its own (its clients ask the
pods directly):

```yaml good
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: web
spec:
  podSelector:
    matchLabels: {app: web}
  ingress:
  - ports:
    - port: 80
    - port: http
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: metrics
spec:
  podSelector:
    matchLabels: {app: web}
  ingress:
  - ports:
    - port: 9090
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: direct
spec:
  podSelector:
    matchLabels: {app: web}
  ingress:
  - ports:
    - port: 7000
---
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
    targetPort: 8080
---
apiVersion: v1
kind: Service
metadata:
  name: web-direct
spec:
  clusterIP: None
  selector:
    app: web
  ports:
  - port: 7000
    targetPort: 8080
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  selector:
    matchLabels:
      app: web
  template:
    metadata:
      labels:
        app: web
    spec:
      containers:
      - name: web
        image: example.com/web:1
        ports:
        - name: http
          containerPort: 8080
        - name: metrics
          containerPort: 9090
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.finding import Fix, Problem, Severity
from k8snetlint.model.declared import allows, declared, may_meet, receivers
from k8snetlint.model.networkpolicy import NetworkPolicy
from k8snetlint.model.service import Service
from k8snetlint.rules import rule
from k8snetlint.source.change import set_to

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.model.cluster import Cluster
    from k8snetlint.model.service import ServicePort
    from k8snetlint.model.workload import Workload


@rule(on=NetworkPolicy, severity=Severity.WARNING, from_absence=True)
def check(policy: NetworkPolicy, cluster: Cluster) -> Iterator[Problem]:
    """Report port numbers that pods are not reached on, but a Service in front of them is."""
    for policy_rule in policy.rules():
        ports = policy_rule.ports or ()
        numbers = [(port, port.port) for port in ports if isinstance(port.port, int) and port.end_port is None]
        pods = receivers(cluster, policy, policy_rule) if numbers else ()
        for port, number in numbers:
            protocol = port.effective_protocol
            if not pods or any(declared(pods, number, protocol)):
                continue
            found = _mapped(cluster, pods, number, protocol)
            if found is None or any(allows(each, found[2], protocol, pods) for each in ports):
                continue
            service, entry, target = found
            message = (
                f"port {number} is Service {service.name}'s; "
                f"its traffic reaches the pods on {target}, which this does not allow"
            )
            label = f"no pod declares {number}"
            related = ((entry.place, f"Service {service.name} maps {number} to {target}"),)
            fix = Fix(f"allow port {target} instead", (set_to(port.at("port"), target),), safe=False)
            yield Problem(message, port.at("port"), label=label, near=str(target), related=related, fix=fix)


def _mapped(
    cluster: Cluster, pods: tuple[Workload, ...], number: int, protocol: str
) -> tuple[Service, ServicePort, int] | None:
    """Return what Service maps a number to which declared port of pods; None if one sends to that very number."""
    found: tuple[Service, ServicePort, int] | None = None
    for service in cluster.known(Service):
        behind = [each for each in pods if each.made_for(service.label_selector) and may_meet(cluster, service, each)]
        if not service.selector or not behind:
            continue
        if service.patched:
            return None
        for entry in service.ports:
            target = entry.effective_target_port
            if entry.protocol != protocol or target is None:
                continue
            targets = {each.container_port for each in declared(behind, target, protocol)}
            if number in targets or number == target:
                return None
            # Who asks a headless Service is answered by the pods, and its ports are not mapped.
            if entry.port == number and service.cluster_ip != "None" and not found:
                found = next(((service, entry, each) for each in sorted(filter(None, targets))), None)
    return found
