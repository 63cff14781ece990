"""An EndpointSlice belongs to no Service, or not to a port of its Service.

An EndpointSlice belongs to the Service that its label `kubernetes.io/service-name` names; without the label, nothing
uses its addresses. Its ports belong to the Service ports with the same *name*: traffic to a Service port goes to the
endpoints of that name only. A port without a name belongs to a Service port without a name.

A port that belongs to no Service port is an error if the Service is in the same file, otherwise a warning.

Source: https://kubernetes.io/docs/concepts/services-networking/endpoint-slices/#ownership

```yaml bad
# given: service db 5432
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata:
  name: db  # finding: the label kubernetes.io/service-name is missing, so the addresses belong to no Service
addressType: IPv4
ports:
- port: 5432
endpoints:
- addresses: [10.1.2.3]
```

```yaml bad
apiVersion: v1
kind: Service
metadata:
  name: db
spec:
  ports:
  - name: sql
    port: 5432
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata:
  name: db-1
  labels:
    kubernetes.io/service-name: db
addressType: IPv4
ports:
- name: postgres  # finding: Service db has no port named postgres, so this port gets no traffic
  port: 5432
endpoints:
- addresses: [10.1.2.3]
```

```yaml fixed
apiVersion: v1
kind: Service
metadata:
  name: db
spec:
  ports:
  - name: sql
    port: 5432
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata:
  name: db-1
  labels:
    kubernetes.io/service-name: db
addressType: IPv4
ports:
- name: sql
  port: 5432
endpoints:
- addresses: [10.1.2.3]
```

```yaml good
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
- name: ""
  port: 5432
endpoints:
- addresses: [10.1.2.3]
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.edit.change import set_to
from k8snetlint.evidence.services import services_named
from k8snetlint.finding import Fix, Problem, Severity
from k8snetlint.model.aspects import NAME, PORTS
from k8snetlint.model.endpoints import SERVICE_NAME, EndpointSlice
from k8snetlint.rules import rule
from k8snetlint.source.paths import MapKey

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.model.cluster import Cluster
    from k8snetlint.model.service import Service


@rule(on=EndpointSlice, severity=Severity.WARNING)
def check(endpoint_slice: EndpointSlice, cluster: Cluster) -> Iterator[Problem]:
    """Report slices without the label of a Service, and ports that their Service does not have."""
    if endpoint_slice.patches:
        return
    if not endpoint_slice.service_name:
        if not any(map(_is_of_another_controller, endpoint_slice.labels)):
            yield _without_label(endpoint_slice, cluster)
        return
    service = _service_of(endpoint_slice, cluster)
    names = [each.name or "" for each in service.ports] if service else []
    only = names[0] if len(names) == len(endpoint_slice.port_names) == 1 else None
    for index, port_name in enumerate(endpoint_slice.port_names):
        if service is None or not names or port_name in names:
            continue
        at = endpoint_slice.at("ports", index, "name")
        what = f"named {port_name}" if port_name else "without a name"
        yield Problem(
            f"Service {service.name} has no port {what}, so this port gets no traffic",
            at,
            severity=Severity.ERROR if service.source is endpoint_slice.source else None,
            related=((service.at("spec", "ports", key=True), f"the ports of Service {service.name}"),),
            fix=Fix(f'write name: "{only}"', (set_to(at, only),), safe=False) if only is not None else None,
        )


def _service_of(endpoint_slice: EndpointSlice, cluster: Cluster) -> Service | None:
    """Return the Service of a slice, None if it is not known which one that is, or which ports it has."""
    services = services_named(cluster, endpoint_slice.service_name, endpoint_slice)
    if len(services) != 1 or not services[0].knows(NAME, PORTS):
        return None
    together = cluster.applied_together or endpoint_slice.namespace or services[0].folder == endpoint_slice.folder
    return services[0] if together else None


def _is_of_another_controller(label: str) -> bool:
    """Tell whether a label says that a controller of its own uses the slice."""
    return label.endswith(("/service-name", "/managed-by"))


def _without_label(endpoint_slice: EndpointSlice, cluster: Cluster) -> Problem:
    """Return the problem, with the fix for a Service of the slice's own name that has no selector."""
    called = services_named(cluster, endpoint_slice.name or "", endpoint_slice)
    fix = None
    if len(called) == 1 and not called[0].selector:
        labels = endpoint_slice.at("metadata", "labels")
        label = {SERVICE_NAME: called[0].name}
        change = (
            set_to(labels.to(MapKey(SERVICE_NAME)), called[0].name) if endpoint_slice.labels else set_to(labels, label)
        )
        fix = Fix(f"write the label {SERVICE_NAME}: {called[0].name}", (change,), safe=False)
    return Problem(
        f"the label {SERVICE_NAME} is missing, so the addresses belong to no Service",
        endpoint_slice.at("metadata", "name"),
        fix=fix,
    )
