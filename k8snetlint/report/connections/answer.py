"""What is asked about the connections of one scope, and the answer."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from k8snetlint.connectivity.assumptions import Assumptions
    from k8snetlint.connectivity.connections import Connections
    from k8snetlint.connectivity.exposure import Exposure


class ConnectionsFormat(enum.StrEnum):
    """How connections are written."""

    TEXT = "text"
    JSON = "json"
    CSV = "csv"
    MARKDOWN = "md"
    DOT = "dot"
    MERMAID = "mermaid"

    @property
    def is_graph(self) -> bool:
        """Whether it shows connections as a graph."""
        return self in (ConnectionsFormat.DOT, ConnectionsFormat.MERMAID)


class Answer(NamedTuple):
    """The answer about one scope.

    Attributes:
        scope: its name, empty for the tree of all files.
        assumptions: what it rests on.
        connections: what is allowed.
        in_pairs: connections are listed between single peers, not between groups.
        by_source: they are listed by their sources.
        exposure: how open workloads are, where that is asked for.
    """

    scope: str
    assumptions: Assumptions
    connections: Connections
    in_pairs: bool = False
    by_source: bool = False
    exposure: Exposure | None = None
