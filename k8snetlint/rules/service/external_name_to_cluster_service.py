"""A Service of type ExternalName is a second name for a Service of the cluster.

An ExternalName Service is a CNAME record. With a name such as `db.data.svc.cluster.local` it makes a Service of another
namespace available under a name of this one. This works for plain connections, but clients use the name that they know:
an HTTP client sends it as `Host` header, and a TLS client compares it with the certificate, and both belong to the other
name. Ingress controllers often refuse such backends, because they lead past the limits of a namespace (CVE-2021-25740).

It is an info: often this is what is intended. It is an error if the Service points at itself: then its name does not
resolve.

Source: https://kubernetes.io/docs/concepts/services-networking/service/#externalname

```yaml bad
apiVersion: v1
kind: Service
metadata:
  name: db
  namespace: shop
spec:
  type: ExternalName
  externalName: db.data.svc.cluster.local  # finding: externalName is Service db in namespace data: HTTP and TLS clients use the name db.shop, which that Service may not know
```

```yaml bad
apiVersion: v1
kind: Service
metadata:
  name: db
  namespace: shop
spec:
  type: ExternalName
  externalName: db.shop.svc.cluster.local  # finding: externalName is the name of this Service itself, so it does not resolve
```

```yaml good
apiVersion: v1
kind: Service
metadata:
  name: db
  namespace: shop
spec:
  type: ExternalName
  externalName: db.svc.example.com
```
"""  # noqa: E501 - the message is one line

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.finding import Problem, Severity
from k8snetlint.model.aspects import EXPOSURE, NAME
from k8snetlint.model.service import Service
from k8snetlint.rules import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.model.cluster import Cluster


@rule(on=Service, severity=Severity.INFO, relies_on=(NAME, EXPOSURE))
def check(service: Service, cluster: Cluster) -> Iterator[Problem]:
    """Report names of Services: `<service>.<namespace>.svc`, with or without the domain of the cluster."""
    if service.type != "ExternalName" or not service.external_name:
        return
    short = service.external_name.removesuffix(".").removesuffix(f".{cluster.environment.cluster_domain}")
    parts = short.split(".")
    if len(parts) != 3 or parts[2] != "svc":
        return
    name, namespace, _ = parts
    own = cluster.known_namespace_of(service)
    at = service.at("spec", "externalName")
    if (name, namespace) == (service.name, own):
        message = "externalName is the name of this Service itself, so it does not resolve"
        yield Problem(message, at, severity=Severity.ERROR)
        return
    known = f"{service.name}.{own}" if own else service.name
    which = f"externalName is Service {name} in namespace {namespace}"
    yield Problem(f"{which}: HTTP and TLS clients use the name {known}, which that Service may not know", at)
