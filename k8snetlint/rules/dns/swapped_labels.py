"""The service and the namespace of a host name are in the wrong order.

The name of a Service is `<service>.<namespace>.svc`. With the namespace first, another Service of another namespace is
meant, which does not exist: the name does not resolve.

It is reported if the Service exists once the two are exchanged.

Source: https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/#services

```yaml bad
# given: service data/cache 6379
apiVersion: v1
kind: ConfigMap
metadata:
  name: web
  namespace: shop
data:
  CACHE_URL: redis://data.cache.svc.cluster.local:6379  # finding: service and namespace are in the wrong order: Service cache is in namespace data
```

```yaml fixed
# given: service data/cache 6379
apiVersion: v1
kind: ConfigMap
metadata:
  name: web
  namespace: shop
data:
  CACHE_URL: redis://cache.data.svc.cluster.local:6379
```

```yaml good
# given: service data/cache 6379
# given: service cache/data 80
apiVersion: v1
kind: ConfigMap
metadata:
  name: web
  namespace: shop
data:
  DATA_URL: http://data.cache.svc.cluster.local
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
    """Report names in which the namespace comes first."""
    for used in names_with(cluster, Fate.SWAPPED):
        where = f"Service {used.name.namespace} is in namespace {used.name.service}"
        yield name_problem(used, f"service and namespace are in the wrong order: {where}", near=used.near)
