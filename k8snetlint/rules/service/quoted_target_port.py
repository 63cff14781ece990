"""A targetPort is a number in quotes.

`targetPort` takes a port number, or the name of a container's port. A number in quotes is a string, so it is read as a
name, and a name needs a letter: the API server rejects the Service. Templates produce such quotes if they pass a value
through `quote`.

Source: https://kubernetes.io/docs/concepts/services-networking/service/#field-spec-ports

```yaml bad
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  selector:
    app: web
  ports:
  - port: 80
    targetPort: "8080"  # finding: targetPort "8080" is a string, so it is read as a port name; a port number has no quotes
```

```yaml fixed
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  selector:
    app: web
  ports:
  - port: 80
    targetPort: 8080
```

```yaml good
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  selector:
    app: web
  ports:
  - port: 80
    targetPort: "8080tcp"
```
"""  # noqa: E501 - the message is one line

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from k8snetlint.edit.change import set_to
from k8snetlint.finding import Fix, Problem, Severity
from k8snetlint.model.service import Service
from k8snetlint.rules import rule

if TYPE_CHECKING:
    from collections.abc import Iterator


@rule(on=Service, severity=Severity.ERROR, supersedes=("api-invalid",))
def check(service: Service) -> Iterator[Problem]:
    """Report target ports that are numbers in strings."""
    for port in service.ports:
        target = port.target_port
        if isinstance(target, str) and re.fullmatch("[0-9]+", target):
            place = port.at("targetPort")
            message = f'targetPort "{target}" is a string, so it is read as a port name; a port number has no quotes'
            fits = re.fullmatch("[1-9][0-9]{0,4}", target) and int(target) <= 65535
            fix = Fix("remove the quotes", (set_to(place, int(target)),), safe=True) if fits else None
            yield Problem(message, place, fix=fix)
