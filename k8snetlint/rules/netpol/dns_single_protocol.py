"""Policies allow DNS over one protocol only, UDP or TCP.

DNS uses UDP, and changes to TCP for answers that do not fit into one datagram. With TCP alone hardly any name
resolves. With UDP alone most names resolve, but long answers fail: those with many addresses, and those with DNSSEC.
So it is a warning if only TCP is allowed, and an info if only UDP is.

All policies that select the pods count: UDP in one of them and TCP in another one are enough.

Source: https://www.rfc-editor.org/rfc/rfc7766

```yaml bad
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: dns
spec:
  podSelector: {}
  policyTypes: [Egress]
  egress:
  - ports:
    - port: 53
      protocol: TCP  # finding: only TCP is allowed to port 53, but DNS uses UDP
```

```yaml fixed
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: dns
spec:
  podSelector: {}
  policyTypes: [Egress]
  egress:
  - ports:
    - port: 53
      protocol: TCP
    - port: 53
      protocol: UDP
```

```yaml bad
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: dns
spec:
  podSelector: {}
  policyTypes: [Egress]
  egress:
  - ports:
    - port: 53
      protocol: UDP  # finding: only UDP is allowed to port 53, but DNS uses TCP for long answers
```

```yaml good
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: dns
spec:
  podSelector: {}
  policyTypes: [Egress]
  egress:
  - ports:
    - port: 53
      protocol: UDP
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: dns-long-answers
spec:
  podSelector: {}
  policyTypes: [Egress]
  egress:
  - ports:
    - port: 53
      protocol: TCP
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.edit.change import insert
from k8snetlint.finding import Fix, OpenQuestion, Problem, Severity
from k8snetlint.model.aspects import NAME, PORTS, SELECTORS
from k8snetlint.model.networkpolicy import Direction, NetworkPolicy
from k8snetlint.rules import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.model.cluster import Cluster
    from k8snetlint.model.networkpolicy import PolicyRule, Port

_DNS = 53
_CONSEQUENCES = {"UDP": "but DNS uses TCP for long answers", "TCP": "but DNS uses UDP"}


@rule(on=NetworkPolicy, severity=Severity.WARNING, requires_all_scopes=True, relies_on=(SELECTORS, PORTS, NAME))
def check(policy: NetworkPolicy, cluster: Cluster) -> Iterator[Problem | OpenQuestion]:
    """Report the first port of DNS of a policy if its pods lack the other protocol."""
    if not policy.isolates(Direction.EGRESS):
        return
    # netpol-dns-port-without-protocol is about those without protocol.
    written = ((each, port) for each in policy.egress or () for port in each.ports or () if _is_dns(port))
    found = next(((each, port) for each, port in written if port.protocol in _CONSEQUENCES), None)
    if found is None:
        return
    from k8snetlint.evidence.resolving import lack_other_protocol  # noqa: PLC0415 - only policies about DNS

    egress_rule, port = found
    if not lack_other_protocol(cluster, policy, port.effective_protocol):
        return
    from k8snetlint.evidence.policies import why_dns_may_be_allowed  # noqa: PLC0415 - findings only
    from k8snetlint.rules.isolated_pods import are_enforced  # noqa: PLC0415 - findings only

    at = port.at("protocol")
    why = why_dns_may_be_allowed(cluster, policy)
    if why:
        yield OpenQuestion(at, why)
    elif are_enforced(cluster):
        message = f"only {port.protocol} is allowed to port {_DNS}, {_CONSEQUENCES[port.effective_protocol]}"
        severity = Severity.WARNING if port.protocol == "TCP" else Severity.INFO
        yield Problem(message, at, severity=severity, fix=_fix(port, egress_rule))


def _is_dns(port: Port) -> bool:
    return port.port == _DNS and port.end_port in (None, _DNS)


def _fix(port: Port, egress_rule: PolicyRule) -> Fix:
    other = "UDP" if port.protocol == "TCP" else "TCP"
    entry = {"port": _DNS, "protocol": other}
    at = egress_rule.at("ports", (egress_rule.ports or ()).index(port) + 1)
    return Fix(f"allow {other} as well", (insert(at, entry),), safe=False)
