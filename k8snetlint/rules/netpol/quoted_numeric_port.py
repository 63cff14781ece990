"""The port of a NetworkPolicy is a number in quotes.

`port` takes a port number, or the name that a container gives to a port. A number in quotes is a string, so it is read
as a name, and a name needs a letter: the API server rejects the policy. Templates produce such quotes if they pass a
value through `quote`. Together with `endPort`, the API server reports this mistake twice, because a range cannot start
with a name.

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
    - protocol: TCP
      port: "8080"  # finding: port "8080" is a string, so it is read as a port name; a port number has no quotes
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
    - protocol: TCP
      port: 8080
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
    - port: "8000"  # finding: port "8000" is a string, so it is read as a port name; a port number has no quotes
      endPort: 8080
    - port: "0"  # finding: port "0" is a string, so it is read as a port name; a port number is from 1 to 65535
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
    - port: "8080tcp"
```
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from k8snetlint.edit.change import set_to
from k8snetlint.finding import Fix, Problem, Severity
from k8snetlint.model.networkpolicy import NetworkPolicy
from k8snetlint.model.ports import LAST_PORT
from k8snetlint.rules import rule

if TYPE_CHECKING:
    from collections.abc import Iterator


@rule(on=NetworkPolicy, severity=Severity.ERROR, supersedes=("api-invalid",))
def check(policy: NetworkPolicy) -> Iterator[Problem]:
    """Report ports that are numbers in strings."""
    for port in policy.ports:
        if not isinstance(port.port, str) or not re.fullmatch("[0-9]+", port.port):
            continue
        fits = re.fullmatch("[1-9][0-9]{0,4}", port.port) and int(port.port) <= LAST_PORT
        expected = "has no quotes" if fits else f"is from 1 to {LAST_PORT}"
        change = set_to(port.at("port"), int(port.port)) if fits else None
        # The server's error about endPort is then the same mistake.
        place = port.at("port") if port.end_port is None else port.place
        yield Problem(
            f'port "{port.port}" is a string, so it is read as a port name; a port number {expected}',
            place,
            fix=Fix("remove the quotes", (change,), safe=True) if change else None,
        )
