"""A host name has another domain than the cluster.

The full name of a Service ends with the domain of the cluster: `cluster.local` unless the kubelets and CoreDNS are
configured otherwise. With another domain behind `svc`, the name is not one of this cluster, and does not resolve in it.
Without a domain, as `web.prod.svc`, a name resolves in every cluster.

A domain that is nearly the cluster's is reported. If you give the cluster's domain (`--cluster-domain`, or
`cluster-domain` in the configuration), every other one is reported, but for `clusterset.local`, which belongs to
Services of several clusters.

Source: https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/

```yaml bad
apiVersion: v1
kind: ConfigMap
metadata:
  name: web
data:
  API_URL: http://api.prod.svc.cluster.locl:8080  # finding: the domain of the cluster is cluster.local, not cluster.locl
  DB_URL: postgresql://db.prod.svc.cluster:5432  # finding: the domain of the cluster is cluster.local, not cluster
```

```yaml fixed
apiVersion: v1
kind: ConfigMap
metadata:
  name: web
data:
  API_URL: http://api.prod.svc:8080
  DB_URL: postgresql://db.prod.svc:5432
```

```yaml bad cluster-domain=k8s.example
apiVersion: v1
kind: ConfigMap
metadata:
  name: web
data:
  API_URL: http://api.prod.svc.cluster.local  # finding: the domain of the cluster is k8s.example, not cluster.local
```

```yaml good
apiVersion: v1
kind: ConfigMap
metadata:
  name: web
data:
  API_URL: http://api.prod.svc.cluster.local
  DB_URL: postgresql://db.prod.svc:5432
  OTHER_CLUSTER_URL: http://api.prod.svc.east.example.com
  SET_URL: http://api.prod.svc.clusterset.local
```
"""  # noqa: E501 - the message is one line

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.evidence.dns_names import Fate, names_with
from k8snetlint.finding import Problem, Severity
from k8snetlint.model.cluster import Cluster
from k8snetlint.rules import rule
from k8snetlint.rules.host_names import name_problem
from k8snetlint.source.similar import distance

if TYPE_CHECKING:
    from collections.abc import Iterator

_USUAL = "cluster.local"
_SEVERAL_CLUSTERS = "clusterset.local"
_LETTERS = 2


@rule(on=Cluster, severity=Severity.WARNING)
def check(cluster: Cluster) -> Iterator[Problem]:
    """Report names that end with another domain than the cluster's."""
    domain = cluster.environment.cluster_domain
    for used in names_with(cluster, Fate.OTHER_DOMAIN):
        other = used.name.domain
        similar = distance(other, domain, _LETTERS) <= _LETTERS or domain.startswith(f"{other}.")
        if other == _SEVERAL_CLUSTERS or not (similar or domain != _USUAL):
            continue
        near = used.use.host[: -len(other) - 1]
        yield name_problem(used, f"the domain of the cluster is {domain}, not {other}", near=near)
