"""A policy isolates pods that are also attached to another network, to which it does not apply.

The annotation `k8s.v1.cni.cncf.io/networks` attaches pods to further networks, besides the one that every pod has
(Multus). Most network plugins apply NetworkPolicies to the default network only. Whoever is in the other network
reaches all ports of the pods, and the pods reach everybody there, whatever the policies say.

A MultiNetworkPolicy with the annotation `k8s.v1.cni.cncf.io/policy-for` limits the traffic of such a network, where the
cluster has its controller. The finding is not reported if the manifests contain one for the namespace of the pods, or
for networks that plugins of meshes use (`istio-cni`).

Source: https://github.com/k8snetworkplumbingwg/multi-networkpolicy

```yaml bad
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: default-deny
  namespace: shop
spec:
  podSelector: {}
  policyTypes: [Ingress, Egress]
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: camera
  namespace: shop
spec:
  selector:
    matchLabels:
      app: camera
  template:
    metadata:
      labels:
        app: camera
      annotations:
        k8s.v1.cni.cncf.io/networks: factory-floor  # finding: the pods are also attached to network factory-floor, to which policy default-deny does not apply
    spec:
      containers:
      - name: camera
        image: example.com/camera:1
```

```yaml good
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: default-deny
  namespace: shop
spec:
  podSelector: {}
  policyTypes: [Ingress, Egress]
---
apiVersion: k8s.cni.cncf.io/v1beta1
kind: MultiNetworkPolicy
metadata:
  name: factory-floor
  namespace: shop
  annotations:
    k8s.v1.cni.cncf.io/policy-for: factory-floor
spec:
  podSelector: {}
  policyTypes: [Ingress]
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: camera
  namespace: shop
spec:
  selector:
    matchLabels:
      app: camera
  template:
    metadata:
      labels:
        app: camera
      annotations:
        k8s.v1.cni.cncf.io/networks: factory-floor
    spec:
      containers:
      - name: camera
        image: example.com/camera:1
```
"""  # noqa: E501 - the message is one line

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.evidence.secondary_networks import attached_workloads
from k8snetlint.finding import OpenQuestion, Problem, Severity
from k8snetlint.model.aspects import NAME, POD_LABELS
from k8snetlint.model.cluster import Cluster
from k8snetlint.model.workload import NETWORKS
from k8snetlint.rules import rule
from k8snetlint.rules.isolated_pods import are_enforced
from k8snetlint.source.paths import MapKey

if TYPE_CHECKING:
    from collections.abc import Iterator


@rule(on=Cluster, severity=Severity.INFO, requires_all_scopes=True, relies_on=(POD_LABELS, NAME))
def check(cluster: Cluster) -> Iterator[Problem | OpenQuestion]:
    """Report the workloads whose pods are isolated, and attached to other networks as well."""
    for workload, networks, policy in attached_workloads(cluster):
        at = workload.at(*workload.template, "metadata", "annotations", MapKey(NETWORKS))
        if cluster.doubts:
            yield OpenQuestion(at, cluster.doubts[0])
        elif are_enforced(cluster):
            names = f"network {networks[0]}" if len(networks) == 1 else f"networks {' and '.join(networks)}"
            yield Problem(
                f"the pods are also attached to {names}, to which policy {policy.name} does not apply",
                at,
                related=((policy.at("spec", "podSelector"), f"policy {policy.name} selects the pods"),),
            )
