"""A host alias of a pod has the name of a Service.

`hostAliases` writes host names into the hosts file of the pod, which is read before DNS is asked. A Service of the same
name in this namespace is then no longer found by its name: the containers connect to the fixed address instead.

Source: https://kubernetes.io/docs/tasks/network/customize-hosts-file-for-pods/

```yaml bad
# given: service shop/db 5432
apiVersion: v1
kind: Pod
metadata:
  name: web
  namespace: shop
spec:
  hostAliases:
  - ip: 10.1.2.3
    hostnames:
    - db  # finding: the hosts file gives db the address 10.1.2.3, so these containers do not reach Service db by this name
  containers:
  - name: web
    image: example.com/web:1
```

```yaml good
# given: service shop/db 5432
apiVersion: v1
kind: Pod
metadata:
  name: web
  namespace: shop
spec:
  hostAliases:
  - ip: 10.1.2.3
    hostnames:
    - db.example.com
    - db.other.svc
  containers:
  - name: web
    image: example.com/web:1
```
"""  # noqa: E501 - the message is one line

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.evidence.services import services_named
from k8snetlint.finding import Problem, Severity
from k8snetlint.model.aspects import NAME, NETWORK
from k8snetlint.model.workload import Workload
from k8snetlint.rules import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.model.cluster import Cluster


@rule(on=Workload, severity=Severity.WARNING, relies_on=(NAME, NETWORK))
def check(workload: Workload, cluster: Cluster) -> Iterator[Problem]:
    """Report host names that are the name of a Service, with or without its namespace."""
    namespace = cluster.known_namespace_of(workload)
    for alias in workload.host_aliases:
        short = alias.name.removesuffix(f".{cluster.environment.cluster_domain}").removesuffix(".svc")
        name, _, of = short.partition(".")
        if of and of != namespace:
            continue
        called = [each for each in services_named(cluster, name, workload) if each.knows(NAME)]
        together = cluster.applied_together or workload.namespace
        found = next((each for each in called if together or each.folder == workload.folder), None)
        if found is None:
            continue
        yield Problem(
            f"the hosts file gives {alias.name} the address {alias.address}, "
            f"so these containers do not reach Service {name} by this name",
            workload.at(*workload.template, "spec", *alias.path),
            related=((found.at("metadata", "name"), f"Service {name}"),),
        )
