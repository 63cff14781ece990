"""A policy uses a port name that none of its pods declares.

A name in a policy's `ports` means the port that a container declares with this name and the same protocol. If no pod
declares it, the entry allows nothing. For ingress, the policy's `podSelector` selects these pods; for egress, the peers
select them. The ports of a Service do not count.

It is an error if the policy's own file contains all pods that the entry can mean, otherwise a warning. It is not
reported if the pods declare no ports at all.

Source: https://kubernetes.io/docs/reference/kubernetes-api/policy-resources/network-policy-v1/

```yaml bad
# given: deployment web http:8080 metrics:9090
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
    - port: htttp  # finding: no pod that the policy selects declares a TCP port named htttp, so this entry allows nothing
```

```yaml fixed
# given: deployment web http:8080 metrics:9090
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
    - port: http
```

```yaml bad
# given: pod resolver dns:53/UDP
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
          app: resolver
    ports:
    - port: dns  # finding: no pod of the peers declares a TCP port named dns, so this entry allows nothing
    - port: dns
      protocol: UDP
```

Not reported: a sidecar declares the port, one of several pods declares it, the pods declare no ports at all, or not all
peers are known:

```yaml good
# given: pod api part-of=shop http:8080
# given: pod worker
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: shop
spec:
  podSelector:
    matchLabels:
      part-of: shop
  policyTypes: [Ingress, Egress]
  ingress:
  - ports:
    - port: proxy
    - port: http
  egress:
  - to:
    - podSelector:
        matchLabels:
          app: worker
    ports:
    - port: admin
  - to:
    - podSelector:
        matchLabels:
          part-of: shop
    - ipBlock:
        cidr: 10.0.0.0/8
    ports:
    - port: postgres
  - to:
    - podSelector:
        matchLabels:
          app: elsewhere
    ports:
    - port: grpc
  - ports:
    - port: anything
---
apiVersion: v1
kind: Pod
metadata:
  name: web
  labels:
    part-of: shop
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
```
"""  # noqa: E501 - the message is one line

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.edit.change import set_to
from k8snetlint.evidence.ports import (
    are_in_same_file,
    declared_names,
    declares,
    describe_port_names,
    is_port_name,
    receivers,
    suggest_port_name,
    unknown_ports,
)
from k8snetlint.finding import Fix, OpenQuestion, Problem, Severity
from k8snetlint.model.networkpolicy import Direction, NetworkPolicy
from k8snetlint.model.ports import NamedPort
from k8snetlint.rules import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.model.cluster import Cluster


@rule(on=NetworkPolicy, severity=Severity.WARNING, requires_all_scopes=True)
def check(policy: NetworkPolicy, cluster: Cluster) -> Iterator[Problem | OpenQuestion]:
    """Report port names that no pod declares."""
    for policy_rule in policy.rules():
        names = [(port, port.ports()) for port in policy_rule.ports or () if isinstance(port.port, str)]
        pods = receivers(cluster, policy, policy_rule) if names else cluster.index.pods(0)
        why = unknown_ports(cluster, policy, policy_rule) if names and not pods else ""
        if why:
            yield OpenQuestion(policy_rule.at("ports"), why)
        for port, named in names if pods and pods.bits & cluster.index.declarations.any_port else ():
            if not isinstance(named, NamedPort) or not is_port_name(named.name):
                continue
            protocol = named.protocol.value
            if declares(cluster, pods, named.name, protocol):
                continue
            ingress = policy_rule.direction is Direction.INGRESS
            whose = "that the policy selects" if ingress else "of the peers"
            known = declared_names(cluster, pods, protocol)
            near = suggest_port_name(cluster, pods, named.name, protocol)
            all_here = not policy.selects_every_pod and are_in_same_file(cluster, policy, pods)
            yield Problem(
                f"no pod {whose} declares a {protocol} port named {named.name}, so this entry allows nothing",
                port.at("port"),
                severity=Severity.ERROR if all_here else None,
                near=near,
                fix=Fix(f"write port: {near}", (set_to(port.at("port"), near),), safe=False) if near else None,
                related=((known[near].at("name"), f"{near} is declared here"),) if near else (),
                label=describe_port_names(cluster, pods, protocol),
            )
