"""An Ingress sends requests to a Service of type ExternalName.

Such a Service has no endpoints: it is a DNS alias of a name outside. Controllers that send requests to the endpoints of
Services reject such a backend, others only support it with an option. Those that support it connect to whatever the
name resolves to, also to Services of other namespaces, where the NetworkPolicies of this namespace do not apply.

It is a warning if the controller of the Ingress is known to send no requests there, else worth knowing.

Source: https://github.com/kubernetes/kubernetes/issues/103675

```yaml bad
apiVersion: v1
kind: Service
metadata:
  name: docs
spec:
  type: ExternalName
  externalName: docs.example.com
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: docs
spec:
  ingressClassName: alb
  defaultBackend:
    service:
      name: docs  # finding: Service docs is of type ExternalName, and the AWS Load Balancer Controller sends no requests there, because it only knows pods and nodes
      port:
        number: 80
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: docs-nginx
spec:
  ingressClassName: nginx
  defaultBackend:
    service:
      name: docs  # finding: Service docs is of type ExternalName: not every ingress controller sends requests there
      port:
        number: 80
```

```yaml good
apiVersion: v1
kind: Service
metadata:
  name: docs
spec:
  ports:
  - port: 80
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: docs
spec:
  ingressClassName: alb
  defaultBackend:
    service:
      name: docs
      port:
        number: 80
```
"""  # noqa: E501 - the message is one line

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.evidence.backends import is_used, services_meant
from k8snetlint.evidence.ingress_classes import controller_of
from k8snetlint.finding import Problem, Severity
from k8snetlint.model.aspects import NAME, PORTS, ROUTES, SELECTORS
from k8snetlint.model.ingress import Ingress
from k8snetlint.model.tables.ingress_controllers import REFUSES_EXTERNAL_NAME
from k8snetlint.rules import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.model.cluster import Cluster


@rule(on=Ingress, severity=Severity.WARNING, relies_on=(NAME, ROUTES))
def check(ingress: Ingress, cluster: Cluster) -> Iterator[Problem]:
    """Report backends that are Services of type ExternalName, each once."""
    backends = {each.service_name: each for each in reversed([*ingress.backends()]) if is_used(ingress, each)}
    for name, backend in backends.items():
        services = services_meant(cluster, ingress, name or "")
        aliases = [each for each in services if each.type == "ExternalName" and each.knows(NAME, PORTS, SELECTORS)]
        if not aliases or len(aliases) < len(services):
            continue
        controller = controller_of(ingress, cluster)
        why = REFUSES_EXTERNAL_NAME.get(controller)
        tail = (
            f", and {controller} sends no requests there, {why}"
            if why
            else ": not every ingress controller sends requests there"
        )
        yield Problem(
            f"Service {name} is of type ExternalName{tail}",
            backend.place.to("name"),
            severity=Severity.WARNING if why else Severity.INFO,
            related=((aliases[0].at("spec", "type"), f"Service {name}"),),
        )
