"""The format `markdown`: for the summary of a CI job, or a comment."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from k8snetlint.finding import Severity
from k8snetlint.report.summary import count, fixes, place, totals
from k8snetlint.report.words import one_for_templates, sentence, worst_first
from k8snetlint.source.escape import escape

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.finding import Finding, Report
    from k8snetlint.report.style import Style

LIMIT = 1_000
"""Rows."""
SIZE = 1_000_000
"""Bytes of all rows: GitHub drops a step's summary of more than 1 MiB, which long names could fill."""
_SPECIAL = re.compile(r"(?<=[@#!~%$&^*])(?=\w)|(?<=GH)(?=-\d)|[^\w\s.,;()/=?'%-]|_|www(?=\.)", re.ASCII)


def markdown(report: Report, style: Style) -> Iterator[str]:
    """Yield a summary and a table, errors first; only the tool's own text is Markdown or HTML."""
    yield "### k8snetlint"
    yield ""
    yield plain(f"{totals(report, Severity.INFO, verbose=True)} {fixes(report, style)}".rstrip())
    if not report.findings:
        return
    yield ""
    yield "| level | where | what | rule |"
    yield "|---|---|---|---|"
    written, size = 0, 0
    listed = worst_first(one_for_templates(report))
    for finding in listed[:LIMIT]:
        row = _row(finding)
        size += len(row.encode()) + 1
        if size > SIZE:
            break
        yield row
        written += 1
    if written < len(listed):
        yield ""
        yield f"{count(len(listed) - written, 'finding')} more."


def _row(finding: Finding) -> str:
    from k8snetlint.website import page_url  # noqa: PLC0415 - only for findings

    about = f" ({finding.object})" if finding.object else ""
    what = plain(sentence(finding) + escape(about))
    page = f"[`{finding.id}`]({page_url(finding.id)})"
    return f"| {finding.severity.word} | <code>{plain(place(finding))}</code> | {what} | {page} |"


def plain(escaped: str) -> str:
    """Return escaped text that Markdown shows as it is: no markup, no HTML, no mention, no link.

    Characters of markup become entities. After `@`, `#` and similar ones an invisible space is added: GitHub and GitLab
    look for mentions of persons and issues in the resulting text.
    """
    return _SPECIAL.sub(_entity, escaped)


def _entity(match: re.Match[str]) -> str:
    found = match[0]
    if len(found) != 1:
        return "ww&#119;" if found else "&#8203;"
    return f"&#{ord(found)};" if found.isascii() else found
