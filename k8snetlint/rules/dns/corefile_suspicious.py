"""The configuration of CoreDNS does not do what the DNS of a cluster needs.

CoreDNS reads a `Corefile`: server blocks with zones and ports, and plugins in each of them. Reported is

- a brace that is missing, a plugin that does not exist, or a zone that two blocks answer on one port: CoreDNS does not
  start, or keeps its old configuration;
- a `forward` to CoreDNS itself: each query goes in a circle until it times out;
- in the ConfigMap `coredns` of `kube-system`: no `kubernetes` plugin, one for a misspelt domain, or no server block for
  the root zone or on the port of Service `kube-dns`: names of Services, or all others, do not resolve.

What a Corefile imports from other files is not known.

Source: https://coredns.io/plugins/kubernetes/

```yaml bad
apiVersion: v1
kind: ConfigMap
metadata:
  name: coredns
  namespace: kube-system
data:
  Corefile: |
    .:53 {
        errors
        kubernetes cluster.locale in-addr.arpa ip6.arpa  # finding: the kubernetes plugin answers for cluster.locale, not for the cluster's domain cluster.local
        forward . 127.0.0.1  # finding: forward sends queries to 127.0.0.1:53, which is this server itself: they go in a circle
        cache 30
    }
```

```yaml fixed
apiVersion: v1
kind: ConfigMap
metadata:
  name: coredns
  namespace: kube-system
data:
  Corefile: |
    .:53 {
        errors
        kubernetes cluster.local in-addr.arpa ip6.arpa
        forward . /etc/resolv.conf
        cache 30
    }
```

```yaml bad
apiVersion: v1
kind: ConfigMap
metadata:
  name: coredns
  namespace: kube-system
data:
  Corefile: |  # finding: no server block has the plugin kubernetes, so names of Services do not resolve
    .:53 {
        errors
        forwrad . /etc/resolv.conf  # finding: CoreDNS has no plugin forwrad, so it does not start with this configuration
    }
```

```yaml good
apiVersion: v1
kind: ConfigMap
metadata:
  name: coredns
  namespace: kube-system
data:
  Corefile: |
    .:53 {
        errors
        health {
           lameduck 5s
        }
        kubernetes cluster.local in-addr.arpa ip6.arpa {
           pods insecure
           fallthrough in-addr.arpa ip6.arpa
        }
        forward . /etc/resolv.conf
    }
    example.org {
        forward . 127.0.0.1:5301
    }
```
"""  # noqa: E501 - the message is one line

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.finding import Part, Problem, Severity
from k8snetlint.model.dns_uses import COREFILE
from k8snetlint.model.resource import Resource
from k8snetlint.rules import rule
from k8snetlint.source.paths import MapKey

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.model.cluster import Cluster


@rule(on=Resource, severity=Severity.WARNING)
def check(resource: Resource, cluster: Cluster) -> Iterator[Problem]:
    """Report the mistakes of a Corefile."""
    text = resource.dns.corefile if resource.dns else None
    if text is None or resource.is_patched_at("data"):
        return
    from k8snetlint.evidence.corefiles import mistakes  # noqa: PLC0415 - few ConfigMaps have a Corefile

    at = resource.at("data", MapKey(COREFILE))
    for mistake in mistakes(cluster, resource, text):
        token = mistake.at
        within = Part(token.text, token.start) if token else None
        yield Problem(mistake.message, at, within=within, near=mistake.near or None)
