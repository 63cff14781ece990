"""An `ipBlock` is for addresses that no packet between pods has.

Loopback addresses never leave a pod, a connection has no multicast address, and `0.0.0.0` is no address of a host: an
`ipBlock` of these allows nothing. All addresses are `0.0.0.0/0`.

The address of a Service is not the address of a pod either: most network plugins apply policies after the packet has
got the address of a pod, so that a rule for the address of the Service allows nothing. Select the pods instead.

Source: https://kubernetes.io/docs/concepts/services-networking/network-policies/#behavior-of-to-and-from-selectors

```yaml bad
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: web
spec:
  podSelector:
    matchLabels:
      app: web
  policyTypes: [Ingress, Egress]
  ingress:
  - from:
    - ipBlock:
        cidr: 127.0.0.1/32  # finding: 127.0.0.1/32 is a loopback address, which never leaves a pod, so this allows nothing
  egress:
  - to:
    - ipBlock:
        cidr: 0.0.0.0/32  # finding: 0.0.0.0/32 is not the address of a host, so this allows nothing; all addresses are 0.0.0.0/0
    - ipBlock:
        cidr: 224.0.0.0/24  # finding: 224.0.0.0/24 is for multicast, which policies do not cover, so this allows nothing
```

```yaml bad
apiVersion: v1
kind: Service
metadata:
  name: db
spec:
  clusterIP: 10.96.10.10
  selector:
    app: db
  ports:
  - port: 5432
---
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
        cidr: 10.96.10.10/32  # finding: 10.96.10.10 is the address of Service db; most network plugins compare the addresses of its pods
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
        cidr: 169.254.20.10/32
    - ipBlock:
        cidr: 0.0.0.0/0
```
"""  # noqa: E501 - the message is one line

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from k8snetlint.finding import Problem, Severity
from k8snetlint.model.aspects import PORTS
from k8snetlint.model.networkpolicy import NetworkPolicy
from k8snetlint.rules import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.model.cluster import Cluster
    from k8snetlint.model.service import Service

_DNS = 53
_SPECIAL = {
    "127.0.0.0/8": "a loopback address, which never leaves a pod, so this allows nothing",
    "::1/128": "a loopback address, which never leaves a pod, so this allows nothing",
    "0.0.0.0/32": "not the address of a host, so this allows nothing; all addresses are 0.0.0.0/0",
    "::/128": "not the address of a host, so this allows nothing; all addresses are ::/0",
    "224.0.0.0/4": "for multicast, which policies do not cover, so this allows nothing",
    "ff00::/8": "for multicast, which policies do not cover, so this allows nothing",
}


@rule(on=NetworkPolicy, severity=Severity.WARNING, relies_on=(PORTS,))
def check(policy: NetworkPolicy, cluster: Cluster) -> Iterator[Problem]:
    """Report ipBlocks that match no traffic between hosts."""
    for block in policy.ip_blocks:
        text = block.cidr or ""
        # Nearly all blocks are wide, or private: these begin otherwise.
        what = _special(text) if text.startswith(("127.", "0.", "::", "22", "23", "ff")) else None
        if what:
            yield Problem(f"{text} is {what}", block.at("cidr"))
        elif text.endswith(("/32", "/128")) and cluster.has_any("Service"):
            # A cache on nodes answers at the address of the DNS Service.
            service = _services_by_address(cluster).get(text.rpartition("/")[0])
            if service is not None and not any(each.port == _DNS for each in service.ports):
                yield Problem(
                    f"{service.cluster_ip} is the address of Service {service.name}; "
                    "most network plugins compare the addresses of its pods",
                    block.at("cidr"),
                    related=((service.at("spec", "clusterIP"), f"Service {service.name}"),),
                )


@functools.lru_cache(1024)
def _special(text: str) -> str | None:
    from k8snetlint.model.addresses import parse_cidr  # noqa: PLC0415 - few addresses begin like these

    network = parse_cidr(text)
    for special, what in _SPECIAL.items() if network is not None else ():
        if network in parse_cidr(special):  # type: ignore[operator]  # those of the table are networks
            return what
    return None


def _services_by_address(cluster: Cluster) -> dict[str, Service]:
    from k8snetlint.model.service import Service  # noqa: PLC0415 - only where there is one

    answers = cluster.index.answers
    known: dict[str, Service] | None = answers.get(_services_by_address)
    if known is None:
        known = answers[_services_by_address] = {}
        for each in cluster.known(Service):
            if each.cluster_ip not in (None, "None", ""):
                known.setdefault(each.cluster_ip or "", each)
    return known
