"""A NetworkPolicy port or protocol is invalid, but the intended value is clear.

An entry of `ports` takes one port, as a number or as the name that a container gives to it, and one protocol: TCP, UDP
or SCTP, in upper case. The end of a range is `endPort`, several ports are several entries, and an entry without `port`
means every port of the protocol. A NetworkPolicy cannot match other protocols, for example ICMP. The API server rejects
the policy.

Source: https://kubernetes.io/docs/concepts/services-networking/network-policies/#networkpolicy-resource

```yaml bad
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
    - protocol: udp  # finding: protocol udp is not in upper case; the protocol is UDP
      port: 53
    - port: 8000-9000  # finding: port 8000-9000 is a string with a range; a range needs port: 8000 and endPort: 9000
    - port: 443/TCP  # finding: port 443/TCP is a string with a protocol; port takes only the number, and protocol is a separate field
    - port: 0  # finding: port 0 is not a port; an entry without port means every port of the protocol
    - port: HTTP  # finding: port HTTP has upper-case letters, which a port name cannot have
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
  policyTypes: [Ingress]
  ingress:
  - ports:
    - protocol: UDP
      port: 53
    - port: 8000
      endPort: 9000
    - port: 443
      protocol: TCP
    - {}
    - port: http
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
  policyTypes: [Ingress]
  ingress:
  - ports:
    - protocol: ICMP  # finding: protocol ICMP has no ports; a NetworkPolicy can match only TCP, UDP and SCTP
    - protocol: HTTPS  # finding: protocol HTTPS runs over TCP; a NetworkPolicy can match only TCP, UDP and SCTP
      port: 443
    - port: 80,443  # finding: port 80,443 is a string with several ports; each port needs a separate entry
    - protocol: TCP/UDP  # finding: protocol TCP/UDP means several protocols; each protocol needs a separate entry
      port: 53
    - port: prometheus-metrics  # finding: port prometheus-metrics has 18 characters; the port name of a container has at most 15, only that of a Service can be longer
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
  policyTypes: [Ingress]
  ingress:
  - ports:
    - port: http-metrics
    - port: 8000
      endPort: 9000
    - protocol: UDP
```
"""  # noqa: E501 - the message is one line

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from k8snetlint.edit.change import delete, insert, set_to
from k8snetlint.finding import Fix, Problem, Severity
from k8snetlint.model.networkpolicy import NetworkPolicy
from k8snetlint.model.ports import LAST_PORT, Protocol
from k8snetlint.rules import rule
from k8snetlint.source.document import Place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.edit.change import Change
    from k8snetlint.model.networkpolicy import Port

_PROTOCOLS = tuple(Protocol.__members__)
_NO_PORTS = frozenset({"AH", "ESP", "GRE", "ICMP", "ICMPV4", "ICMPV6", "IGMP", "IPIP", "OSPF", "VRRP"})
_CARRIED = {**dict.fromkeys(("HTTP", "HTTPS", "HTTP2", "GRPC", "TLS", "WS", "WSS"), "TCP"), "QUIC": "UDP"}
_EVERY = frozenset({"*", "all", "any"})
_RANGE = r"([0-9]{1,5}) *(?:-|:|\.\.) *([0-9]{1,5})"
_LIST = r"[0-9]{1,5}(?: *[,; ] *[0-9]{1,5})+"
_WITH_PROTOCOL = r"(?i)(?:([0-9]{1,5}) *[/:] *(tcp|udp|sctp)|(tcp|udp|sctp) *[/:] *([0-9]{1,5}))"
_LONGEST_NAME = 15
_CAN_MATCH = "a NetworkPolicy can match only TCP, UDP and SCTP"


@rule(
    on=NetworkPolicy,
    severity=Severity.ERROR,
    supersedes=("api-invalid", "api-not-supported", "netpol-named-port-on-ipblock"),
)
def check(policy: NetworkPolicy) -> Iterator[Problem]:
    """Report invalid ports and protocols if the intended value is clear."""
    for port in policy.ports:
        number, protocol = port.port, port.protocol
        if isinstance(number, str):
            yield from _of_text(port, number)
        elif isinstance(number, int) and number in (0, -1):
            yield _no_number(port, number)
        if protocol and protocol not in _PROTOCOLS:
            yield from _of_protocol(port, protocol)


def _no_number(port: Port, number: int) -> Problem:
    if port.end_port is not None and port.end_port >= 1:
        first = Fix("write port: 1", (set_to(port.at("port"), 1),), safe=False)
        return Problem(f"port {number} is not a port; the lowest port is 1", port.at("port"), fix=first)
    message = f"port {number} is not a port; an entry without port means every port of the protocol"
    return Problem(message, port.at("port"), fix=_without_port(port))


def _without_port(port: Port) -> Fix | None:
    return Fix("remove port", (delete(port.at("port")),), safe=False) if port.end_port is None else None


def _of_text(port: Port, text: str) -> Iterator[Problem]:
    bare = text.strip()
    if bare.isalpha() and bare.isascii() and bare.islower() and len(bare) <= _LONGEST_NAME and bare not in _EVERY:
        # Nearly all names are these.
        return
    reason, fix = _read(port, bare)
    if reason:
        shown = bare or '""'
        yield Problem(f"port {shown} {reason}", port.at("port"), fix=fix)


