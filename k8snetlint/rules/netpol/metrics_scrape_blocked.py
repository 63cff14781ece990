"""Policies close the port of pods whose metrics Prometheus is to scrape.

A ServiceMonitor, a PodMonitor or the annotation `prometheus.io/scrape: "true"` has Prometheus fetch metrics from pods.
Prometheus is usually in a namespace of its own. As soon as a policy isolates the pods for ingress, some policy must let
it in on the port of the pods that serves the metrics, which is often not the port for all other clients. Otherwise the
target is down, and dashboards and alerts have no data.

Every rule for any source, for addresses, or for another namespace counts, because it may be for Prometheus, unless it
is evidently for an ingress controller. So does a rule for pods that are called after Prometheus or another collector.

It is an info because there are exceptions: agents on the network of the node always reach the pods of their own node,
and a Prometheus that no manifest shows may be in the same namespace.

Source: https://github.com/codecentric/helm-charts/issues/546

```yaml bad
# given: deployment shop/web http:8080 metrics:9090
# given: service shop/web http:80->8080 metrics:9090
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: web
  namespace: shop
spec:
  podSelector:
    matchLabels:
      app: web
  policyTypes: [Ingress]
  ingress:  # finding: no policy lets Prometheus connect to Deployment web on port 9090, where PodMonitor web has metrics scraped
  - from:
    - namespaceSelector:
        matchLabels:
          kubernetes.io/metadata.name: ingress-nginx
    ports:
    - port: 8080
---
apiVersion: monitoring.coreos.com/v1
kind: PodMonitor
metadata:
  name: web
  namespace: shop
spec:
  selector:
    matchLabels:
      app: web
  podMetricsEndpoints:
  - port: metrics
```

```yaml good
# given: deployment shop/web http:8080 metrics:9090
# given: service shop/web http:80->8080 metrics:9090
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: web
  namespace: shop
spec:
  podSelector:
    matchLabels:
      app: web
  policyTypes: [Ingress]
  ingress:
  - from:
    - namespaceSelector:
        matchLabels:
          kubernetes.io/metadata.name: ingress-nginx
    ports:
    - port: 8080
  - from:
    - namespaceSelector:
        matchLabels:
          kubernetes.io/metadata.name: monitoring
    ports:
    - port: metrics
---
apiVersion: monitoring.coreos.com/v1
kind: PodMonitor
metadata:
  name: web
  namespace: shop
spec:
  selector:
    matchLabels:
      app: web
  podMetricsEndpoints:
  - port: metrics
```
"""  # noqa: E501 - the message is one line

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.finding import Problem, Severity
from k8snetlint.model.aspects import NAME, PORTS, SELECTORS
from k8snetlint.model.cluster import Cluster
from k8snetlint.model.networkpolicy import Direction
from k8snetlint.rules import rule
from k8snetlint.rules.closing_policies import certain, closing, isolating, rules_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.connectivity.scraped import Scrape
    from k8snetlint.finding import OpenQuestion
    from k8snetlint.source.document import Place


@rule(on=Cluster, severity=Severity.INFO, requires_all_scopes=True, relies_on=(SELECTORS, PORTS, NAME))
def check(cluster: Cluster) -> Iterator[Problem | OpenQuestion]:
    """Report each policy that is to let Prometheus in, once."""
    policies = isolating(cluster, Direction.INGRESS)
    if not policies:
        return
    from k8snetlint.connectivity.scraped import closed_scrapes  # noqa: PLC0415 - in a package of its own

    for policy, (first, *_) in closing(policies, closed_scrapes(cluster)):
        pods = f"{first.workload.kind} {first.workload.name} on port {first.number}"
        place, label = _asking(first)
        problem = Problem(
            f"no policy lets Prometheus connect to {pods}, where {label} has metrics scraped",
            rules_of(policy, Direction.INGRESS),
            related=((place, label),),
        )
        yield from certain(cluster, policy, Direction.INGRESS, problem)


def _asking(scrape: Scrape) -> tuple[Place, str]:
    """Return what has the metrics scraped, and what it is called."""
    by = scrape.by
    if by.kind in ("PodMonitor", "ServiceMonitor"):
        return by.at("metadata", "name"), f"{by.kind} {by.name}"
    template = scrape.workload.template if by is scrape.workload else ()
    return by.at(*template, "metadata", "annotations", key=True), "the annotation prometheus.io/scrape"
