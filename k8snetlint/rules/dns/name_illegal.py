"""A host name in the cluster's domain is not a legal name.

Names of Services and namespaces are DNS labels: lower-case letters, digits and dashes, at most 63 characters, with a
letter or digit at both ends. A whole name has at most 253 characters. A name that breaks these rules belongs to no
Service, so it never resolves. Docker Compose allows underscores in the names of its services, Kubernetes does not.

Upper case is not reported: the DNS compares names without case.

Source: https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#dns-label-names

```yaml bad
# given: service prod/order-api 8080
apiVersion: v1
kind: ConfigMap
metadata:
  name: web
  namespace: prod
data:
  ORDER_URL: http://order_api:8080  # finding: order_api contains an underscore, so no Service has this name
```

```yaml fixed
# given: service prod/order-api 8080
apiVersion: v1
kind: ConfigMap
metadata:
  name: web
  namespace: prod
data:
  ORDER_URL: http://order-api:8080
```

```yaml bad
apiVersion: v1
kind: ConfigMap
metadata:
  name: web
  namespace: prod
data:
  QUEUE_URL: amqp://my_queue.prod.svc  # finding: my_queue contains an underscore, so no Service has this name
```

```yaml good
# given: service prod/order-api 8080
apiVersion: v1
kind: ConfigMap
metadata:
  name: web
  namespace: prod
data:
  ORDER_URL: http://Order-API.prod.svc:8080
  SRV_NAME: _http._tcp.kubernetes.default.svc
  OTHER_URL: http://some_host.example.com
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.evidence.dns_names import Fate, names_with
from k8snetlint.finding import Problem, Severity
from k8snetlint.model.cluster import Cluster
from k8snetlint.model.dns_names import illegal_part
from k8snetlint.rules import rule
from k8snetlint.rules.host_names import name_problem

if TYPE_CHECKING:
    from collections.abc import Iterator


@rule(on=Cluster, severity=Severity.ERROR)
def check(cluster: Cluster) -> Iterator[Problem]:
    """Report names that no Service can have."""
    for used in names_with(cluster, Fate.ILLEGAL):
        part, why = illegal_part(used.use.host) or ("", "")
        what = f"{part} {why}" if part else f"a label {why}"
        yield name_problem(used, f"{what}, so no Service has this name", near=used.near)
