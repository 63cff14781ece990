"""A policy allows a port number that its pods neither declare nor mention.

A port in a NetworkPolicy is a port of the pods that receive the traffic: for ingress the pods that the policy selects,
for egress the pods of the peers. If nothing listens on it, the entry is useless, and the port that was meant may be
missing. Often it was copied from another policy.

It is an info, because containers may listen on ports that they do not declare. It is reported only if all of these
pods declare ports, and nothing mentions the number: no Service of the pods, no argument, environment value, probe or
annotation, no ConfigMap that they use. Ports of sidecars, metrics and profiles are often not written anywhere and are
not reported, such as 15020, 9090 and 9100.

Source: https://kubernetes.io/docs/concepts/services-networking/network-policies/#networkpolicy-resource

```yaml bad
# given: deployment shop/web 8080
# given: service shop/web 80->8080
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: web
  namespace: shop
spec:
  podSelector:
    matchLabels:
      app: web
  policyTypes: [Ingress]
  ingress:
  - ports:
    - port: 8080
    - port: 8443  # finding: the pods that the policy selects neither declare nor mention port 8443
```

Not reported: an argument mentions the number, and 15020 is a port of the sidecar of a mesh.

```yaml good
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: web
  namespace: shop
spec:
  podSelector:
    matchLabels:
      app: web
  policyTypes: [Ingress]
  ingress:
  - ports:
    - port: 8080
    - port: 8443
    - port: 15020
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
    args: ["--secure-port=8443"]
    ports:
    - containerPort: 8080
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.evidence.ports import numbered_ports
from k8snetlint.evidence.services import only_server, use_port
from k8snetlint.finding import Problem, Severity
from k8snetlint.model.networkpolicy import Direction, NetworkPolicy
from k8snetlint.model.tables.side_ports import is_side_port
from k8snetlint.rules import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.model.cluster import Cluster
    from k8snetlint.model.members import Pods


@rule(on=NetworkPolicy, severity=Severity.INFO, requires_all_scopes=True)
def check(policy: NetworkPolicy, cluster: Cluster) -> Iterator[Problem]:
    """Report port numbers that nothing about the pods mentions."""
    for policy_rule, numbers, pods in numbered_ports(cluster, policy):
        for port, number in numbers if pods else ():
            protocol = port.effective_protocol
            if port.ports() is None or is_side_port(number) or _may_serve(cluster, pods, number, protocol):
                continue
            ingress = policy_rule.direction is Direction.INGRESS
            whose = "pods that the policy selects" if ingress else "pods of the peers"
            declared = next(iter(pods.first.ports))
            yield Problem(
                f"the {whose} neither declare nor mention port {number}",
                port.at("port"),
                related=((declared.place, f"{pods.first.kind} {pods.first.name} declares {declared.container_port}"),),
            )


def _may_serve(cluster: Cluster, pods: Pods, number: int, protocol: str) -> bool:
    """Tell whether any of some pods may listen on a port, or another rule says more about it."""
    declarations = cluster.index.declarations
    if pods.bits & ~declarations.any_port or pods.bits & declarations.declaring_number(number):
        return True
    if use_port(cluster, pods, number, protocol) or only_server(cluster, pods, number, protocol):
        return True
    from k8snetlint.evidence.mentions import may_mention  # noqa: PLC0415 - few ports are not declared

    return may_mention(cluster, pods, number)
