"""A Service also selects the pods of a Job, which do not serve requests.

The pod template of a Job or CronJob often has the same labels as the application: a backup, a migration. While such a
pod runs, it is an endpoint of every Service that selects these labels, because a pod without a readiness probe is ready
as soon as it runs. The Service then sends some of the requests to it, and these fail until the Job has ended.

It is reported only if the Service also selects an application, and sends to a port number. A *name* in `targetPort`
keeps pods that do not declare it out of the endpoints.

Source: https://kubernetes.io/docs/concepts/services-networking/service/#services-in-kubernetes

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

Not reported: a name that the Job does not declare, and a Service for the pods of Jobs only:

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
apiVersion: v1
kind: Service
metadata:
  name: training
spec:
  clusterIP: None
  selector:
    app: training
  ports:
  - port: 29500
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
---
apiVersion: batch/v1
kind: Job
metadata:
  name: training
spec:
  template:
    metadata:
      labels: {app: training}
    spec:
      restartPolicy: Never
      containers: [{name: training, image: "example.com/training:1"}]
```
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from k8snetlint.evidence.answers import Match
from k8snetlint.evidence.pods import pods
from k8snetlint.evidence.ports import belong_together, pods_text
from k8snetlint.finding import Problem, Severity
from k8snetlint.model.aspects import PORTS, SELECTORS
from k8snetlint.model.service import Service
from k8snetlint.rules import rule
from k8snetlint.rules.relabel import narrowed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.model.cluster import Cluster
    from k8snetlint.model.index import Index


@rule(on=Service, severity=Severity.WARNING, relies_on=(SELECTORS, PORTS))
def check(service: Service, cluster: Cluster) -> Iterator[Problem]:
    """Report selectors that match the pods of Jobs beside those of an application."""
    if not service.selector or service.type == "ExternalName":
        return
    answer, index = pods(cluster, service), cluster.index
    if not isinstance(answer, Match) or not answer.found.bits & index.jobs:
        return
    if not any(isinstance(port.effective_target_port, int) for port in service.ports):
        return
    workloads = answer.found.among(index.plain)
    jobs, application = workloads.among(index.jobs & ~_serving(service, index)), workloads.among(index.lasting)
    if not jobs or not application or not belong_together(cluster, service, workloads):
        return
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


def _serving(service: Service, index: Index) -> int:
    """Return which workloads declare a port that the Service sends to."""
    found = 0
    for port in service.ports:
        target = port.effective_target_port
        found |= index.declarations.declaring(target, port.protocol) if target else 0
    return found
