"""The format `rdjson`: Reviewdog Diagnostic Format."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from k8snetlint.report.escape import escape
from k8snetlint.report.words import has_line, sentence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.finding import Finding, Position, Related, Report
    from k8snetlint.report import Look


def rdjson(report: Report, look: Look) -> Iterator[str]:  # noqa: ARG001 - all formats are called alike
    """Yield one JSON object with a line for each finding.

    Source: https://github.com/reviewdog/reviewdog/blob/master/proto/rdf/reviewdog.proto
    """
    yield '{"source": {"name": "k8snetlint"}, "diagnostics": ['
    for number, finding in enumerate(report.findings, 1):
        yield json.dumps(_diagnostic(finding), ensure_ascii=False) + ("," if number < len(report.findings) else "")
    yield "]}"


def _diagnostic(finding: Finding) -> dict[str, Any]:
    diagnostic: dict[str, Any] = {
        "message": sentence(finding),
        "location": _location(finding) if has_line(finding) else {"path": escape(finding.path)},
        "severity": finding.severity.name,
        "code": {"value": finding.id},
    }
    if finding.related:
        diagnostic["relatedLocations"] = [
            {"message": escape(related.message), "location": _location(related)} for related in finding.related
        ]
    return diagnostic


def _location(at: Finding | Related) -> dict[str, Any]:
    start, end = _point(at, at.start), _point(at, at.end)
    span = {"start": start, "end": end} if "column" in start and "column" in end else {"start": start}
    return {"path": escape(at.path), "range": span}


def _point(at: Finding | Related, position: Position) -> dict[str, int]:
    """Return a line and a column, counted in UTF-8 bytes from 1; no column where the line is not at hand."""
    number, before = position.line - at.start.line, position.column - 1
    line = at.lines[number] if number < len(at.lines) else ""
    if len(line) < before:
        return {"line": position.line}
    return {"line": position.line, "column": len(line[:before].encode("utf-8", "surrogatepass")) + 1}
