from __future__ import annotations

import json

from k8snetlint.codes import OUTSIDE_RULES
from k8snetlint.edit.change import Edit
from k8snetlint.finding import Finding, Location, Report, Severity, TextFix
from k8snetlint.report.statistics import statistics, statistics_as_json
from k8snetlint.report.style import Style

START = Location(1, 1, 0)
DENY = Finding("netpol-deny-all", Severity.INFO, "no", "a.yaml", 0, None, None, START, START)
WARNED = DENY._replace(severity=Severity.WARNING)
TYPE = DENY._replace(id="api-type", severity=Severity.ERROR)
FIX = TextFix("mend it", safe=True, edits=(Edit(0, 0, "x"),))
FIXED = TYPE._replace(id="netpol-missing-policy-types", severity=Severity.WARNING, fix=FIX)
UNSAFE = FIXED._replace(fix=FIX._replace(safe=False))
TITLE = "A NetworkPolicy has no policyTypes: the API server decides which directions it isolates."
CLEAN = Report((), (), 1, 1, 1)


def text(*findings: Finding, style: Style | None = None) -> str:
    return "".join(statistics(CLEAN._replace(findings=findings), style or Style()))


def test_most_frequent_first_then_the_worst() -> None:
    assert text(DENY, TYPE, WARNED, DENY, style=Style(quiet=True)).splitlines() == [
        "2  info     netpol-deny-all  A NetworkPolicy selects every pod and allows no ingress or no egress.",
        "1  error    api-type         The API server cannot decode a field: its value has the wrong type.",
        "1  warning  netpol-deny-all  A NetworkPolicy selects every pod and allows no ingress or no egress.",
    ]


def test_what_is_fixable_is_marked() -> None:
    printed = text(FIXED, UNSAFE, TYPE._replace(id="api-required"), *[FIXED._replace(id="made-up")] * 10)
    assert printed.splitlines() == [
        "10  warning  [*]  made-up",
        f" 2  warning  [-]  netpol-missing-policy-types  {TITLE}",
        " 1  error    [ ]  api-required                 " + OUTSIDE_RULES["api-required"][1],
        "",
        "Found 1 error, 12 warnings in 1 file (1 object).  [*] 11 fixable with --fix, 1 more with --unsafe-fixes.",
    ]
    assert "[-]" not in text(FIXED, UNSAFE, style=Style(unsafe_fixes=True))


def test_nothing() -> None:
    assert text() == "No problems in 1 file (1 object).\n"
    assert text(style=Style(quiet=True)) == ""


def test_infos_are_not_folded() -> None:
    assert text(DENY, style=Style(show=Severity.ERROR)).endswith("\n\nFound 1 info in 1 file (1 object).\n")


def test_json() -> None:
    report = CLEAN._replace(findings=(DENY, FIXED, UNSAFE))

    assert json.loads("".join(statistics_as_json(report, Style()))) == [
        {"id": "netpol-missing-policy-types", "severity": "warning", "count": 2, "fixable": 1},
        {"id": "netpol-deny-all", "severity": "info", "count": 1, "fixable": 0},
    ]
    assert "".join(statistics_as_json(CLEAN, Style())) == "[]\n"
