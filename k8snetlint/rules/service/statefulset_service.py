"""The Service of a StatefulSet does not give the pods their DNS names.

The pods of a StatefulSet get the DNS names `<pod>.<service>` if `serviceName` is the name of a Service that is in the
same namespace and selects them. If the Service selects other pods, or does not exist, these names do not resolve.

A Service that is not in the manifests is reported if another Service selects the pods. It is a warning if that Service
is headless and is in the same file or has nearly the same name, or if the manifests are the whole cluster
(`--whole-cluster`). Otherwise it is an info, because the Service may be defined elsewhere.

A Service that is not headless (`clusterIP: None`) is an info: Kubernetes asks for a headless Service and guarantees the
names only for that, but its usual DNS server, CoreDNS, answers for both.

Source: https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#stable-network-id

```yaml bad
apiVersion: v1
kind: Service
metadata:
  name: db
spec:
  selector:
    app: db
  ports: [{port: 5432}]
---
apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: db
spec:
  serviceName: db  # finding: Service db is not headless, but Kubernetes guarantees DNS names of pods only for headless Services
  selector:
    matchLabels: {app: db}
  template:
    metadata:
      labels: {app: db}
    spec:
      containers: [{name: db, image: "example.com/db:1"}]
```

```yaml fixed
apiVersion: v1
kind: Service
metadata:
  name: db
spec:
  clusterIP: None
  selector:
    app: db
  ports: [{port: 5432}]
---
apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: db
spec:
  serviceName: db
  selector:
    matchLabels: {app: db}
  template:
    metadata:
      labels: {app: db}
    spec:
      containers: [{name: db, image: "example.com/db:1"}]
```

```yaml bad
# given: service db headless app=cache 5432
# given: service cache headless 6379
apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: db
spec:
  serviceName: db  # finding: Service db does not select these pods, so they get no DNS names of their own
  selector:
    matchLabels: {app: db}
  template:
    metadata:
      labels: {app: db}
    spec:
      containers: [{name: db, image: "example.com/db:1"}]
---
apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: cache
spec:
  serviceName: cashe  # finding: no Service of the namespace is named cashe, so the pods get no DNS names of their own
  selector:
    matchLabels: {app: cache}
  template:
    metadata:
      labels: {app: cache}
    spec:
      containers: [{name: cache, image: "example.com/cache:1"}]
```

Another Service selects the pods, but has a different name; if it is not headless, the right one may be defined
elsewhere:

```yaml bad
# given: service shop-mysql headless app=mysql 3306
# given: service zk-cs app=zk 2181
apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: mysql
spec:
  serviceName: mysql  # finding: no Service of the namespace is named mysql, so the pods get no DNS names of their own
  selector:
    matchLabels: {app: mysql}
  template:
    metadata:
      labels: {app: mysql}
    spec:
      containers: [{name: mysql, image: "example.com/mysql:1"}]
---
apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: zk
spec:
  serviceName: zk-hs  # finding: no Service of the namespace is named zk-hs, so the pods get no DNS names of their own
  selector:
    matchLabels: {app: zk}
  template:
    metadata:
      labels: {app: zk}
    spec:
      containers: [{name: zk, image: "example.com/zk:1"}]
```

Not reported: a Service without selector, whose endpoints are created by hand, and a Service that is probably defined
elsewhere, because no other Service selects the pods:

```yaml good
apiVersion: v1
kind: Service
metadata:
  name: by-hand
spec:
  clusterIP: None
  ports: [{port: 5432}]
---
apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: db
spec:
  serviceName: by-hand
  selector:
    matchLabels: {app: db}
  template:
    metadata:
      labels: {app: db}
    spec:
      containers: [{name: db, image: "example.com/db:1"}]
---
apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: cache
spec:
  serviceName: cache
  selector:
    matchLabels: {app: cache}
  template:
    metadata:
      labels: {app: cache}
    spec:
      containers: [{name: cache, image: "example.com/cache:1"}]
```
"""  # noqa: E501 - the message is one line

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.edit.change import set_to
from k8snetlint.evidence.ports import selected_pods
from k8snetlint.evidence.services import services_named, services_of
from k8snetlint.finding import Fix, Problem, Severity
from k8snetlint.model.aspects import NAME, POD_LABELS, PORTS, SELECTORS
from k8snetlint.model.workload import Workload
from k8snetlint.rules import rule
from k8snetlint.source.similar import closest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.model.cluster import Cluster
    from k8snetlint.model.service import Service


@rule(on=Workload, severity=Severity.WARNING, requires_all_scopes=True, relies_on=(NAME, POD_LABELS))
def check(workload: Workload, cluster: Cluster) -> Iterator[Problem]:
    """Report StatefulSets whose Service does not select their pods, is not headless or does not exist."""
    name = workload.service_name
    if not name:
        return
    called = services_named(cluster, name, workload)
    at = workload.at("spec", "serviceName")
    if not called:
        yield from _missing(workload, name, cluster)
        return
    # If two have the same name, only one is applied, and it is not known which.
    if any(_gives_names(each, workload) or not each.knows(NAME, PORTS, SELECTORS) for each in called):
        return
    related = ((called[0].at("metadata", "name"), f"Service {name}"),)
    if not _selects(called[0], workload):
        # A Service that selects nothing at all is another mistake.
        if not selected_pods(cluster, called[0]):
            return
        message = f"Service {name} does not select these pods, so they get no DNS names of their own"
        yield Problem(message, at, related=related)
    else:
        message = (
            f"Service {name} is not headless, but Kubernetes guarantees DNS names of pods only for headless Services"
        )
        yield Problem(message, at, severity=Severity.INFO, related=related)


def _missing(workload: Workload, name: str, cluster: Cluster) -> Iterator[Problem]:
    """Report a Service that does not exist, where another one selects the pods."""
    if f"{cluster.namespace_of(workload)}/{name}" in cluster.environment.external.services:
        return
    together = cluster.applied_together or workload.namespace
    candidates = (each for each in services_of(cluster, workload) if together or each.folder == workload.folder)
    selecting = [each for each in candidates if each.knows(NAME, PORTS, SELECTORS)]
    headless = {each.name or "": each for each in selecting if each.cluster_ip == "None"}
    here = [each for each in headless.values() if each.source is workload.source]
    near = closest(name, headless) or (here[0].name if len(here) == 1 else None)
    known = bool(here) or not cluster.doubts
    if not selecting or not known:
        return
    sure = near is not None or cluster.environment.whole_cluster
    other = headless[near] if near else selecting[0]
    kind = "headless Service" if other.cluster_ip == "None" else "Service"
    yield Problem(
        f"no Service of the namespace is named {name}, so the pods get no DNS names of their own",
        workload.at("spec", "serviceName"),
        severity=Severity.WARNING if sure else Severity.INFO,
        near=near,
        fix=_fix(workload, near) if near else None,
        related=((other.at("metadata", "name"), f"{kind} {other.name} selects these pods"),),
    )


def _fix(workload: Workload, near: str) -> Fix | None:
    """Return the fix that names the suggested Service, if no kustomization changes names."""
    written = workload.origin or workload
    if not isinstance(written, Workload) or written.service_name != workload.service_name:
        return None
    return Fix(f"write serviceName: {near}", (set_to(workload.at("spec", "serviceName"), near),), safe=False)


def _gives_names(service: Service, workload: Workload) -> bool:
    return service.cluster_ip == "None" and _selects(service, workload)


def _selects(service: Service, workload: Workload) -> bool:
    """Tell whether a Service may have the pods as endpoints; without a selector, they may be created by hand."""
    return workload.selected_by(service.label_selector)
