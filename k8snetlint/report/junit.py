"""The format `junit`: a finding is a failing case, a file without any a passing one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.finding import Severity
from k8snetlint.report.summary import is_template
from k8snetlint.report.words import by_path, has_line, sentence
from k8snetlint.report.xml import DECLARATION, tag, text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from k8snetlint.finding import Finding, Report
    from k8snetlint.report.style import Style


def junit(report: Report, style: Style) -> Iterator[str]:
    """Yield a suite for each file; one without findings is a passing case, one that was not checked a skipped case.

    Findings of level info pass, with their text as output, unless the user wants to see them.
    """
    least = min(Severity.WARNING, style.show)
    found = by_path(report)
    # Without files the run is a case of its own: readers take a report without cases for a broken one.
    files = list(dict.fromkeys([*style.files, *found])) or ["k8snetlint"]
    whole = {each.path: each.reason for each in report.skipped if each.document is None or is_template(each)}
    skipped = {path: whole[path] for path in files if path in whole and path not in found}
    tests = len(report.findings) + len(files) - len(found)
    yield DECLARATION
    numbers = _numbers(tests, _failures(report.findings, least), len(skipped))
    yield tag("testsuites", {"name": "k8snetlint", **numbers})
    for path in files:
        findings = found.get(path, [])
        numbers = _numbers(max(1, len(findings)), _failures(findings, least), int(path in skipped))
        yield tag("testsuite", {"name": path, **numbers})
        for finding in findings:
            yield from _case(finding, failing=finding.severity >= least)
        if not findings:
            yield from _file(path, skipped.get(path), file=path if style.files else None)
        yield "</testsuite>"
    yield "</testsuites>"


def _numbers(tests: int, failures: int, skipped: int) -> dict[str, object]:
    return {"tests": tests, "failures": failures, "errors": 0, "skipped": skipped, "time": 0}


def _failures(findings: Iterable[Finding], least: Severity) -> int:
    return sum(finding.severity >= least for finding in findings)


def _file(name: str, skipped: str | None, *, file: str | None) -> Iterator[str]:
    attributes: dict[str, object] = {"name": name, "classname": name, "file": file, "time": 0}
    yield tag("testcase", attributes, closed=skipped is None)
    if skipped is not None:
        yield tag("skipped", {"message": skipped}, closed=True)
        yield "</testcase>"


def _case(finding: Finding, *, failing: bool) -> Iterator[str]:
    where = f"{finding.start.line}:{finding.start.column}"
    is_located = has_line(finding)
    yield tag(
        "testcase",
        {
            "name": f"{finding.id} {where}" if is_located else finding.id,
            "classname": finding.path,
            "file": finding.path,
            "line": finding.start.line if is_located else None,
            "time": 0,
        },
    )
    about = f" ({finding.object})" if finding.object else ""
    body = f"{text(finding.path)}{f':{where}' if is_located else ''}: {text(sentence(finding) + about)}"
    if failing:
        failure = tag("failure", {"type": finding.severity.word, "message": sentence(finding)})
        yield f"{failure}{body}</failure>"
    else:
        yield f"<system-out>{body}</system-out>"
    yield "</testcase>"
