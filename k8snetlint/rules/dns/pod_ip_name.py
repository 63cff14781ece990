"""A host name contains the address of a pod.

`10-1-2-3.prod.pod.cluster.local` is the name of the pod with this address, `10-1-2-3.web.prod.svc.cluster.local` that of
an endpoint of a Service. A pod gets another address whenever it is replaced, so such a name soon means no pod, or
another one. Use the name of a Service, or that of a pod of a StatefulSet.

In these names, dashes replace the dots of the address. A name with dots, as `10.1.2.3.prod.pod.cluster.local`, never
resolves, and neither does a number above 255: these are errors.

Source: https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/#pods

```yaml bad
apiVersion: v1
kind: ConfigMap
metadata:
  name: web
data:
  DB_URL: postgresql://10.1.2.3.prod.pod.cluster.local:5432  # finding: a name with the dots of an address never resolves: in names of pods, dashes replace them
  CACHE_URL: redis://10-1-2-4.prod.pod.cluster.local:6379  # finding: the name contains the address of a pod, which changes when the pod is replaced
  QUEUE_URL: amqp://10-1-2-300.prod.pod.cluster.local:5672  # finding: 10-1-2-300 is not the address of a pod, so the name never resolves
```

```yaml fixed
apiVersion: v1
kind: ConfigMap
metadata:
  name: web
data:
  DB_URL: postgresql://db-0.db.prod.svc.cluster.local:5432
  CACHE_URL: redis://cache.prod.svc.cluster.local:6379
  QUEUE_URL: amqp://queue.prod.svc.cluster.local:5672
```

```yaml good
apiVersion: v1
kind: ConfigMap
metadata:
  name: web
data:
  DB_URL: postgresql://db-0.db.prod.svc.cluster.local:5432
  CACHE_URL: redis://cache.prod.svc:6379
  NODE_URL: http://10.1.2.3:9100
```
"""  # noqa: E501 - the message is one line

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.evidence.dns_names import Fate, names_with
from k8snetlint.finding import Problem, Severity
from k8snetlint.model.cluster import Cluster
from k8snetlint.model.dns_names import Form, is_address_possible
from k8snetlint.rules import rule
from k8snetlint.rules.host_names import name_problem

if TYPE_CHECKING:
    from collections.abc import Iterator


@rule(on=Cluster, severity=Severity.WARNING)
def check(cluster: Cluster) -> Iterator[Problem]:
    """Report names of pods by their addresses."""
    for used in names_with(cluster, Fate.POD):
        address = used.name.address or used.name.hostname
        if not is_address_possible(address):
            message = f"{address} is not the address of a pod, so the name never resolves"
            yield name_problem(used, message, severity=Severity.ERROR)
        elif used.name.form is Form.DOTTED:
            message = "a name with the dots of an address never resolves: in names of pods, dashes replace them"
            yield name_problem(used, message, severity=Severity.ERROR)
        else:
            yield name_problem(used, "the name contains the address of a pod, which changes when the pod is replaced")
