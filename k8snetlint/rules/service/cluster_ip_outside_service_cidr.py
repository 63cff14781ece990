"""The clusterIP of a Service is outside the CIDRs of the cluster's Services.

The API server allocates the addresses of Services from the range of `--service-cluster-ip-range`, and from ServiceCIDR
objects. It rejects a Service that names another address. Often a manifest with a fixed `clusterIP` comes from another
cluster.

Say what the range of your cluster is with `--service-cidr`. ServiceCIDRs of the manifests extend it: that a Service has
an address of theirs is worth knowing, because the API server rejects it until the ServiceCIDR exists. Without
`--service-cidr`, they count only with `--whole-cluster`, and if the default one, `kubernetes`, is among them.

Source: https://kubernetes.io/docs/reference/networking/virtual-ips/#ip-address-objects

```yaml bad service-cidr=10.96.0.0/12
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  clusterIP: 10.43.7.7  # finding: clusterIP 10.43.7.7 is outside 10.96.0.0/12, so the API server rejects the Service
  selector:
    app: web
  ports:
  - port: 80
```

A ServiceCIDR of the manifests has the address:

```yaml bad service-cidr=10.96.0.0/12
apiVersion: networking.k8s.io/v1
kind: ServiceCIDR
metadata:
  name: more
spec:
  cidrs:
  - 10.43.0.0/16
---
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  clusterIP: 10.43.7.7  # finding: clusterIP 10.43.7.7 is one of ServiceCIDR more, without which the API server rejects the Service
  selector:
    app: web
  ports:
  - port: 80
```

```yaml good service-cidr=10.96.0.0/12
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  clusterIP: 10.96.7.7
  selector:
    app: web
  ports:
  - port: 80
```
"""  # noqa: E501 - the message is one line

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.evidence.service_cidrs import outside
from k8snetlint.finding import Problem, Severity
from k8snetlint.model.aspects import EXPOSURE
from k8snetlint.model.service import Service
from k8snetlint.rules import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.model.cluster import Cluster


@rule(on=Service, severity=Severity.ERROR, supersedes=("api-invalid",), relies_on=(EXPOSURE,))
def check(service: Service, cluster: Cluster) -> Iterator[Problem]:
    """Report an address that the API server does not allocate."""
    address, environment = service.cluster_ip, cluster.environment
    if not address or service.is_headless or service.type == "ExternalName":
        return
    if not environment.service_cidrs and not environment.whole_cluster:
        return
    found = outside(cluster, address)
    if found is None:
        return
    at = service.at("spec", "clusterIP")
    if found.extension:
        which, place = f"ServiceCIDR {found.extension.name}", found.extension.at("metadata", "name")
        message = f"clusterIP {address} is one of {which}, without which the API server rejects the Service"
        yield Problem(message, at, severity=Severity.INFO, related=((place, f"{which} is defined here"),))
    else:
        yield Problem(f"clusterIP {address} is outside {found.networks}, so the API server rejects the Service", at)
