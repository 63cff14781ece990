"""The format `checkstyle`: what many CI systems and editors read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.report.words import by_path, has_line, sentence
from k8snetlint.report.xml import DECLARATION, tag

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.finding import Finding, Report
    from k8snetlint.report.style import Style


def checkstyle(report: Report, style: Style) -> Iterator[str]:  # noqa: ARG001 - all formats are called alike
    """Yield an element for each file with findings, and in it one for each finding."""
    yield DECLARATION
    yield tag("checkstyle", {"version": "4.3"})
    for path, findings in by_path(report).items():
        yield tag("file", {"name": path})
        for finding in findings:
            yield tag("error", _attributes(finding), closed=True)
        yield "</file>"
    yield "</checkstyle>"


def _attributes(finding: Finding) -> dict[str, object]:
    is_located = has_line(finding)
    return {
        "line": finding.start.line if is_located else None,
        "column": finding.start.column if is_located else None,
        "severity": finding.severity.word,
        "message": sentence(finding),
        "source": f"k8snetlint.{finding.id}",
    }
