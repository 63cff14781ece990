"""The Service of the cluster's DNS does not reach its pods, or lacks a port.

The kubelet writes the address of the Service `kube-dns` in namespace `kube-system` into each pod's `/etc/resolv.conf`.
Pods ask it on port 53, over UDP, and over TCP if the answer is too large for a packet. If the Service lacks one of the
ports, selects none of the DNS server's pods, or sends to a port on which they do not listen, names do not resolve in
the whole cluster.

Whether the selector and the target ports fit is checked if the manifests contain the pods: those of `kube-system` with
the label `k8s-app: kube-dns`, or with an image of CoreDNS.

Source: https://kubernetes.io/docs/tasks/administer-cluster/dns-debugging-resolution/

```yaml bad
apiVersion: v1
kind: Service
metadata:
  name: kube-dns
  namespace: kube-system
spec:
  clusterIP: 10.96.0.10
  selector:
    k8s-app: kube-dns
  ports:  # finding: Service kube-dns has no port 53 over TCP: answers that are too large for UDP are lost
  - name: dns
    port: 53
    protocol: UDP
```

```yaml fixed
apiVersion: v1
kind: Service
metadata:
  name: kube-dns
  namespace: kube-system
spec:
  clusterIP: 10.96.0.10
  selector:
    k8s-app: kube-dns
  ports:
  - name: dns
    port: 53
    protocol: UDP
  - name: dns-tcp
    port: 53
    protocol: TCP
```

```yaml bad
apiVersion: v1
kind: Service
metadata:
  name: kube-dns
  namespace: kube-system
spec:
  selector:
    k8s-app: kube-dns
  ports:
  - {name: dns, port: 53, protocol: UDP, targetPort: 53}  # finding: Service kube-dns sends to port 53 over UDP, and Deployment coredns listens on 1053
  - {name: dns-tcp, port: 53, protocol: TCP, targetPort: 1053}
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: coredns
  namespace: kube-system
spec:
  selector:
    matchLabels: {k8s-app: kube-dns}
  template:
    metadata:
      labels: {k8s-app: kube-dns}
    spec:
      containers:
      - name: coredns
        image: registry.k8s.io/coredns/coredns:v1.12.0
        ports:
        - {name: dns, containerPort: 1053, protocol: UDP}
        - {name: dns-tcp, containerPort: 1053, protocol: TCP}
```

```yaml bad
apiVersion: v1
kind: Service
metadata:
  name: kube-dns
  namespace: kube-system
spec:
  selector:  # finding: Service kube-dns does not select the pods of Deployment coredns, so names do not resolve
    k8s-app: coredns
  ports:
  - {name: dns, port: 53, protocol: UDP}
  - {name: dns-tcp, port: 53, protocol: TCP}
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: coredns
  namespace: kube-system
spec:
  selector:
    matchLabels: {k8s-app: kube-dns}
  template:
    metadata:
      labels: {k8s-app: kube-dns}
    spec:
      containers:
      - name: coredns
        image: registry.k8s.io/coredns/coredns:v1.12.0
```

```yaml good
apiVersion: v1
kind: Service
metadata:
  name: kube-dns
  namespace: kube-system
spec:
  selector:
    k8s-app: kube-dns
  ports:
  - {name: dns, port: 53, protocol: UDP, targetPort: 1053}
  - {name: dns-tcp, port: 53, protocol: TCP, targetPort: 1053}
---
apiVersion: v1
kind: Service
metadata:
  name: kube-dns
  namespace: other
spec:
  selector:
    k8s-app: kube-dns
  ports:
  - {name: dns, port: 53, protocol: UDP}
```
"""  # noqa: E501 - the message is one line

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.evidence.dns_servers import dns_servers, is_cluster_dns
from k8snetlint.finding import Problem, Severity
from k8snetlint.model.aspects import NAME, PORTS, SELECTORS
from k8snetlint.model.service import Service
from k8snetlint.rules import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.model.cluster import Cluster
    from k8snetlint.model.service import ServicePort
    from k8snetlint.model.workload import Workload

_PORT = 53
_LOSS = {"UDP": "pods do not resolve names", "TCP": "answers that are too large for UDP are lost"}


@rule(
    on=Service,
    severity=Severity.ERROR,
    supersedes=("service-selector-matches-nothing",),
    requires_all_scopes=True,
    relies_on=(NAME, PORTS, SELECTORS),
)
def check(service: Service, cluster: Cluster) -> Iterator[Problem]:
    """Report what is missing between the clients of the cluster's DNS and its pods."""
    if not is_cluster_dns(cluster, service) or service.type == "ExternalName":
        return
    ports = [each for each in service.ports if each.port == _PORT]
    for protocol, loss in _LOSS.items():
        if ports and all(each.protocol != protocol for each in ports):
            message = f"Service kube-dns has no port {_PORT} over {protocol}: {loss}"
            yield Problem(message, service.at("spec", "ports", key=True))
    if not ports:
        message = f"Service kube-dns has no port {_PORT}: {_LOSS['UDP']}"
        yield Problem(message, service.at("spec", "ports", key=True))
    servers = dns_servers(cluster) if service.selector else []
    selected = [each for each in servers if each.selected_by(service.label_selector)]
    if servers and not selected:
        pods = f"the pods of {servers[0].kind} {servers[0].name}"
        message = f"Service kube-dns does not select {pods}, so names do not resolve"
        at = servers[0].at(*servers[0].template, "metadata", "labels", key=True)
        yield Problem(message, service.at("spec", "selector", key=True), related=((at, "labels of the pods"),))
    for port in ports if selected else ():
        yield from _unserved(port, selected)


def _unserved(port: ServicePort, servers: list[Workload]) -> Iterator[Problem]:
    """Report a target port that no server declares, although it declares others of the protocol."""
    target = port.effective_target_port
    numbers = [(each, own.container_port) for each in servers for own in each.ports if own.protocol == port.protocol]
    dns = [(owner, number) for owner, number in numbers if number and number % 1000 == _PORT]
    if isinstance(target, int) and dns and all(number != target for _, number in numbers):
        owner, number = dns[0]
        sends = f"Service kube-dns sends to port {target} over {port.protocol}"
        at = port.at("targetPort") if port.target_port else port.at("port")
        yield Problem(f"{sends}, and {owner.kind} {owner.name} listens on {number}", at)
