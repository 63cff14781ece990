"""What is asserted about the connections of a cluster, and whether it holds in every possible one."""

from __future__ import annotations

import enum
import re
from typing import TYPE_CHECKING, NamedTuple

from k8snetlint.connectivity.destinations import DestinationQuery, PortQuery, find_destination
from k8snetlint.connectivity.namespaces import OTHER_NAMESPACES
from k8snetlint.connectivity.peers import peers_of, workload_peer
from k8snetlint.connectivity.policies import policy_name
from k8snetlint.connectivity.port_sets import ALL, NONE, PortSet, difference, intersection, port_set, union
from k8snetlint.connectivity.query import numbers, workloads
from k8snetlint.finding import ConfigError
from k8snetlint.model.bitsets import bits_of, positions
from k8snetlint.model.networkpolicy import Direction
from k8snetlint.model.ports import LAST_PORT, PortRange, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from k8snetlint.connectivity.engine import Connectivity
    from k8snetlint.connectivity.query import PeerQuery
    from k8snetlint.source.document import Place

_PORT = re.compile(
    r"(?:(?P<first>[0-9]+)(?:-(?P<last>[0-9]+))?|(?P<name>[a-z0-9-]*[a-z][a-z0-9-]*))(?:/(?P<protocol>\w+))?"
)


class Expected(enum.StrEnum):
    """What is expected of connections."""

    ALLOW = "allow"
    DENY = "deny"
    EXACTLY = "exactly"
    """Allowed on these ports, denied on all others."""


class Reaches(NamedTuple):
    """Connections are allowed or denied; without ports it is about all of them."""

    sources: tuple[PeerQuery, ...]
    destinations: tuple[str, ...]
    ports: tuple[PortSet | PortQuery, ...]
    expected: Expected


class Only(NamedTuple):
    """Nobody else than some sources may connect; `unseen` are other pods of the namespaces that are known, too."""

    sources: tuple[PeerQuery, ...]
    destinations: tuple[str, ...]
    ports: tuple[PortSet | PortQuery, ...]
    unseen: bool = False


class Isolated(NamedTuple):
    """Policies isolate pods for exactly these directions."""

    pods: tuple[PeerQuery, ...]
    directions: frozenset[Direction]


class Selects(NamedTuple):
    """A policy selects exactly these workloads among those that manifests show."""

    namespace: str
    policy: str
    pods: tuple[PeerQuery, ...]


UNSEEN = "other-pods"
"""In the list of `only`: pods that no manifest shows."""
Assertion = Reaches | Only | Isolated | Selects


class Failure(NamedTuple):
    """Why an assertion does not hold.

    Attributes:
        text: a clause.
        pair: which connection shows it: numbers of source and destination, and the ports; None if it is about none.
        places: where policies are written that are concerned, with their names.
    """

    text: str
    pair: tuple[int, int, PortSet] | None = None
    places: tuple[tuple[Place, str], ...] = ()


def parse_port(text: str) -> PortSet | PortQuery:
    """Read a port: `5432`, `53/UDP`, `8000-8100/TCP`, `UDP` for all ports of a protocol, `http` by its name.

    Raises:
        ConfigError: it is not one of these.
    """
    if text in Protocol.__members__:
        return port_set([PortRange(Protocol[text], 1, LAST_PORT)])
    match = _PORT.fullmatch(text)
    if match is None:
        raise ConfigError(f"`{text}` is not a port; write for example 5432/TCP, 8000-8100/UDP, http, or UDP")
    protocol = match["protocol"] or ("TCP" if match["first"] else None)
    if protocol is not None and protocol not in Protocol.__members__:
        raise ConfigError(f"`{protocol}` is not a protocol of ports; use TCP, UDP or SCTP")
    if match["name"]:
        return PortQuery(match["name"], Protocol[protocol] if protocol else None)
    first, last = int(match["first"]), int(match["last"] or match["first"])
    if not 1 <= first <= last <= LAST_PORT:
        raise ConfigError(f"`{text}` is not a port; use 1 to {LAST_PORT}, the lower one first")
    return port_set([PortRange(Protocol[protocol or "TCP"], first, last)])


def failures(connectivity: Connectivity, assertion: Assertion) -> Iterator[Failure]:
    """Yield why an assertion does not hold in every possible cluster; nothing if it does.

    Raises:
        ConfigError: the cluster does not have what it names.
    """
    match assertion:
        case Reaches():
            yield from _of_connections(connectivity, assertion)
        case Only():
            yield from _of_others(connectivity, assertion)
        case Isolated():
            yield from _of_isolation(connectivity, assertion)
        case Selects():
            yield from _of_selection(connectivity, assertion)


def _of_connections(connectivity: Connectivity, assertion: Reaches) -> Iterator[Failure]:
    sources = _union(connectivity, assertion.sources)
    for destination, asked in _ends(connectivity, assertion):
        usable = sources if destination < connectivity.offset else sources & connectivity.classes.everything
        if not usable:
            raise ConfigError("both ends are addresses outside of the cluster; name pods for one of them")
        if assertion.expected is not Expected.DENY:
            yield from _not_allowed(connectivity, usable, destination, asked)
        if assertion.expected is not Expected.ALLOW:
            denied = difference(ALL, asked) if assertion.expected is Expected.EXACTLY else asked
            yield from _not_denied(connectivity, usable, destination, denied)


def _of_others(connectivity: Connectivity, assertion: Only) -> Iterator[Failure]:
    others = connectivity.everything & ~_union(connectivity, assertion.sources)
    if assertion.unseen:
        others &= ~unseen(connectivity)
    for destination, asked in _ends(connectivity, assertion):
        usable = others if destination < connectivity.offset else others & connectivity.classes.everything
        yield from _not_denied(connectivity, usable, destination, asked)


