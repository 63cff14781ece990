"""A rule for all addresses also allows the metadata service of the cloud.

Virtual machines of most clouds get credentials from `169.254.169.254` (IPv6: `fd00:ec2::254`). An `ipBlock` for all
addresses contains it, so every selected pod can ask for the credentials of its node. If the pods do not need it, add it
to `except`. Some clouds also serve DNS or the identities of workloads at this address (Workload Identity of GKE); there
the pods need it.

Source: https://kubernetes.io/docs/concepts/security/security-checklist/#network-security

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
        cidr: 0.0.0.0/0  # finding: this rule also allows 169.254.169.254, where clouds give the credentials of the node
```

```yaml good
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
        except: [169.254.169.254/32]
```

The metadata service listens on port 80:

```yaml good
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
    ports:
    - port: 443
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.finding import Problem, Severity
from k8snetlint.model.networkpolicy import Direction, NetworkPolicy
from k8snetlint.model.ports import PortRange, Protocol
from k8snetlint.rules import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.model.networkpolicy import IPBlock, PolicyRule, Port

_METADATA = ("169.254.169.254", "fd00:ec2::254")
_PORT = 80
_HALF = 1
"""The longest prefix of a network that stands for all addresses: `0.0.0.0/1` and `128.0.0.0/1`."""


@rule(on=NetworkPolicy, severity=Severity.INFO, security=4.0)
def check(policy: NetworkPolicy) -> Iterator[Problem]:
    """Report the first rule for all addresses that contains a metadata service."""
    for each in policy.egress or () if policy.ip_blocks and policy.isolates(Direction.EGRESS) else ():
        if not _has_port(each):
            continue
        for peer in each.peers or ():
            address = _metadata_in(peer.ip_block) if peer.ip_block is not None else None
            if peer.ip_block is not None and address:
                yield Problem(
                    f"this rule also allows {address}, where clouds give the credentials of the node",
                    peer.ip_block.at("cidr"),
                )
                return


def _has_port(policy_rule: PolicyRule) -> bool:
    return not policy_rule.ports or any(map(_contains_port, policy_rule.ports))


def _contains_port(port: Port) -> bool:
    named = port.ports()
    return isinstance(named, PortRange) and named.protocol is Protocol.TCP and _PORT in named


def _metadata_in(block: IPBlock) -> str | None:
    """Return the address of the metadata service that a block for all addresses contains, None without one."""
    if not (block.cidr or "").endswith(("/0", "/1")):
        return None
    from k8snetlint.model.addresses import parse_cidr, parse_ip  # noqa: PLC0415 - few rules are for all addresses

    network = parse_cidr(block.cidr or "")
    if network is None or network.length > _HALF:
        return None
    excepted = [parse_cidr(each) for each in block.except_ or ()]
    for text in _METADATA:
        address = parse_ip(text)
        if address is not None and address in network and not any(each and address in each for each in excepted):
            return text
    return None
