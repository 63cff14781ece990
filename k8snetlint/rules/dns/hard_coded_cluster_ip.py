"""An address of the cluster is written where a name belongs.

The address of a Service is allocated when the Service is created, and that of a pod when the pod starts. An address in a
manifest is right in one cluster, and until the Service or the pod is replaced. The name of a Service stays the same.

Hosts of URLs, and values of variables that are called after a host (`DB_HOST`), are compared with the `clusterIP` of the
Services that are known, and with `--service-cidr` and `--pod-cidr`. The addresses of the API server and of the DNS, and
pods on the host network, which may have to do without names, are not reported.

Source: https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/

```yaml bad
apiVersion: v1
kind: Service
metadata:
  name: cache
  namespace: shop
spec:
  clusterIP: 10.96.7.7
  selector:
    app: cache
  ports:
  - port: 6379
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: web
  namespace: shop
data:
  CACHE_URL: redis://10.96.7.7:6379  # finding: 10.96.7.7 is the clusterIP of Service cache, and changes if the Service is created anew
```

```yaml fixed
apiVersion: v1
kind: Service
metadata:
  name: cache
  namespace: shop
spec:
  clusterIP: 10.96.7.7
  selector:
    app: cache
  ports:
  - port: 6379
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: web
  namespace: shop
data:
  CACHE_URL: redis://cache.shop:6379
```

The networks of the cluster are known:

```yaml bad pod-cidr=10.244.0.0/16 service-cidr=10.96.0.0/12
apiVersion: v1
kind: ConfigMap
metadata:
  name: web
  namespace: shop
data:
  CACHE_URL: redis://10.96.7.7:6379  # finding: 10.96.7.7 is in 10.96.0.0/12: the address of a Service, which changes if the Service is created anew
  SESSIONS_HOST: 10.244.1.23  # finding: 10.244.1.23 is in 10.244.0.0/16: the address of a pod, which changes when the pod is replaced
```

```yaml good pod-cidr=10.244.0.0/16 service-cidr=10.96.0.0/12
# given: service shop/cache 6379
apiVersion: v1
kind: ConfigMap
metadata:
  name: web
  namespace: shop
data:
  CACHE_URL: redis://cache:6379
  API_SERVER_URL: https://10.96.0.1
  PROXY_URL: http://192.168.1.10:3128
```
"""  # noqa: E501 - the message is one line

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.evidence.cluster_addresses import used_addresses
from k8snetlint.finding import Severity
from k8snetlint.model.cluster import Cluster
from k8snetlint.rules import rule
from k8snetlint.rules.host_names import name_problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.evidence.cluster_addresses import UsedAddress
    from k8snetlint.finding import Problem


@rule(on=Cluster, severity=Severity.INFO)
def check(cluster: Cluster) -> Iterator[Problem]:
    """Report hosts that are addresses of Services or pods."""
    for address in used_addresses(cluster):
        yield name_problem(address.used, _message(address), near=address.used.near)


def _message(address: UsedAddress) -> str:
    host = address.used.use.host
    if address.used.services:
        name = address.used.services[0].name
        return f"{host} is the clusterIP of Service {name}, and changes if the Service is created anew"
    if address.whose == "pods":
        return f"{host} is in {address.network}: the address of a pod, which changes when the pod is replaced"
    return f"{host} is in {address.network}: the address of a Service, which changes if the Service is created anew"
