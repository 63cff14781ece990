"""The Secret of an Ingress's certificate does not exist, but one with nearly the same name does.

`secretName` names a Secret in the namespace of the Ingress. Without it the ingress controller has no certificate for
these hosts and answers with a self-signed one of its own; the API server accepts the Ingress.

Secrets are seldom among the manifests, so only misspelt names are reported, and none where something else may make the
Secret: cert-manager, an ExternalSecret.

Source: https://kubernetes.io/docs/concepts/services-networking/ingress/#tls

```yaml bad
apiVersion: v1
kind: Secret
metadata:
  name: storefront-tls
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
  - secretName: storefornt-tls  # finding: no Secret in namespace prod is named storefornt-tls, so the ingress controller has no certificate for these hosts
  defaultBackend:
    service:
      name: shop
      port:
        number: 80
```

```yaml fixed
apiVersion: v1
kind: Secret
metadata:
  name: storefront-tls
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
  - secretName: storefront-tls
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
  name: storefront-tls
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
  annotations:
    cert-manager.io/cluster-issuer: letsencrypt
spec:
  tls:
  - secretName: storefornt-tls
  defaultBackend:
    service:
      name: shop
      port:
        number: 80
```
"""  # noqa: E501 - the message is one line

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.edit.change import set_to
from k8snetlint.evidence.secrets import similar_secret
from k8snetlint.finding import Fix, Problem, Severity
from k8snetlint.model.aspects import CLASS, NAME, ROUTES
from k8snetlint.model.ingress import Ingress
from k8snetlint.rules import rule
from k8snetlint.rules.absence import in_namespace

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.model.cluster import Cluster


@rule(on=Ingress, severity=Severity.WARNING, requires_all_scopes=True, relies_on=(CLASS, NAME, ROUTES))
def check(ingress: Ingress, cluster: Cluster) -> Iterator[Problem]:
    """Report misspelt names of Secrets."""
    for each in ingress.tls:
        near = similar_secret(cluster, ingress, each.secret_name) if each.secret_name else None
        if near is None or not near.name:
            continue
        at = each.place.to("secretName")
        yield Problem(
            f"no Secret{in_namespace(ingress, cluster)} is named {each.secret_name}, "
            "so the ingress controller has no certificate for these hosts",
            at,
            near=near.name,
            related=((near.at("metadata", "name"), f"Secret {near.name}"),),
            fix=Fix(f"write secretName: {near.name}", (set_to(at, near.name),), safe=False),
        )
