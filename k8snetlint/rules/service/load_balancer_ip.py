"""A Service asks for an address with loadBalancerIP, which is deprecated.

`spec.loadBalancerIP` is deprecated since Kubernetes 1.24: its meaning differs between implementations, it cannot be
used for two IP families, and some load balancers ignore it. Most have an annotation of their own, for example
`metallb.io/loadBalancerIPs`, `lbipam.cilium.io/ips` or `networking.gke.io/load-balancer-ip-addresses`. Look for it in
the documentation of your load balancer.

Source: https://kubernetes.io/docs/concepts/services-networking/service/#loadbalancer

```yaml bad
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  type: LoadBalancer
  loadBalancerIP: 203.0.113.7  # finding: loadBalancerIP is deprecated since Kubernetes 1.24, and some load balancers ignore it
  selector:
    app: web
  ports:
  - port: 80
```

```yaml good
apiVersion: v1
kind: Service
metadata:
  name: web
  annotations:
    metallb.io/loadBalancerIPs: 203.0.113.7
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


@rule(on=Service, severity=Severity.INFO, relies_on=(EXPOSURE,))
def check(service: Service) -> Iterator[Problem]:
    """Report the field where it may have an effect."""
    if service.load_balancer_ip and service.type == "LoadBalancer":
        message = "loadBalancerIP is deprecated since Kubernetes 1.24, and some load balancers ignore it"
        yield Problem(message, service.at("spec", "loadBalancerIP"))
