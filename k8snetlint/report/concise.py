"""The format `concise`: a finding is a line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.report.summary import hidden_findings, id_of, mark, place, summary
from k8snetlint.source.escape import escape, escape_line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.finding import Report
    from k8snetlint.report.style import Style


def concise(report: Report, style: Style) -> Iterator[str]:
    """Yield `path:line:col: severity id [*] message (Kind ns/name)` for each finding, and a summary."""
    for finding in report.findings:
        if finding.severity >= style.show:
            about = f" ({escape(str(finding.object))})" if finding.object else ""
            what = f"{id_of(finding.id, style)} {mark(finding, style)}".rstrip()
            yield escape_line(f"{place(finding)}: {finding.severity.word} {what} {escape(finding.message)}{about}")
    if style.quiet:
        return
    for severity, finding_id, text in hidden_findings(report, style.show):
        yield f"{severity.word} {id_of(finding_id, style)} {text}"
    yield from summary(report, style)
