"""An `ipBlock` is for addresses of the cluster's own pods or Services.

An `ipBlock` is for addresses outside of the cluster. Pods get new addresses whenever they start, and whether a block
matches pods at all depends on the network plugin: with Cilium it never does, with Calico it does. Packets to a Service
have the address of a pod when most plugins compare it. Select pods with `podSelector` and `namespaceSelector`.

If the networks of the cluster are configured (`--pod-cidr`, `--service-cidr`), a block inside one of them is a warning,
and one around them an info: whether it also means the pods depends on the plugin. Otherwise, blocks inside of the usual
networks are an info.

Source: https://kubernetes.io/docs/concepts/services-networking/network-policies/#behavior-of-to-and-from-selectors

```yaml bad pod-cidr=10.244.0.0/16
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
    - ipBlock:
        cidr: 10.244.3.0/24  # finding: 10.244.3.0/24 is inside the network of the pods, 10.244.0.0/16; not every plugin matches pods with an ipBlock
```

```yaml bad
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: web
spec:
  podSelector:
    matchLabels:
      app: web
  policyTypes: [Egress]
  egress:
  - to:
    - ipBlock:
        cidr: 10.96.0.0/12  # finding: 10.96.0.0/12 is usually the network of the Services (kubeadm); most plugins compare the addresses of their pods
```

```yaml good pod-cidr=10.244.0.0/16
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: web
spec:
  podSelector:
    matchLabels:
      app: web
  policyTypes: [Egress]
  egress:
  - to:
    - ipBlock:
        cidr: 0.0.0.0/0
    - ipBlock:
        cidr: 10.96.0.0/12
```
"""  # noqa: E501 - the message is one line

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.finding import Problem, Severity
from k8snetlint.model.networkpolicy import NetworkPolicy
from k8snetlint.rules import rule

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from k8snetlint.model.addresses import Network
    from k8snetlint.model.environment import Environment

_PODS, _SERVICES = "pods", "Services"
_USUAL = (
    ("10.244.0.0/16", _PODS, "Flannel"),
    ("10.42.0.0/16", _PODS, "k3s"),
    ("10.43.0.0/16", _SERVICES, "k3s"),
    ("10.96.0.0/12", _SERVICES, "kubeadm"),
    ("172.20.0.0/16", _SERVICES, "EKS"),
)
"""The networks that installers take if nobody says otherwise."""
_WHY = {
    _PODS: "not every plugin matches pods with an ipBlock",
    _SERVICES: "most plugins compare the addresses of their pods",
}


@rule(on=NetworkPolicy, severity=Severity.WARNING)
def check(policy: NetworkPolicy, environment: Environment) -> Iterator[Problem]:
    """Report ipBlocks that contain addresses of the cluster, or are inside of its networks."""
    for block in policy.ip_blocks:
        text = block.cidr or ""
        # A block for all addresses means those outside.
        if text.endswith("/0") or not (environment.pod_cidrs or environment.service_cidrs or _looks_usual(text)):
            continue
        from k8snetlint.model.addresses import parse_cidr  # noqa: PLC0415 - few addresses are those of a cluster

        network = parse_cidr(text)
        found = None if network is None else _overlap(text, network, environment)
        if found is not None:
            message, severity = found
            yield Problem(message, block.at("cidr"), severity=severity)


def _looks_usual(text: str) -> bool:
    return text.startswith(("10.244.", "10.42.", "10.43.", "10.96.", "10.97.", "10.98.", "10.99.", "10.10", "172.20."))


def _overlap(text: str, network: Network, environment: Environment) -> tuple[str, Severity | None] | None:
    """Return what a block has to do with the networks of the cluster, and how sure that is a mistake."""
    if environment.pod_cidrs or environment.service_cidrs:
        for whose, cidrs in ((_PODS, environment.pod_cidrs), (_SERVICES, environment.service_cidrs)):
            inside, around = _among(network, cidrs)
            if inside:
                return f"{text} is inside the network of the {whose}, {inside}; {_WHY[whose]}", None
            if around:
                return f"{text} contains the network of the {whose}, {around}; {_WHY[whose]}", Severity.INFO
        return None
    for cidr, whose, who in _USUAL:
        inside, _ = _among(network, (cidr,))
        if inside:
            where = "is usually" if inside == text else f"is inside {inside}, usually"
            return f"{text} {where} the network of the {whose} ({who}); {_WHY[whose]}", Severity.INFO
    return None


def _among(network: Network, cidrs: Iterable[str]) -> tuple[str, str]:
    """Return the networks that a network is inside of, and that it contains; the first ones, empty without."""
    from k8snetlint.model.addresses import parse_cidr  # noqa: PLC0415 - as above

    others = [(cidr, parse_cidr(cidr)) for cidr in cidrs]
    inside = next((cidr for cidr, other in others if other is not None and network in other), "")
    around = next((cidr for cidr, other in others if other is not None and other in network), "")
    return inside, around
