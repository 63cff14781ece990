"""A Service has no selector, and no manifest gives it endpoints.

Kubernetes makes endpoints only for Services with a selector. Without one, the Service has the endpoints of the
EndpointSlices with the label `kubernetes.io/service-name`, or of the Endpoints object of its name. If nothing creates
these, connections fail.

It is an info: controllers create endpoints as well. A Service that an operator, a chart or a template may complete, and
the Service of a StatefulSet or Rollout, are not reported.

Source: https://kubernetes.io/docs/concepts/services-networking/service/#services-without-selectors

```yaml bad
apiVersion: v1
kind: Service
metadata:
  name: db
spec:
  ports:  # finding: there is no selector, and no EndpointSlice or Endpoints for this Service in the manifests
  - port: 5432
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

```yaml good kubernetes=1.32
apiVersion: v1
kind: Service
metadata:
  name: db
spec:
  ports:
  - port: 5432
---
apiVersion: v1
kind: Endpoints
metadata:
  name: db
subsets:
- addresses: [{ip: 10.1.2.3}]
  ports: [{port: 5432}]
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.evidence.service_owners import is_named_by_workload
from k8snetlint.evidence.services import has_endpoints
from k8snetlint.finding import OpenQuestion, Problem, Severity
from k8snetlint.model.aspects import NAME, PORTS, SELECTORS
from k8snetlint.model.service import Service
from k8snetlint.rules import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.model.cluster import Cluster


@rule(on=Service, severity=Severity.INFO, requires_all_scopes=True, relies_on=(SELECTORS, PORTS, NAME))
def check(service: Service, cluster: Cluster) -> Iterator[Problem | OpenQuestion]:
    """Report Services without selector for which there are no endpoints."""
    if service.selector or not service.ports or service.misplaces("selector"):
        return
    # What is wrong with an externalName is another mistake.
    if service.type == "ExternalName" or service.external_name:
        return
    if has_endpoints(cluster, service) or is_named_by_workload(cluster, service):
        return
    namespace = cluster.namespace_of(service)
    external = cluster.environment.external
    if f"{namespace}/{service.name}" in external.services or namespace in external.namespaces:
        return
    at = service.at("spec", "ports", key=True)
    producer = cluster.index.namespace_set_of(service).pod_producer
    why = cluster.doubts[0] if cluster.doubts else producer
    if why and not cluster.environment.whole_cluster:
        yield OpenQuestion(at, why)
        return
    yield Problem("there is no selector, and no EndpointSlice or Endpoints for this Service in the manifests", at)
