"""A Service takes traffic for arbitrary addresses with externalIPs.

Every node sends the traffic that arrives for an address in `externalIPs` to the pods of the Service, and Kubernetes does
not check who owns the address. Whoever may create a Service can so intercept the traffic of other pods to that address:
CVE-2020-8554. The field is deprecated since Kubernetes 1.36, and an admission plugin (DenyServiceExternalIPs) forbids it
in many clusters.

Use a Service of type LoadBalancer, with a controller that assigns addresses, or a Gateway.

Source: https://github.com/kubernetes/kubernetes/issues/97076

```yaml bad
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  selector:
    app: web
  externalIPs:  # finding: externalIPs takes the traffic for 203.0.113.7 on every node, whoever owns this address (CVE-2020-8554)
  - 203.0.113.7
  ports:
  - port: 80
```

```yaml good
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  type: LoadBalancer
  selector:
    app: web
  ports:
  - port: 80
```
"""  # noqa: E501 - the message is one line

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.finding import Problem, Severity
from k8snetlint.model.aspects import EXPOSURE
from k8snetlint.model.service import Service
from k8snetlint.rules import rule

if TYPE_CHECKING:
    from collections.abc import Iterator


@rule(
    on=Service,
    severity=Severity.WARNING,
    supersedes=("api-warning",),
    relies_on=(EXPOSURE,),
    security=5.0,  # takes traffic for addresses that nobody checks
)
def check(service: Service) -> Iterator[Problem]:
    """Report external addresses of Services that use them."""
    if not service.external_ips or service.is_headless or service.type == "ExternalName":
        return
    first, *others = service.external_ips
    more = f" and {len(others)} more" if others else ""
    these = "these addresses" if others else "this address"
    yield Problem(
        f"externalIPs takes the traffic for {first}{more} on every node, whoever owns {these} (CVE-2020-8554)",
        service.at("spec", "externalIPs", key=True),
    )
