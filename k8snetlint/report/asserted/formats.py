"""The formats `text`, `json` and `junit` of assertions."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from k8snetlint.report.summary import count
from k8snetlint.report.xml import DECLARATION, tag
from k8snetlint.report.xml import text as xml_text
from k8snetlint.source.escape import escape, escape_json, escape_line
from k8snetlint.version import VERSION

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.report.asserted import Asserted, AssertionRun

FAILURES = 5
"""So many failures of an assertion are shown one by one."""


def text(run: AssertionRun) -> Iterator[str]:
    """Yield what does not hold, with its explanation, and how many assertions do."""
    for each in run.asserted:
        if each.failures:
            yield f"FAIL {escape(f'{each.path}:{each.line}')}: {escape(each.name)}"
            yield from (f"  {escape(line)}" for line in _first(each))
            if each.details:
                yield ""
                yield from (f"    {line}".rstrip() for line in each.details)
            yield ""
    if run.failed and run.assumptions:
        yield "Assumptions:"
        yield from (f"- {escape(each)}" for each in run.assumptions)
        yield ""
    yield f"{count(len(run.asserted), 'assertion')}: {len(run.asserted) - run.failed:,} hold, {run.failed:,} failed"


def _first(each: Asserted) -> list[str]:
    rest = len(each.failures) - FAILURES
    return [*each.failures] if rest <= 1 else [*each.failures[:FAILURES], f"and {rest:,} more"]


def as_json(run: AssertionRun) -> Iterator[str]:
    """Yield one JSON object; its schema is `schemas/test-report.json`."""
    value = {
        "version": 1,
        "tool": {"name": "k8snetlint", "version": VERSION},
        "summary": {"passed": len(run.asserted) - run.failed, "failed": run.failed},
        "assumptions": list(run.assumptions),
        "tests": [
            {
                "path": each.path,
                "line": each.line,
                "name": each.name,
                "passed": not each.failures,
                "failures": list(each.failures),
                "details": list(each.details),
            }
            for each in run.asserted
        ],
    }
    yield from (escape_json(line) for line in json.dumps(value, ensure_ascii=False, indent=1).splitlines())


def junit(run: AssertionRun) -> Iterator[str]:
    """Yield a suite for each file, with a case for each assertion."""
    yield DECLARATION
    yield tag("testsuites", {"name": "k8snetlint test", **_numbers(run.asserted)})
    for path in dict.fromkeys(each.path for each in run.asserted):
        cases = tuple(each for each in run.asserted if each.path == path)
        yield tag("testsuite", {"name": path, **_numbers(cases)})
        for each in cases:
            attributes = {"name": each.name, "classname": path, "file": path, "line": each.line, "time": 0}
            yield tag("testcase", attributes, closed=not each.failures)
            if each.failures:
                yield tag("failure", {"type": "assertion", "message": each.failures[0]})
                yield from (escape_line(xml_text(line)) for line in (*_first(each), *each.details))
                yield "</failure>"
                yield "</testcase>"
        yield "</testsuite>"
    yield "</testsuites>"


def _numbers(cases: tuple[Asserted, ...]) -> dict[str, object]:
    failed = sum(bool(each.failures) for each in cases)
    return {"tests": len(cases), "failures": failed, "errors": 0, "skipped": 0, "time": 0}
