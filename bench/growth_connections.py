"""What the rows about connections do with their files: list what may talk to what."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint import Config
from k8snetlint.connectivity.assumptions import assumptions_of
from k8snetlint.connectivity.connections import ALL_SHOWN, Asked, Connections
from k8snetlint.connectivity.engine import Connectivity
from k8snetlint.linting.inventory import KustomizationFiles
from k8snetlint.linting.reading import read
from k8snetlint.linting.scoping import Scoping
from k8snetlint.model.networkpolicy import Direction
from k8snetlint.report.connections import write_connections
from k8snetlint.report.connections.answer import Answer, ConnectionsFormat

if TYPE_CHECKING:
    from collections.abc import Sequence

    from k8snetlint import Source


def list_connections(sources: Sequence[Source]) -> str:
    """Return the connections of some manifests as text."""
    return _text(sources, ALL_SHOWN)


def list_by_source(sources: Sequence[Source]) -> str:
    """Return the same, by their sources."""
    return _text(sources, Asked(direction=Direction.EGRESS))


def _text(sources: Sequence[Source], asked: Asked) -> str:
    reading = read(sources, Config(), (), KustomizationFiles(), None)
    answers = []
    for cluster in Scoping(reading).clusters:
        connectivity = Connectivity.of(cluster)
        found, by_source = Connections(connectivity, asked), asked.direction is Direction.EGRESS
        answers.append(Answer(cluster.name, assumptions_of(connectivity), found, by_source=by_source))
    return "".join(write_connections(answers, ConnectionsFormat.TEXT))
