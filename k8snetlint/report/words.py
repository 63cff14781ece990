"""What formats for machines say of a finding."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.report.escape import escape

if TYPE_CHECKING:
    from k8snetlint.finding import Finding, Report


def has_line(finding: Finding) -> bool:
    """Tell whether a finding is about a place in a file rather than about the file."""
    return finding.id != "file-unreadable"


def sentence(finding: Finding) -> str:
    """Return a finding's message and its help, escaped."""
    return escape(f"{finding.message} ({finding.help})" if finding.help else finding.message)


def worst_first(report: Report) -> list[Finding]:
    """Return the findings by severity, then as they were: where readers show a number of them only."""
    return sorted(report.findings, key=lambda finding: -finding.severity)


def by_path(report: Report) -> dict[str, list[Finding]]:
    """Return the findings of each file, in their order."""
    files: dict[str, list[Finding]] = {}
    for finding in report.findings:
        files.setdefault(finding.path, []).append(finding)
    return files
