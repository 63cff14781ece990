"""Policies isolate pods for egress, and no policy allows them DNS.

As soon as a policy isolates a pod for egress, it may only connect to what policies allow. DNS is a connection, too, to
port 53 over UDP, and over TCP for long answers. If no policy allows it, no name resolves: the connections that the
policies do allow fail as well, because hardly any program knows the addresses of its peers.

Allow DNS to all pods of the namespace in a policy of its own. All policies that select a pod count, so a policy for
DNS next to a default deny policy is enough. A policy that allows port 53 to any peer counts, too: it may be a name
server that the manifests do not contain. Pods with `dnsPolicy: None` or `Default` are not reported.

It is a warning if the policies allow these pods to connect to other pods or to all addresses, or if the definition of
the pods has a host name. Otherwise it is an info: they may need no names. A policy without any pods among the manifests
is an info, too, unless it selects every pod and allows a port of web servers to all addresses.

Source: https://kubernetes.io/docs/concepts/services-networking/network-policies/#default-deny-all-egress-traffic

The pods of this Deployment may connect to the database, but cannot find it:

```yaml bad
# given: deployment shop/web
# given: deployment shop/db 5432
# given: service shop/db 5432
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: web
  namespace: shop
spec:
  podSelector:
    matchLabels:
      app: web
  policyTypes: [Egress]
  egress:  # finding: Deployment web cannot resolve names: it is isolated for egress, and no policy allows it port 53
  - to:
    - podSelector:
        matchLabels:
          app: db
    ports:
    - port: 5432
```

```yaml good
# given: deployment shop/web
# given: deployment shop/db 5432
# given: service shop/db 5432
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: web
  namespace: shop
spec:
  podSelector:
    matchLabels:
      app: web
  policyTypes: [Egress]
  egress:
  - to:
    - podSelector:
        matchLabels:
          app: db
    ports:
    - port: 5432
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: dns
  namespace: shop
spec:
  podSelector: {}
  policyTypes: [Egress]
  egress:
  - to:
    - namespaceSelector:
        matchLabels:
          kubernetes.io/metadata.name: kube-system
      podSelector:
        matchLabels:
          k8s-app: kube-dns
    ports:
    - port: 53
      protocol: UDP
    - port: 53
      protocol: TCP
```

The default deny policy isolates both Deployments. One finding is enough: one policy for DNS mends both.

```yaml bad
# given: deployment shop/web
# given: deployment shop/api 8080
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: default-deny
  namespace: shop
spec:
  podSelector: {}  # finding: Deployment web and Deployment api cannot resolve names: they are isolated for egress, and no policy allows them port 53
  policyTypes: [Egress]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: web
  namespace: shop
spec:
  podSelector:
    matchLabels:
      app: web
  policyTypes: [Egress]
  egress:
  - to:
    - podSelector:
        matchLabels:
          app: api
    ports:
    - port: 8080
```

Without pods among the manifests:

```yaml bad
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: web-only
spec:
  podSelector: {}
  policyTypes: [Egress]
  egress:  # finding: this policy isolates every pod for egress, and no policy in the manifests allows port 53, so names may not resolve
  - ports:
    - port: 443
```

All ports are allowed to all pods, those of the DNS among them:

```yaml good
# given: deployment shop/web
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: inside
  namespace: shop
spec:
  podSelector: {}
  policyTypes: [Egress]
  egress:
  - to:
    - namespaceSelector: {}
```
"""  # noqa: E501 - the message is one line

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.finding import OpenQuestion, Problem, Severity
from k8snetlint.model.aspects import NAME, PORTS, SELECTORS
from k8snetlint.model.networkpolicy import Direction, NetworkPolicy
from k8snetlint.rules import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.model.cluster import Cluster
    from k8snetlint.model.networkpolicy import PolicyRule
    from k8snetlint.model.workload import Workload
    from k8snetlint.source.document import Place

_WEB = frozenset({80, 443, 8080, 8443})


@rule(
    on=NetworkPolicy,
    severity=Severity.WARNING,
    supersedes=("netpol-deny-all",),
    requires_all_scopes=True,
    relies_on=(SELECTORS, PORTS, NAME),
)
def check(policy: NetworkPolicy, cluster: Cluster) -> Iterator[Problem | OpenQuestion]:
    """Report the policies that isolate pods for egress which no policy allows DNS."""
    if not policy.isolates(Direction.EGRESS) or policy.is_misspelt:
        return
    from k8snetlint.evidence.dns import allows_dns  # noqa: PLC0415 - only where a policy isolates for egress

    if allows_dns(policy):
        return
    from k8snetlint.evidence.resolving import resolving  # noqa: PLC0415 - as above

    found = resolving(cluster, policy)
    blocked = found.blamed.get(policy, 0)
    workloads = found.workloads(blocked)
    # netpol-deny-all says it of a policy without rules.
    by_itself = not found.is_shown and (policy.egress or not policy.selects_every_pod)
    if not blocked or not (workloads or by_itself):
        return
    from k8snetlint.evidence.policies import why_dns_may_be_allowed  # noqa: PLC0415 - findings only
    from k8snetlint.rules.isolated_pods import are_enforced  # noqa: PLC0415 - findings only

    if not are_enforced(cluster):
        return
    why = why_dns_may_be_allowed(cluster, policy)
    if why:
        yield OpenQuestion(_place(policy), why)
    elif workloads:
        yield _of_workloads(policy, workloads, cluster, clients=bool(blocked & found.clients))
    else:
        yield _of_policy(policy)


def _of_workloads(policy: NetworkPolicy, workloads: list[Workload], cluster: Cluster, *, clients: bool) -> Problem:
    from k8snetlint.evidence.names_used import client_of_names  # noqa: PLC0415 - findings only
    from k8snetlint.rules.isolated_pods import names_of  # noqa: PLC0415 - findings only

    they_are, them = ("it is", "it") if len(workloads) == 1 else ("they are", "them")
    isolated = f"{they_are} isolated for egress, and no policy allows {them} port 53"
    message = f"{names_of(workloads)} cannot resolve names: {isolated}"
    if clients:
        return Problem(message, _place(policy))
    using = client_of_names(cluster, workloads)
    if using is None:
        return Problem(message, _place(policy), severity=Severity.INFO)
    return Problem(message, _place(policy), related=((using[0].at("metadata", "name"), f"its pods use {using[1]}"),))


def _of_policy(policy: NetworkPolicy) -> Problem:
    from k8snetlint.evidence.dns import is_everywhere  # noqa: PLC0415 - findings only

    def allows_web(egress_rule: PolicyRule) -> bool:
        everywhere = not egress_rule.peers or any(map(is_everywhere, egress_rule.peers))
        return everywhere and any(number in _WEB for _, number in egress_rule.numbers())

    which = "every pod" if policy.selects_every_pod else "pods"
    allows = "no policy in the manifests allows port 53"
    message = f"this policy isolates {which} for egress, and {allows}, so names may not resolve"
    web = policy.selects_every_pod and any(map(allows_web, policy.egress or ()))
    return Problem(message, _place(policy), severity=Severity.WARNING if web else Severity.INFO)


def _place(policy: NetworkPolicy) -> Place:
    return policy.at("spec", "egress", key=True) if policy.egress else policy.at("spec", "podSelector")
