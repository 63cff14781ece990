"""The Secret of an Ingress's certificate does not contain one.

A Secret for `tls` has the keys `tls.crt` and `tls.key`, whatever the names of the files were. If one of them is missing,
the ingress controller has no certificate for these hosts: it answers with a self-signed one of its own.

It is an error if the Secret is in the Ingress's own file or kustomization, otherwise a warning. Secrets without any key
are not reported: something fills them later.

Source: https://kubernetes.io/docs/concepts/services-networking/ingress/#tls

```yaml bad
apiVersion: v1
kind: Secret
metadata:
  name: shop
  namespace: prod
type: Opaque
data:
  cert.pem: YQ==
  key.pem: YQ==
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: shop
  namespace: prod
spec:
  tls:
  - secretName: shop  # finding: Secret shop has no key tls.crt and no key tls.key, so the ingress controller has no certificate for these hosts
  defaultBackend:
    service:
      name: shop
      port:
        number: 80
```

```yaml good
apiVersion: v1
kind: Secret
metadata:
  name: shop
  namespace: prod
type: kubernetes.io/tls
stringData:
  tls.crt: a
  tls.key: a
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: shop
  namespace: prod
spec:
  tls:
  - secretName: shop
  defaultBackend:
    service:
      name: shop
      port:
        number: 80
```
"""  # noqa: E501 - the message is one line

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.evidence.secrets import keys_of, secret_meant
from k8snetlint.finding import Problem, Severity
from k8snetlint.model.aspects import NAME, ROUTES
from k8snetlint.model.ingress import Ingress
from k8snetlint.rules import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.model.cluster import Cluster

_KEYS = ("tls.crt", "tls.key")


@rule(on=Ingress, severity=Severity.WARNING, relies_on=(NAME, ROUTES))
def check(ingress: Ingress, cluster: Cluster) -> Iterator[Problem]:
    """Report Secrets that lack a key."""
    for each in ingress.tls:
        secret = secret_meant(cluster, ingress, each.secret_name) if each.secret_name else None
        keys = keys_of(cluster, secret) if secret else None
        missing = [key for key in _KEYS if keys and key not in keys]
        if secret is None or not missing:
            continue
        what = " and ".join(f"no key {key}" for key in missing)
        together = secret.source is ingress.source or cluster.applied_together
        yield Problem(
            f"Secret {secret.name} has {what}, so the ingress controller has no certificate for these hosts",
            each.place.to("secretName"),
            severity=Severity.ERROR if together else Severity.WARNING,
            related=((secret.at("metadata", "name"), f"Secret {secret.name}"),),
        )
