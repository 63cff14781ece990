"""An object is written in `crd.projectcalico.org/v1`, the API in which Calico stores its data.

Calico keeps its objects as custom resources of this group, in a form of its own. They are not an interface: whoever
applies them with kubectl goes around the validation and the defaults of Calico. A policy may then be ignored or mean
something else, and the names of policies lack the prefix of their tier.

Write `projectcalico.org/v3`. That needs the API server of Calico (an `APIServer` object of the operator), or
`calicoctl apply`. Objects in a file with the installation of Calico are not reported.

Source: https://docs.tigera.io/calico/latest/operations/install-apiserver

```yaml bad
apiVersion: crd.projectcalico.org/v1  # finding: crd.projectcalico.org/v1 is how Calico stores its objects, applied without its validation; write projectcalico.org/v3, which needs the API server of Calico, or calicoctl
kind: GlobalNetworkPolicy
metadata:
  name: default-deny
spec:
  selector: all()
  types:
  - Ingress
```

```yaml good
apiVersion: projectcalico.org/v3
kind: GlobalNetworkPolicy
metadata:
  name: default-deny
spec:
  selector: all()
  types:
  - Ingress
```
"""  # noqa: E501 - the message is one line

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.evidence.cni import installed_plugins
from k8snetlint.finding import Problem, Severity
from k8snetlint.model.cluster import Cluster
from k8snetlint.rules import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

_STORAGE = "crd.projectcalico.org"
_MESSAGE = (
    "crd.projectcalico.org/v1 is how Calico stores its objects, applied without its validation; "
    "write projectcalico.org/v3, which needs the API server of Calico, or calicoctl"
)


@rule(on=Cluster, severity=Severity.WARNING)
def check(cluster: Cluster) -> Iterator[Problem]:
    """Report the objects that do not come with an installation of Calico."""
    stored = [each for each in cluster.judged_about_network if each.group == _STORAGE]
    if not stored:
        return
    installations = {each.resource.source for each in installed_plugins(cluster)}
    for each in stored:
        if each.source not in installations:
            yield Problem(_MESSAGE, each.at("apiVersion"))
