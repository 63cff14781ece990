"""Pods use the Kubernetes API, but policies do not let them connect to the API server.

A RoleBinding or ClusterRoleBinding for the ServiceAccount of pods says that they use the API. As soon as a policy
isolates these pods for egress, some policy must allow the connection: to port 443, the port of Service `kubernetes`, or
to that of the API server, usually 6443. Plugins differ in which of the two they see, so most policies allow both.

In most clusters the API server is on the network of a control plane node, or outside of the cluster. Selectors do not
match it, not even one for all namespaces: only rules without `to`, or with an `ipBlock`, allow it.

It is an info because nobody knows that pods use what is granted to them. ServiceAccount `default`, roles of unknown
content, and roles that only allow to `use` something do not count, nor do pods that get no token.

Source: https://github.com/projectcalico/libcalico-go/issues/1060

```yaml bad
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: operator
  namespace: shop
spec:
  podSelector:
    matchLabels:
      app: operator
  policyTypes: [Egress]
  egress:  # finding: no policy allows Deployment operator to connect to the API server on port 443 or 6443, but RoleBinding operator grants its ServiceAccount operator access
  - to:
    - namespaceSelector: {}
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: operator
  namespace: shop
spec:
  selector:
    matchLabels: {app: operator}
  template:
    metadata:
      labels: {app: operator}
    spec:
      serviceAccountName: operator
      containers:
      - name: operator
        image: example.com/operator:1
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata:
  name: operator
  namespace: shop
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: ClusterRole
  name: edit
subjects:
- kind: ServiceAccount
  name: operator
  namespace: shop
```

```yaml good
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: operator
  namespace: shop
spec:
  podSelector:
    matchLabels:
      app: operator
  policyTypes: [Egress]
  egress:
  - to:
    - namespaceSelector: {}
  - ports:
    - port: 443
    - port: 6443
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: operator
  namespace: shop
spec:
  selector:
    matchLabels: {app: operator}
  template:
    metadata:
      labels: {app: operator}
    spec:
      serviceAccountName: operator
      containers:
      - name: operator
        image: example.com/operator:1
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata:
  name: operator
  namespace: shop
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: ClusterRole
  name: edit
subjects:
- kind: ServiceAccount
  name: operator
  namespace: shop
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
from k8snetlint.rules.isolated_pods import names_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.finding import OpenQuestion


# An info: what a ServiceAccount may do, its pods need not do.
@rule(on=Cluster, severity=Severity.INFO, requires_all_scopes=True, relies_on=(SELECTORS, PORTS, NAME))
def check(cluster: Cluster) -> Iterator[Problem | OpenQuestion]:
    """Report each policy that is to allow connections to the API server, once."""
    policies = isolating(cluster, Direction.EGRESS)
    if not policies:
        return
    from k8snetlint.connectivity.api_clients import closed_api_clients  # noqa: PLC0415 - in a package of its own

    for policy, closed in closing(policies, closed_api_clients(cluster)):
        first, binding = closed[0]
        granting = f"{binding.kind} {binding.name}"
        of = "its" if len(closed) == 1 else "the first one's"
        problem = Problem(
            f"no policy allows {names_of([each.workload for each in closed])} to connect to the API server "
            f"on port 443 or 6443, but {granting} grants {of} ServiceAccount {first.service_account} access",
            rules_of(policy, Direction.EGRESS),
            related=((binding.at("metadata", "name"), granting), (first.at("metadata", "name"), names_of([first]))),
        )
        yield from certain(cluster, policy, Direction.EGRESS, problem)
