"""A host name is followed by a port that its Service does not have.

A Service accepts connections on its own ports only, `port` of its entries. The port of the pods behind it
(`targetPort`, `containerPort`) counts for connections to a pod. If both differ, clients of the Service must use the
first one; on any other port connections time out or are refused.

A headless Service has no port of its own: clients connect to the pods. An SRV name (`_http._tcp.web.prod.svc`) contains
the name of a port.

Source: https://kubernetes.io/docs/concepts/services-networking/service/#field-spec-ports

```yaml bad
# given: service shop/api 80->8080
apiVersion: v1
kind: ConfigMap
metadata:
  name: web
  namespace: shop
data:
  API_URL: http://api.shop.svc:8080/v1  # finding: Service api has no port 8080, which is the targetPort of its port 80
```

```yaml fixed
# given: service shop/api 80->8080
apiVersion: v1
kind: ConfigMap
metadata:
  name: web
  namespace: shop
data:
  API_URL: http://api.shop.svc:80/v1
```

```yaml bad
# given: service shop/api 8080
apiVersion: v1
kind: ConfigMap
metadata:
  name: web
  namespace: shop
data:
  API_URL: http://api:8081  # finding: Service api has no port 8081; it has 8080
  SRV_NAME: _grpc._tcp.api.shop.svc  # finding: Service api has no TCP port named grpc
```

```yaml good
# given: service shop/api 80->8080
# given: service shop/db headless 5432
apiVersion: v1
kind: ConfigMap
metadata:
  name: web
  namespace: shop
data:
  API_URL: http://api.shop.svc
  API_V2_URL: http://api:80
  DB_URL: postgresql://db.shop.svc:5433
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.evidence.dns_names import Fate, UsedName, names_with
from k8snetlint.evidence.dns_ports import missing_port, services_with_ports
from k8snetlint.finding import Problem, Severity
from k8snetlint.model.cluster import Cluster
from k8snetlint.rules import rule
from k8snetlint.rules.host_names import name_problem

if TYPE_CHECKING:
    from collections.abc import Iterator


@rule(on=Cluster, severity=Severity.WARNING, requires_all_scopes=True)
def check(cluster: Cluster) -> Iterator[Problem]:
    """Report ports that none of the Services of a name has."""
    for used in names_with(cluster, Fate.FOUND):
        services = services_with_ports(used)
        missing = missing_port(used, services) if services else None
        if missing is None:
            continue
        near = ""
        if missing.instead and used.use.written:
            near = f"{used.use.host}:{missing.instead}"
        yield name_problem(used, _message(used, missing.why), near=near, old=f"{used.use.host}:{used.use.port}")


def _message(used: UsedName, why: str) -> str:
    if used.use.written or used.name.port:
        return f"Service {used.name.service} has no {why}"
    return f"{used.use.scheme} without a port means port {used.use.port}, and Service {used.name.service} has no {why}"
