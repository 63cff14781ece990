"""The format `gitlab`: a Code Quality report."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from k8snetlint.finding import Severity
from k8snetlint.report.words import has_line, sentence
from k8snetlint.source.escape import escape

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.finding import Report
    from k8snetlint.report.style import Style

_SEVERITIES = {Severity.ERROR: "critical", Severity.WARNING: "major", Severity.INFO: "info"}


def gitlab(report: Report, style: Style) -> Iterator[str]:
    """Yield a JSON array with a line for each finding; a line number is required, so a whole file has line 1.

    Source: https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
    """
    times: dict[str, int] = {}
    yield "["
    for number, finding in enumerate(report.findings, 1):
        value = {
            "description": sentence(finding),
            "check_name": finding.id,
            "fingerprint": _unique(finding.fingerprint or finding.id, times),
            "severity": _SEVERITIES[finding.severity],
            "location": {
                "path": escape(style.tree.relative(finding.path)),
                "lines": {"begin": finding.start.line if has_line(finding) else 1},
            },
        }
        yield json.dumps(value, ensure_ascii=False) + ("," if number < len(report.findings) else "")
    yield "]"


def _unique(fingerprint: str, times: dict[str, int]) -> str:
    """Return a fingerprint that was not used before: GitLab drops findings whose fingerprints are equal."""
    unique, number = fingerprint, times.get(fingerprint, 0)
    while unique in times:
        number += 1
        unique = f"{fingerprint}-{number}"
    times[fingerprint] = max(number, 1)
    times.setdefault(unique, 1)
    return unique
