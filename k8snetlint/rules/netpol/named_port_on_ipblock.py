"""An egress rule uses a port name for IP addresses, which have no port names.

A port name is looked up in the containers of the destination pods. An `ipBlock` matches addresses outside of the
cluster's pods: no container declares the name there, so the rule allows nothing. Write the port number.

A rule without `to` is different: it matches pods that declare the name.

Source: https://kubernetes.io/docs/reference/kubernetes-api/policy-resources/network-policy-v1/#NetworkPolicySpec

```yaml bad
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: web
spec:
  podSelector:
    matchLabels:
      app: web
  policyTypes: [Egress]
  egress:
  - to:
    - ipBlock:
        cidr: 203.0.113.0/24
    ports:
    - port: https  # finding: port name https cannot be resolved for an ipBlock, so this entry allows nothing
      protocol: TCP
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
  policyTypes: [Egress]
  egress:
  - to:
    - ipBlock:
        cidr: 203.0.113.0/24
    ports:
    - port: 443
      protocol: TCP
```

```yaml good
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: web
spec:
  podSelector:
    matchLabels:
      app: web
  policyTypes: [Egress]
  egress:
  - to:
    - ipBlock:
        cidr: 203.0.113.0/24
    - podSelector:
        matchLabels:
          app: proxy
    ports:
    - port: https
      protocol: TCP
  - ports:
    - port: dns
      protocol: UDP
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.edit.change import set_to
from k8snetlint.finding import Fix, Problem, Severity
from k8snetlint.model.networkpolicy import NetworkPolicy
from k8snetlint.rules import rule

if TYPE_CHECKING:
    from collections.abc import Iterator


_WELL_KNOWN = {"dns": 53, "http": 80, "https": 443, "ldap": 389, "ldaps": 636, "smtp": 25, "ssh": 22}
"""The port that such a name nearly always means (the service names of IANA, and dns)."""


@rule(on=NetworkPolicy, severity=Severity.ERROR)
def check(policy: NetworkPolicy) -> Iterator[Problem]:
    """Report port names in egress rules all of whose peers are ipBlocks."""
    for egress_rule in policy.egress or ():
        peers = egress_rule.peers
        if not peers or any(peer.ip_block is None for peer in peers):
            continue
        for port in egress_rule.ports or ():
            name = port.port
            if not isinstance(name, str) or not _is_name(name):
                continue
            message = f"port name {name} cannot be resolved for an ipBlock, so this entry allows nothing"
            number = _WELL_KNOWN.get(name)
            fix = Fix(f"write port: {number}", (set_to(port.at("port"), number),), safe=False) if number else None
            yield Problem(message, port.at("port"), fix=fix)


def _is_name(text: str) -> bool:
    """Tell a name from a quoted number, which the API server rejects."""
    return any(character.isalpha() for character in text)
