"""An ipBlock for clients outside of the cluster does not match them, because another address arrives at the pods.

Policies compare the address that arrives at the pods. A Service of type LoadBalancer or NodePort replaces the address
of the client by that of a node, unless it has `externalTrafficPolicy: Local`. The requests to an Ingress come from the
ingress controller, which is a proxy. An `ipBlock` for the clients then allows none of them.

Set `externalTrafficPolicy: Local`, or limit the clients where their addresses arrive: by `loadBalancerSourceRanges` of
the Service, or by an annotation of the Ingress like `nginx.ingress.kubernetes.io/whitelist-source-range`.

It is an info because load balancers and network plugins may keep the address. It is reported only for public networks:
private ones may be those of the nodes. It is not reported if the plugin is Cilium or Calico, if the addresses of
clients may arrive in another way (a `hostPort`, another Service), or with annotations by which they arrive.

Source: https://kubernetes.io/docs/tutorials/services/source-ip/

```yaml bad
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
  ingress:
  - from:
    - ipBlock:
        cidr: 203.0.113.0/24  # finding: clients in 203.0.113.0/24 reach Deployment web through Service web, so their connections arrive with the address of a node
---
apiVersion: v1
kind: Service
metadata:
  name: web
  namespace: shop
spec:
  type: LoadBalancer
  selector:
    app: web
  ports:
  - port: 80
    targetPort: 8080
```

```yaml bad
# given: deployment shop/web 8080
# given: service shop/web 80->8080
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
    - ipBlock:
        cidr: 203.0.113.0/24  # finding: clients in 203.0.113.0/24 reach Deployment web through Ingress shop, so their requests arrive from the ingress controller
    - namespaceSelector:
        matchLabels:
          kubernetes.io/metadata.name: ingress-nginx
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: shop
  namespace: shop
spec:
  defaultBackend:
    service:
      name: web
      port:
        number: 80
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
  ingress:
  - from:
    - ipBlock:
        cidr: 203.0.113.0/24
---
apiVersion: v1
kind: Service
metadata:
  name: web
  namespace: shop
spec:
  type: LoadBalancer
  externalTrafficPolicy: Local
  selector:
    app: web
  ports:
  - port: 80
    targetPort: 8080
```
"""  # noqa: E501 - the message is one line

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.finding import Problem, Severity
from k8snetlint.model.aspects import NAME, PORTS, SELECTORS
from k8snetlint.model.networkpolicy import Direction, NetworkPolicy
from k8snetlint.rules import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.model.cluster import Cluster
    from k8snetlint.model.networkpolicy import IPBlock, PolicyRule

_KEEPING = frozenset({"calico", "canal", "cilium"})
"""Plugins with which the addresses of clients may arrive, depending on how they are configured.

Sources: https://docs.cilium.io/en/stable/network/kubernetes/kubeproxy-free/#client-source-ip-preservation,
https://docs.tigera.io/calico/latest/operations/ebpf/use-cases-ebpf
"""


@rule(on=NetworkPolicy, severity=Severity.INFO, requires_all_scopes=True, relies_on=(SELECTORS, PORTS, NAME))
def check(policy: NetworkPolicy, cluster: Cluster) -> Iterator[Problem]:
    """Report the first block of each ingress rule that is for clients, if other addresses arrive at the pods."""
    if (
        not policy.ip_blocks
        or not policy.isolates(Direction.INGRESS)
        or cluster.doubts
        or not cluster.has_any("Service")
    ):
        return
    rules = [(each, _block_of_clients(each)) for each in policy.ingress or ()]
    for ingress_rule, block in rules:
        if block is None or not _replaces_addresses(cluster):
            continue
        from k8snetlint.connectivity.client_addresses import client_addresses  # noqa: PLC0415 - few blocks are public

        found = client_addresses(cluster).replacing(_pods(cluster, policy), ingress_rule.ports)
        if found is None:
            continue
        workload, way = found
        arrive = "their requests arrive from the ingress controller"
        if way.kind == "Service":
            arrive = "their connections arrive with the address of a node"
        yield Problem(
            f"clients in {block.cidr} reach {workload.kind} {workload.name} through {way.kind} {way.name}, so {arrive}",
            block.at("cidr"),
            related=((way.at("metadata", "name"), f"{way.kind} {way.name}"),),
        )


def _block_of_clients(ingress_rule: PolicyRule) -> IPBlock | None:
    blocks = [peer.ip_block for peer in ingress_rule.peers or () if peer.ip_block is not None]
    if not blocks:
        return None
    from k8snetlint.connectivity.client_addresses import may_be_of_clients  # noqa: PLC0415 - few rules have a block

    return next((each for each in blocks if may_be_of_clients(each.cidr or "")), None)


def _replaces_addresses(cluster: Cluster) -> bool:
    if not cluster.environment.cni and not cluster.about_network:
        return True
    from k8snetlint.evidence.cni import cni_plugin  # noqa: PLC0415 - only if a plugin may be known

    plugin = cni_plugin(cluster)
    return plugin is None or (plugin.enforces is not False and plugin.name not in _KEEPING)


def _pods(cluster: Cluster, policy: NetworkPolicy) -> int:
    """Return the workloads that a policy certainly selects, and those on the network of their node that it names."""
    from k8snetlint.evidence.subjects import subjects  # noqa: PLC0415 - few blocks are public

    index, found = cluster.index, subjects(cluster, policy)
    return found.certain & index.plain | found.matching & index.on_host_network
