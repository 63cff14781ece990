"""A host name is that of a pod of a StatefulSet which does not exist.

The pods of a StatefulSet are named `<name>-0` to `<name>-(replicas - 1)`, and have the DNS names
`<pod>.<service>.<namespace>.svc` of the Service in `serviceName`. A name with a higher number, or with another Service
of the same pods, does not resolve.

The number is not reported if an autoscaler may change the number of replicas.

Source: https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#stable-network-id

```yaml bad
# given: service prod/db headless 5432
# given: service prod/db-read app=db 5432
apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: db
  namespace: prod
spec:
  serviceName: db
  replicas: 3
  selector:
    matchLabels: {app: db}
  template:
    metadata:
      labels: {app: db}
    spec:
      containers: [{name: db, image: "example.com/db:1"}]
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: web
  namespace: prod
data:
  DB_URL: postgresql://db-0.db.prod.svc:5432
  READ_URL: postgresql://db-1.db-read.prod.svc:5432  # finding: pods of StatefulSet db have names of Service db, not of Service db-read
```

```yaml fixed
# given: service prod/db headless 5432
# given: service prod/db-read app=db 5432
apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: db
  namespace: prod
spec:
  serviceName: db
  replicas: 3
  selector:
    matchLabels: {app: db}
  template:
    metadata:
      labels: {app: db}
    spec:
      containers: [{name: db, image: "example.com/db:1"}]
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: web
  namespace: prod
data:
  DB_URL: postgresql://db-0.db.prod.svc:5432
  READ_URL: postgresql://db-1.db.prod.svc:5432
```

```yaml bad
# given: service prod/db headless 5432
apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: db
  namespace: prod
spec:
  serviceName: db
  replicas: 3
  selector:
    matchLabels: {app: db}
  template:
    metadata:
      labels: {app: db}
    spec:
      containers: [{name: db, image: "example.com/db:1"}]
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: web
  namespace: prod
data:
  SPARE_URL: postgresql://db-3.db.prod.svc:5432  # finding: StatefulSet db has 3 replicas, so there is no pod db-3
```

```yaml good
# given: service prod/db headless 5432
# given: statefulset prod/cache
apiVersion: v1
kind: ConfigMap
metadata:
  name: web
  namespace: prod
data:
  DB_URL: postgresql://db-7.db.prod.svc:5432
```
"""  # noqa: E501 - the message is one line

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from k8snetlint.evidence.dns_names import Fate, names_with
from k8snetlint.evidence.stateful_sets import pod_numbers, stateful_set
from k8snetlint.finding import Problem, Severity
from k8snetlint.model.aspects import NAME
from k8snetlint.model.cluster import Cluster
from k8snetlint.rules import rule
from k8snetlint.rules.host_names import name_problem

if TYPE_CHECKING:
    from collections.abc import Iterator

_MEMBER = re.compile(r"(?P<name>.+)-(?P<number>0|[1-9]\d*)")


@rule(on=Cluster, severity=Severity.WARNING, requires_all_scopes=True)
def check(cluster: Cluster) -> Iterator[Problem]:
    """Report names of pods that a StatefulSet does not have."""
    for used in names_with(cluster, Fate.FOUND):
        member = _MEMBER.fullmatch(used.name.hostname)
        owner = stateful_set(cluster, member["name"], used.name.namespace) if member else None
        if member is None or owner is None or not owner.knows(NAME) or not owner.service_name:
            continue
        if owner.service_name != used.name.service:
            what = f"pods of StatefulSet {owner.name} have names of Service {owner.service_name}"
            near = used.use.host.replace(f".{used.name.service}", f".{owner.service_name}", 1)
            yield name_problem(used, f"{what}, not of Service {used.name.service}", near=near)
            continue
        numbers = pod_numbers(cluster, owner)
        if numbers is not None and int(member["number"]) not in numbers:
            has = f"{len(numbers)} replica" + ("s" if len(numbers) != 1 else "")
            yield name_problem(used, f"StatefulSet {owner.name} has {has}, so there is no pod {used.name.hostname}")
