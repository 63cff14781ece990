"""A policy uses the port of a Service instead of the target port of its pods.

A NetworkPolicy applies to the traffic that arrives at the pods, after the Service has replaced its own port with the
target port. If a Service maps 80 to 8080, a policy for port 80 allows traffic that never arrives, and the traffic on
8080 is denied.

It is reported only if no pod declares the port, a Service for exactly these pods maps it to another port that they do
declare, and the same rule does not allow that port.

Source: https://kubernetes.io/docs/concepts/services-networking/network-policies/#networkpolicy-resource

```yaml bad
# given: service web 80->http
# given: deployment web http:8080
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
    - port: 80  # finding: port 80 is the port of Service web; its traffic reaches the pods on port 8080, which this rule does not allow
```

```yaml fixed
# given: service web 80->http
# given: deployment web http:8080
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
```

```yaml bad
# given: service db 5432->6432
# given: pod db 6432
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
    - port: 5432  # finding: port 5432 is the port of Service db; its traffic reaches the pods on port 6432, which this rule does not allow
```

Not reported: both ports are allowed, the pods also declare the port, or the Service is headless (its clients connect to
the pods directly):

```yaml good
# given: service web http:80->http metrics:9090->8080
# given: service web-direct headless app=web 7000->8080
# given: deployment web http:8080 metrics:9090
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
```
"""  # noqa: E501 - the message is one line

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.edit.change import set_to
from k8snetlint.evidence.ports import allows, declares, numbered_ports, unknown_ports
from k8snetlint.evidence.services import port_mapping
from k8snetlint.finding import Fix, OpenQuestion, Problem, Severity
from k8snetlint.model.networkpolicy import NetworkPolicy
from k8snetlint.rules import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.model.cluster import Cluster


@rule(on=NetworkPolicy, severity=Severity.WARNING, requires_all_scopes=True)
def check(policy: NetworkPolicy, cluster: Cluster) -> Iterator[Problem | OpenQuestion]:
    """Report port numbers of a Service that its pods do not declare."""
    for policy_rule, numbers, pods in numbered_ports(cluster, policy):
        why = "" if pods else unknown_ports(cluster, policy, policy_rule)
        if why:
            yield OpenQuestion(policy_rule.at("ports"), why)
        for port, number in numbers if pods else ():
            protocol = port.effective_protocol
            if declares(cluster, pods, number, protocol):
                continue
            found = port_mapping(cluster, pods, number, protocol)
            if found is None or any(
                allows(cluster, each, found[2], protocol, pods) for each in policy_rule.ports or ()
            ):
                continue
            service, entry, target = found
            message = (
                f"port {number} is the port of Service {service.name}; "
                f"its traffic reaches the pods on port {target}, which this rule does not allow"
            )
            label = f"no pod declares port {number}"
            related = ((entry.place, f"Service {service.name} maps {number} to {target}"),)
            fix = Fix(f"allow port {target} instead", (set_to(port.at("port"), target),), safe=False)
            yield Problem(message, port.at("port"), label=label, near=str(target), related=related, fix=fix)
