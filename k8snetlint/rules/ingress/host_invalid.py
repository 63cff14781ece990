"""The host of an Ingress is not a DNS name.

`host` takes the name that a client sends in its `Host` header, without a scheme, a port or a path, in lower case. A
wildcard is `*.` followed by a name; the `*` stands for one label. IP addresses are not allowed. To match every host,
leave out the field. The API server rejects everything else.

Source: https://kubernetes.io/docs/concepts/services-networking/ingress/#hostname-wildcards

```yaml bad
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: web
spec:
  defaultBackend:
    service:
      name: web
      port:
        number: 80
  rules:
  - host: https://shop.example.com/  # finding: the host https://shop.example.com/ is a URL; a host is only the DNS name
  - host: shop.example.com:8443  # finding: the host shop.example.com:8443 has a port; the ingress controller decides on which ports it listens
  - host: Shop.example.com  # finding: the host Shop.example.com has upper-case letters; a host must be in lower case
```

```yaml fixed
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: web
spec:
  defaultBackend:
    service:
      name: web
      port:
        number: 80
  rules:
  - host: shop.example.com
  - host: shop.example.com
  - host: shop.example.com
```

```yaml bad
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: web
spec:
  defaultBackend:
    service:
      name: web
      port:
        number: 80
  rules:
  - host: "*"  # finding: the host * is not a valid wildcard; a rule without host matches every host
  - host: shop.*.example.com  # finding: the host shop.*.example.com has a wildcard in the wrong place; only the first label can be *
  - host: 192.0.2.1  # finding: the host 192.0.2.1 must be a DNS name, not an IP address
  tls:
  - hosts:
    - Shop.example.com  # finding: the host Shop.example.com has upper-case letters; a host must be in lower case
```

```yaml good
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: web
spec:
  defaultBackend:
    service:
      name: web
      port:
        number: 80
  rules:
  - host: "*.example.com"
  - host: shop.example.com
```
"""  # noqa: E501 - the message is one line

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from k8snetlint.edit.change import set_to
from k8snetlint.finding import Fix, Problem, Severity
from k8snetlint.model.ingress import Ingress
from k8snetlint.rules import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.source.document import Place

_LABEL = "[a-z0-9]([-a-z0-9]*[a-z0-9])?"
_NAME = rf"(\*\.)?{_LABEL}(\.{_LABEL})*"


@rule(on=Ingress, severity=Severity.ERROR, supersedes=("api-invalid",))
def check(ingress: Ingress) -> Iterator[Problem]:
    """Report hosts that are not DNS names, if the mistake is clear."""
    hosts = [(each.host, each.place.to("host"), False) for each in ingress.rules]
    hosts += [(host, place, True) for each in ingress.tls for host, place in each.hosts]
    for host, place, certificate in hosts:
        if host and (certificate or not _is_address(host)):
            if not re.fullmatch(_NAME, host):
                yield from _problem(host, place)
        elif host and _is_address(host) and not certificate:
            yield Problem(f"the host {host} must be a DNS name, not an IP address", place)


def _problem(host: str, place: Place) -> Iterator[Problem]:
    reason, name = _reason(host)
    if not reason:
        return
    same = name == host.lower()
    fix = Fix(f"write {name}", (set_to(place, name),), safe=same) if name and re.fullmatch(_NAME, name) else None
    yield Problem(f"the host {host} {reason}", place, fix=fix)


def _reason(host: str) -> tuple[str, str]:
    """Return what is wrong with a host, and the name in it; both are empty if it is not clear."""
    if "://" in host or "/" in host:
        name = host.partition("://")[2] if "://" in host else host
        return "is a URL; a host is only the DNS name", name.partition("/")[0].partition(":")[0].lower()
    if re.fullmatch(r".+:[0-9]+", host) and host.count(":") == 1:
        reason = "has a port; the ingress controller decides on which ports it listens"
        return reason, host.partition(":")[0].lower()
    if host == "*":
        return "is not a valid wildcard; a rule without host matches every host", ""
    if "*" in host[1:]:
        return "has a wildcard in the wrong place; only the first label can be *", ""
    if host != host.lower() and re.fullmatch(_NAME, host.lower()):
        return "has upper-case letters; a host must be in lower case", host.lower()
    return "", ""


def _is_address(host: str) -> bool:
    if not re.fullmatch(r"[0-9.]+|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*:[0-9a-fA-F:.]*", host):
        return False
    from k8snetlint.model.addresses import parse_ip  # noqa: PLC0415 - few hosts look like one

    return parse_ip(host) is not None
