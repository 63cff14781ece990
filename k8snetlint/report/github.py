"""The format `github`: workflow commands, which GitHub Actions shows as annotations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.finding import Severity
from k8snetlint.report.words import has_line, sentence, worst_first
from k8snetlint.source.escape import escape

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.finding import Finding, Report
    from k8snetlint.report.style import Style

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def github(report: Report, style: Style) -> Iterator[str]:
    """Yield a command for each finding, errors first: GitHub shows ten of each level.

    Source: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
    """
    for finding in worst_first(report):
        values = {"file": escape(style.tree.relative(finding.path)), **_lines(finding), "title": finding.id}
        properties = ",".join(f"{name}={_property(value)}" for name, value in values.items())
        about = f" ({escape(str(finding.object))})" if finding.object else ""
        yield f"::{_COMMANDS[finding.severity]} {properties}::{_data(sentence(finding) + about)}"


def _lines(finding: Finding) -> dict[str, str]:
    start, end = finding.start, finding.end
    if not has_line(finding):
        return {}
    if start.line != end.line:  # columns are allowed in a single line only, and short annotations are easier to read
        return {"line": str(start.line)}
    numbers = {"line": start.line, "endLine": end.line, "col": start.column, "endColumn": end.column}
    return {name: str(number) for name, number in numbers.items()}


def _data(text: str) -> str:
    """Escape as `escapeData` of actions/toolkit does; line ends are gone already."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
