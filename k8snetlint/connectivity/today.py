"""Assertions that hold today: all that is certain about the connections of a cluster."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from k8snetlint.connectivity.assertions import UNSEEN, unseen
from k8snetlint.connectivity.namespaces import OTHER_NAMESPACES
from k8snetlint.connectivity.peers import workload_peer
from k8snetlint.connectivity.pods import INGRESS_CONTROLLER
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
        only = _only(connectivity, naming, destinations, sources)
        if only and only["to"]:
            found.append(only)
        parts = refined([(sources, ())], connectivity.certain.row(number))
        for bits, (always, possible) in refined(parts, connectivity.possible.row(number)):
            uncertain += always != possible
            if only and possible == NONE:
                continue
            if always == possible or always != NONE:
                to, start = naming.names(destinations), naming.names(bits)
                if to and start:
                    found.append({"from": start, "to": to, **_expected(always, exact=always == possible)})
    found.sort(key=lambda each: (each["to"], "only" in each, str(each)))
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


def _only(connectivity: Connectivity, naming: _Naming, destinations: int, sources: int) -> dict[str, Any] | None:
    """Return that nobody else may connect, if that is shorter to say than who may not."""
    number = next(positions(destinations))
    if number >= connectivity.offset:
        return None
    open_ = 0
    for _, bits in connectivity.possible.row(number):
        open_ |= bits
    hidden = open_ & unseen(connectivity)
    names, denied = naming.names(open_ & sources), (sources & ~open_).bit_count()
    if len(names) >= denied or naming.bits(names) != open_ & sources or open_ & ~sources & ~hidden:
        return None
    return {"to": naming.names(destinations), "only": [*names, *([UNSEEN] if hidden else [])]}


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
        known: dict[tuple[str, str, str], int] = {}
        for workload, number in connectivity.classes.class_of.items():
            peer = workload_peer(connectivity, workload)
            # As queries find them: by each of its names and kinds.
            for name in {peer.name, workload.name or ""}:
                for kind in {"", peer.workload.lower(), workload.kind.lower()}:
                    for namespace in {"", peer.namespace}:
                        key = namespace, kind, name
                        known[key] = known.get(key, 0) | 1 << number
        found: dict[str, int] = {}
        for peer in dict.fromkeys(workload_peer(connectivity, each) for each in connectivity.classes.class_of):
            short = known[peer.namespace, "", peer.name]
            full = known[peer.namespace, peer.workload.lower(), peer.name]
            text = str(peer) if short == full or not peer.namespace else f"{peer.namespace}/{peer.workload}/{peer.name}"
            if self._is_query(text):
                found[text] = short if text == str(peer) else full
        self._workloads = dict(sorted(found.items()))
        self._special = {
            text: bits
            for text in (ANY_NAMESPACE, INGRESS_CONTROLLER)
            if (bits := numbers(connectivity, parse_peer(text)))
        }
        self._owners: dict[int, list[str]] = {}
        for text, bits in self._workloads.items():
            for number in positions(bits):
                self._owners.setdefault(number, []).append(text)

    @staticmethod
    def _is_query(text: str) -> bool:
        try:
            return bool(parse_peer(text).name)
        except ConfigError:
            return False

    def names(self, bits: int) -> list[str]:
        """Return the queries for the peers of a set; what none finds exactly is left out."""
        texts = {text for number in positions(bits) for text in self._owners.get(number, ())}
        found = sorted(text for text in texts if self._workloads[text] & ~bits == 0)
        found += [text for text, each in self._special.items() if each & ~bits == 0]
        addresses = bits & self._connectivity.addresses
        if addresses and addresses == self._connectivity.addresses:
            return [*found, INTERNET]
        ranges = self._connectivity.space.merged(addresses >> self._connectivity.offset)
        return [*found, *(text for each in ranges for text in each.networks())]

    def bits(self, texts: list[str]) -> int:
        """Return the peers that the names of a set mean."""
        found = 0
        for each in texts:
            known = {**self._special, INTERNET: self._connectivity.addresses}.get(each, self._workloads.get(each))
            found |= numbers(self._connectivity, parse_peer(each)) if known is None else known
        return found
