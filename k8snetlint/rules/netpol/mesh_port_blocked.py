"""A policy allows an application's port to pods of an ambient mesh, but not the port of the mesh.

In Istio's ambient mode, ztunnel encrypts the traffic between pods: whatever port the client connects to, the packets
arrive at port 15008. A policy that allows only the port of the application denies them, and all traffic of the mesh to
these pods stops.

Source: https://istio.io/latest/docs/ambient/usage/networkpolicy/

```yaml bad
apiVersion: v1
kind: Namespace
metadata:
  name: shop
  labels:
    istio.io/dataplane-mode: ambient
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
  policyTypes: [Ingress]
  ingress:
  - from:
    - podSelector: {}
    ports:  # finding: namespace shop is in the ambient mesh, where traffic arrives at port 15008, and no policy allows that port
    - port: 8080
```

```yaml good
apiVersion: v1
kind: Namespace
metadata:
  name: shop
  labels:
    istio.io/dataplane-mode: ambient
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
  policyTypes: [Ingress]
  ingress:
  - from:
    - podSelector: {}
    ports:
    - port: 8080
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: mesh
  namespace: shop
spec:
  podSelector: {}
  policyTypes: [Ingress]
  ingress:
  - ports:
    - port: 15008
```
"""  # noqa: E501 - the message is one line

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.finding import OpenQuestion, Problem, Severity
from k8snetlint.model.aspects import NAME, PORTS, SELECTORS
from k8snetlint.model.namespace import Namespace
from k8snetlint.model.networkpolicy import Direction, NetworkPolicy
from k8snetlint.model.ports import PortRange, Protocol
from k8snetlint.rules import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.model.cluster import Cluster
    from k8snetlint.model.networkpolicy import PolicyRule

_MODE, _AMBIENT = "istio.io/dataplane-mode", "ambient"
_MESH_PORT = 15008
"""Where ztunnel receives the encrypted traffic (HBONE)."""


@rule(on=NetworkPolicy, severity=Severity.WARNING, requires_all_scopes=True, relies_on=(SELECTORS, PORTS, NAME))
def check(policy: NetworkPolicy, cluster: Cluster) -> Iterator[Problem | OpenQuestion]:
    """Report the first rule with ports and peers in a namespace of the mesh in which no policy allows its port."""
    if not cluster.has_any("Namespace") or not policy.isolates(Direction.INGRESS):
        return
    limiting = next((each for each in policy.ingress or () if each.ports and _has_pod_peers(each)), None)
    if limiting is None or _may_allow_mesh(policy):
        return
    namespace = cluster.known_namespace_of(policy)
    if namespace not in _ambient_namespaces(cluster) or _MODE in dict(_wanted(policy)):
        return
    from k8snetlint.evidence.policies import isolating_policies, unseen_policies  # noqa: PLC0415 - few are in a mesh
    from k8snetlint.rules.isolated_pods import are_enforced  # noqa: PLC0415 - findings only

    policies = isolating_policies(cluster, Direction.INGRESS)
    if any(map(_may_allow_mesh, (*policies.get(namespace, ()), *policies.get(None, ())))):
        return
    at = limiting.at("ports", key=True)
    why = unseen_policies(cluster, policy, _may_allow_mesh)
    if why:
        yield OpenQuestion(at, why)
    elif are_enforced(cluster):
        yield Problem(
            f"namespace {namespace} is in the ambient mesh, where traffic arrives at port {_MESH_PORT}, "
            "and no policy allows that port",
            at,
        )


def _has_pod_peers(policy_rule: PolicyRule) -> bool:
    return any(each.ip_block is None for each in policy_rule.peers or ())


def _wanted(policy: NetworkPolicy) -> Iterator[tuple[str, str]]:
    return iter(policy.pod_selector.pairs()) if policy.pod_selector is not None else iter(())


def _may_allow_mesh(policy: NetworkPolicy) -> bool:
    """Tell whether a rule of a policy contains the port of the mesh, or all ports."""
    for each in policy.ingress or ():
        named = [port.ports() for port in each.ports or ()]
        if not named or any(
            isinstance(ports, PortRange) and ports.protocol is Protocol.TCP and _MESH_PORT in ports for ports in named
        ):
            return True
    return False


def _ambient_namespaces(cluster: Cluster) -> frozenset[str]:
    answers = cluster.index.answers
    known: frozenset[str] | None = answers.get(_ambient_namespaces)
    if known is None:
        namespaces = (each for each in cluster.known(Namespace) if each.labels.get(_MODE) == _AMBIENT)
        known = answers[_ambient_namespaces] = frozenset(each.name or "" for each in namespaces if each.is_plain)
    return known
