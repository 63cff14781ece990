"""`connections`: read manifests, find what is allowed, and write it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from k8snetlint.cli.clusters import read_manifests
from k8snetlint.cli.output import write, write_file
from k8snetlint.connectivity.assumptions import assumptions_of
from k8snetlint.connectivity.connections import Asked, Connections
from k8snetlint.connectivity.engine import Connectivity
from k8snetlint.connectivity.exposure import asked_for_exposure, exposure_of
from k8snetlint.connectivity.query import numbers, parse_peer, workloads
from k8snetlint.finding import ConfigError
from k8snetlint.model.networkpolicy import Direction
from k8snetlint.model.ports import LAST_PORT, PortRange, Protocol
from k8snetlint.report.connections import write_connections
from k8snetlint.report.connections.answer import Answer, ConnectionsFormat

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from k8snetlint.cli.clusters import Manifests, ReadOptions
    from k8snetlint.connectivity.query import PeerQuery
    from k8snetlint.model.workload import Workload


class ListOptions(NamedTuple):
    """The options of `connections`, see their help."""

    format: ConnectionsFormat
    output: str | None
    focus: tuple[str, ...]
    direction: str | None
    port: str | None
    exposure: bool
    expand: bool
    to_itself: bool
    allow_empty: bool


def list_connections(reading: ReadOptions, options: ListOptions) -> int:
    """Write the connections that are asked for, and return the exit code.

    Raises:
        MissingPathError: a path does not exist.
        ConfigError: an option or the configuration asks for what cannot be.
        OutputError: the result could not be written.
    """
    if options.exposure and (options.format.is_graph or options.expand or options.direction):
        raise ConfigError("--exposure is a list of its own: no graph, no --expand, no --direction")
    port = parse_port(options.port) if options.port is not None else None
    queries = [parse_peer(each) for each in options.focus]
    manifests = read_manifests(reading)
    direction = next((each for each in Direction if each.value.lower() == options.direction), None)
    asked = Asked(direction=direction, port=port, to_itself=options.to_itself)
    not_read = list(manifests.not_read())
    answers = [
        _answer(Connections(connectivity, asked._replace(focus=focus, workloads=named)), not_read, options)
        for connectivity, focus, named in _focused(manifests, queries)
    ]
    lines = write_connections(answers, options.format)
    if options.output not in (None, "-"):
        write_file(str(options.output), lines)
    else:
        write(lines, utf8=options.format is not ConnectionsFormat.TEXT)
    return manifests.exit_code(allow_empty=options.allow_empty)


def _answer(found: Connections, not_read: Sequence[str], options: ListOptions) -> Answer:
    connectivity = found.connectivity
    assumptions = assumptions_of(connectivity, not_read)
    if options.exposure:
        found = Connections(connectivity, asked_for_exposure(found.asked))
        return Answer(connectivity.cluster.name, assumptions, found, exposure=exposure_of(found))
    by_source = found.asked.direction is Direction.EGRESS
    return Answer(connectivity.cluster.name, assumptions, found, in_pairs=options.expand, by_source=by_source)


def _focused(
    manifests: Manifests, queries: Sequence[PeerQuery]
) -> Iterator[tuple[Connectivity, int | None, tuple[Workload, ...]]]:
    """Yield the scopes that have the peers that are asked for, with these as a set, and the workloads among them.

    Raises:
        ConfigError: no scope has one of them.
    """
    missing: dict[PeerQuery, ConfigError | None] = dict.fromkeys(queries)
    scopes = []
    for cluster in sorted(manifests.clusters, key=lambda each: each.name):
        connectivity = Connectivity.of(cluster)
        focus, is_here = 0, not queries
        named: dict[Workload, None] = {}
        for query in queries:
            try:
                focus |= numbers(connectivity, query)
                named |= dict.fromkeys(workloads(connectivity, query))
            except ConfigError as error:
                if query in missing:
                    missing[query] = error
                continue
            is_here = True
            missing.pop(query, None)
        if is_here:
            scopes.append((connectivity, focus if queries else None, tuple(named)))
    for problem in filter(None, missing.values()):
        raise problem
    yield from scopes


def parse_port(text: str) -> PortRange:
    """Read a port: `5432`, `53/UDP`; without a protocol it is TCP.

    Raises:
        ConfigError: it is not a port.
    """
    number, slash, protocol = text.partition("/")
    known = next((each for each in Protocol if each.value == (protocol.upper() if slash else "TCP")), None)
    if known is None or not re.fullmatch(r"[0-9]{1,5}", number) or not 1 <= int(number) <= LAST_PORT:
        raise ConfigError(f"`{text}` is not a port; write for example 5432, or 53/UDP")
    return PortRange(known, int(number), int(number))
