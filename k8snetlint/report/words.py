"""The texts about a finding in formats for machines."""

from __future__ import annotations

import functools
from itertools import accumulate
from typing import TYPE_CHECKING

from k8snetlint.source.escape import escape

if TYPE_CHECKING:
    from k8snetlint.finding import Finding, Report

_BLOCK = 1_000


def bytes_before(line: str, column: int) -> int:
    """Return how many bytes of UTF-8 the first characters of a line are, its end included; it may be a whole file."""
    if line.isascii():
        return column
    inside = min(column, len(line))
    block = inside // _BLOCK
    before = _bytes_before_blocks(line)[block] if block else 0
    return before + _bytes(line[block * _BLOCK : inside]) + column - inside


@functools.lru_cache(maxsize=1)  # findings are ordered by their lines
def _bytes_before_blocks(line: str) -> list[int]:
    blocks = (line[start : start + _BLOCK] for start in range(0, len(line), _BLOCK))
    return list(accumulate(map(_bytes, blocks), initial=0))


def _bytes(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))


def has_line(finding: Finding) -> bool:
    """Tell whether a finding is about a place in a file rather than about the file."""
    return finding.id != "file-unreadable"


def sentence(finding: Finding) -> str:
    """Return a finding's message and its help, escaped."""
    return escape(f"{finding.message} ({finding.help})" if finding.help else finding.message)


def worst_first(report: Report) -> list[Finding]:
    """Return the findings by severity, then as they were: where readers show a number of them only."""
    return sorted(report.findings, key=lambda finding: -finding.severity)


def one_for_templates(report: Report) -> Report:
    """Return a report with one finding for all templates that were not checked: `skipped` lists all of them."""
    templates = [finding for finding in report.findings if finding.id == "template-skipped"]
    if len(templates) < 2:
        return report
    message = f"{len(templates):,} templates not checked, the first one here: render them first"
    first = templates[0]._replace(message=message, help="k8snetlint check --render DIR")
    others = [each for each in report.findings if each.id != first.id or each is templates[0]]
    return report._replace(findings=tuple(first if each is templates[0] else each for each in others))


def by_path(report: Report) -> dict[str, list[Finding]]:
    """Return the findings of each file, in their order."""
    files: dict[str, list[Finding]] = {}
    for finding in report.findings:
        files.setdefault(finding.path, []).append(finding)
    return files
