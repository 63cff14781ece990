"""A policy uses a feature that the CNI plugin of the cluster does not have.

The API server accepts the whole NetworkPolicy API in every cluster. What a plugin does not know it ignores, so the
policy allows other connections than it says:

| feature | not in | what happens |
|---|---|---|
| `endPort` | Cilium before 1.16, kube-router before 1.3, Antrea before 1.1 | only the first port is allowed |
| a port by its name | OVN-Kubernetes, Antrea before 0.4 | every port of the protocol is allowed |
| SCTP | kube-router | the port is not allowed |
| IPv6 | Azure NPM | the addresses are not allowed |
| `ipBlock` with addresses of pods | Cilium | the pods are not allowed: select them by labels |

Only what is known for sure is reported: the plugin of `--cni`, or the one that the manifests install, and its version
where that matters. Whether an `ipBlock` is for pods is known with `--pod-cidr`.

Source: https://kubernetes.io/docs/concepts/services-networking/network-policies/#targeting-a-range-of-ports

```yaml bad cni=cilium@1.15
# given: deployment web 32000
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: web
spec:
  podSelector:
    matchLabels:
      app: web
  policyTypes: [Ingress]
  ingress:
  - ports:
    - port: 32000
      endPort: 32768  # finding: Cilium 1.15 does not support endPort: only port 32000 is allowed
```

```yaml bad cni=ovn-kubernetes
# given: deployment web http:8080
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: web
spec:
  podSelector:
    matchLabels:
      app: web
  policyTypes: [Ingress]
  ingress:
  - from:
    - podSelector: {}
    ports:
    - port: http  # finding: OVN-Kubernetes does not support port names: every port of TCP is allowed
```

```yaml good cni=cilium@1.16
# given: deployment web 32000
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: web
spec:
  podSelector:
    matchLabels:
      app: web
  policyTypes: [Ingress]
  ingress:
  - ports:
    - port: 32000
      endPort: 32768
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.finding import Problem, Severity
from k8snetlint.model.addresses import parse_cidr
from k8snetlint.model.aspects import PORTS, SELECTORS
from k8snetlint.model.networkpolicy import NetworkPolicy
from k8snetlint.rules import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.model.cluster import Cluster
    from k8snetlint.model.networkpolicy import IPBlock, Port
    from k8snetlint.source.document import Place

    Use = tuple[str, Place, str]
    """A feature, where it is used, and what happens without it."""


@rule(on=NetworkPolicy, severity=Severity.WARNING, relies_on=(PORTS, SELECTORS), security=5.0)
def check(policy: NetworkPolicy, cluster: Cluster) -> Iterator[Problem]:
    """Report each use of a feature that the plugin surely lacks."""
    if not cluster.environment.cni and not cluster.about_network:
        return
    from k8snetlint.evidence.cni import cni_plugin, sentence_start  # noqa: PLC0415 - only if a plugin may be known
    from k8snetlint.model.tables.cni_features import has_feature  # noqa: PLC0415 - as above

    plugin = cni_plugin(cluster)
    if plugin is None or plugin.enforces is False:
        return
    title = sentence_start(plugin.title)
    for feature, at, without in _uses(policy, cluster):
        if has_feature(plugin.name, feature, plugin.release) is False:
            severity = None if plugin.is_sure else Severity.INFO
            yield Problem(f"{title} does not support {feature}: {without}", at, severity=severity)


def _uses(policy: NetworkPolicy, cluster: Cluster) -> Iterator[Use]:
    for port in policy.ports:
        yield from _of_port(port)
    for block in policy.ip_blocks:
        yield from _of_block(block, cluster)


def _of_port(port: Port) -> Iterator[Use]:
    from k8snetlint.model.tables.cni_features import END_PORT, NAMED_PORT, SCTP  # noqa: PLC0415 - as in `check`

    if port.end_port is not None and port.end_port != port.port:
        yield END_PORT, port.at("endPort"), f"only port {port.port} is allowed"
    if isinstance(port.port, str):
        yield NAMED_PORT, port.at("port"), f"every port of {port.effective_protocol} is allowed"
    if port.effective_protocol == "SCTP":
        yield SCTP, port.at("protocol"), "the port is not allowed"


def _of_block(block: IPBlock, cluster: Cluster) -> Iterator[Use]:
    from k8snetlint.model.tables.cni_features import BLOCK_MATCHES_PODS, IPV6  # noqa: PLC0415 - as in `check`

    network = parse_cidr(block.cidr or "")
    if network is None:
        return
    if network.family == 6:
        yield IPV6, block.at("cidr"), "these addresses are not allowed"
    if any(pods is not None and network in pods for pods in map(parse_cidr, cluster.environment.pod_cidrs)):
        yield BLOCK_MATCHES_PODS, block.at("cidr"), f"pods in {network} are not allowed"
