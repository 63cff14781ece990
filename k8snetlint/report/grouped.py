"""The format `grouped`: as `concise`, file by file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.report.summary import hidden_findings, id_of, mark, summary
from k8snetlint.report.words import by_path, has_line
from k8snetlint.source.escape import escape, escape_line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.finding import Finding, Report
    from k8snetlint.report.style import Style


def grouped(report: Report, style: Style) -> Iterator[str]:
    """Yield each file's name, below it `line:col  severity  id  message` for each of its findings, and a summary."""
    for path, findings in by_path(report).items():
        rows = [_row(finding, style) for finding in findings if finding.severity >= style.show]
        if rows:
            yield escape_line(escape(path))
            places, levels, names, _ = [max(map(len, column)) for column in zip(*rows, strict=True)]
            for where, level, name, message in rows:
                padded = id_of(name, style) + " " * (names - len(name))
                yield f"  {where:{places}}  {level:{levels}}  {padded}  {message}"
            yield ""
    if style.quiet:
        return
    for severity, finding_id, text in hidden_findings(report, style.show):
        yield f"{severity.word} {id_of(finding_id, style)} {text}"
    yield from summary(report, style)


def _row(finding: Finding, style: Style) -> tuple[str, str, str, str]:
    where = f"{finding.start.line}:{finding.start.column}" if has_line(finding) else "-"
    about = f" ({escape(str(finding.object))})" if finding.object else ""
    marked = mark(finding, style)
    what = escape(finding.message) + about
    return where, finding.severity.word, finding.id, f"{marked} {what}" if marked else what
