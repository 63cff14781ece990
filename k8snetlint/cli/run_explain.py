"""`explain`: read manifests, answer in each scope, show the answers."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, NamedTuple

from k8snetlint.cli import EMPTY, FINDINGS, OK, worst
from k8snetlint.cli.clusters import read_manifests
from k8snetlint.cli.output import Color, say, wants_colour, write, write_file
from k8snetlint.connectivity.answers import answers, ends_of, ends_of_destination, without_effect
from k8snetlint.connectivity.assumptions import assumptions_of
from k8snetlint.connectivity.destinations import find_destination, parse_destination
from k8snetlint.connectivity.engine import Connectivity
from k8snetlint.connectivity.query import parse_peer
from k8snetlint.finding import ConfigError
from k8snetlint.linting.citations import Citations
from k8snetlint.report.explained import Expectation, Explained
from k8snetlint.report.style import Style

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.cli.clusters import Manifests, ReadOptions
    from k8snetlint.connectivity.destinations import DestinationQuery
    from k8snetlint.connectivity.query import PeerQuery
    from k8snetlint.model.cluster import Cluster


class ExplainOptions(NamedTuple):
    """What `explain` is asked, see its help."""

    source: str
    destination: str
    as_json: bool = False
    expect: str | None = None
    output: str | None = None
    allow_empty: bool = False
    color: Color = Color.AUTO
    quiet: bool = False


def run_explain(reading: ReadOptions, options: ExplainOptions) -> int:
    """Answer whether a connection is allowed, and return the exit code.

    Raises:
        ConfigError: the peers are not in the manifests, or not valid.
        MissingPathError, OutputError: a path does not exist, or the answer could not be written.
    """
    source, destination = parse_peer(options.source), parse_destination(options.destination)
    manifests = read_manifests(reading)
    unread = any(each.id in ("file-unreadable", "yaml-syntax") for each in manifests.reading.files.findings)
    if not manifests.clusters:
        if not options.quiet:
            say("no Kubernetes object was found", "note")
        return FINDINGS if unread else OK if options.allow_empty else EMPTY
    explained = _explained(manifests, source, destination)
    expected = _expectation(options.expect, explained)
    lines = _lines(manifests, explained, expected, options)
    if options.output is None:
        write(lines, utf8=options.as_json)
    else:
        write_file(options.output, lines)
    failed = unread or (expected is not None and not expected.is_met)
    return worst(OK, FINDINGS) if failed else OK


def _explained(manifests: Manifests, source: PeerQuery, destination: DestinationQuery) -> list[Explained]:
    """Return the answers of all scopes that have both peers.

    Raises:
        ConfigError: no scope has them; what the first scope says.
    """
    not_read = list(manifests.not_read())
    errors: list[ConfigError] = []
    explained: list[Explained] = []
    for cluster in manifests.clusters:
        try:
            explained.append(_in_scope(cluster, not_read, source, destination))
        except ConfigError as error:
            errors.append(error)
    if not explained:
        raise errors[0]
    return explained


def _in_scope(cluster: Cluster, not_read: list[str], source: PeerQuery, destination: DestinationQuery) -> Explained:
    connectivity = Connectivity.of(cluster)
    sources = ends_of(connectivity, source)
    found = find_destination(connectivity, destination)
    ends = ends_of_destination(connectivity, found)
    notes = (
        found.notes if connectivity.profile.enforces else (*found.notes, *without_effect(cluster, source, destination))
    )
    return Explained(
        cluster.name, assumptions_of(connectivity, not_read), notes, answers(connectivity, sources, ends, found)
    )


def _expectation(expect: str | None, explained: list[Explained]) -> Expectation | None:
    if expect is None:
        return None
    every = [answer for each in explained for answer in each.answers]
    met = all(each.is_always_allowed if expect == "allow" else each.is_always_denied for each in every)
    return Expectation(expect, met)


def _lines(
    manifests: Manifests, explained: list[Explained], expected: Expectation | None, options: ExplainOptions
) -> Iterator[str]:
    citations = Citations(manifests.reading.files.unusual)
    if options.as_json:
        from k8snetlint.report.explained_json import explained_json  # noqa: PLC0415 - one of both formats

        return explained_json((options.source, options.destination), explained, expected, citations)
    from k8snetlint.report.explained_text import explained_text  # noqa: PLC0415 - as above

    colour = wants_colour(options.color, None if options.output else sys.stdout)
    style = Style(colour=colour)
    return (f"{line}\n" for line in explained_text(explained, expected, citations, style))
