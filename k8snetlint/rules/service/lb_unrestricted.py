"""A list of source ranges allows every address.

`loadBalancerSourceRanges` limits which clients the load balancer lets in. A range such as `0.0.0.0/0` contains all
addresses of its family, so the other ranges of this family limit nothing.

It is a warning if the list has other ranges of the same family, otherwise an info: then all clients are evidently
intended. A Service without the field is not reported: most public Services have none.

Source: https://kubernetes.io/docs/concepts/services-networking/service/#loadbalancer

```yaml bad
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  type: LoadBalancer
  loadBalancerSourceRanges:
  - 10.0.0.0/8
  - 0.0.0.0/0  # finding: 0.0.0.0/0 contains every IPv4 address, so the other ranges limit nothing
  selector:
    app: web
  ports:
  - port: 443
```

```yaml fixed
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  type: LoadBalancer
  loadBalancerSourceRanges:
  - 10.0.0.0/8
  selector:
    app: web
  ports:
  - port: 443
```

```yaml bad
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  type: LoadBalancer
  loadBalancerSourceRanges:
  - 0.0.0.0/0  # finding: 0.0.0.0/0 contains every IPv4 address, so it limits nothing
  selector:
    app: web
  ports:
  - port: 443
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
  - port: 443
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.edit.change import delete
from k8snetlint.finding import Fix, Problem, Severity
from k8snetlint.model.addresses import parse_cidr
from k8snetlint.model.aspects import EXPOSURE
from k8snetlint.model.service import Service
from k8snetlint.rules import rule

if TYPE_CHECKING:
    from collections.abc import Iterator


@rule(
    on=Service,
    severity=Severity.INFO,
    relies_on=(EXPOSURE,),
    security=7.0,  # an apparent limit has no effect
)
def check(service: Service) -> Iterator[Problem]:
    """Report ranges of all addresses."""
    # On other types the API server rejects the field.
    if service.type != "LoadBalancer":
        return
    networks = [parse_cidr(each.strip()) for each in service.source_ranges]
    limited = {each.family for each in networks if each and each.length}
    for index, network in enumerate(networks):
        if network is None or network.length:
            continue
        others = network.family in limited
        at = service.at("spec", "loadBalancerSourceRanges", index)
        what = "the other ranges limit" if others else "it limits"
        yield Problem(
            f"{network} contains every IPv{network.family} address, so {what} nothing",
            at,
            severity=Severity.WARNING if others else None,
            fix=Fix(f"remove {network}", (delete(at),), safe=False) if others else None,
        )
