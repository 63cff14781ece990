"""Policies of a CNI plugin's own kind are not evaluated, so what is said about their pods is incomplete.

Cilium, Calico, Antrea and EKS have policies of their own kinds. They allow and deny connections in addition to
NetworkPolicies. k8snetlint validates them by their CustomResourceDefinitions, and does not evaluate their rules: where
one of them selects a pod, the rules about what policies allow together, `explain` and `connections` tell only what the
NetworkPolicies allow.

There is one finding for each plugin and cluster. What counts is the API group: Calico and Antrea call their kind
`NetworkPolicy`, too.

Source: https://docs.cilium.io/en/stable/network/kubernetes/policy/

```yaml bad
apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy  # finding: policies of Cilium are not evaluated: what is said about the pods that CiliumNetworkPolicy web selects is incomplete
metadata:
  name: web
  namespace: shop
spec:
  endpointSelector:
    matchLabels:
      app: web
  ingress:
  - fromEndpoints:
    - matchLabels:
        app: client
```

```yaml good
# given: deployment shop/web 8080
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
```
"""  # noqa: E501 - the message is one line

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.finding import Problem, Severity
from k8snetlint.model.cluster import Cluster
from k8snetlint.model.tables.cni_plugins import TITLES
from k8snetlint.model.tables.policies import is_policy_of_plugin
from k8snetlint.rules import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.model.resource import Resource

_SHOWN = 8


@rule(on=Cluster, severity=Severity.INFO)
def check(cluster: Cluster) -> Iterator[Problem]:
    """Report the first policy of each plugin."""
    found: dict[str, list[Resource]] = {}
    for each in cluster.judged_about_network:
        if each.network and is_policy_of_plugin(each.group, each.kind):
            found.setdefault(each.network.policy_of, []).append(each)
    for plugin, (first, *others) in found.items():
        more = f" and {len(others)} other{'s' if len(others) > 1 else ''}" if others else ""
        yield Problem(
            f"policies of {TITLES[plugin]} are not evaluated: what is said about the pods that "
            f"{first.kind} {first.name}{more} select{'' if others else 's'} is incomplete",
            first.at("kind"),
            related=tuple((each.at("kind"), f"{each.kind} {each.name}") for each in others[:_SHOWN]),
        )
