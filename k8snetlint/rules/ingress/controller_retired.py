"""An IngressClass belongs to ingress-nginx, which is retired.

The Kubernetes project has ended ingress-nginx in March 2026. There are no releases any more, and nobody mends security
holes that are found since then; it handles the traffic from outside, and reads the Secrets of the cluster. Other ingress
controllers go on, and the Gateway API replaces Ingress for new systems.

Source: https://kubernetes.io/blog/2025/11/11/ingress-nginx-retirement/

```yaml bad
apiVersion: networking.k8s.io/v1
kind: IngressClass
metadata:
  name: nginx
spec:
  controller: k8s.io/ingress-nginx  # finding: ingress-nginx is retired: since March 2026 there are no releases and no security fixes
```

```yaml good
apiVersion: networking.k8s.io/v1
kind: IngressClass
metadata:
  name: nginx
spec:
  controller: nginx.org/ingress-controller
```
"""  # noqa: E501 - the message is one line

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.finding import Problem, Severity
from k8snetlint.model.ingress import IngressClass
from k8snetlint.model.tables.ingress_controllers import INGRESS_NGINX, controller_named
from k8snetlint.rules import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

_PROJECT = "k8s.io/"


@rule(on=IngressClass, severity=Severity.WARNING)
def check(ingress_class: IngressClass) -> Iterator[Problem]:
    """Report IngressClasses of ingress-nginx; what a cloud provider maintains has another name."""
    controller = ingress_class.controller
    if controller.startswith(_PROJECT) and controller_named(controller) == INGRESS_NGINX:
        message = "ingress-nginx is retired: since March 2026 there are no releases and no security fixes"
        yield Problem(message, ingress_class.at("spec", "controller"))
