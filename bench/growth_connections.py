"""What the rows about connections do with their files: list what may talk to what."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint import Config
from k8snetlint.connectivity.assumptions import assumptions_of
from k8snetlint.connectivity.connections import Connections
from k8snetlint.connectivity.engine import Connectivity
from k8snetlint.linting.inventory import KustomizationFiles
from k8snetlint.linting.reading import read
from k8snetlint.linting.scoping import Scoping
from k8snetlint.report.connections import write_connections
from k8snetlint.report.connections.answer import Answer, ConnectionsFormat

if TYPE_CHECKING:
    from collections.abc import Sequence

    from k8snetlint import Source


def list_connections(sources: Sequence[Source]) -> str:
    """Return the connections of some manifests as text."""
    reading = read(sources, Config(), (), KustomizationFiles(), None)
    answers = []
    for cluster in Scoping(reading).clusters:
        connectivity = Connectivity.of(cluster)
        answers.append(Answer(cluster.name, assumptions_of(connectivity), Connections(connectivity)))
    return "".join(write_connections(answers, ConnectionsFormat.TEXT))
