"""A Service also selects pods that do not serve its port: of a second application, or of a Job.

A Service sends traffic to every pod that its selector matches. If a web server and its database have the same `app`
label, and the Service selects by this label only, some of the requests go to the database and fail. The pod template
of a Job or CronJob often has the labels of the application, too: a backup, a migration. While such a pod runs, it is an
endpoint, because a pod without a readiness probe is ready as soon as it runs.

A second application is reported only if the workloads run different images and some of them do not declare the target
port; single Pods, headless Services and the Services of an Argo Rollout are not checked. A Job is reported if it does
not declare the port, and the Service also selects an application. If `targetPort` is a name, pods that do not declare
it are not endpoints, and get no requests.

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

Not reported: a canary, which has another tag of the same image, and a workload that declares no ports:

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
```

The pods of a Job:

```yaml bad
# given: deployment console app=console component=server 8080
apiVersion: v1
kind: Service
metadata:
  name: console
spec:
  selector:  # finding: the selector also matches the pods of CronJob backup, which get requests while they run
    app: console
  ports:
  - port: 80
    targetPort: 8080
---
apiVersion: batch/v1
kind: CronJob
metadata:
  name: backup
spec:
  schedule: "0 2 * * *"
  jobTemplate:
    spec:
      template:
        metadata:
          labels: {app: console, component: backup}
        spec:
          restartPolicy: OnFailure
          containers: [{name: backup, image: "example.com/backup:1"}]
```

```yaml fixed
# given: deployment console app=console component=server 8080
apiVersion: v1
kind: Service
metadata:
  name: console
spec:
  selector:
    app: console
    component: server
  ports:
  - port: 80
    targetPort: 8080
---
apiVersion: batch/v1
kind: CronJob
metadata:
  name: backup
spec:
  schedule: "0 2 * * *"
  jobTemplate:
    spec:
      template:
        metadata:
          labels: {app: console, component: backup}
        spec:
          restartPolicy: OnFailure
          containers: [{name: backup, image: "example.com/backup:1"}]
```

Not reported: a name that the Job does not declare:

```yaml good
# given: deployment console app=console http:8080
apiVersion: v1
kind: Service
metadata:
  name: console
spec:
  selector:
    app: console
  ports:
  - port: 80
    targetPort: http
---
apiVersion: batch/v1
kind: Job
metadata:
  name: migrate
spec:
  template:
    metadata:
      labels: {app: console}
    spec:
      restartPolicy: Never
      containers: [{name: migrate, image: "example.com/migrate:1"}]
```
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from k8snetlint.evidence.job_pods import job_pods
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


@rule(on=Service, severity=Severity.WARNING, relies_on=(PORTS,))
def check(service: Service, cluster: Cluster) -> Iterator[Problem]:
    """Report the first other pods that a selector matches: those of an application, or of Jobs."""
    problem = next(_other_applications(service, cluster), None) or next(_jobs(service, cluster), None)
    if problem is not None:
        yield problem


def _other_applications(service: Service, cluster: Cluster) -> Iterator[Problem]:
    """Yield that a selector matches workloads of different images, some of which do not serve a port."""
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


def _jobs(service: Service, cluster: Cluster) -> Iterator[Problem]:
    """Yield that a selector matches the pods of Jobs beside those of an application."""
    found = job_pods(cluster, service)
    if found is None:
        return
    jobs, application = found
    fix = narrowed(service, application, jobs, cluster)
    yield Problem(
        f"the selector also matches the pods of {pods_text(cluster, jobs)}, which get requests while they run",
        service.at("spec", "selector", key=True),
        related=tuple(
            (each.at(*each.template, "metadata", "labels", key=True), f"the labels of the pods of {each.kind}")
            for each in itertools.islice(jobs, 3)
        ),
        label="" if fix else "no single label distinguishes them: use one such as app.kubernetes.io/component",
        fix=fix,
    )
