"""A Service has an externalTrafficPolicy, but takes no traffic from outside.

`externalTrafficPolicy` is about traffic that enters the cluster at a node: only Services of type NodePort and
LoadBalancer, and such with `externalIPs`, have it. A Service without `type` has type ClusterIP, and the API server
rejects it. Either the type is missing, or the field is left over from a copy. For traffic within the cluster, the field
is `internalTrafficPolicy`.

Source: https://kubernetes.io/docs/reference/networking/virtual-ips/#external-traffic-policy

```yaml bad
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  selector:
    app: web
  externalTrafficPolicy: Local  # finding: externalTrafficPolicy needs type NodePort or LoadBalancer; without type this is a ClusterIP Service, and the API server rejects it
  ports:
  - port: 80
```

```yaml fixed
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
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
  selector:
    app: web
  internalTrafficPolicy: Local
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


@rule(on=Service, severity=Severity.ERROR, supersedes=("api-invalid",), relies_on=(EXPOSURE,))
def check(service: Service) -> Iterator[Problem]:
    """Report the field on Services of type ClusterIP without external addresses."""
    if not service.external_traffic_policy or service.type != "ClusterIP" or service.external_ips:
        return
    if service.external_traffic_policy not in ("Cluster", "Local"):
        return
    this = "this is a ClusterIP Service" if service.type_written else "without type this is a ClusterIP Service"
    at = service.at("spec", "externalTrafficPolicy")
    message = f"externalTrafficPolicy needs type NodePort or LoadBalancer; {this}, and the API server rejects it"
    yield Problem(message, at, fix=Fix("remove externalTrafficPolicy", (delete(at),), safe=False))
