"""A Service selects the pods of a second application, which does not serve its port.

A Service sends traffic to every pod that its selector matches. If a web server and its database have the same `app`
label, and the Service selects by this label only, some of the requests go to the database and fail.

It is reported only if the workloads run different images and some of them do not declare the target port. Jobs, single
Pods, headless Services and the Services of an Argo Rollout are not checked. If `targetPort` is a name, pods that do not
declare it are not endpoints, and get no requests.

Source: https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels/

```yaml bad
# given: deployment shop app=shop tier=web 8080
# given: deployment db app=shop tier=db 5432
apiVersion: v1
kind: Service
metadata:
  name: shop
spec:
  selector:  # finding: the selector matches Deployment shop, but also Deployment db, which has no port 8080
    app: shop
  ports:
  - port: 80
    targetPort: 8080
```

```yaml fixed
# given: deployment shop app=shop tier=web 8080
# given: deployment db app=shop tier=db 5432
apiVersion: v1
kind: Service
metadata:
  name: shop
spec:
  selector:
    app: shop
    tier: web
  ports:
  - port: 80
    targetPort: 8080
```

Not reported: a name in `targetPort`, which only one of the workloads declares:

```yaml good
# given: deployment shop app=shop tier=web http:8080
# given: deployment db app=shop tier=db sql:5432
apiVersion: v1
kind: Service
metadata:
  name: shop
spec:
  selector:
    app: shop
  ports:
  - port: 80
    targetPort: http
```

Not reported: a canary, which has another tag of the same image, a workload that declares no ports, and a Job:

```yaml good
# given: deployment legacy app=legacy language=java 8080
# given: deployment silent app=legacy language=go
apiVersion: v1
kind: Service
metadata:
  name: shop
spec:
  selector:
    app: shop
  ports:
  - port: 80
    targetPort: 8080
---
apiVersion: v1
kind: Service
metadata:
  name: legacy
spec:
  selector:
    app: legacy
  ports:
  - port: 80
    targetPort: 8080
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: stable
spec:
  selector:
    matchLabels: {app: shop, track: stable}
  template:
    metadata:
      labels: {app: shop, track: stable}
    spec:
      containers:
      - name: shop
        image: registry.example.com:5000/shop:1
        ports:
        - name: http
          containerPort: 8080
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: canary
spec:
  selector:
    matchLabels: {app: shop, track: canary}
  template:
    metadata:
      labels: {app: shop, track: canary}
    spec:
      containers:
      - name: shop
        image: registry.example.com:5000/shop:2
        ports:
        - name: web
          containerPort: 8081
---
apiVersion: batch/v1
kind: Job
metadata:
  name: migrate
spec:
  template:
    metadata:
      labels:
        app: legacy
    spec:
      restartPolicy: Never
      containers:
      - name: migrate
        image: example.com/migrate:1
        ports:
        - containerPort: 9000
```
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from k8snetlint.evidence.ports import belong_together, pods_text, selected_pods
from k8snetlint.evidence.services import are_unrelated
from k8snetlint.finding import Problem, Severity
from k8snetlint.model.aspects import PORTS
from k8snetlint.model.service import Service
from k8snetlint.rules import rule
from k8snetlint.rules.relabel import narrowed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.model.cluster import Cluster


@rule(on=Service, severity=Severity.WARNING, relies_on=(PORTS,), supersedes=("service-selects-job-pods",))
def check(service: Service, cluster: Cluster) -> Iterator[Problem]:
    """Report selectors that match workloads of different images, some of which do not serve the port."""
    if service.cluster_ip == "None":
        return
    index = cluster.index
    workloads = selected_pods(cluster, service).among(index.lasting)
    for port in service.ports if len(workloads) > 1 else ():
        target = port.effective_target_port
        # A pod that does not declare a name is not an endpoint of a port with this name.
        if not isinstance(target, int):
            continue
        declaring = index.declarations.declaring(target, port.protocol)
        serving, others = workloads.among(declaring), workloads.among(~declaring)
        # A workload that declares no ports at all may serve the number nevertheless.
        if not serving or not others or others.bits & ~index.declarations.any_port:
            continue
        if not are_unrelated(cluster, workloads) or not belong_together(cluster, service, workloads):
            return
        names = pods_text(cluster, serving), pods_text(cluster, others)
        has = "has" if len(others) == 1 else "have"
        yield Problem(
            f"the selector matches {names[0]}, but also {names[1]}, which {has} no port {target}",
            service.at("spec", "selector", key=True),
            related=tuple(
                (each.at(*each.template, "metadata", "labels", key=True), f"the labels of {each.kind} {each.name}")
                for each in itertools.islice(others, 3)
            ),
            fix=narrowed(service, serving, others, cluster),
        )
        return
