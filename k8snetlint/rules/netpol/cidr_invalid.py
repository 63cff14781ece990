"""The cidr of an ipBlock is not valid, but the intended value is clear.

`cidr` and each entry of `except` take one network: an address, a slash and the prefix length, which is the number of
fixed bits. A single address needs a prefix length too: `/32`, or `/128` for IPv6. Netmasks, ranges, wildcards, lists
and DNS names are not allowed, and the API server rejects the policy. A NetworkPolicy cannot contain DNS names at all;
some network plugins have their own policy kinds that support them.

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
        cidr: 10.0.0.5  # finding: 10.0.0.5 has no prefix length; the single address is 10.0.0.5/32
    - ipBlock:
        cidr: 192.168.0.0/255.255.0.0  # finding: 192.168.0.0/255.255.0.0 has a netmask instead of a prefix length; the CIDR is 192.168.0.0/16
        except:
        - 192.168.7.*  # finding: 192.168.7.* has a wildcard instead of a prefix length; the CIDR is 192.168.7.0/24
        - 192.168.8.0-192.168.9.255  # finding: 192.168.8.0-192.168.9.255 is an address range, not a CIDR; the CIDR is 192.168.8.0/23
    - ipBlock:
        cidr: 172.16/12  # finding: 172.16/12 has 2 numbers, but an IPv4 address has 4; the CIDR is 172.16.0.0/12
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
        cidr: 10.0.0.5/32
    - ipBlock:
        cidr: 192.168.0.0/16
        except:
        - 192.168.7.0/24
        - 192.168.8.0/23
    - ipBlock:
        cidr: 172.16.0.0/12
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
        cidr: 10.0.0.0  # finding: 10.0.0.0 has no prefix length; the single address is 10.0.0.0/32, the network that starts there is 10.0.0.0/8
    - ipBlock:
        cidr: api.example.com  # finding: api.example.com is a DNS name, but an ipBlock accepts only CIDRs
    - ipBlock:
        cidr: 10.0.0.0/33  # finding: 10.0.0.0/33 has a prefix length of 33 bits, but an IPv4 address has 32
    - ipBlock:
        cidr: 10.0.0.0/8, 172.16.0.0/12  # finding: 10.0.0.0/8, 172.16.0.0/12 is a list of networks, but the field takes only one
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
        cidr: 10.0.0.5/32
    - ipBlock:
        cidr: 2001:db8::5/128
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


_NAME = r"(?:\*\.)?(?:[a-z0-9_](?:[a-z0-9_-]*[a-z0-9])?\.)+[a-z]{2,}\.?"
_EVERYBODY = frozenset({"*", "all", "any", "internet", "0.0.0.0", "::"})  # noqa: S104 - a text in a manifest
_OCTETS = 4


@rule(on=NetworkPolicy, severity=Severity.ERROR, supersedes=("api-invalid",))
def check(policy: NetworkPolicy) -> Iterator[Problem]:
    """Report values that are not a CIDR, if the intended value is clear."""
    for block in policy.ip_blocks:
        for text, path in block.networks():
            reason, suggestion, safe = _read(text)
            if reason:
                place = block.at(*path)
                fix = Fix(f"write {suggestion}", (set_to(place, suggestion),), safe=safe) if suggestion else None
                yield Problem(f"{text.strip()} {reason}", place, fix=fix)


@functools.lru_cache(1024)
def _read(text: str) -> tuple[str, str, bool]:
    """Return what is wrong with a network, what to write instead, and whether that is the only possibility.

    The first is empty if nothing is wrong or it is not clear, the second if the author must choose.
    """
    from k8snetlint.model.addresses import parse_cidr  # noqa: PLC0415 - few policies have an ipBlock

    if parse_cidr(text):
        return "", "", False
    bare = text.strip()
    if parse_cidr(bare, strict=True):
        return "has leading or trailing whitespace", bare, True
    if bare.lower() in _EVERYBODY:
        return "is not a CIDR; all addresses are 0.0.0.0/0, or ::/0 for IPv6", "", False
    address, slash, behind = bare.partition("/")
    for reason, suggestion, safe in (
        _alone(bare),
        _with_mask(address, behind),
        _wildcard(address, behind),
        _range(bare),
        _short(address, behind if slash else None),
        _too_long(address, behind),
    ):
        if reason:
            return reason, suggestion, safe
    if all(parse_cidr(each) for each in re.split("[ ,;]+", bare)):
        return "is a list of networks, but the field takes only one", "", False
    if re.fullmatch(_NAME, bare.lower()):
        return "is a DNS name, but an ipBlock accepts only CIDRs", "", False
    return "", "", False


def _alone(text: str) -> tuple[str, str, bool]:
    from k8snetlint.model.addresses import parse_ip  # noqa: PLC0415 - mistakes only

    address = parse_ip(text)
    if address is None:
        return "", "", False
    network = address.usual_network()
    single = f"{text}/{128 if ':' in text else 32}"
    reason = f"has no prefix length; the single address is {single}"
    if not network.is_single:
        return f"{reason}, the network that starts there is {network}", "", False
    return reason, single if parse_ip(text, strict=True) else "", False


def _with_mask(address: str, mask: str) -> tuple[str, str, bool]:
    from k8snetlint.model.addresses import parse_cidr, parse_ip  # noqa: PLC0415 - mistakes only

    bits = parse_ip(mask)
    if parse_ip(address) is None or bits is None or bits.family != 4 or ":" in address + mask:
        return "", "", False
    length = bits.value.bit_count()
    if bits.value != (1 << 32) - (1 << (32 - length)):
        return "", "", False
    suggestion = f"{address}/{length}"
    reason = f"has a netmask instead of a prefix length; the CIDR is {suggestion}"
    return reason, suggestion if parse_cidr(suggestion, strict=True) else "", True


def _wildcard(address: str, prefix: str) -> tuple[str, str, bool]:
    found = re.fullmatch(r"([0-9]{1,3}(?:\.[0-9]{1,3}){0,2})(?:\.\*)+", address)
    if not found or prefix or address.count(".") >= _OCTETS:
        return "", "", False
    suggestion = _filled(found[1], 8 * (found[1].count(".") + 1))
    return (
        (f"has a wildcard instead of a prefix length; the CIDR is {suggestion}", suggestion, True)
        if suggestion
        else ("", "", False)
    )


def _range(text: str) -> tuple[str, str, bool]:
    from ipaddress import ip_address, summarize_address_range  # noqa: PLC0415 - mistakes only

    first, dash, last = (part.strip() for part in text.partition("-"))
    if not dash:
        return "", "", False
    try:
        networks = [str(each) for each in summarize_address_range(ip_address(first), ip_address(last))]
    except (TypeError, ValueError):
        return "", "", False
    if len(networks) == 1:
        return f"is an address range, not a CIDR; the CIDR is {networks[0]}", networks[0], True
    return f"is an address range, not a CIDR; it needs {len(networks)} CIDRs", "", False


def _short(address: str, prefix: str | None) -> tuple[str, str, bool]:
    found = re.fullmatch(r"[0-9]{1,3}(?:\.[0-9]{1,3}){0,2}", address)
    if not found or not prefix or not re.fullmatch("[0-9]{1,2}", prefix):
        return "", "", False
    suggestion = _filled(address, int(prefix))
    numbers = address.count(".") + 1
    reason = f"has {numbers} number{'s' if numbers > 1 else ''}, but an IPv4 address has {_OCTETS}"
    return (f"{reason}; the CIDR is {suggestion}", suggestion, False) if suggestion else (reason, "", False)


def _filled(numbers: str, length: int) -> str:
    """Return the network of an address whose last numbers are missing; empty if it is not valid."""
    from k8snetlint.model.addresses import parse_cidr  # noqa: PLC0415 - mistakes only

    text = f"{numbers}{'.0' * (_OCTETS - 1 - numbers.count('.'))}/{length}"
    return text if parse_cidr(text, strict=True) else ""


def _too_long(address: str, prefix: str) -> tuple[str, str, bool]:
    from k8snetlint.model.addresses import parse_ip  # noqa: PLC0415 - mistakes only

    parsed = parse_ip(address)
    if parsed is None or not re.fullmatch("[0-9]{1,4}", prefix):
        return "", "", False
    family, bits = (6, 128) if ":" in address else (4, 32)
    return f"has a prefix length of {int(prefix)} bits, but an IPv{family} address has {bits}", "", False
