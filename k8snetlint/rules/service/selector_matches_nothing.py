"""A Service's selector matches no pod.

A Service sends traffic to the pods of its namespace that have all labels of its selector. If there are none, it has no
endpoints: connections are refused or time out, and an Ingress for it answers 503. Usually a label has a typo, was
renamed in the Deployment, or is a label of the Deployment itself and not of its pods.

It is reported only if the manifests contain the pods of the namespace; pods that an operator or a chart may create are
not known. It is a warning if a label nearly matches, if a StatefulSet or an Argo Rollout names the Service, or if the
manifests are the whole cluster (`--whole-cluster`). Otherwise it is an info. A Service without a selector has endpoints
from another source; a Service of type ExternalName does not use its selector.

Source: https://kubernetes.io/docs/concepts/services-networking/service/#defining-a-service

```yaml bad
# given: deployment prod/web
apiVersion: v1
kind: Service
metadata:
  name: web
  namespace: prod
spec:
  selector:
    app: wbe  # finding: selector app=wbe matches no pod in namespace prod
  ports:
  - port: 80
```

```yaml fixed
# given: deployment prod/web
apiVersion: v1
kind: Service
metadata:
  name: web
  namespace: prod
spec:
  selector:
    app: web
  ports:
  - port: 80
```

A Rollout sends traffic to its pods through this Service, but the Service does not select them:

```yaml bad
apiVersion: v1
kind: Service
metadata:
  name: shop-active
spec:
  selector:
    app: active  # finding: selector app=active matches no pod
  ports:
  - port: 80
---
apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata:
  name: shop
spec:
  selector:
    matchLabels: {app: shop}
  template:
    metadata:
      labels: {app: shop}
    spec:
      containers: [{name: shop, image: "example.com/shop:1"}]
  strategy:
    blueGreen:
      activeService: shop-active
```

The label is on the Deployment itself, not on its pods:

```yaml bad
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  namespace: prod
  labels:
    tier: frontend
spec:
  selector:
    matchLabels:
      app: web
  template:
    metadata:
      labels:
        app: web
    spec:
      containers:
      - name: web
        image: example.com/web:1.4
---
apiVersion: v1
kind: Service
metadata:
  name: web
  namespace: prod
spec:
  selector:  # finding: selector tier=frontend matches no pod in namespace prod
    tier: frontend
  ports:
  - port: 80
```

Not reported: a Service without a selector, and a Service of type ExternalName, which does not use its selector:

```yaml good
# given: deployment prod/web
apiVersion: v1
kind: Service
metadata:
  name: db
  namespace: prod
spec:
  clusterIP: None
---
apiVersion: v1
kind: Service
metadata:
  name: web
  namespace: prod
spec:
  type: ExternalName
  externalName: web.example.com
  selector:
    app: wbe
  ports:
  - port: 80
```

Not reported, because the operator of the custom resource creates the pods:

```yaml good
# given: deployment prod/web
apiVersion: ceph.rook.io/v1
kind: CephObjectStore
metadata:
  name: store
  namespace: prod
spec: {}
---
apiVersion: v1
kind: Service
metadata:
  name: web
  namespace: prod
spec:
  selector:
    rgw: store
  ports:
  - port: 80
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.evidence.answers import CannotKnow, NoMatch
from k8snetlint.evidence.pods import pods
from k8snetlint.finding import OpenQuestion, Severity
from k8snetlint.model.service import Service
from k8snetlint.rules import rule
from k8snetlint.rules.absence import in_namespace, nothing, text_of
from k8snetlint.rules.relabel import relabelled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.finding import Problem
    from k8snetlint.model.cluster import Cluster


@rule(on=Service, severity=Severity.WARNING, requires_all_scopes=True)
def check(service: Service, cluster: Cluster) -> Iterator[Problem | OpenQuestion]:
    """Report a selector that no pod of the namespace matches."""
    if not service.selector or service.type == "ExternalName":
        return
    selector = service.label_selector
    at = service.at("spec", "selector")
    answer = pods(cluster, service)
    if isinstance(answer, CannotKnow):
        yield OpenQuestion(at, answer.why)
    elif isinstance(answer, NoMatch):
        key = answer.near.key if answer.near else ""
        place = at.to(key) if key in service.selector else at.to(key=True)
        message = f"selector {text_of(selector)} matches no pod{in_namespace(service, cluster)}"
        yield nothing(message, place, answer, cluster, fix=relabelled(service, at, answer.near, cluster))
