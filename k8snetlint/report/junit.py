"""The format `junit`: a finding is a failing case."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.finding import Severity
from k8snetlint.report.words import by_path, has_line, sentence
from k8snetlint.report.xml import DECLARATION, tag, text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from k8snetlint.finding import Finding, Report
    from k8snetlint.report import Look


def junit(report: Report, look: Look) -> Iterator[str]:
    """Yield a suite for each file with findings; a report without findings is one passing case.

    Findings of level info pass, with what they say as output, unless the user wants to see them.
    """
    least = min(Severity.WARNING, look.show)
    files = by_path(report)
    failures = _failures(report.findings, least)
    yield DECLARATION
    yield tag("testsuites", {"name": "k8snetlint", **_numbers(max(1, len(report.findings)), failures)})
    if not files:
        yield tag("testsuite", {"name": "k8snetlint", **_numbers(1, 0)})
        yield tag("testcase", {"name": "k8snetlint", "classname": "k8snetlint", "time": 0}, closed=True)
        yield "</testsuite>"
    for path, findings in files.items():
        yield tag("testsuite", {"name": path, **_numbers(len(findings), _failures(findings, least))})
        for finding in findings:
            yield from _case(finding, failing=finding.severity >= least)
        yield "</testsuite>"
    yield "</testsuites>"


def _numbers(tests: int, failures: int) -> dict[str, object]:
    return {"tests": tests, "failures": failures, "errors": 0, "skipped": 0, "time": 0}


def _failures(findings: Iterable[Finding], least: Severity) -> int:
    return sum(finding.severity >= least for finding in findings)


def _case(finding: Finding, *, failing: bool) -> Iterator[str]:
    where = f"{finding.start.line}:{finding.start.column}"
    placed = has_line(finding)
    yield tag(
        "testcase",
        {
            "name": f"{finding.id} {where}" if placed else finding.id,
            "classname": finding.path,
            "file": finding.path,
            "line": finding.start.line if placed else None,
            "time": 0,
        },
    )
    about = f" ({finding.object})" if finding.object else ""
    said = f"{text(finding.path)}{f':{where}' if placed else ''}: {text(sentence(finding) + about)}"
    if failing:
        failure = tag("failure", {"type": finding.severity.word, "message": sentence(finding)})
        yield f"{failure}{said}</failure>"
    else:
        yield f"<system-out>{said}</system-out>"
    yield "</testcase>"
