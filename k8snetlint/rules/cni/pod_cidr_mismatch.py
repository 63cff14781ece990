"""A CNI plugin takes addresses from a network that is not the one the cluster has for its pods.

The cluster knows the network of its pods from `podSubnet` of kubeadm, `--cluster-cidr` or `--pod-cidr`. Flannel refuses
to start on a node whose pod network is outside of its own `Network`. The pods of a Calico pool outside of it do get
addresses, but kube-proxy takes their traffic for traffic from outside of the cluster, and hides its source.

Write the same network in both places.

Reported where both networks belong to one cluster for sure: in one file, folder or kustomization, or if the network is
an option. If the manifests have several networks for pods, nothing is compared.

Source: https://docs.tigera.io/calico/latest/networking/ipam/initial-ippool

```yaml bad pod-cidr=10.244.0.0/16
apiVersion: v1
kind: ConfigMap
metadata:
  name: kube-flannel-cfg
  namespace: kube-flannel
data:
  cni-conf.json: |
    {"name": "cbr0", "cniVersion": "1.0.0", "plugins": [{"type": "flannel"}]}
  net-conf.json: |  # finding: Network of Flannel is 192.168.0.0/16, which does not contain 10.244.0.0/16 (--pod-cidr): the pods of this cluster get no addresses
    {"Network": "192.168.0.0/16", "Backend": {"Type": "vxlan"}}
```

```yaml bad
apiVersion: kubeadm.k8s.io/v1beta4
kind: ClusterConfiguration
networking:
  podSubnet: 10.244.0.0/16
---
apiVersion: projectcalico.org/v3
kind: IPPool
metadata:
  name: default
spec:
  cidr: 192.168.0.0/16  # finding: cidr is 192.168.0.0/16, which is not in 10.244.0.0/16 (podSubnet): traffic of these pods counts as traffic from outside of the cluster
```

```yaml good
apiVersion: kubeadm.k8s.io/v1beta4
kind: ClusterConfiguration
networking:
  podSubnet: 10.244.0.0/16
---
apiVersion: projectcalico.org/v3
kind: IPPool
metadata:
  name: default
spec:
  cidr: 10.244.128.0/17
```
"""  # noqa: E501 - the message is one line

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.evidence.network_ranges import are_of_one_cluster, networks_of
from k8snetlint.finding import Problem, Severity
from k8snetlint.model.cluster import Cluster
from k8snetlint.rules import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.evidence.network_ranges import WrittenNetwork


@rule(on=Cluster, severity=Severity.WARNING)
def check(cluster: Cluster) -> Iterator[Problem]:
    """Report pools of plugins that do not fit to the only network of the pods."""
    if not any(each.network and each.network.ranges for each in cluster.judged_about_network):
        return
    networks = networks_of(cluster, "pods")
    judged = set(cluster.judged_about_network)
    expected = {4: _only(networks, 4), 6: _only(networks, 6)}
    for each in networks:
        wanted = expected[each.network.family]
        if each.resource not in judged or wanted is None or not are_of_one_cluster(each, wanted, cluster):
            continue
        if each.range and each.range.pool_of and not _fits(each, wanted):
            related = ((wanted.place, f"{wanted.words} is {wanted.network}"),) if wanted.place else ()
            yield Problem(_says(each, wanted), each.resource.at(*each.range.path), related=related)


def _only(networks: list[WrittenNetwork], family: int) -> WrittenNetwork | None:
    """Return the network that the cluster expects for its pods, None if there are several or none."""
    expected = [each for each in networks if each.network.family == family and not (each.range and each.range.pool_of)]
    return expected[-1] if len({str(each.network) for each in expected}) == 1 else None


def _fits(pool: WrittenNetwork, expected: WrittenNetwork) -> bool:
    if pool.range and pool.range.pool_of == "flannel":
        return expected.network in pool.network
    return pool.network in expected.network


def _says(pool: WrittenNetwork, expected: WrittenNetwork) -> str:
    other = f"{expected.network} ({expected.words})"
    if pool.range and pool.range.pool_of == "flannel":
        missing = f"which does not contain {other}: the pods of this cluster get no addresses"
        return f"{pool.words} is {pool.network}, {missing}"
    return (
        f"{pool.words} is {pool.network}, which is not in {other}: "
        "traffic of these pods counts as traffic from outside of the cluster"
    )
