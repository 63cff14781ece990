"""Traffic within the cluster stays on its node, but not every node has a pod of the Service.

With `internalTrafficPolicy: Local`, a client reaches only the pods of the Service on its own node. If there are none on
this node, the connection is dropped, although pods on other nodes are ready. A Deployment or StatefulSet does not put a
pod on each node; a DaemonSet does.

It is reported only if the manifests show all pods of the Service, and none of them belongs to a DaemonSet.

Source: https://kubernetes.io/docs/concepts/services-networking/service-traffic-policy/

```yaml bad
# given: deployment cache 6379
apiVersion: v1
kind: Service
metadata:
  name: cache
spec:
  internalTrafficPolicy: Local  # finding: clients on nodes without a pod of Deployment cache cannot connect
  selector:
    app: cache
  ports:
  - port: 6379
```

```yaml fixed
# given: deployment cache 6379
apiVersion: v1
kind: Service
metadata:
  name: cache
spec:
  selector:
    app: cache
  ports:
  - port: 6379
```

```yaml good
# given: daemonset agent 8126
apiVersion: v1
kind: Service
metadata:
  name: agent
spec:
  internalTrafficPolicy: Local
  selector:
    app: agent
  ports:
  - port: 8126
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.edit.change import delete
from k8snetlint.evidence.ports import belong_together, pods_text, selected_pods
from k8snetlint.finding import Fix, Problem, Severity
from k8snetlint.model.aspects import EXPOSURE, PORTS
from k8snetlint.model.service import Service
from k8snetlint.rules import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.model.cluster import Cluster


@rule(on=Service, severity=Severity.WARNING, requires_all_scopes=True, relies_on=(PORTS, EXPOSURE))
def check(service: Service, cluster: Cluster) -> Iterator[Problem]:
    """Report Services for their own node whose pods are not on every node."""
    if service.internal_traffic_policy != "Local" or service.is_headless:
        return
    pods = selected_pods(cluster, service)
    if not pods or pods.bits & ~cluster.index.on_some_nodes or not belong_together(cluster, service, pods):
        return
    at = service.at("spec", "internalTrafficPolicy")
    fix = Fix("remove internalTrafficPolicy", (delete(at),), safe=False)
    yield Problem(f"clients on nodes without a pod of {pods_text(cluster, pods)} cannot connect", at, fix=fix)
