"""Findings in the format `full`, with the lines they are about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.finding import Severity
from k8snetlint.report.frame import frame, gutter_of
from k8snetlint.report.summary import hidden_findings, id_of, mark, place
from k8snetlint.report.wrapping import wrapped
from k8snetlint.source.escape import escape

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.finding import Finding, Report
    from k8snetlint.report.style import Style

_COLOURS = {Severity.ERROR: "1;31", Severity.WARNING: "1;33", Severity.INFO: "1;36"}
_BOLD, _RULER, _MARK = "1", "1;34", "36"


def blocks(report: Report, style: Style) -> Iterator[str]:
    """Yield the findings; the first one of an id says how to read the page of the id."""
    explained: set[str] = set()
    for finding in report.findings:
        if finding.severity >= style.show:
            yield from _finding(finding, style, explain=finding.id not in explained and not style.quiet)
            yield ""
            explained.add(finding.id)


def hidden_blocks(report: Report, style: Style) -> Iterator[str]:
    """Yield the hidden findings, one line for each id."""
    last = None
    for severity, finding_id, text in hidden_findings(report, style.show):
        last = _header(severity, finding_id, text, style)
        yield from wrapped(last, style.wrap, 2)
    if last:
        yield ""


def _header(severity: Severity, finding_id: str, text: str, style: Style) -> str:
    return _paint(f"{severity.word}[{id_of(finding_id, style)}]", _COLOURS[severity], style) + f": {text}"


def _finding(finding: Finding, style: Style, *, explain: bool) -> Iterator[str]:
    marked = mark(finding, style)
    message = _paint(escape(finding.message), _BOLD, style) + (f"  {_paint(marked, _MARK, style)}" if marked else "")
    yield from wrapped(_header(finding.severity, finding.id, message, style), style.wrap, 2)
    yield from framed(finding, style)
    note = f"{_gutter(finding)}{_paint('=', _RULER, style)}"
    if finding.help:
        yield from _note(f"{note} {_paint('help', _BOLD, style)}: {escape(finding.help)}", finding, style)
    if finding.fix:
        from k8snetlint.report.fixes import describe_fix  # noqa: PLC0415 - only for fixes

        yield from _note(f"{note} {_paint('fix', _BOLD, style)}: {escape(describe_fix(finding.fix))}", finding, style)
    if explain:
        yield f"{note} {_paint('see', _BOLD, style)}: k8snetlint rule {finding.id}"


def framed(finding: Finding, style: Style) -> Iterator[str]:
    """Yield where a finding is, the lines that it is about, and its further places."""
    gutter = _gutter(finding)
    about = [place(finding)]
    if finding.object:
        about.append(escape(str(finding.object)))
    if finding.field:
        about.append(escape(finding.field))
    yield f"{gutter}{_paint('-->', _RULER, style)} {'  '.join(about)}"
    if finding.lines:
        ruler = _paint("|", _RULER, style)
        yield f"{gutter} {ruler}"
        for row, (number, text) in enumerate(frame(finding, style.columns)):
            painted = _paint(text, _COLOURS[finding.severity], style) if row == 1 else text
            yield f"{_paint(number, _RULER, style)} {ruler} {painted}".rstrip()
        yield f"{gutter} {ruler}"
    elif finding.label:
        yield from _note(f"{gutter}{_paint('=', _RULER, style)} note: {escape(finding.label)}", finding, style)
    for related in finding.related:
        where = f"{escape(related.path)}:{related.start.line}:{related.start.column}"
        yield from _note(f"{gutter}{_paint(':::', _RULER, style)} {where}  {escape(related.message)}", finding, style)


def _note(text: str, finding: Finding, style: Style) -> Iterator[str]:
    return wrapped(text, style.wrap, len(_gutter(finding)) + 4)


def _gutter(finding: Finding) -> str:
    return " " * (gutter_of(finding) if finding.lines else 2)


def _paint(text: str, colour: str, style: Style) -> str:
    return f"\x1b[{colour}m{text}\x1b[0m" if style.colour and text else text
