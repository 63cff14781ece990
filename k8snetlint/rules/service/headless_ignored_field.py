"""A headless Service has a field that it ignores.

A headless Service (`clusterIP: None`) has no address: DNS gives clients the addresses of the pods, and nothing is
between them. So nothing can keep clients on one pod (`sessionAffinity`), or take traffic for other addresses
(`externalIPs`, `loadBalancerIP`). Either the field is left over from a copy, or the Service should not be headless.

Source: https://kubernetes.io/docs/concepts/services-networking/service/#headless-services

```yaml bad
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  clusterIP: None
  sessionAffinity: ClientIP  # finding: sessionAffinity is ignored: clients of a headless Service choose a pod themselves
  selector:
    app: web
  ports:
  - port: 80
```

```yaml fixed
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  clusterIP: None
  selector:
    app: web
  ports:
  - port: 80
```

```yaml bad
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  clusterIP: None
  externalIPs:  # finding: externalIPs is ignored: a headless Service has no address
  - 203.0.113.7
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
spec:
  clusterIP: None
  sessionAffinity: None
  selector:
    app: web
  ports:
  - port: 80
```
"""  # noqa: E501 - the message is one line

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.edit.change import delete
from k8snetlint.finding import Fix, Problem, Severity
from k8snetlint.model.aspects import EXPOSURE
from k8snetlint.model.service import Service
from k8snetlint.rules import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

_NO_ADDRESS = "a headless Service has no address"


@rule(on=Service, severity=Severity.WARNING, supersedes=("api-warning",), relies_on=(EXPOSURE,))
def check(service: Service) -> Iterator[Problem]:
    """Report what a headless Service ignores."""
    # With another type the API server rejects it.
    if not service.is_headless or service.type != "ClusterIP":
        return
    affinity = service.session_affinity if service.session_affinity != "None" else None
    for field, value, why in (
        ("sessionAffinity", affinity, "clients of a headless Service choose a pod themselves"),
        ("externalIPs", service.external_ips, _NO_ADDRESS),
        ("loadBalancerIP", service.load_balancer_ip, _NO_ADDRESS),
    ):
        if value:
            at = service.at("spec", field)
            fix = Fix(f"remove {field}", (delete(at),), safe=False)
            place = service.at("spec", field, key=True) if field == "externalIPs" else at
            yield Problem(f"{field} is ignored: {why}", place, fix=fix)