def unseen(connectivity: Connectivity) -> int:
    """Return the pods that no manifest shows of the namespaces that manifests name."""
    return bits_of(
        number
        for number, each in enumerate(connectivity.classes.every)
        if not each.is_shown and each.namespace != OTHER_NAMESPACES
    )


def _not_allowed(connectivity: Connectivity, sources: int, destination: int, ports: PortSet) -> Iterator[Failure]:
    for allowed, bits in connectivity.certain.row(destination):
        missing = difference(ports, allowed)
        if bits & sources and missing != NONE:
            yield from _each(connectivity, bits & sources, destination, missing, "is not allowed on")
        sources &= ~bits
    yield from _each(connectivity, sources, destination, ports, "is not allowed on")


def _not_denied(connectivity: Connectivity, sources: int, destination: int, ports: PortSet) -> Iterator[Failure]:
    for possible, bits in connectivity.possible.row(destination):
        more = intersection(ports, possible)
        if bits & sources and more != NONE:
            yield from _each(connectivity, bits & sources, destination, more, "is not denied on")


def _each(connectivity: Connectivity, sources: int, destination: int, ports: PortSet, what: str) -> Iterator[Failure]:
    for source in positions(sources):
        pair = f"{name_of(connectivity, source)} -> {name_of(connectivity, destination)}"
        uncertain = connectivity.ports_between(source, destination)
        is_open = intersection(difference(uncertain[1], uncertain[0]), ports) != NONE
        end = ", or not in every possible cluster" if is_open else ""
        yield Failure(f"{pair} {what} {ports}{end}", (source, destination, ports))


def _of_isolation(connectivity: Connectivity, assertion: Isolated) -> Iterator[Failure]:
    for number in positions(_union(connectivity, assertion.pods)):
        name = name_of(connectivity, number)
        for direction in Direction:
            wanted = direction in assertion.directions
            always = connectivity.possible.is_isolated(number, direction)
            possible = connectivity.certain.is_isolated(number, direction)
            selecting = [each for each in connectivity.policies if each.subjects.possible >> number & 1]
            named = tuple((each.policy.at("metadata", "name"), policy_name(each)) for each in selecting)
            if wanted and not always:
                maybe = "perhaps not " if possible else "not "
                yield Failure(f"{name} is {maybe}isolated for {direction.rules_field}", places=named)
            elif not wanted and possible:
                places = tuple(
                    place for place, each in zip(named, selecting, strict=True) if direction in each.isolates
                )
                maybe = "" if always else "perhaps "
                yield Failure(f"{name} is {maybe}isolated for {direction.rules_field}", places=places)


def _of_selection(connectivity: Connectivity, assertion: Selects) -> Iterator[Failure]:
    found = [
        each
        for each in connectivity.policies
        if each.policy.name == assertion.policy and assertion.namespace in ("", each.namespace or "")
    ]
    if not found:
        name = f"{assertion.namespace}/{assertion.policy}" if assertion.namespace else assertion.policy
        raise ConfigError(f"no NetworkPolicy `{name}`")
    wanted = dict.fromkeys(each for query in assertion.pods for each in workloads(connectivity, query))
    for policy in found:
        place = ((policy.policy.at("spec", "podSelector"), policy_name(policy)),)
        every = connectivity.classes.every
        may = (each for number in positions(policy.subjects.possible) for each in every[number].workloads)
        for workload in dict.fromkeys((*wanted, *may)):
            number = connectivity.classes.class_of[workload]
            always, possible = (bits >> number & 1 for bits in (policy.subjects.always, policy.subjects.possible))
            peer = workload_peer(connectivity, workload)
            if workload in wanted and not always:
                yield Failure(
                    f"{policy_name(policy)} does not {'surely ' if possible else ''}select {peer}", places=place
                )
            elif workload not in wanted and possible:
                yield Failure(f"{policy_name(policy)} {'selects' if always else 'may select'} {peer}", places=place)


def name_of(connectivity: Connectivity, number: int) -> str:
    """Return the name of a peer; of pods that policies treat alike, that of the first workload."""
    if number >= connectivity.offset:
        return str(connectivity.space.ranges[number - connectivity.offset])
    return str(next(peers_of(connectivity, number)))


def _union(connectivity: Connectivity, queries: Iterable[PeerQuery]) -> int:
    bits = 0
    for each in queries:
        found = numbers(connectivity, each)
        if not found:
            raise ConfigError(f"`{each.text}` is nothing in this cluster")
        bits |= found
    return bits


def _ends(connectivity: Connectivity, assertion: Reaches | Only) -> Iterator[tuple[int, PortSet]]:
    """Yield the destinations with the ports that are asked about."""
    found: dict[int, PortSet] = {}
    for text in assertion.destinations:
        for each in assertion.ports or (ALL,):
            query = DestinationQuery(text, text, each if isinstance(each, PortQuery) else _single(each))
            for number, ports in find_destination(connectivity, query).ports.items():
                asked = ports if query.port is not None or each == ALL else intersection(ports, _numbers(each))
                found[number] = union(found.get(number, NONE), asked)
    if not found:
        raise ConfigError(f"`{', '.join(assertion.destinations)}` is nothing in this cluster")
    yield from found.items()


def _single(ports: PortSet) -> PortQuery | None:
    """Return a set of one port as Services are asked for it; None for more."""
    ranges = list(ports.ranges())
    if len(ranges) == 1 and ranges[0].first == ranges[0].last:
        return PortQuery(ranges[0].first, ranges[0].protocol)
    return None


def _numbers(ports: PortSet | PortQuery) -> PortSet:
    return ports if isinstance(ports, PortSet) else ALL
