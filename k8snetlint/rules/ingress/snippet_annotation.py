"""An Ingress has an annotation with a snippet of an NGINX configuration.

Whoever may create an Ingress with such a snippet can read all Secrets of the cluster through ingress-nginx
(CVE-2021-25742). So since 1.9 the controller rejects an Ingress with one of these annotations, unless the
administrator sets `allow-snippet-annotations: "true"`, and since 1.12 also `annotations-risk-level: Critical`. Most
snippets have an annotation of their own today, or a setting for all Ingresses.

It is a warning if the controller and its ConfigMap are among the manifests, and snippets are not allowed there. Where
the configuration is not known, it is worth knowing.

Source: https://kubernetes.github.io/ingress-nginx/user-guide/nginx-configuration/configmap/#allow-snippet-annotations

```yaml bad
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: web
  annotations:
    nginx.ingress.kubernetes.io/configuration-snippet: |  # finding: ingress-nginx rejects an Ingress with configuration-snippet, unless its administrator allows snippets
      more_set_headers "X-Frame-Options: DENY";
spec:
  ingressClassName: nginx
  defaultBackend:
    service:
      name: web
      port:
        number: 80
```

```yaml bad
apiVersion: networking.k8s.io/v1
kind: IngressClass
metadata:
  name: nginx
spec:
  controller: k8s.io/ingress-nginx
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: ingress-nginx-controller
  namespace: ingress-nginx
data:
  annotations-risk-level: High
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: web
  namespace: shop
  annotations:
    nginx.ingress.kubernetes.io/server-snippet: return 410;  # finding: ingress-nginx rejects this Ingress because of server-snippet: its ConfigMap does not set allow-snippet-annotations
spec:
  ingressClassName: nginx
  defaultBackend:
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
  annotations:
    nginx.ingress.kubernetes.io/custom-headers: shop/headers
spec:
  ingressClassName: nginx
  defaultBackend:
    service:
      name: web
      port:
        number: 80
```
"""  # noqa: E501 - the message is one line

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.evidence.ingress_classes import NGINX_PREFIX, allows_snippets, is_for_ingress_nginx
from k8snetlint.finding import Problem, Severity
from k8snetlint.model.aspects import CLASS
from k8snetlint.model.ingress import Ingress
from k8snetlint.model.tables.nginx_annotations import NAMES
from k8snetlint.rules import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.model.cluster import Cluster


@rule(on=Ingress, severity=Severity.WARNING, relies_on=(CLASS,))
def check(ingress: Ingress, cluster: Cluster) -> Iterator[Problem]:
    """Report annotations with snippets."""
    for key in ingress.annotations:
        name = key.removeprefix(NGINX_PREFIX)
        if not key.endswith("-snippet") or name not in NAMES or not is_for_ingress_nginx(ingress, cluster):
            continue
        allowed, at = allows_snippets(cluster), ingress.at_annotation(key, key=True)
        if allowed is None:
            message = f"ingress-nginx rejects an Ingress with {name}, unless its administrator allows snippets"
            yield Problem(message, at, severity=Severity.INFO)
        elif not allowed:
            message = f"ingress-nginx rejects this Ingress because of {name}: its ConfigMap does not set "
            yield Problem(f"{message}allow-snippet-annotations", at)
