"""A port range has no valid start, or ends before its start.

`port` and `endPort` are the first and the last port of a range, both included. `endPort` is a port number, not a count.
It requires `port`, and `port` must be a number: the number of a named port can differ from pod to pod. The API server
rejects the policy.

Source: https://kubernetes.io/docs/concepts/services-networking/network-policies/#targeting-a-range-of-ports

```yaml bad
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: web
spec:
  podSelector:
    matchLabels:
      app: web
  policyTypes: [Ingress]
  ingress:
  - ports:
    - port: 8090
      endPort: 8080  # finding: endPort 8080 is less than port 8090; port is the first port of the range, endPort the last one
    - port: 9090
      endPort: 0  # finding: endPort 0 is not a port; port 9090 alone has no endPort
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
  policyTypes: [Ingress]
  ingress:
  - ports:
    - port: 8080
      endPort: 8090
    - port: 9090
```

```yaml bad
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: web
spec:
  podSelector:
    matchLabels:
      app: web
  policyTypes: [Ingress]
  ingress:
  - ports:
    - protocol: TCP
      endPort: 8080  # finding: endPort 8080 requires port, the first port of the range; the lowest one is port: 1
    - port: http
      endPort: 8080  # finding: endPort 8080 requires a port number, but http is a port name, which can be another number in each pod
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
  policyTypes: [Ingress]
  ingress:
  - ports:
    - port: 8080
      endPort: 8090
    - port: 9090
      endPort: 9090
```
"""  # noqa: E501 - the message is one line

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.edit.change import delete, set_to
from k8snetlint.finding import Fix, Problem, Severity
from k8snetlint.model.networkpolicy import NetworkPolicy
from k8snetlint.model.ports import LAST_PORT
from k8snetlint.rules import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.model.networkpolicy import Port


@rule(on=NetworkPolicy, severity=Severity.ERROR, supersedes=("api-invalid",))
def check(policy: NetworkPolicy) -> Iterator[Problem]:
    """Report ranges that are not valid."""
    for port in policy.ports:
        if port.end_port is None:
            continue
        reason = _reason(port, policy)
        if reason:
            yield Problem(f"endPort {port.end_port} {reason}", port.at("endPort"), fix=_fix(port))


def _reason(port: Port, policy: NetworkPolicy) -> str:
    """Return what is wrong with an endPort; empty if nothing is, or another rule reports it."""
    from k8snetlint.validation.names import port_name  # noqa: PLC0415 - ranges are rare

    first, last = port.port, port.end_port
    if first is None:
        no_port = "requires port, the first port of the range; the lowest one is port: 1"
        return no_port if not policy.unknown_fields else ""
    if isinstance(first, str):
        no_number = f"requires a port number, but {first} is a port name, which can be another number in each pod"
        return no_number if not port_name(first) else ""
    if last is None or last >= first or not 1 <= first <= LAST_PORT:
        return ""
    if last < 1:
        return f"is not a port; port {first} alone has no endPort"
    return f"is less than port {first}; port is the first port of the range, endPort the last one"


def _fix(port: Port) -> Fix | None:
    first, last = port.port, port.end_port
    if not isinstance(first, int) or last is None:
        return None
    if last < 1:
        return Fix("remove endPort", (delete(port.at("endPort")),), safe=False)
    swap = (set_to(port.at("port"), last), set_to(port.at("endPort"), first))
    return Fix(f"write port: {last} and endPort: {first}", swap, safe=False)
