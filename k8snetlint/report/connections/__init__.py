"""Answers about connections in all formats."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.report.connections.answer import ConnectionsFormat

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from k8snetlint.report.connections.answer import Answer


def write_connections(answers: Sequence[Answer], how: ConnectionsFormat) -> Iterator[str]:
    """Yield answers in a format, with line ends; only the writer that is needed is imported."""
    match how:
        case ConnectionsFormat.TEXT:
            from k8snetlint.report.connections.text import text  # noqa: PLC0415 - when it is needed

            return (f"{line}\n" for line in text(answers))
        case ConnectionsFormat.JSON:
            from k8snetlint.report.connections.as_json import as_json as write  # noqa: PLC0415 - when it is needed
        case ConnectionsFormat.CSV:
            from k8snetlint.report.connections.tables import as_csv as write  # noqa: PLC0415 - when it is needed
        case ConnectionsFormat.MARKDOWN:
            from k8snetlint.report.connections.tables import as_markdown as write  # noqa: PLC0415 - when it is needed
        case ConnectionsFormat.DOT:
            from k8snetlint.report.connections.graphs import as_dot as write  # noqa: PLC0415 - when it is needed
        case ConnectionsFormat.MERMAID:
            from k8snetlint.report.connections.graphs import as_mermaid as write  # noqa: PLC0415 - when it is needed
    return write(answers)
