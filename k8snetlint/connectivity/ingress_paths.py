"""From ingress controllers through Ingresses and Services to pods, and whether policies let requests pass."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from k8snetlint.connectivity.engine import Verdict
from k8snetlint.connectivity.pods import INGRESS_CONTROLLER
from k8snetlint.connectivity.port_sets import port_set
from k8snetlint.connectivity.query import labelled, parse_peer
from k8snetlint.connectivity.reasons import verdict_of
from k8snetlint.connectivity.services import ingress_targets
from k8snetlint.connectivity.uncertain import reasons
from k8snetlint.model.bitsets import bits_of, positions
from k8snetlint.model.ingress import IngressClass
from k8snetlint.model.ports import PortRange
from k8snetlint.model.tables.ingress_pods import OUTSIDE, serves_ingresses

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from k8snetlint.connectivity.engine import Connectivity
    from k8snetlint.connectivity.reasons import Reason
    from k8snetlint.connectivity.services import Target
    from k8snetlint.model.ingress import Ingress
    from k8snetlint.model.service import Service


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


class Controllers:
    """The pods that serve the Ingresses of a cluster: those that are configured, else those of the IngressClass.

    Args:
        connectivity: what the cluster allows.
    """

    def __init__(self, connectivity: Connectivity) -> None:
        self._connectivity = connectivity
        every = connectivity.classes.every
        self._hidden = bits_of(number for number, each in enumerate(every) if each.role == INGRESS_CONTROLLER)
        classes = list(connectivity.cluster.known(IngressClass))
        self._by_class = {each.name: each.controller for each in classes}
        default = next((each.controller for each in classes if each.is_default), None)
        if default is not None:
            self._by_class[None] = default
        self._known: dict[str | None, int] = {}

    def of(self, ingress: Ingress) -> int:
        """Return the pods that serve an Ingress, or addresses; those that no manifest shows where none is known."""
        controller = self._by_class.get(ingress.class_name)
        if controller not in self._known:
            self._known[controller] = self._find(controller)
        return self._known[controller]

    def _find(self, controller: str | None) -> int:
        configured = self._connectivity.cluster.environment.ingress_controllers
        if configured:
            return self._labelled(configured) or self._hidden
        if controller in OUTSIDE:
            return self._connectivity.addresses
        class_of = self._connectivity.classes.class_of.items()
        shown = bits_of(number for each, number in class_of if serves_ingresses(each.pod_labels, controller))
        return shown or self._hidden

    def _labelled(self, configured: Iterable[str]) -> int:
        """Return the pods that are configured, as far as manifests show them."""
        found = 0
        for each in configured:
            query = parse_peer(each)
            for workload in labelled(self._connectivity, query):
                found |= 1 << self._connectivity.classes.class_of[workload]
        return found


def ingress_paths(connectivity: Connectivity) -> Iterator[IngressPath]:
    """Yield the ways that the Ingresses of a cluster open, each once for each target."""
    controllers = None
    seen = set()
    for ingress, service, target in ingress_targets(connectivity.cluster):
        controllers = controllers or Controllers(connectivity)
        key = ingress, service, target.workload, target.protocol, target.number
        if key in seen:
            continue
        seen.add(key)
        source = controllers.of(ingress)
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
