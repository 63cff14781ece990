"""What tables and graphs show of answers: one row for each connection."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from k8snetlint.connectivity.connections import Connection, Pair
    from k8snetlint.connectivity.engine import Verdict
    from k8snetlint.connectivity.peer_sets import Member
    from k8snetlint.connectivity.port_sets import PortSet
    from k8snetlint.report.connections.answer import Answer


class Row(NamedTuple):
    """A connection; `what` says why it is listed, empty where all connections are."""

    source: tuple[Member, ...]
    destination: tuple[Member, ...]
    ports: PortSet
    verdict: Verdict
    because: tuple[str, ...]
    what: str = ""


def rows(answer: Answer) -> Iterator[Row]:
    """Yield the connections of an answer, in order."""
    if answer.exposure is not None:
        parts = {
            "internet": answer.exposure.internet,
            "other-namespaces": answer.exposure.other_namespaces,
            "any-pod": answer.exposure.any_pod,
        }
        yield from (_row(each, what) for what, part in parts.items() for each in part)
    elif answer.in_pairs:
        yield from (pair_row(each) for each in answer.connections.pairs())
    else:
        yield from (_row(each) for each in ordered(answer))


def ordered(answer: Answer) -> Sequence[Connection]:
    """Return the connections between groups."""
    return answer.connections.by_source() if answer.by_source else answer.connections.grouped()


def pair_row(pair: Pair) -> Row:
    """Return the row of a pair."""
    return Row((pair.source,), (pair.destination,), pair.ports, pair.verdict, pair.because)


def _row(connection: Connection, what: str = "") -> Row:
    ends = connection.source.members, connection.destination.members
    return Row(*ends, connection.ports, connection.verdict, connection.because, what)
