"""Manifests state a connection that policies deny: a pod has the address of a Service that it may not connect to.

The address of a Service in a variable, an argument or a ConfigMap of a pod says that this pod connects to it. If its
egress policies or the ingress policies of the pods behind the Service do not allow that, the connection times out.

Policies see the port of the pods: the target port of the Service, and not the port in the address.

Addresses are looked for in environment values, commands and arguments of containers, and in ConfigMaps that pods read.
Of a ConfigMap that several workloads share as a whole, an address counts only if all of them are denied, and the
finding is an info: nobody knows which of them needs it. Lists of allowed or trusted hosts, `NO_PROXY`, and addresses
under which others reach a pod do not count, nor does the Service of the pod itself.

It is reported once for each policy: for the one that is to allow the connection, where several select the pods for the
most specific one. It is not reported if something else may allow the connection: an `ipBlock`, which matches pods with
some CNI plugins, policies of another kind, or manifests that are not shown.

Source: https://kubernetes.io/docs/concepts/services-networking/network-policies/#the-two-sorts-of-pod-isolation

```yaml bad
# given: deployment shop/api 8080
# given: service shop/api 80->8080
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: api
  namespace: shop
spec:
  podSelector:
    matchLabels:
      app: api
  policyTypes: [Ingress]
  ingress:  # finding: Deployment web has the address api:80, but this policy isolates Deployment api for ingress, and no policy lets Deployment web in on port 8080
  - from:
    - podSelector:
        matchLabels:
          app: gateway
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  namespace: shop
spec:
  selector:
    matchLabels: {app: web}
  template:
    metadata:
      labels: {app: web}
    spec:
      containers:
      - name: web
        image: example.com/web:1
        env:
        - name: API_URL
          value: http://api/v1
```

```yaml fixed
# given: deployment shop/api 8080
# given: service shop/api 80->8080
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: api
  namespace: shop
spec:
  podSelector:
    matchLabels:
      app: api
  policyTypes: [Ingress]
  ingress:
  - from:
    - podSelector:
        matchLabels:
          app: gateway
  - from:
    - podSelector:
        matchLabels:
          app: web
    ports:
    - port: 8080
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  namespace: shop
spec:
  selector:
    matchLabels: {app: web}
  template:
    metadata:
      labels: {app: web}
    spec:
      containers:
      - name: web
        image: example.com/web:1
        env:
        - name: API_URL
          value: http://api/v1
```

```yaml bad
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
  egress:  # finding: Deployment web has the address db.shop.svc:5432, but this policy isolates it for egress, and no policy allows it to connect to Deployment db on port 5432
  - ports:
    - port: 53
      protocol: UDP
    - port: 53
      protocol: TCP
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: web
  namespace: shop
data:
  DATABASE_URL: postgresql://db.shop.svc:5432/shop
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  namespace: shop
spec:
  selector:
    matchLabels: {app: web}
  template:
    metadata:
      labels: {app: web}
    spec:
      containers:
      - name: web
        image: example.com/web:1
        envFrom:
        - configMapRef:
            name: web
```

Not reported: a list of hosts, and an address of the pods themselves.

```yaml good
# given: service shop/api 80->8080
# given: deployment shop/web
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: api, namespace: shop}
spec:
  podSelector: {matchLabels: {app: api}}
  policyTypes: [Ingress]
  ingress: [{from: [{podSelector: {matchLabels: {app: web}}}]}]
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: api, namespace: shop}
spec:
  selector:
    matchLabels: {app: api}
  template:
    metadata:
      labels: {app: api}
    spec:
      containers:
      - name: api
        image: example.com/api:1
        env:
        - name: PUBLIC_URL
          value: http://api.shop.svc
        - name: NO_PROXY
          value: web.shop.svc:80
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

    from k8snetlint.connectivity.engine import Connectivity
    from k8snetlint.connectivity.stated import Stated
    from k8snetlint.source.document import Place

_SHOWN = 5


@rule(
    on=NetworkPolicy,
    severity=Severity.WARNING,
    supersedes=("netpol-deny-all",),
    follows_from=(
        "kustomize-labels-rewrite-peers",
        "kustomize-namespace-leaves-selector",
        "netpol-cross-namespace-pod-selector",
        "netpol-empty-peer",
        "netpol-named-port-unresolved",
        "netpol-namespace-selector-by-name-label",
        "netpol-peer-selects-nothing",
        "netpol-peers-or-not-and",
        "netpol-policy-uses-service-port",
        "netpol-port-of-another-workload",
        "netpol-protocol-mismatch",
        "netpol-quoted-numeric-port",
        "netpol-selector-matches-service-labels",
    ),
    requires_all_scopes=True,
    relies_on=(SELECTORS, PORTS, NAME),
)
def check(policy: NetworkPolicy, connectivity: Connectivity) -> Iterator[Problem | OpenQuestion]:
    """Report the policy that is to allow a connection, once for each direction."""
    if not connectivity.cluster.has_any("Service") or policy.is_misspelt:
        return
    from k8snetlint.connectivity.stated import denied_connections  # noqa: PLC0415 - only where there is a Service

    denied = denied_connections(connectivity)
    for direction in (Direction.EGRESS, Direction.INGRESS):
        found = denied.get((policy, direction))
        if found:
            yield from _of_direction(policy, direction, connectivity, found)


def _of_direction(
    policy: NetworkPolicy, direction: Direction, connectivity: Connectivity, found: list[Stated]
) -> Iterator[Problem | OpenQuestion]:
    from k8snetlint.evidence.policies import unseen_policies  # noqa: PLC0415 - findings only
    from k8snetlint.evidence.sealed import allows_egress, allows_ingress  # noqa: PLC0415 - findings only
    from k8snetlint.rules.allow_connection import allow_connection  # noqa: PLC0415 - findings only
    from k8snetlint.rules.isolated_pods import are_enforced  # noqa: PLC0415 - findings only

    cluster = connectivity.cluster
    allows = allows_egress if direction is Direction.EGRESS else allows_ingress
    why = unseen_policies(cluster, policy, allows)
    if why:
        yield OpenQuestion(_place(policy, direction), why)
    elif are_enforced(cluster):
        found = sorted(found, key=lambda each: bool(each.others))
        severity = Severity.INFO if found[0].others else None
        yield Problem(
            _message(found),
            _place(policy, direction),
            severity=severity,
            related=tuple(_related(found)),
            fix=allow_connection(cluster, found),
        )


def _place(policy: NetworkPolicy, direction: Direction) -> Place:
    has_rules = policy.egress if direction is Direction.EGRESS else policy.ingress
    return policy.at("spec", direction.rules_field, key=True) if has_rules else policy.at("spec", "podSelector")


def _message(found: list[Stated]) -> str:
    """Return what is denied first, and how many connections more."""
    first, target = found[0], found[0].ends.targets[0]
    source, server = (f"{each.kind} {each.name}" for each in (first.source, target.workload))
    others = len({(each.source, each.ends) for each in found}) - 1
    more = f"; {others} more of its connections {'is' if others == 1 else 'are'} denied" if others else ""
    egress, ingress = (first.policies.get(each) for each in (Direction.EGRESS, Direction.INGRESS))
    if egress is None:
        but = f"this policy isolates {server} for ingress, and no policy lets {source} in on port {target.number}"
    elif ingress is None:
        allows = f"no policy allows it to connect to {server} on port {target.number}"
        but = f"this policy isolates it for egress, and {allows}"
    else:
        other = "it" if ingress is egress else f"NetworkPolicy {ingress.name}"
        both = f"this policy isolates it for egress and {other} isolates {server} for ingress"
        but = f"{both}, and no policy allows the connection on port {target.number} at either end"
    shared = f", as {first.others} more {'has' if first.others == 1 else 'have'}" if first.others else ""
    return f"{source} has the address {first.address}{shared}, but {but}{more}"


def _related(found: list[Stated]) -> Iterator[tuple[Place, str]]:
    for each in found[:_SHOWN]:
        yield each.used.at, f"the address {each.address} of {each.source.kind} {each.source.name}"
    first = found[0]
    yield first.ends.service.at("metadata", "name"), f"Service {first.ends.service.name}"
    for policy in list(first.policies.values())[1:]:
        yield policy.at("spec", "podSelector", key=True), f"NetworkPolicy {policy.name}"
