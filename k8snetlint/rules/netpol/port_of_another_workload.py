"""A policy allows a port that only another workload declares.

A port in a NetworkPolicy is a port of the pods that receive the traffic: for ingress the pods that the policy selects,
for egress the pods of the peers. If these pods do not declare the number, and exactly one other workload of the
namespace does and has its own Service, the entry is probably for that workload, or was copied from its policy: it
allows nothing that these pods serve.

It is not reported if the pods declare no ports at all, or mention the number anywhere: in an argument, an environment
value, a probe, an annotation like `prometheus.io/port` or a ConfigMap that they use.

Source: https://kubernetes.io/docs/concepts/services-networking/network-policies/#networkpolicy-resource

```yaml bad
# given: deployment shop/web 8080
# given: deployment shop/db 5432
# given: service shop/db 5432
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: web
  namespace: shop
spec:
  podSelector:
    matchLabels:
      app: web
  ingress:
  - ports:
    - port: 5432  # finding: port 5432 is declared by Deployment db, but by no pod that the policy selects
```

Not reported: the pods mention the number, or a second workload declares it, too:

```yaml good
# given: pod shop/db 5432 9000
# given: pod shop/cache 9000
# given: service shop/db db:5432 metrics:9000
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: web
  namespace: shop
spec:
  podSelector:
    matchLabels:
      app: web
  ingress:
  - ports:
    - port: 5432
    - port: 9000
---
apiVersion: v1
kind: Pod
metadata:
  name: web
  namespace: shop
  labels:
    app: web
spec:
  containers:
  - name: web
    image: example.com/web:1
    args: ["--proxy=:5432"]
    ports:
    - containerPort: 8080
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.evidence.ports import numbered_ports, port_declarations
from k8snetlint.evidence.services import only_server
from k8snetlint.finding import Problem, Severity
from k8snetlint.model.networkpolicy import Direction, NetworkPolicy
from k8snetlint.rules import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.model.cluster import Cluster


@rule(on=NetworkPolicy, severity=Severity.WARNING, requires_all_scopes=True)
def check(policy: NetworkPolicy, cluster: Cluster) -> Iterator[Problem]:
    """Report port numbers that exactly one other workload declares, behind its own Service."""
    for policy_rule, numbers, pods in numbered_ports(cluster, policy):
        for port, number in numbers if pods else ():
            found = only_server(cluster, pods, number, port.effective_protocol)
            if found is None:
                continue
            from k8snetlint.evidence.mentions import may_mention  # noqa: PLC0415 - few ports belong to another workload

            if may_mention(cluster, pods, number):
                continue
            other, service = found
            (declaration, *_) = port_declarations(
                cluster, cluster.index.pods_of(other), number, port.effective_protocol
            )
            ingress = policy_rule.direction is Direction.INGRESS
            whose = "that the policy selects" if ingress else "of the peers"
            yield Problem(
                f"port {number} is declared by {other.kind} {other.name}, but by no pod {whose}",
                port.at("port"),
                related=(
                    (declaration.place, f"{other.kind} {other.name} declares it here"),
                    (service.at("metadata", "name"), f"Service {service.name} sends traffic to it"),
                ),
            )
