"""The name of a Service sets an environment variable that a container takes for a setting of its own.

For each Service of the namespace that has an address, containers get variables such as
`KAFKA_PORT=tcp://10.96.7.7:9092`, after the name of the Service. Some images read a variable of that name as a port
number, and do not start, or connect to the wrong port. With `enableServiceLinks: false` in the pod's spec there are no
such variables; Services are found by DNS anyway. Another name for the Service, or the variable with the intended value in
`env`, helps as well.

It is reported for images of which this is known, and if nothing in the container mentions the variable.

Source: https://kubernetes.io/docs/concepts/services-networking/service/#environment-variables

```yaml bad
# given: service kafka 9092
apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: kafka
spec:
  serviceName: kafka
  selector:
    matchLabels: {app: kafka}
  template:
    metadata:
      labels: {app: kafka}
    spec:
      containers:
      - name: kafka
        image: confluentinc/cp-kafka:7.6.0  # finding: Service kafka sets KAFKA_PORT to a URL, but this image reads KAFKA_PORT as a setting of its own
```

```yaml fixed
# given: service kafka 9092
apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: kafka
spec:
  serviceName: kafka
  selector:
    matchLabels: {app: kafka}
  template:
    metadata:
      labels: {app: kafka}
    spec:
      containers:
      - name: kafka
        image: confluentinc/cp-kafka:7.6.0
      enableServiceLinks: false
```

Not reported: a headless Service has no address, so there is no variable for it; and a variable that `env` sets:

```yaml good
# given: service kafka headless 9092
# given: service searxng 80
apiVersion: v1
kind: Pod
metadata:
  name: kafka
  labels: {app: kafka}
spec:
  containers:
  - name: kafka
    image: confluentinc/cp-kafka:7.6.0
---
apiVersion: v1
kind: Pod
metadata:
  name: searxng
  labels: {app: searxng}
spec:
  containers:
  - name: searxng
    image: docker.io/searxng/searxng:2026.7.19
    env:
    - name: SEARXNG_PORT
      value: "8080"
```
"""  # noqa: E501 - the message is one line

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from k8snetlint.edit.change import set_to
from k8snetlint.evidence.services import services_by_variable
from k8snetlint.finding import Fix, Problem, Severity
from k8snetlint.model.aspects import CONTAINERS
from k8snetlint.model.tables.link_variables import read_by
from k8snetlint.model.values import items, mapping, text
from k8snetlint.model.workload import Workload
from k8snetlint.rules import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.model.cluster import Cluster


@rule(on=Workload, severity=Severity.WARNING, relies_on=(CONTAINERS,))
def check(workload: Workload, cluster: Cluster) -> Iterator[Problem]:
    """Report containers whose image reads a variable that a Service of the namespace sets."""
    read = {name: image for image in workload.images for name in read_by(image)}
    for variable, image in read.items():
        services = services_by_variable(cluster, variable, workload)
        index = _container(workload, cluster, image, variable) if services else None
        if index is None:
            continue
        spec = (*workload.template, "spec")
        first = services[0]
        change = set_to(workload.at(*spec, "enableServiceLinks"), value=False)
        yield Problem(
            f"Service {first.name} sets {variable} to a URL, but this image reads {variable} as a setting of its own",
            workload.at(*spec, "containers", index, "image"),
            related=((first.at("metadata", "name"), f"sets {variable}=tcp://…"),),
            fix=Fix("write enableServiceLinks: false", (change,), safe=False),
        )


def _container(workload: Workload, cluster: Cluster, image: str, variable: str) -> int | None:
    """Return which container has an image and gets the variable from Kubernetes, None if none does."""
    if cluster.definition_of is None or workload.is_patched_at(*workload.template):
        return None
    value: Any = cluster.definition_of(workload)
    for step in (*workload.template, "spec"):
        value = mapping(mapping(value).get(step))
    if value.get("enableServiceLinks") is False:
        return None
    for index, each in enumerate(map(mapping, items(value.get("containers")))):
        if (text(each.get("image")) or "").startswith(image):
            # What env, envFrom or a command do to the variable is their author's intention.
            return None if each.get("envFrom") or variable in repr(each) else index
    return None
