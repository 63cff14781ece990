"""A policy allows a port for a different protocol than the pods declare.

An entry of `ports` without `protocol` means TCP. If the pods serve the port only over UDP or SCTP, the entry allows
traffic that never arrives, and the real traffic is denied.

It is reported only if pods declare the number, none of them declares it for the policy's protocol, and no other entry
of the policy allows it for the right one.

Source: https://kubernetes.io/docs/reference/kubernetes-api/policy-resources/network-policy-v1/

```yaml bad
# given: deployment syslog 514/UDP
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: syslog
spec:
  podSelector:
    matchLabels:
      app: syslog
  ingress:
  - ports:
    - port: 514  # finding: port 514 is allowed for TCP, but the pods declare it for UDP only
```

```yaml fixed
# given: deployment syslog 514/UDP
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: syslog
spec:
  podSelector:
    matchLabels:
      app: syslog
  ingress:
  - ports:
    - port: 514
      protocol: UDP
```

```yaml bad
# given: pod db 5432
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
    - port: 5432
      protocol: UDP  # finding: port 5432 is allowed for UDP, but the pods declare it for TCP only
```

Not reported: another entry allows the right protocol, one pod declares the number for the policy's protocol, or no pod
declares it:

```yaml good
# given: pod resolver 53/UDP 8080/UDP
# given: pod admin app=resolver 8080
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: resolver
spec:
  podSelector:
    matchLabels:
      app: resolver
  ingress:
  - ports:
    - port: 53
      protocol: TCP
    - port: 53
      protocol: UDP
    - port: 8080
    - port: 9153
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.edit.change import set_to
from k8snetlint.evidence.ports import allows, declares, numbered_ports, port_declarations
from k8snetlint.finding import Fix, Problem, Severity
from k8snetlint.model.networkpolicy import NetworkPolicy
from k8snetlint.rules import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.model.cluster import Cluster


@rule(
    on=NetworkPolicy,
    severity=Severity.WARNING,
    supersedes=("netpol-dns-port-without-protocol",),
    requires_all_scopes=True,
)
def check(policy: NetworkPolicy, cluster: Cluster) -> Iterator[Problem]:
    """Report port numbers that pods declare, but not for the protocol that is allowed."""
    for policy_rule, numbers, pods in numbered_ports(cluster, policy):
        for port, number in numbers if pods else ():
            if declares(cluster, pods, number, port.effective_protocol) or port.ports() is None:
                continue
            protocols = cluster.index.declarations.protocols(pods, number)
            if not protocols:
                continue
            others = [other for each in policy.rules(policy_rule.direction) for other in each.ports or ()]
            if any(allows(cluster, other, number, protocol, pods) for other in others for protocol in protocols):
                continue
            declaration = next(port_declarations(cluster, pods, number, protocols[0]))
            only = " and ".join(protocols)
            change = set_to(port.at("protocol"), only, after="port")
            yield Problem(
                f"port {number} is allowed for {port.effective_protocol}, but the pods declare it for {only} only",
                port.at("protocol"),
                near=only if len(protocols) == 1 else None,
                fix=Fix(f"write protocol: {only}", (change,), safe=False) if len(protocols) == 1 else None,
                related=((declaration.place, f"declared for {declaration.protocol} here"),),
            )
