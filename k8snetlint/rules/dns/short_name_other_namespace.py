"""The short name of a Service is used in another namespace than that of the Service.

The resolver of a pod completes a name without dots with the pod's own namespace. So `http://cache:6379` reaches the
Service `cache` of this namespace, and no other one. To reach a Service of another namespace, the namespace must be
written: `cache.data`, or in full `cache.data.svc.cluster.local`.

It is reported if the pod's own namespace has no Service of the name, and exactly one other one has it.

Source: https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/#namespaces-of-services

```yaml bad
# given: service data/cache 6379
apiVersion: v1
kind: Pod
metadata:
  name: web
  namespace: shop
spec:
  containers:
  - name: web
    image: example.com/web:1
    env:
    - name: CACHE_HOST
      value: cache  # finding: Service cache is in namespace data, and from namespace shop its name alone does not resolve
```

```yaml fixed
# given: service data/cache 6379
apiVersion: v1
kind: Pod
metadata:
  name: web
  namespace: shop
spec:
  containers:
  - name: web
    image: example.com/web:1
    env:
    - name: CACHE_HOST
      value: cache.data
```

```yaml good
# given: service data/cache 6379
# given: service shop/db 5432
apiVersion: v1
kind: Pod
metadata:
  name: web
  namespace: shop
spec:
  containers:
  - name: web
    image: example.com/web:1
    env:
    - name: CACHE_HOST
      value: cache.data
    - name: DB_HOST
      value: db
    - name: CACHE_KIND
      value: cache
```
"""  # noqa: E501 - the message is one line

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.evidence.dns_names import Fate, names_with
from k8snetlint.finding import Problem, Severity
from k8snetlint.model.cluster import Cluster
from k8snetlint.rules import rule
from k8snetlint.rules.host_names import name_problem

if TYPE_CHECKING:
    from collections.abc import Iterator


@rule(on=Cluster, severity=Severity.WARNING, requires_all_scopes=True)
def check(cluster: Cluster) -> Iterator[Problem]:
    """Report names without a namespace of Services that are in another one."""
    for used in names_with(cluster, Fate.OTHER_NAMESPACE):
        if used.is_short:
            other, own = cluster.namespace_of(used.services[0]), used.own
            where = f"Service {used.name.service} is in namespace {other}"
            message = f"{where}, and from namespace {own} its name alone does not resolve"
            yield name_problem(used, message, near=used.near)
