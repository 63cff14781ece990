"""Pods have a subdomain, but no headless Service of this name gives them DNS names.

A pod with `hostname` and `subdomain` gets the name `<hostname>.<subdomain>.<namespace>.svc` from the headless Service
that is called like the subdomain and selects the pod. Without such a Service the name does not resolve. A pod without
`hostname` has no name of its own under the Service.

A Service that is not in the manifests is reported if a Service has nearly the same name, or if the manifests are the
whole cluster (`--whole-cluster`). The controller of a StatefulSet sets both fields itself.

Source: https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/#pod-s-hostname-and-subdomain-fields

```yaml bad
# given: service prod/workers headless 8080
apiVersion: v1
kind: Pod
metadata:
  name: one
  namespace: prod
spec:
  hostname: one
  subdomain: wokers  # finding: no Service of the namespace is named wokers, so the pods get no DNS names of their own
  containers:
  - name: web
    image: example.com/web:1
```

```yaml fixed
# given: service prod/workers headless 8080
apiVersion: v1
kind: Pod
metadata:
  name: one
  namespace: prod
spec:
  hostname: one
  subdomain: workers
  containers:
  - name: web
    image: example.com/web:1
```

```yaml bad
# given: service prod/workers headless 8080
# given: service prod/web 8080
apiVersion: v1
kind: Pod
metadata:
  name: one
  namespace: prod
spec:
  subdomain: workers  # finding: without hostname the pods get no DNS names of their own from Service workers
  containers:
  - name: web
    image: example.com/web:1
---
apiVersion: v1
kind: Pod
metadata:
  name: two
  namespace: prod
spec:
  hostname: two
  subdomain: web  # finding: Service web is not headless, but Kubernetes guarantees DNS names of pods only for headless Services
  containers:
  - name: web
    image: example.com/web:1
```

```yaml good
# given: service prod/workers headless 8080
apiVersion: v1
kind: Pod
metadata:
  name: one
  namespace: prod
spec:
  hostname: one
  subdomain: workers
  containers:
  - name: web
    image: example.com/web:1
```
"""  # noqa: E501 - the message is one line

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.edit.change import set_to
from k8snetlint.evidence.dns_services import services_by_name
from k8snetlint.finding import Fix, Problem, Severity
from k8snetlint.model.aspects import NAME, PORTS
from k8snetlint.model.service import Service
from k8snetlint.model.workload import Workload
from k8snetlint.rules import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.model.cluster import Cluster


@rule(on=Workload, severity=Severity.WARNING, requires_all_scopes=True, relies_on=(NAME,))
def check(workload: Workload, cluster: Cluster) -> Iterator[Problem]:
    """Report subdomains that give pods no names."""
    name = workload.dns.subdomain if workload.dns else None
    if not name or workload.kind == "StatefulSet":
        return
    own = cluster.known_namespace_of(workload)
    called = services_by_name(cluster).named(name, own)
    at = workload.at(*workload.template, "spec", "subdomain")
    if not called:
        yield from _missing(workload, name, own, cluster)
    elif not workload.dns or not workload.dns.hostname:
        message = f"without hostname the pods get no DNS names of their own from Service {name}"
        yield Problem(message, at, severity=Severity.INFO)
    elif not any(_may_be_headless(each) for each in called if isinstance(each, Service)):
        message = (
            f"Service {name} is not headless, but Kubernetes guarantees DNS names of pods only for headless Services"
        )
        yield Problem(message, at, severity=Severity.INFO)


def _may_be_headless(service: Service) -> bool:
    return service.cluster_ip == "None" or not service.knows(NAME, PORTS)


def _missing(workload: Workload, name: str, own: str | None, cluster: Cluster) -> Iterator[Problem]:
    services = services_by_name(cluster)
    if own is None or services.may_be_in(name, own):
        return
    near, at = services.similar(name, own), workload.at(*workload.template, "spec", "subdomain")
    if near or cluster.environment.whole_cluster:
        message = f"no Service of the namespace is named {name}, so the pods get no DNS names of their own"
        fix = Fix(f"write subdomain: {near}", (set_to(at, near),), safe=False) if near else None
        yield Problem(message, at, near=near, fix=fix)
