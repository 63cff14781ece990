"""A Cilium policy has no rule at all, so Cilium does not enforce it.

Cilium requires at least one of `ingress`, `ingressDeny`, `egress` and `egressDeny` with an entry. It marks a policy
without any as invalid (`kubectl get cnp` shows VALID False) and leaves its pods as they are. The API server accepts
it. It is often meant to deny everything: an empty list does that in a NetworkPolicy, and not in Cilium. Write
`ingress: [{}]` to deny all ingress, and `egress: [{}]` to deny all egress.

Source: https://docs.cilium.io/en/stable/security/policy/language/#ingress-egress-default-deny

```yaml bad
apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata:
  name: deny-all
  namespace: shop
spec:  # finding: CiliumNetworkPolicy deny-all has no rules: Cilium marks it invalid and does not enforce it; an empty rule, `ingress: [{}]`, denies all
  endpointSelector: {}
  ingress: []
```

```yaml good
apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata:
  name: deny-all
  namespace: shop
spec:
  endpointSelector: {}
  ingress:
  - {}
```
"""  # noqa: E501 - the message is one line

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.evidence.cni import applied_as_written
from k8snetlint.finding import Problem, Severity
from k8snetlint.model.cluster import Cluster
from k8snetlint.rules import rule

if TYPE_CHECKING:
    from collections.abc import Iterator


@rule(on=Cluster, severity=Severity.WARNING, security=7.0)
def check(cluster: Cluster) -> Iterator[Problem]:
    """Report each policy without rules."""
    for each in applied_as_written(cluster):
        for path in each.network.empty_rules if each.network else ():
            yield Problem(
                f"{each.kind} {each.name} has no rules: Cilium marks it invalid and does not enforce it; "
                "an empty rule, `ingress: [{}]`, denies all",
                each.at(*path, key=isinstance(path[-1], str)),
            )
