"""The hosts of an Ingress and those of its certificates differ.

Under `tls`, `hosts` lists for which hosts a certificate is used. For a host of a rule that is in no list, the ingress
controller has no certificate: it answers with a self-signed one of its own, or without TLS at all. A host of a
certificate that no rule has is often the same mistake from the other side.

Not reported: a `tls` entry without `hosts`, which is for all of them, and a wildcard that covers the host.

Source: https://kubernetes.io/docs/concepts/services-networking/ingress/#tls

```yaml bad
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: web
spec:
  tls:
  - secretName: web
    hosts:
    - wwww.example.com
  rules:
  - host: www.example.com  # finding: no tls entry lists the host www.example.com, so the ingress controller has no certificate for it
    http:
      paths:
      - path: /
        pathType: Prefix
        backend:
          service:
            name: web
            port:
              number: 80
```

```yaml fixed
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: web
spec:
  tls:
  - secretName: web
    hosts:
    - www.example.com
  rules:
  - host: www.example.com
    http:
      paths:
      - path: /
        pathType: Prefix
        backend:
          service:
            name: web
            port:
              number: 80
```

```yaml bad
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: web
spec:
  tls:
  - secretName: web
    hosts:
    - www.example.com
    - shop.example.com  # finding: no rule is for the host shop.example.com, so its certificate is not used
  rules:
  - host: www.example.com
    http:
      paths:
      - path: /
        pathType: Prefix
        backend:
          service:
            name: web
            port:
              number: 80
```

```yaml good
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: web
spec:
  tls:
  - secretName: web
    hosts:
    - "*.example.com"
    - example.com
  rules:
  - host: www.example.com
    http:
      paths:
      - path: /
        pathType: Prefix
        backend:
          service:
            name: web
            port:
              number: 80
  - host: example.com
    http:
      paths:
      - path: /
        pathType: Prefix
        backend:
          service:
            name: web
            port:
              number: 80
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: all
spec:
  tls:
  - secretName: all
  rules:
  - host: www.example.com
    http:
      paths:
      - path: /
        pathType: Prefix
        backend:
          service:
            name: web
            port:
              number: 80
```
"""  # noqa: E501 - the message is one line

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.edit.change import set_to
from k8snetlint.finding import Fix, Problem, Severity
from k8snetlint.model.aspects import CLASS, HOSTS
from k8snetlint.model.ingress import Ingress
from k8snetlint.model.spelling import Spellings, typo_distance
from k8snetlint.rules import rule
from k8snetlint.source.similar import distance

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.source.document import Place

    Hosts = dict[str, Place]

_MORE_HOSTS = ("nginx.ingress.kubernetes.io/server-alias", "nginx.ingress.kubernetes.io/from-to-www-redirect")
"""Annotations by which an Ingress is for other hosts, too."""
_MASTER = "nginx.org/mergeable-ingress-type"
"""The rules of such an Ingress are in others."""


@rule(on=Ingress, severity=Severity.WARNING, relies_on=(HOSTS, CLASS))
def check(ingress: Ingress) -> Iterator[Problem]:
    """Report hosts of rules without a certificate, and hosts of certificates without a rule."""
    certified = {host: place for each in ingress.tls for host, place in each.hosts}
    if not ingress.tls or not all(each.hosts for each in ingress.tls) or _MASTER in ingress.annotations:
        return
    served = {each.host: each.place.to("host") for each in reversed(ingress.rules) if each.host}
    bare = {host: served[host] for host in served if not _covered(host, certified)}
    unused = {host: certified[host] for host in certified if host not in served and not _covers(host, served)}
    similar = Spellings(unused)
    for host, place in bare.items():
        yield _without_certificate(host, place, unused, similar)
    every_host = ingress.has_default_backend or any(not each.host for each in ingress.rules)
    if not bare and not every_host and not any(each in ingress.annotations for each in _MORE_HOSTS):
        for host, place in unused.items():
            message = f"no rule is for the host {host}, so its certificate is not used"
            yield Problem(message, place, severity=Severity.INFO)


def _without_certificate(host: str, place: Place, unused: Hosts, similar: Spellings) -> Problem:
    near = [
        each for each in similar.near(host) if typo_distance(each, host) is not None or distance(each, host, 1) == 1
    ]
    fix = None
    if len(near) == 1:
        fix = Fix(f"write {host} under tls", (set_to(unused[near[0]], host),), safe=False)
    return Problem(
        f"no tls entry lists the host {host}, so the ingress controller has no certificate for it",
        place,
        related=((unused[near[0]], "this host has no rule"),) if fix else (),
        fix=fix,
    )


def _covered(host: str, certified: Hosts) -> bool:
    """Tell whether certificates list a host, or the wildcard for it: `*` is one label."""
    return host in certified or f"*.{host.partition('.')[2]}" in certified


def _covers(pattern: str, served: Hosts) -> bool:
    return pattern.startswith("*.") and any(host.partition(".")[2] == pattern[2:] for host in served)
