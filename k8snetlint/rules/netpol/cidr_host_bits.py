"""A CIDR is ambiguous: it has host bits or leading zeros.

The prefix length of `10.0.0.5/8` describes a network, but its address describes a single host. Up to Kubernetes 1.35
the API server accepts such a value (from 1.33 on with a warning), and the network plugin decides what it means: usually
the whole network, which is more than it seems to be. Kubernetes 1.36 and later reject it. The same applies to leading
zeros, which some programs read as octal numbers and others as decimal numbers, and to IPv4 networks that are written as
IPv6.

A policy that was stored before the upgrade to 1.36 is kept, but a later change of this field must correct the value.

Source: https://kubernetes.io/docs/concepts/services-networking/network-policies/#behavior-of-to-and-from-selectors

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
        cidr: 10.1.2.3/16  # finding: 10.1.2.3/16 has bits set beyond the prefix length: it can mean the network 10.1.0.0/16 or the address 10.1.2.3/32
        except:
        - 10.1.9.9/24  # finding: 10.1.9.9/24 has bits set beyond the prefix length: it can mean the network 10.1.9.0/24 or the address 10.1.9.9/32
        - 10.1.64.0/24
    - ipBlock:
        cidr: ::ffff:192.0.2.0/120  # finding: ::ffff:192.0.2.0/120 is an IPv4 network written as IPv6; the IPv4 form is 192.0.2.0/24
```

```yaml fixed
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
        cidr: 10.1.0.0/16
        except:
        - 10.1.9.0/24
        - 10.1.64.0/24
    - ipBlock:
        cidr: 192.0.2.0/24
```

```yaml bad kubernetes=1.30
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
        cidr: 10.1.0.0/8  # finding: 10.1.0.0/8 has bits set beyond the prefix length: it can mean the network 10.0.0.0/8 or the network 10.1.0.0/16; Kubernetes 1.36 rejects it
    - ipBlock:
        cidr: 010.1.0.0/16  # finding: 010.1.0.0/16 has leading zeros: it can mean 10.1.0.0/16 or, in octal numbers, 8.1.0.0/16; Kubernetes 1.36 rejects it
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
        cidr: 10.1.0.0/16
        except:
        - 10.1.2.3/32
    - ipBlock:
        cidr: 2001:db8::/32
```
"""  # noqa: E501 - the message is one line

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING

from k8snetlint.edit.change import set_to
from k8snetlint.finding import Fix, Problem, Severity
from k8snetlint.model.networkpolicy import NetworkPolicy
from k8snetlint.rules import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.model.addresses import Network
    from k8snetlint.model.environment import Environment

_REJECTED_SINCE = (1, 36)


@rule(on=NetworkPolicy, severity=Severity.ERROR, supersedes=("api-invalid", "api-warning"))
def check(policy: NetworkPolicy, environment: Environment) -> Iterator[Problem]:
    """Report networks that the API server rejects since 1.36, and warns of in older versions."""
    if not policy.ip_blocks:
        return
    versions = environment.versions
    rejecting = tuple(version for version in versions if version >= _REJECTED_SINCE)
    for block in policy.ip_blocks:
        for text, path in block.networks():
            reason, suggestion = _read(text, block.cidr if path != ("cidr",) else None)
            if not reason:
                continue
            place = block.at(*path)
            yield Problem(
                f"{text} {reason}" if rejecting else f"{text} {reason}; Kubernetes 1.36 rejects it",
                place,
                severity=None if rejecting else Severity.WARNING,
                versions=rejecting if 0 < len(rejecting) < len(versions) else None,
                fix=Fix(f"write {suggestion}", (set_to(place, suggestion),), safe=False),
            )


@functools.lru_cache(1024)
def _read(text: str, around: str | None) -> tuple[str, str]:
    """Return what is wrong with a network, and what to write instead; both are empty if nothing is wrong.

    Args:
        text: as written.
        around: the cidr of an entry of `except`, None for the cidr itself.
    """
    from k8snetlint.model.addresses import parse_cidr  # noqa: PLC0415 - few policies have an ipBlock

    network = parse_cidr(text)
    if network is None or parse_cidr(text, strict=True) or network.family != network.address.family:
        return "", ""
    if network.has_host_bits:
        return _two_networks(network, parse_cidr(around) if around else None)
    if network.address.mapped:
        return f"is an IPv4 network written as IPv6; the IPv4 form is {network}", str(network)
    octal = _octal(text)
    if octal in ("", str(network)):
        return f"has leading zeros; without them it is {network}", str(network)
    return f"has leading zeros: it can mean {network} or, in octal numbers, {octal}", str(network)


def _two_networks(network: Network, whole: Network | None) -> tuple[str, str]:
    other = network.address.usual_network()
    what = f"the {'address' if other.is_single else 'network'} {other}"
    reason = "has bits set beyond the prefix length"
    if whole is None or (network in whole and whole not in network):
        return f"{reason}: it can mean the network {network} or {what}", str(network)
    if other in whole and network in whole:
        return f"{reason}: the network {network} would be the whole cidr, so it can only mean {what}", str(other)
    return "", ""


def _octal(text: str) -> str:
    """Return an IPv4 network with its leading zeros read as octal numbers; empty if they are not octal."""
    address, _, prefix = text.partition("/")
    parts = address.split(".")
    zeros = [part for part in parts if len(part) > 1 and part[0] == "0"]
    if ":" in text or not all(re.fullmatch("[0-7]{1,4}", part) and int(part, 8) < 256 for part in zeros):
        return ""
    return f"{'.'.join(str(int(part, 8 if part in zeros else 10)) for part in parts)}/{int(prefix)}"
