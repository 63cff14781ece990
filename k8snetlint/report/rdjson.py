"""The format `rdjson`: Reviewdog Diagnostic Format."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from k8snetlint.report.words import bytes_before, has_line, sentence
from k8snetlint.source.escape import escape, escape_json

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.finding import Finding, Location, Related, Report
    from k8snetlint.report.style import Style, Tree


def rdjson(report: Report, style: Style) -> Iterator[str]:
    """Yield one JSON object with a line for each finding.

    Source: https://github.com/reviewdog/reviewdog/blob/master/proto/rdf/reviewdog.proto
    """
    yield '{"source": {"name": "k8snetlint"}, "diagnostics": ['
    for number, finding in enumerate(report.findings, 1):
        text = escape_json(json.dumps(_diagnostic(finding, style.tree), ensure_ascii=False))
        yield text + ("," if number < len(report.findings) else "")
    yield "]}"


def _diagnostic(finding: Finding, tree: Tree) -> dict[str, Any]:
    from k8snetlint.website import page_url  # noqa: PLC0415 - only for findings

    diagnostic: dict[str, Any] = {
        "message": sentence(finding),
        "location": _location(finding) if has_line(finding) else {"path": escape(finding.path)},
        "severity": finding.severity.name,
        "code": {"value": finding.id, "url": page_url(finding.id)},
    }
    if finding.related:
        diagnostic["relatedLocations"] = [
            {"message": escape(related.message), "location": _location(related)} for related in finding.related
        ]
    suggestions = _suggestions(finding, tree) if finding.fix else []
    return {**diagnostic, "suggestions": suggestions} if suggestions else diagnostic


def _suggestions(finding: Finding, tree: Tree) -> list[dict[str, Any]]:
    """Return a suggestion for each edit, as other linters do: the text between them is not quoted."""
    from k8snetlint.report.fixes import fix_with_edits  # noqa: PLC0415 - only for fixes

    fix_and_edits = fix_with_edits(finding, tree)
    suggestions = []
    for start, end, text, (bytes_start, bytes_end) in fix_and_edits[1] if fix_and_edits else ():
        points = ((start.line, bytes_start + 1), (end.line, bytes_end + 1))
        first, last = ({"line": line, "column": column} for line, column in points)
        suggestions.append({"range": {"start": first, "end": last}, "text": text})
    return suggestions


def _location(at: Finding | Related) -> dict[str, Any]:
    start, end = _point(at, at.start), _point(at, at.end)
    span = {"start": start, "end": end} if "column" in start and "column" in end else {"start": start}
    return {"path": escape(at.path), "range": span}


def _point(at: Finding | Related, position: Location) -> dict[str, int]:
    """Return a line and a column, counted in UTF-8 bytes from 1; no column where the line is not at hand."""
    number, before = position.line - at.start.line, position.column - 1
    line = at.lines[number] if number < len(at.lines) else ""
    if len(line) < before:
        return {"line": position.line}
    return {"line": position.line, "column": bytes_before(line, before) + 1}
