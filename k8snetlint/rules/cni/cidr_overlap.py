"""The network of the pods overlaps with the network of the Services.

An address that is in both may belong to a pod or to a Service. kube-proxy rewrites the connections to it if a Service has
it, so the pod with this address cannot be reached; which pods are concerned changes with every new Service.

Choose networks that have no address in common, and that are not used by nodes either.

Reported where both networks belong to one cluster for sure: in one object, file, folder or kustomization, or if one is
an option.

Source: https://kubernetes.io/docs/reference/setup-tools/kubeadm/kubeadm-init/

```yaml bad
apiVersion: kubeadm.k8s.io/v1beta4
kind: ClusterConfiguration
networking:
  podSubnet: 10.96.0.0/11  # finding: podSubnet 10.96.0.0/11 overlaps with serviceSubnet 10.96.0.0/12: an address may be that of a pod and of a Service
  serviceSubnet: 10.96.0.0/12
```

```yaml good
apiVersion: kubeadm.k8s.io/v1beta4
kind: ClusterConfiguration
networking:
  podSubnet: 10.244.0.0/16
  serviceSubnet: 10.96.0.0/12
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
    from k8snetlint.model.resource import Resource


@rule(on=Cluster, severity=Severity.ERROR)
def check(cluster: Cluster) -> Iterator[Problem]:
    """Report each network of pods that overlaps with one of Services."""
    if not any(each.network and each.network.ranges for each in cluster.judged_about_network):
        return
    judged = set(cluster.judged_about_network)
    services = networks_of(cluster, "Services")
    # Manifests of several clusters have several networks: then only what one object says is compared.
    distinct = {str(each.network): each for each in services}
    is_one = len(distinct) == len({each.network.family for each in services})
    shared = tuple(distinct.values()) if is_one else ()
    by_resource: dict[Resource | None, list[WrittenNetwork]] = {}
    for each in services:
        by_resource.setdefault(each.resource, []).append(each)
    for pods in networks_of(cluster, "pods"):
        for other in by_resource.get(pods.resource, shared):
            owner = next((each for each in (pods, other) if each.resource in judged), None)
            if owner is None or owner.place is None or not pods.network.overlaps(other.network):
                continue
            if are_of_one_cluster(pods, other, cluster):
                related = ((other.place, other.words),) if other.place and owner is pods else ()
                yield Problem(_says(pods, other), owner.place, related=related)


def _says(pods: WrittenNetwork, services: WrittenNetwork) -> str:
    both = f"{pods.words} {pods.network} overlaps with {services.words} {services.network}"
    return f"{both}: an address may be that of a pod and of a Service"
