"""A host name contains a namespace that does not exist.

`<service>.<namespace>.svc` is a name in the given namespace. If no namespace is called so, the name does not resolve.

It is reported if the Service exists in a namespace with nearly the same name, or if the manifests are the whole cluster
(`--whole-cluster`): otherwise the namespace may be one that other manifests create.

Source: https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/#namespaces-of-services

```yaml bad
# given: namespace monitoring
# given: service monitoring/prometheus 9090
apiVersion: v1
kind: ConfigMap
metadata:
  name: web
  namespace: shop
data:
  METRICS_URL: http://prometheus.monitorng.svc:9090  # finding: no namespace is named monitorng, so this name does not resolve
```

```yaml fixed
# given: namespace monitoring
# given: service monitoring/prometheus 9090
apiVersion: v1
kind: ConfigMap
metadata:
  name: web
  namespace: shop
data:
  METRICS_URL: http://prometheus.monitoring.svc:9090
```

```yaml good
# given: namespace monitoring
# given: service monitoring/prometheus 9090
apiVersion: v1
kind: ConfigMap
metadata:
  name: web
  namespace: shop
data:
  METRICS_URL: http://prometheus.monitoring.svc:9090
  TRACES_URL: http://collector.tracing.svc:4317
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
    """Report names in namespaces that do not exist."""
    for used in names_with(cluster, Fate.UNKNOWN_NAMESPACE):
        message = f"no namespace is named {used.name.namespace}, so this name does not resolve"
        yield name_problem(used, message, near=used.near)
