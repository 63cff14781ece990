"""A host name is that of a Service that does not exist.

`<service>.<namespace>.svc.cluster.local` and its short forms are names that the DNS of the cluster answers for each
Service. If the namespace has no Service of this name, the name does not resolve, and every connection to it fails.
Usually the name has a typo, or the Service was renamed.

Names are looked for in environment values, commands, arguments, ConfigMaps, annotations, `externalName`, and in the URLs
of webhooks. A name without `svc` counts in a URL, in a variable that is called after a host (`DB_HOST`), and in front of
a port (`server api:8080;`) if the Service that it nearly names has this port.

It is a warning if the name is nearly that of a Service which is known, if exactly one other namespace has the Service
and nothing else can create it, if nine of ten names of the namespace are known, or if the manifests are the whole
cluster (`--whole-cluster`). Services that charts and operators create are in no manifest, so it is only worth knowing
if the manifests show other Services of the namespace: one in the same file, or another name that resolves. Declare a
Service that is defined elsewhere as `external` in the configuration.

Source: https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/

```yaml bad
# given: service prod/backend 8080
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  namespace: prod
spec:
  selector:
    matchLabels: {app: web}
  template:
    metadata:
      labels: {app: web}
    spec:
      containers:
      - name: web
        image: example.com/web:1
        env:
        - name: BACKEND_URL
          value: http://bakend.prod.svc.cluster.local:8080  # finding: namespace prod has no Service bakend, so this name does not resolve
```

```yaml fixed
# given: service prod/backend 8080
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  namespace: prod
spec:
  selector:
    matchLabels: {app: web}
  template:
    metadata:
      labels: {app: web}
    spec:
      containers:
      - name: web
        image: example.com/web:1
        env:
        - name: BACKEND_URL
          value: http://backend.prod.svc.cluster.local:8080
```

In the text of a file:

```yaml bad
# given: service prod/backend 8080
apiVersion: v1
kind: ConfigMap
metadata:
  name: web
  namespace: prod
data:
  nginx.conf: |
    upstream backend {
      server bakend:8080;  # finding: namespace prod has no Service bakend, so this name does not resolve
    }
```

```yaml fixed
# given: service prod/backend 8080
apiVersion: v1
kind: ConfigMap
metadata:
  name: web
  namespace: prod
data:
  nginx.conf: |
    upstream backend {
      server backend:8080;
    }
```

The manifests are the whole cluster:

```yaml bad whole-cluster
# given: service prod/backend 8080
apiVersion: v1
kind: ConfigMap
metadata:
  name: web
  namespace: prod
data:
  CACHE_URL: redis://cache.prod.svc:6379  # finding: namespace prod has no Service cache, so this name does not resolve
```

The manifests show Services of the namespace, but perhaps not all of them:

```yaml bad
# given: service prod/backend 8080
apiVersion: v1
kind: ConfigMap
metadata:
  name: web
  namespace: prod
data:
  BACKEND_URL: http://backend.prod.svc:8080
  CACHE_URL: redis://cache.prod.svc:6379  # finding: namespace prod has no Service cache, so this name does not resolve
  SESSIONS_HOST: sessions  # finding: namespace prod has no Service sessions, so this name does not resolve
```

Not reported: hosts of the internet, a Service that an operator creates, and a namespace without manifests:

```yaml good
# given: service prod/backend 8080
apiVersion: v1
kind: ConfigMap
metadata:
  name: web
  namespace: prod
data:
  API_URL: https://api.example.com
  DOCS_URL: https://bakend.dev
  METRICS_URL: http://prometheus-operated.prod.svc:9090
  BACKEND_URL: http://backend.prod.svc:8080
  API_SERVER: https://kubernetes.default.svc
  TRACES_URL: http://collector.observability.svc:4317
  BUCKET_URL: s3://files
  CACHE_HOST: localhost
```
"""  # noqa: E501 - the message is one line

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.evidence.dns_names import Fate, UsedName, used_names
from k8snetlint.finding import OpenQuestion, Problem, Severity
from k8snetlint.model.cluster import Cluster
from k8snetlint.rules import rule
from k8snetlint.rules.host_names import name_problem

if TYPE_CHECKING:
    from collections.abc import Iterator


@rule(on=Cluster, severity=Severity.WARNING, requires_all_scopes=True)
def check(cluster: Cluster) -> Iterator[Problem | OpenQuestion]:
    """Report names of Services that their namespaces do not have."""
    for used in used_names(cluster):
        qualified = used.fate is Fate.OTHER_NAMESPACE and not used.is_short
        if used.fate is not Fate.MISSING and not qualified:
            continue
        space, name = used.namespace, used.name.service
        what = f"namespace {space} has no Service {name}" if space else f"no Service is named {name}"
        if used.open:
            yield OpenQuestion(used.at, used.open)
        elif qualified:
            other = cluster.namespace_of(used.services[0])
            yield name_problem(used, f"{what}, but namespace {other} has one", near=used.near)
        else:
            message, severity = f"{what}, so this name does not resolve", Severity.INFO if used.doubt else None
            yield name_problem(used, message, near=used.near, severity=severity, advice=_advice(used))


def _advice(used: UsedName) -> str:
    """Return why it is not certain, and what follows from that."""
    return f"{used.doubt}: if the Service exists, declare it as `external` in the configuration" if used.doubt else ""