def _read(port: Port, text: str) -> tuple[str, Fix | None]:
    """Return what is wrong with a port that is a string, empty if nothing is or it is not clear, and the fix."""
    if not text or text.lower() in _EVERY:
        return "is not a port name; an entry without port means every port of the protocol", _without_port(port)
    if found := re.fullmatch(_RANGE, text):
        first, last = int(found[1]), int(found[2])
        reason = f"is a string with a range; a range needs port: {first} and endPort: {last}"
        changes = (set_to(port.at("port"), first), set_to(port.at("endPort"), last, after="port"))
        fits = 1 <= first <= last <= LAST_PORT and port.end_port is None
        return reason, Fix(f"write port: {first} and endPort: {last}", changes, safe=False) if fits else None
    if re.fullmatch(_LIST, text):
        numbers = [int(each) for each in re.findall("[0-9]+", text)]
        return "is a string with several ports; each port needs a separate entry", _entries(port, numbers)
    if found := re.fullmatch(_WITH_PROTOCOL, text):
        reason = "is a string with a protocol; port takes only the number, and protocol is a separate field"
        return reason, _apart(port, int(found[1] or found[4]), (found[2] or found[3]).upper())
    return _misnamed(port, text)


def _misnamed(port: Port, text: str) -> tuple[str, Fix | None]:
    from k8snetlint.validation.names import port_name  # noqa: PLC0415 - names of ports are rare

    if not port_name(text):
        return "", None
    name = text.lower().replace("_", "-")
    change = set_to(port.at("port"), name)
    if not port_name(name):
        what = "an underscore" if "_" in text else "upper-case letters"
        return f"has {what}, which a port name cannot have", Fix(f"write {name}", (change,), safe=False)
    if len(text) > _LONGEST_NAME and not port_name(text[:_LONGEST_NAME].rstrip("-")):
        longer = f"the port name of a container has at most {_LONGEST_NAME}, only that of a Service can be longer"
        return f"has {len(text)} characters; {longer}", None
    return "", None


def _entries(port: Port, numbers: list[int]) -> Fix | None:
    """Return the fix that writes an entry for each number."""
    if port.end_port is not None or not all(1 <= number <= LAST_PORT for number in numbers):
        return None
    protocol = {} if port.protocol is None else {"protocol": port.protocol}
    others = [{"port": number, **protocol} for number in numbers[1:]]
    changes = (set_to(port.at("port"), numbers[0]), *_behind(port, others))
    return Fix(f"write separate entries for {', '.join(map(str, numbers))}", changes, safe=False)


def _behind(port: Port, others: list[dict[str, object]]) -> Iterator[Change]:
    here = port.place
    *above, index = here.path
    behind = Place(here.source, here.document, (*above, int(index) + 1), here.root)
    # All are put before the same item, the last one first.
    for other in reversed(others):
        yield insert(behind, other)


def _apart(port: Port, number: int, protocol: str) -> Fix | None:
    if not 1 <= number <= LAST_PORT or port.protocol not in (None, protocol):
        return None
    changes: tuple[Change, ...] = (set_to(port.at("port"), number),)
    if port.protocol is None:
        changes = (*changes, set_to(port.at("protocol"), protocol, after="port"))
    return Fix(f"write port: {number} and protocol: {protocol}", changes, safe=True)


def _of_protocol(port: Port, protocol: str) -> Iterator[Problem]:
    at, name = port.at("protocol"), protocol.strip().upper()
    several = [each for each in re.split("[-,/;&+| ]+", name) if each]
    carrier = _CARRIED.get(name)
    if name in _PROTOCOLS:
        fix = Fix(f"write {name}", (set_to(at, name),), safe=True)
        what = "has leading or trailing whitespace" if protocol != protocol.strip() else "is not in upper case"
        yield Problem(f"protocol {protocol.strip()} {what}; the protocol is {name}", at, fix=fix)
    elif name in _NO_PORTS:
        yield Problem(f"protocol {protocol.strip()} has no ports; {_CAN_MATCH}", at)
    elif carrier:
        fix = Fix(f"write {carrier}", (set_to(at, carrier),), safe=False)
        yield Problem(f"protocol {protocol.strip()} runs over {carrier}; {_CAN_MATCH}", at, fix=fix)
    elif name.lower() in _EVERY | {"both"} or (len(several) > 1 and set(several) <= set(_PROTOCOLS)):
        apart = _protocols(port, list(dict.fromkeys(several))) if len(several) > 1 else None
        message = f"protocol {protocol.strip()} means several protocols; each protocol needs a separate entry"
        yield Problem(message, at, fix=apart)


def _protocols(port: Port, names: list[str]) -> Fix:
    """Return the fix that writes an entry for each protocol."""
    rest = {"port": port.port, "endPort": port.end_port}
    written = {key: value for key, value in rest.items() if value is not None}
    others: list[dict[str, object]] = [{"protocol": name, **written} for name in names[1:]]
    changes = (set_to(port.at("protocol"), names[0]), *_behind(port, others))
    return Fix(f"write separate entries for {', '.join(names)}", changes, safe=False)
