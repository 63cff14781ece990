"""Assertions that hold today: all that is certain about the connections of a cluster."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from k8snetlint.connectivity.peers import workload_peer
from k8snetlint.connectivity.pods import INGRESS_CONTROLLER, OTHER_NAMESPACES
from k8snetlint.connectivity.port_sets import ALL, NONE, PortSet
from k8snetlint.connectivity.query import ANY_NAMESPACE, INTERNET, numbers, parse_peer
from k8snetlint.connectivity.rows import refined
from k8snetlint.finding import ConfigError
from k8snetlint.model.bitsets import bits_of, positions
from k8snetlint.model.networkpolicy import Direction
from k8snetlint.model.ports import LAST_PORT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.connectivity.engine import Connectivity

_ISOLATED = {
    (False, False): "none",
    (True, False): "ingress",
    (False, True): "egress",
    (True, True): "both",
}


class Today(NamedTuple):
    """The assertions, as a test file has them, and how many groups of connections are left out as uncertain."""

    tests: tuple[dict[str, Any], ...]
    uncertain: int


def today(connectivity: Connectivity) -> Today:
    """Return what is certain about a cluster: its connections, the isolation of pods, what policies select."""
    naming = _Naming(connectivity)
    found: list[dict[str, Any]] = []
    uncertain = 0
    for destinations, sources in _destinations(connectivity):
        number = next(positions(destinations))
        parts = refined([(sources, ())], connectivity.certain.row(number))
        for bits, (always, possible) in refined(parts, connectivity.possible.row(number)):
            uncertain += always != possible
            if always == possible or always != NONE:
                to, start = naming.names(destinations), naming.names(bits)
                if to and start:
                    found.append({"from": start, "to": to, **_expected(always, exact=always == possible)})
    found.sort(key=lambda each: (each["to"], each["from"], str(each)))
    found += _isolation(connectivity, naming)
    found += _selection(connectivity, naming)
    return Today(tuple(found), uncertain)


def _destinations(connectivity: Connectivity) -> Iterator[tuple[int, int]]:
    """Yield the sets of destinations to which the same holds, with the sources that are asked about."""
    shown = connectivity.classes.shown
    elsewhere = bits_of(
        number
        for number, each in enumerate(connectivity.classes.every)
        if each.namespace == OTHER_NAMESPACES or each.role == INGRESS_CONTROLLER
    )
    alike: dict[tuple[int, int, bool], int] = {}
    for number in positions(shown | connectivity.addresses):
        rows = connectivity.certain.row(number), connectivity.possible.row(number)
        key = id(rows[0]), id(rows[1]), number < connectivity.offset
        alike[key] = alike.get(key, 0) | 1 << number
    for (_, _, is_pod), bits in alike.items():
        yield bits, shown | elsewhere | connectivity.addresses if is_pod else shown


def _expected(ports: PortSet, *, exact: bool) -> dict[str, Any]:
    if ports == NONE:
        return {"expect": "deny"}
    if ports == ALL:
        return {"expect": "allow"}
    return {"port": list(_ports(ports)), "expect": "exactly" if exact else "allow"}


def _ports(ports: PortSet) -> Iterator[str]:
    for each in ports.ranges():
        if (each.first, each.last) == (1, LAST_PORT):
            yield each.protocol.value
        else:
            numbers_ = str(each.first) if each.first == each.last else f"{each.first}-{each.last}"
            yield f"{numbers_}/{each.protocol.value}"


def _isolation(connectivity: Connectivity, naming: _Naming) -> Iterator[dict[str, Any]]:
    alike: dict[str, int] = {}
    for number in positions(connectivity.classes.shown):
        always = tuple(connectivity.possible.is_isolated(number, each) for each in Direction)
        possible = tuple(connectivity.certain.is_isolated(number, each) for each in Direction)
        if always == possible:
            word = _ISOLATED[always[0], always[1]]
            alike[word] = alike.get(word, 0) | 1 << number
    for word in sorted(alike):
        if pods := naming.names(alike[word]):
            yield {"pods": pods, "isolated": word}


def _selection(connectivity: Connectivity, naming: _Naming) -> Iterator[dict[str, Any]]:
    shown = connectivity.classes.shown
    names = [(each.namespace or "", each.policy.name or "") for each in connectivity.policies]
    for each, (namespace, name) in sorted(zip(connectivity.policies, names, strict=True), key=lambda pair: pair[1]):
        always, possible = each.subjects.always & shown, each.subjects.possible & shown
        selected = naming.names(always)
        is_all = naming.bits(selected) == always
        if always == possible and is_all and names.count((namespace, name)) == 1 and name and namespace:
            yield {"policy": f"{namespace}/{name}", "selects": selected}


class _Naming:
    """Names the peers of a set so that a query finds them again, and nothing else."""

    def __init__(self, connectivity: Connectivity) -> None:
        self._connectivity = connectivity
        self._texts: dict[int, list[str]] = {}
        found: dict[str, int] = {}
        for workload in connectivity.classes.class_of:
            peer = workload_peer(connectivity, workload)
            where = f"{peer.namespace}/" if peer.namespace else ""
            every = (self._numbers(each) for each in (f"{where}{peer.name}", f"{where}{peer.workload}/{peer.name}"))
            short, full = every
            text = f"{where}{peer.name}" if short == full else f"{where}{peer.workload}/{peer.name}"
            if full or short:
                found[text] = short if short == full else full
        self._workloads = {text: bits for text, bits in sorted(found.items()) if bits}

    def _numbers(self, text: str) -> int:
        try:
            return numbers(self._connectivity, parse_peer(text))
        except ConfigError:
            return 0

    def names(self, bits: int) -> list[str]:
        """Return the queries for the peers of a set; what none finds exactly is left out."""
        found = [text for text, each in self._workloads.items() if each & ~bits == 0]
        special = (ANY_NAMESPACE, INGRESS_CONTROLLER)
        found += [text for text in special if (each := self._numbers(text)) and each & ~bits == 0]
        addresses = bits & self._connectivity.addresses
        if addresses and addresses == self._connectivity.addresses:
            return [*found, INTERNET]
        ranges = self._connectivity.space.merged(addresses >> self._connectivity.offset)
        return [*found, *(text for each in ranges for text in each.networks())]

    def bits(self, texts: list[str]) -> int:
        """Return the peers that queries find."""
        found = 0
        for each in texts:
            found |= self._numbers(each)
        return found
