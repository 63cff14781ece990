"""An address of CNI manifests is an old one: the project has moved, or the site is gone.

| old address | today |
|---|---|
| docs.projectcalico.org, projectcalico.docs.tigera.io | github.com/projectcalico/calico, docs.tigera.io |
| github.com/coreos/flannel, also of raw files | github.com/flannel-io/flannel |
| cloud.weave.works | nothing: the service was shut down in 2022 |

An old address installs an old version or fails. Name the release that you install:
`https://raw.githubusercontent.com/projectcalico/calico/v3.29.1/manifests/calico.yaml`.

Addresses in ConfigMaps, kustomizations, Argo CD Applications, and Flux and k3s objects are read.

Source: https://github.com/flannel-io/flannel#deploying-flannel-manually

```yaml bad
apiVersion: v1
kind: ConfigMap
metadata:
  name: bootstrap
data:
  install.sh: |  # finding: https://docs.projectcalico.org/v3.14/manifests/calico.yaml is an old address: the manifests of Calico are at https://github.com/projectcalico/calico
    kubectl apply -f https://docs.projectcalico.org/v3.14/manifests/calico.yaml
```

```yaml bad
# file: cni/kustomization.yaml
apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
resources:
- https://raw.githubusercontent.com/coreos/flannel/master/Documentation/kube-flannel.yml  # finding: https://raw.githubusercontent.com/coreos/flannel/master/Documentation/kube-flannel.yml is an old address: the manifests of Flannel are at https://github.com/flannel-io/flannel
```

```yaml good
apiVersion: v1
kind: ConfigMap
metadata:
  name: bootstrap
data:
  install.sh: |
    kubectl apply -f https://raw.githubusercontent.com/projectcalico/calico/v3.29.1/manifests/calico.yaml
```
"""  # noqa: E501 - the message is one line

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.finding import Problem, Severity
from k8snetlint.model.cluster import Cluster
from k8snetlint.model.tables.network_kinds import STALE_HOSTS
from k8snetlint.rules import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

_TODAY = {
    "projectcalico": "an old address: the manifests of Calico are at https://github.com/projectcalico/calico",
    "flannel": "an old address: the manifests of Flannel are at https://github.com/flannel-io/flannel",
    "weave": "gone: the service was shut down in 2022",
}


@rule(on=Cluster, severity=Severity.INFO)
def check(cluster: Cluster) -> Iterator[Problem]:
    """Report each old address."""
    for each in cluster.judged_about_network:
        for path, url in each.network.urls if each.network else ():
            host = next(host for host in STALE_HOSTS if host in url)
            today = next(says for word, says in _TODAY.items() if word in host)
            yield Problem(f"{url} is {today}", each.at(*path))
