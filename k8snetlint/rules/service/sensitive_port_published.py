"""A database or an administrative interface can be reached from outside of the cluster.

A Service of type NodePort opens its port on every node, and one of type LoadBalancer usually on a public address. The
programs behind these ports give full access, and many of them ask for no password unless they are configured to: etcd
(2379), the Docker API (2375), Redis (6379), Elasticsearch (9200), MongoDB (27017), memcached (11211), the kubelet
(10250).

It is a warning for these. For SSH (22), MySQL (3306) and PostgreSQL (5432), which always authenticate their clients, it
is an info. A LoadBalancer with `loadBalancerSourceRanges`, with a private address, or with an annotation that makes it
internal, is not reported.

Source: https://kubernetes.io/docs/concepts/services-networking/service/#publishing-services-service-types

```yaml bad
apiVersion: v1
kind: Service
metadata:
  name: cache
spec:
  type: LoadBalancer
  selector:
    app: cache
  ports:
  - port: 6379  # finding: Redis can be reached from outside of the cluster: a LoadBalancer publishes port 6379
```

```yaml fixed
apiVersion: v1
kind: Service
metadata:
  name: cache
spec:
  selector:
    app: cache
  ports:
  - port: 6379
```

```yaml bad
apiVersion: v1
kind: Service
metadata:
  name: db
spec:
  type: NodePort
  selector:
    app: db
  ports:
  - port: 15432
    targetPort: 5432  # finding: PostgreSQL can be reached from outside of the cluster: a NodePort publishes port 5432
```

```yaml good
apiVersion: v1
kind: Service
metadata:
  name: cache
  annotations:
    networking.gke.io/load-balancer-type: Internal
spec:
  type: LoadBalancer
  selector:
    app: cache
  ports:
  - port: 6379
---
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  type: NodePort
  selector:
    app: web
  ports:
  - port: 80
    nodePort: 30080
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.finding import Problem, Severity
from k8snetlint.model.addresses import parse_cidr, parse_ip
from k8snetlint.model.aspects import EXPOSURE, PORTS
from k8snetlint.model.service import Service
from k8snetlint.rules import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.model.service import ServicePort

_PROGRAMS = {
    22: ("SSH", False),
    2375: ("the Docker API", True),
    2379: ("etcd", True),
    3306: ("MySQL", False),
    5432: ("PostgreSQL", False),
    6379: ("Redis", True),
    9200: ("Elasticsearch", True),
    10250: ("the kubelet", True),
    11211: ("memcached", True),
    27017: ("MongoDB", True),
}
"""What usually listens on a port, and whether it lets everyone in unless it is configured otherwise."""
_PRIVATE = ("10.0.0.0/8", "100.64.0.0/10", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7")


@rule(
    on=Service,
    severity=Severity.WARNING,
    relies_on=(PORTS, EXPOSURE),
    security=5.0,  # possibly intended
)
def check(service: Service) -> Iterator[Problem]:
    """Report ports that databases and administrative interfaces usually have."""
    if service.type not in ("NodePort", "LoadBalancer") or service.source_ranges or _is_internal(service):
        return
    for port in service.ports:
        number, field = _target(port)
        if number in _PROGRAMS and port.protocol == "TCP":
            what, is_open = _PROGRAMS[number]
            yield Problem(
                f"{what} can be reached from outside of the cluster: a {service.type} publishes port {number}",
                port.at(field),
                severity=None if is_open else Severity.INFO,
            )


def _target(port: ServicePort) -> tuple[int, str]:
    """Return the number of the port of the pods, or of the Service if that is a name, and its field."""
    if isinstance(port.target_port, int) and port.target_port:
        return port.target_port, "targetPort"
    return port.port or 0, "port"


def _is_internal(service: Service) -> bool:
    """Tell whether the load balancer is evidently one of a private network.

    Source: https://kubernetes.io/docs/concepts/services-networking/service/#internal-load-balancer
    """
    notes = service.annotations.items()
    if any(("internal" in key and value != "false") or value.lower() == "internal" for key, value in notes):
        return True
    texts = [
        service.load_balancer_ip or "",
        *(each for value in service.annotations.values() for each in value.split(",")),
    ]
    addresses = [address for each in texts if (address := parse_ip(each.strip()))]
    networks = [network for each in _PRIVATE if (network := parse_cidr(each))]
    return any(address in network for address in addresses for network in networks)
