"""What somebody accepted never vanishes from a report, and never counts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft4Validator, Draft202012Validator

from k8snetlint.finding import Finding, Location, Report, Severity, Suppressed
from k8snetlint.report import lines
from k8snetlint.report.style import Format, Style
from k8snetlint.report.verbose import suppressed_lines
from k8snetlint.validation.schemas import folder
from k8snetlint.website import page_url

SARIF = json.loads((Path(__file__).parents[1] / "data" / "sarif-2.1.0-rtm.5.json").read_text(encoding="utf-8"))
SCHEMA = json.loads((folder() / "report.json").read_text(encoding="utf-8"))
START, END = Location(2, 6, 9), Location(2, 9, 12)
FOUND = Finding("netpol-deny-all", Severity.WARNING, "no", "a.yaml", 0, None, None, START, END, fingerprint="0" * 16)
BY = ("comment", "annotation", "per-file-ignores", "baseline")
ACCEPTED = tuple(
    Suppressed(FOUND._replace(id=f"accepted-by-{by}", path="b.yaml"), by, "" if by == "baseline" else "we know")
    for by in BY
)
REPORT = Report((FOUND,), (), 2, 2, 2, suppressed=ACCEPTED)
ONLY_ACCEPTED = REPORT._replace(findings=())
TEXTS = (Format.FULL, Format.CONCISE, Format.GROUPED)


def text(output_format: Format, report: Report, **style: Any) -> str:
    return "".join(lines(output_format, report, Style(**style)))


@pytest.mark.parametrize("output_format", TEXTS)
def test_text_formats_count_them(output_format: Format) -> None:
    last = text(output_format, REPORT).splitlines()[-1]
    assert last == "Found 1 warning in 1 of 2 files (2 objects), 4 suppressed (-v lists them)."
    assert text(output_format, ONLY_ACCEPTED) == "No problems in 2 files (2 objects), 4 suppressed (-v lists them).\n"
    assert text(output_format, ONLY_ACCEPTED, verbose=True) == "No problems in 2 files (2 objects), 4 suppressed.\n"
    assert text(output_format, ONLY_ACCEPTED, quiet=True) == ""


def test_a_line_says_where_and_why() -> None:
    assert list(suppressed_lines(REPORT)) == [
        "b.yaml:2:6: accepted-by-comment suppressed by comment: we know",
        "b.yaml:2:6: accepted-by-annotation suppressed by annotation: we know",
        "b.yaml:2:6: accepted-by-per-file-ignores suppressed by per-file-ignores: we know",
        "b.yaml:2:6: accepted-by-baseline suppressed by baseline",
    ]


def test_json() -> None:
    read = json.loads(text(Format.JSON, REPORT))
    Draft202012Validator(SCHEMA).validate(read)

    assert (read["summary"]["warning"], read["summary"]["suppressed"]) == (1, 4)
    assert [(each["by"], each["reason"]) for each in read["suppressed"]] == [
        *((by, "we know") for by in BY[:3]),
        ("baseline", None),
    ]
    finding = {name: value for name, value in read["suppressed"][0].items() if name not in ("by", "reason")}
    own = {"id": "accepted-by-comment", "path": "b.yaml", "url": page_url("accepted-by-comment")}
    assert finding == {**read["findings"][0], **own}


def test_json_lines_counts_them() -> None:
    *found, end = map(json.loads, text(Format.JSON_LINES, REPORT).splitlines())

    assert [each["id"] for each in found] == ["netpol-deny-all"]
    assert end["summary"]["suppressed"] == 4


def sarif(report: Report) -> Any:
    log = json.loads(text(Format.SARIF, report))
    Draft4Validator(SARIF).validate(log)
    return log["runs"][0]


def test_sarif() -> None:
    run = sarif(REPORT)
    known = {"status": "accepted", "justification": "we know"}

    assert [each["suppressions"] for each in run["results"]] == [
        [],
        [{"kind": "inSource", **known}],
        [{"kind": "inSource", **known}],
        [{"kind": "external", **known}],
        [{"kind": "external", "status": "accepted"}],
    ]
    rules = run["tool"]["driver"]["rules"]
    assert all(rules[each["ruleIndex"]]["id"] == each["ruleId"] for each in run["results"])
    assert run["results"][1]["partialFingerprints"] == {"k8snetlint/v1": "0" * 16}
    assert all("suppressions" not in each for each in sarif(REPORT._replace(suppressed=()))["results"])


def test_sarif_keeps_findings_rather(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("k8snetlint.report.sarif.LIMIT", 2)
    run = sarif(REPORT)

    assert [each["ruleId"] for each in run["results"]] == ["netpol-deny-all", "accepted-by-comment"]
    said = run["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"]
    assert said.startswith("3 of 5 findings are omitted")


@pytest.mark.parametrize(
    "output_format", [Format.GITHUB, Format.GITLAB, Format.RDJSON, Format.CHECKSTYLE, Format.JUNIT]
)
def test_other_formats_leave_them_out(output_format: Format) -> None:
    assert text(output_format, REPORT) == text(output_format, REPORT._replace(suppressed=()))


def test_a_file_with_nothing_else_is_a_passing_case() -> None:
    printed = text(Format.JUNIT, REPORT, files=("a.yaml", "b.yaml"))

    assert '<testcase name="b.yaml" classname="b.yaml" file="b.yaml" time="0"/>' in printed


def test_markdown_counts_them() -> None:
    printed = text(Format.MARKDOWN, REPORT)

    assert "(2 objects), 4 suppressed." in printed
    assert "accepted" not in printed
