"""The externalName of a Service is an IP address.

`externalName` is a DNS name: the Service is a CNAME record for it. An IPv4 address is accepted, but it is read as a
domain whose labels are digits, which no DNS server resolves, so every lookup of the Service fails. The API server
rejects an IPv6 address.

For an address outside of the cluster, use a Service without a selector, and an EndpointSlice that contains the address.

Source: https://kubernetes.io/docs/concepts/services-networking/service/#externalname

```yaml bad
apiVersion: v1
kind: Service
metadata:
  name: db
spec:
  type: ExternalName
  externalName: 10.1.2.3  # finding: externalName 10.1.2.3 is an IP address, but it is read as a DNS name, which does not resolve
```

```yaml bad
apiVersion: v1
kind: Service
metadata:
  name: db6
spec:
  type: ExternalName
  externalName: "2001:db8::1"  # finding: externalName 2001:db8::1 is an IP address, but a DNS name is needed, so the API server rejects it
```

```yaml fixed
apiVersion: v1
kind: Service
metadata:
  name: db
spec:
  ports:
  - port: 5432
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata:
  name: db-1
  labels:
    kubernetes.io/service-name: db
addressType: IPv4
ports:
- port: 5432
endpoints:
- addresses: [10.1.2.3]
```

```yaml good
apiVersion: v1
kind: Service
metadata:
  name: db
spec:
  type: ExternalName
  externalName: 10-1-2-3.example.com
```
"""  # noqa: E501 - the message is one line

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.finding import Problem, Severity
from k8snetlint.model.addresses import parse_ip
from k8snetlint.model.aspects import EXPOSURE
from k8snetlint.model.service import Service
from k8snetlint.rules import rule

if TYPE_CHECKING:
    from collections.abc import Iterator


@rule(on=Service, severity=Severity.WARNING, supersedes=("api-invalid",), relies_on=(EXPOSURE,))
def check(service: Service) -> Iterator[Problem]:
    """Report addresses in the place of a name."""
    name = service.external_name
    address = parse_ip(name) if name and service.type == "ExternalName" else None
    if address is None:
        return
    at = service.at("spec", "externalName")
    if ":" in (name or ""):
        message = f"externalName {name} is an IP address, but a DNS name is needed, so the API server rejects it"
        yield Problem(message, at, severity=Severity.ERROR)
    else:
        yield Problem(f"externalName {name} is an IP address, but it is read as a DNS name, which does not resolve", at)
