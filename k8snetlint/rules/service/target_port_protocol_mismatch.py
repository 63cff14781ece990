"""A Service sends to a port number that its pods declare for another protocol only.

A Service port without `protocol` is TCP, and so is a port of a container. If a Service sends UDP to port 53, and the pods
declare port 53 for TCP only, one of the two is probably wrong: usually `protocol: UDP` is missing.

It is an info: a port that a container does not declare works nevertheless if the process listens on it. (If `targetPort`
is a name, the port has no endpoints; another rule reports this.)

Source: https://kubernetes.io/docs/concepts/services-networking/service/#protocol-support

```yaml bad
# given: deployment statsd 8125/UDP
apiVersion: v1
kind: Service
metadata:
  name: statsd
spec:
  selector:
    app: statsd
  ports:
  - port: 8125  # finding: the pods declare port 8125 for UDP only, but this Service port is TCP, because it has no protocol
```

```yaml fixed
# given: deployment statsd 8125/UDP
apiVersion: v1
kind: Service
metadata:
  name: statsd
spec:
  selector:
    app: statsd
  ports:
  - port: 8125
    protocol: UDP
```

```yaml good
# given: deployment dns 53/UDP 53
apiVersion: v1
kind: Service
metadata:
  name: dns
spec:
  selector:
    app: dns
  ports:
  - name: dns
    port: 53
    protocol: UDP
  - name: dns-tcp
    port: 53
  - name: other
    port: 54
```
"""  # noqa: E501 - the message is one line

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.edit.change import set_to
from k8snetlint.evidence.ports import belong_together, port_declarations, selected_pods
from k8snetlint.finding import Fix, Problem, Severity
from k8snetlint.model.ports import protocol_of
from k8snetlint.model.service import Service
from k8snetlint.rules import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.model.cluster import Cluster
    from k8snetlint.model.service import ServicePort


@rule(on=Service, severity=Severity.INFO, requires_all_scopes=True)
def check(service: Service, cluster: Cluster) -> Iterator[Problem]:
    """Report numbers that all selected pods declare for one other protocol only."""
    pods = selected_pods(cluster, service)
    if not pods or not belong_together(cluster, service, pods):
        return
    declarations = cluster.index.declarations
    for port in service.ports:
        target = port.effective_target_port
        others = declarations.protocols(pods, target) if isinstance(target, int) else []
        # That an unknown protocol is rejected is another mistake.
        if not target or len(others) != 1 or port.protocol in others or protocol_of(port.protocol) is None:
            continue
        first = next(port_declarations(cluster, pods, target, others[0]))
        this = "has protocol" if port.protocol_written else "is TCP, because it has no protocol"
        protocol = f" {port.protocol}" if port.protocol_written else ""
        yield Problem(
            f"the pods declare port {target} for {others[0]} only, but this Service port {this}{protocol}",
            port.at("protocol"),
            related=((first.at("containerPort"), f"declared for {others[0]} here"),),
            fix=_fix(service, port, others[0]),
        )


def _fix(service: Service, port: ServicePort, protocol: str) -> Fix | None:
    """Return the fix that writes the missing protocol, if no other entry has it already."""
    if port.protocol_written or any((each.port, each.protocol) == (port.port, protocol) for each in service.ports):
        return None
    return Fix(f"write protocol: {protocol}", (set_to(port.at("protocol"), protocol),), safe=False)
