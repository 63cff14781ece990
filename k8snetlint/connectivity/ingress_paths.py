"""From ingress controllers through Ingresses and Services to pods, and whether policies let requests pass."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from k8snetlint.connectivity.engine import Verdict
from k8snetlint.connectivity.pods import INGRESS_CONTROLLER
from k8snetlint.connectivity.port_sets import port_set
from k8snetlint.connectivity.reasons import verdict_of
from k8snetlint.connectivity.services import ingress_targets
from k8snetlint.connectivity.uncertain import reasons
from k8snetlint.model.bitsets import bits_of, positions
from k8snetlint.model.ports import PortRange

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.connectivity.engine import Connectivity
    from k8snetlint.connectivity.reasons import Reason
    from k8snetlint.connectivity.services import Target
    from k8snetlint.model.ingress import Ingress
    from k8snetlint.model.service import Service

_NAMES = frozenset(
    {"ingress-nginx", "nginx-ingress", "traefik", "haproxy-ingress", "kubernetes-ingress", "contour", "envoy"}
    | {"kong", "ambassador", "emissary-ingress", "apisix", "voyager", "gloo", "istio-ingressgateway"}
)
"""What the charts of ingress controllers give their pods as `app.kubernetes.io/name`; older ones as `app`."""
_NO_CONTROLLER = frozenset({"admission-webhook", "default-backend", "defaultbackend", "certgen"})
"""Components of these charts that serve no requests."""


class IngressPath(NamedTuple):
    """A way from an ingress controller to pods.

    Attributes:
        ingress, service: through which objects.
        target: the pods and their port.
        source: the controllers, as a set of peers.
        verdict: whether policies let requests pass.
        because: why that is not certain; empty if it is.
    """

    ingress: Ingress
    service: Service
    target: Target
    source: int
    verdict: Verdict
    because: tuple[str, ...]


def controllers(connectivity: Connectivity) -> int:
    """Return the pods that serve Ingresses: those known by their labels, else what no manifest shows."""
    classes = connectivity.classes
    shown = bits_of(number for workload, number in classes.class_of.items() if _serves(workload.pod_labels))
    return shown or bits_of(number for number, each in enumerate(classes.every) if each.role == INGRESS_CONTROLLER)


def _serves(labels: dict[str, str]) -> bool:
    if labels.get("app.kubernetes.io/component") in _NO_CONTROLLER:
        return False
    return bool(_NAMES.intersection((labels.get("app.kubernetes.io/name"), labels.get("app"))))


def ingress_paths(connectivity: Connectivity) -> Iterator[IngressPath]:
    """Yield the ways that the Ingresses of a cluster open, each once for each target."""
    source = None
    seen = set()
    for ingress, service, target in ingress_targets(connectivity.cluster):
        source = controllers(connectivity) if source is None else source
        key = ingress, service, target.workload, target.protocol, target.number
        if key in seen:
            continue
        seen.add(key)
        verdict, because = _verdict(connectivity, source, target)
        yield IngressPath(ingress, service, target, source, verdict, because)


def _verdict(connectivity: Connectivity, sources: int, target: Target) -> tuple[Verdict, tuple[str, ...]]:
    """Return whether any of some sources may connect to a target."""
    destination = connectivity.classes.class_of[target.workload]
    port = port_set([PortRange(target.protocol, target.number, target.number)])
    found: set[Reason] = set()
    for source in positions(sources):
        always, possible = connectivity.ports_between(source, destination)
        if always.has(target.protocol, target.number):
            return Verdict.ALLOWED, ()
        if possible.has(target.protocol, target.number):
            found.update(reasons(connectivity, source, destination, port))
    if not found:
        return Verdict.DENIED, ()
    return verdict_of(found), tuple(each.text for each in sorted(found))
