"""Several reports in one run, statistics, the summary of a step, and what is listed instead of checked."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from k8snetlint.cli import EMPTY, FINDINGS, OK, USAGE, run

POLICY = """\
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web}
spec:
  podSelector: {}
  policyTypes: [Ingress]
  ingres: []
"""


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)
    Path("k8s").mkdir()
    Path("k8s/policy.yaml").write_text(POLICY, encoding="utf-8")


def test_several_formats_in_one_run(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check", "k8s", "-f", "concise", "-f", "sarif:out.sarif", "--format=json:out.json"]) == FINDINGS
    printed = capsys.readouterr().out
    assert printed.startswith("k8s/policy.yaml:7:3: error netpol-misplaced-or-unknown-field")
    sarif = json.loads(Path("out.sarif").read_text(encoding="utf-8"))
    report = json.loads(Path("out.json").read_text(encoding="utf-8"))
    ids = [result["ruleId"] for result in sarif["runs"][0]["results"]]
    assert ids == [finding["id"] for finding in report["findings"]]
    assert "netpol-misplaced-or-unknown-field" in ids


def test_files_alone_leave_standard_output_empty(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check", "k8s", "-f", "json:out.json"]) == FINDINGS
    assert capsys.readouterr().out == ""
    assert json.loads(Path("out.json").read_text(encoding="utf-8"))["summary"]["error"] == 1


def test_an_output_goes_to_the_format_that_has_none(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check", "k8s", "-f", "full", "-f", "json:out.json", "-o", "out.txt"]) == FINDINGS
    assert capsys.readouterr().out == ""
    assert Path("out.txt").read_text(encoding="utf-8").startswith("error[netpol-misplaced-or-unknown-field]")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ("-f full -f json", "two formats for standard output; write -f FORMAT:FILE for the others"),
        ("-f json:a -f sarif:a", "two formats for `a`"),
        ("-f json:", "`json:` names no file"),
        ("-f json:a -o b", "-o needs a format without a file of its own"),
        ("-f jsno:a", "unknown format `jsno`; did you mean `json`?"),
        ("-f something", "unknown format `something`; there are full, concise"),
    ],
)
def test_wrong_formats(arguments: str, message: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check", "k8s", *arguments.split()]) == USAGE
    assert message in capsys.readouterr().err
    assert not Path("a").exists()


def test_statistics(capsys: pytest.CaptureFixture[str]) -> None:
    for number in range(3):
        Path(f"k8s/{number}.yaml").write_text(POLICY.replace("web", f"web{number}"), encoding="utf-8")
    assert run(["check", "k8s", "--statistics", "--select", "api"]) == FINDINGS
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split()[:4] == ["4", "error", "[*]", "api-unknown-field"]
    assert run(["check", "k8s", "--statistics", "--select", "api", "-f", "json"]) == FINDINGS
    assert json.loads(capsys.readouterr().out)[0]["count"] == 4


def test_the_summary_of_a_step_is_added_to(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    Path("summary.md").write_text("before\n", encoding="utf-8")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", "summary.md")
    assert run(["check", "k8s", "-f", "github"]) == FINDINGS
    assert capsys.readouterr().out.startswith("::error file=k8s/policy.yaml,line=7,")
    summary = Path("summary.md").read_text(encoding="utf-8")
    assert summary.startswith("before\n")
    assert "netpol-misplaced-or-unknown-field" in summary
    assert run(["check", "k8s"]) == FINDINGS
    assert Path("summary.md").read_text(encoding="utf-8") == summary


def test_files_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    Path("k8s/old").mkdir()
    Path("k8s/old/a.yaml").write_text(POLICY, encoding="utf-8")
    Path("k8s/b\x1b.yml").write_text(POLICY, encoding="utf-8")
    assert run(["check", "k8s", "--show-files", "--exclude", "old"]) == OK
    assert capsys.readouterr().out == "k8s/b\\x1b.yml\nk8s/policy.yaml\n"


def test_the_server_alone_is_asked(capsys: pytest.CaptureFixture[str]) -> None:
    Path("k8s/policy.yaml").write_text(
        POLICY.replace("web", "Web") + "---\n" + POLICY.replace("ingres: []", "ingress: [{from: [{}]}]"),
        encoding="utf-8",
    )
    assert run(["check", "k8s", "--server-exact", "-f", "json"]) == FINDINGS
    findings = json.loads(capsys.readouterr().out)["findings"]
    # Strict decoding fails before validation: the server does not come to the name.
    assert [(each["id"], each["field"]) for each in findings] == [
        ("api-unknown-field", "spec.ingres"),
        ("api-required", "spec.ingress[0].from[0]"),
    ]
    assert run(["check", "k8s", "--server-exact", "--kubernetes-version", "1.30,1.31"]) == USAGE
    assert "--server-exact is for one API server" in capsys.readouterr().err


def test_nothing_is_taken_for_a_template_or_patch_by_the_server(capsys: pytest.CaptureFixture[str]) -> None:
    Path("k8s/policy.yaml").write_text(
        'apiVersion: v1\nkind: Service\nmetadata: {name: "${NAME}"}\nspec: {ports: "${PORTS}"}\n---\n$patch: delete\n',
        encoding="utf-8",
    )
    assert run(["check", "k8s", "--server-exact", "-f", "json"]) == FINDINGS
    findings = json.loads(capsys.readouterr().out)["findings"]
    assert [each["id"] for each in findings] == ["api-type", "api-required"]


def test_an_empty_folder_is_still_an_error(capsys: pytest.CaptureFixture[str]) -> None:
    Path("k8s/policy.yaml").write_text("a: 1\n", encoding="utf-8")
    assert run(["check", "k8s", "-f", "json:out.json"]) == EMPTY
    assert capsys.readouterr().out == ""


def test_what_is_judged_in_part_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  containers: [{name: a, image: b}]\n"
    Path("k8s/policy.yaml").write_text(f"{pod}  resources: {{limits: {{cpu: 1}}}}\n---\n{pod}", encoding="utf-8")
    assert run(["check", "k8s", "--server-exact", "-f", "json"]) == OK
    assert json.loads(capsys.readouterr().out)["skipped"] == [
        {"path": "k8s/policy.yaml", "document": 0, "reason": "judged in part: not spec.resources"}
    ]
    assert run(["check", "k8s", "--server-exact"]) == OK
    assert "1 object judged in part (-v lists what was not)." in "".join(capsys.readouterr())


TEMPLATE = "apiVersion: v1\nkind: Service\nmetadata: {name: {{ .Release.Name }}}\n"


MACHINE_FORMATS = ("json", "json-lines", "sarif", "junit", "github", "gitlab", "checkstyle", "rdjson", "markdown")


@pytest.mark.parametrize("name", MACHINE_FORMATS)
def test_templates_are_one_finding(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    Path("chart").mkdir()
    for number in range(27):
        Path(f"chart/{number:02}.yaml").write_text(TEMPLATE, encoding="utf-8")
    assert run(["check", "chart", "k8s", "-f", name]) == FINDINGS
    printed = capsys.readouterr().out
    assert printed.count("render them first") == 1
    assert "27 templates not checked, the first one here" in printed
    assert printed.count("chart/") == 1 or name in ("json", "junit"), "these list what was not checked"
    assert "netpol-misplaced-or-unknown-field" in printed


def test_json_lists_every_template(capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("a", "b"):
        Path(f"k8s/{name}.yaml").write_text(TEMPLATE, encoding="utf-8")
    run(["check", "k8s", "-f", "json"])
    document = json.loads(capsys.readouterr().out)
    assert [each["path"] for each in document["findings"] if each["id"] == "template-skipped"] == ["k8s/a.yaml"]
    assert [each["path"] for each in document["skipped"]] == ["k8s/a.yaml", "k8s/b.yaml"]
    levels = [each["severity"] for each in document["findings"]]
    assert {level: document["summary"][level] for level in ("error", "info")} == {
        level: levels.count(level) for level in ("error", "info")
    }
    assert document["summary"]["templates"] == 2
    Path("k8s/b.yaml").unlink()
    run(["check", "k8s", "-f", "github"])
    assert "title=template-skipped::template not checked: render it first" in capsys.readouterr().out


def test_every_template_is_a_skipped_test_in_junit(capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("a", "b"):
        Path(f"k8s/{name}.yaml").write_text(TEMPLATE, encoding="utf-8")
    run(["check", "k8s", "-f", "junit"])
    document = ET.fromstring(capsys.readouterr().out)  # noqa: S314 - the report is ours
    suites = {each.get("name"): each for each in document}
    first, second = suites["k8s/a.yaml"], suites["k8s/b.yaml"]
    assert (first.get("skipped"), second.get("skipped")) == ("0", "1")
    assert "2 templates not checked" in (first.findtext("testcase/system-out") or "")
    assert second.find("testcase/skipped") is not None
