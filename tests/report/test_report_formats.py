from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft4Validator

from k8snetlint.cli import run
from k8snetlint.codes import OUTSIDE_RULES
from k8snetlint.finding import Finding, Location, ObjectName, Related, Report, Severity, Skipped
from k8snetlint.report import lines
from k8snetlint.report.code_scanning import line_hashes
from k8snetlint.report.style import Format, Style, Tree
from k8snetlint.rules import all_rules
from k8snetlint.rules.catalog import page_of
from k8snetlint.website import PROJECT, SITE, page_url

SCHEMA = json.loads((Path(__file__).parents[1] / "data" / "sarif-2.1.0-rtm.5.json").read_text(encoding="utf-8"))
WARNING = Finding(
    id="netpol-selects-no-pod",
    severity=Severity.WARNING,
    message="podSelector app=wbe matches no pod",
    path="deploy/netpol.yaml",
    document=0,
    object=ObjectName("networking.k8s.io/v1", "NetworkPolicy", None, "web"),
    field="spec.podSelector",
    start=Location(2, 6, 9),
    end=Location(2, 9, 12),
    related=(Related("web.yaml", Location(21, 3, 300), Location(21, 6, 303), "has app=web", ("a: web",)),),
    lines=("é😀:  wbe",),
    help="did you mean `web`?",
    fingerprint="0123456789abcdef",
)
ERROR = WARNING._replace(
    id="api-type", severity=Severity.ERROR, message="no", end=Location(4, 1, 30), related=(), help="", path="z.yaml"
)
INFO = ERROR._replace(id="template-skipped", severity=Severity.INFO, end=ERROR.start)
FILE = ERROR._replace(id="file-unreadable", message="not a file", document=None, object=None, field=None, lines=())
CLEAN = Report((), (), 1, 1, 1)
MIXED = Report((INFO, WARNING, ERROR, FILE), (), 3, 3, 3)


def text(style: Format, report: Report, tree: Tree | None = None) -> str:
    return "".join(lines(style, report, Style(tree=tree or Tree())))


def xml(printed: str) -> ET.Element:
    return ET.fromstring(printed)  # noqa: S314 - the report is ours


def sarif(report: Report, tree: Tree | None = None) -> dict[str, Any]:
    log = json.loads(text(Format.SARIF, report, tree))
    Draft4Validator(SCHEMA).validate(log)
    run_of_it: dict[str, Any] = log["runs"][0]
    return run_of_it


def test_sarif_of_nothing() -> None:
    assert sarif(CLEAN)["results"] == []


def test_sarif() -> None:
    content = "kind: x\né😀:  wbe\n"
    tree = Tree(lambda path: content if path == WARNING.path else None, lambda path: f"sub dir/{path}")
    found = sarif(MIXED, tree)

    assert found["columnKind"] == "unicodeCodePoints"
    warning = found["results"][1]
    assert warning == {
        "ruleId": "netpol-selects-no-pod",
        "ruleIndex": 2,
        "level": "warning",
        "message": {"text": "podSelector app=wbe matches no pod (did you mean `web`?)"},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": "sub%20dir/deploy/netpol.yaml", "uriBaseId": "%SRCROOT%"},
                    "region": {"startLine": 2, "startColumn": 6, "endColumn": 9},
                },
                "logicalLocations": [{"fullyQualifiedName": "NetworkPolicy web", "kind": "object"}],
            }
        ],
        "relatedLocations": [
            {
                "id": 1,
                "message": {"text": "has app=web"},
                "physicalLocation": {
                    "artifactLocation": {"uri": "sub%20dir/web.yaml", "uriBaseId": "%SRCROOT%"},
                    "region": {"startLine": 21, "startColumn": 3, "endColumn": 6},
                },
            }
        ],
        "partialFingerprints": {
            "k8snetlint/v1": "0123456789abcdef",
            "primaryLocationLineHash": line_hashes(content)[1],
        },
    }
    several_lines, file = found["results"][2:]
    assert several_lines["locations"][0]["physicalLocation"]["region"] == {"startLine": 2, "startColumn": 6}
    assert several_lines["partialFingerprints"] == {"k8snetlint/v1": "0123456789abcdef"}
    assert "region" not in file["locations"][0]["physicalLocation"]
    assert [rule["id"] for rule in found["tool"]["driver"]["rules"]] == sorted({each.id for each in MIXED.findings})
    assert found["tool"]["driver"]["rules"][2]["properties"]["problem.severity"] == "warning"


def test_sarif_of_all_rules() -> None:
    rules = all_rules()
    findings = tuple(WARNING._replace(id=name) for name in [*(rule.id for rule in rules), *OUTSIDE_RULES])
    described = {rule["id"]: rule for rule in sarif(Report(findings, (), 1, 1, 1))["tool"]["driver"]["rules"]}

    for rule in rules:
        assert described[rule.id]["help"]["markdown"].startswith(f"# {rule.id}\n")
        assert page_of(rule).source in described[rule.id]["help"]["text"]
    assert len(described) == len(findings)
    for descriptor in described.values():
        assert descriptor["helpUri"] == page_url(descriptor["id"])
        assert {"precision", "problem.severity", "tags"} <= set(descriptor["properties"])


def test_sarif_says_which_rules_open_traffic() -> None:
    rated = {rule.id: rule.security for rule in all_rules() if rule.security}
    findings = tuple(WARNING._replace(id=name) for name in sorted([*rated, "netpol-deny-all", "api-type"]))
    described = {each["id"]: each for each in sarif(Report(findings, (), 1, 1, 1))["tool"]["driver"]["rules"]}

    assert described["netpol-peers-or-not-and"]["properties"]["security-severity"] == "7.0"
    for name, descriptor in described.items():
        assert float(descriptor["properties"].get("security-severity", 0)) == rated.get(name, 0)
        assert ("security" in descriptor["properties"]["tags"]) is (name in rated)
    assert all(0 < each < 10 for each in rated.values())


def test_sarif_names_its_tool() -> None:
    driver = sarif(CLEAN)["tool"]["driver"]

    assert (driver["name"], driver["informationUri"]) == ("k8snetlint", PROJECT)


def test_sarif_keeps_the_worst(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("k8snetlint.report.sarif.LIMIT", 2)
    found = sarif(MIXED)

    assert [each["level"] for each in found["results"]] == ["error", "error"]
    said = found["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"]
    assert said.startswith("2 of 4 findings are omitted")


def test_files_outside_of_the_repository() -> None:
    location = sarif(Report((ERROR._replace(path="/tmp/a b.yaml"),), (), 1, 1, 1))["results"][0]["locations"][0]  # noqa: S108 - nothing is written there

    assert location["physicalLocation"]["artifactLocation"] == {"uri": "file:///tmp/a%20b.yaml"}


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        pytest.param("", "c129715d7a2bc9a3:1", id="an empty file"),
        pytest.param(
            " a\nb\n  \t\tc\n d",
            "271789c17abda88f:1 54703d4cd895b18:1 180aee12dab6264:1 a23a3dc5e078b07b:1",
            id="codeql-action's own test",
        ),
    ],
)
def test_line_hashes(content: str, expected: str) -> None:
    for ends in ("\n", "\r", "\r\n"):
        assert line_hashes(content.replace("\n", ends)) == expected.split()


def rolling(content: str) -> list[str]:
    """The algorithm of codeql-action, step by step."""
    window, numbers, found, counts = [0] * 100, [-1] * 100, {}, dict[str, int]()
    value = index = line = 0
    line_start, after_cr = True, False

    def put() -> None:
        counts[f"{value:x}"] = counts.get(f"{value:x}", 0) + 1
        found[numbers[index]] = f"{value:x}:{counts[f'{value:x}']}"
        numbers[index] = -1

    def update(unit: int) -> None:
        nonlocal value, index
        value = (37 * value + unit - 37**100 * window[index]) % 2**64
        window[index] = unit
        index = (index + 1) % 100

    encoded = content.encode("utf-16-le")
    for unit in [*(int.from_bytes(encoded[at : at + 2], "little") for at in range(0, len(encoded), 2)), 65535]:
        if unit in (9, 32) or (after_cr and unit == 10):
            after_cr = False
            continue
        after_cr = unit == 13
        if numbers[index] != -1:
            put()
        if line_start:
            line_start = False
            line += 1
            numbers[index] = line
        line_start = unit in (10, 13)
        update(10 if unit == 13 else unit)
    for _ in range(100):
        if numbers[index] != -1:
            put()
        update(0)
    return [found[number] for number in sorted(found)]


@given(st.text(st.sampled_from("ab \t\n\r😀") | st.characters(exclude_categories=["Cs"]), max_size=400))
def test_line_hashes_roll_as_codeql_actions_do(content: str) -> None:
    assert line_hashes(content) == rolling(content)


def test_github() -> None:
    assert text(Format.GITHUB, CLEAN) == ""
    assert text(Format.GITHUB, MIXED).splitlines() == [
        "::error file=z.yaml,line=2,title=api-type::no (NetworkPolicy web)",
        "::error file=z.yaml,title=file-unreadable::not a file",
        (
            "::warning file=deploy/netpol.yaml,line=2,endLine=2,col=6,endColumn=9,title=netpol-selects-no-pod"
            "::podSelector app=wbe matches no pod (did you mean `web`?) (NetworkPolicy web)"
        ),
        "::notice file=z.yaml,line=2,endLine=2,col=6,endColumn=6,title=template-skipped::no (NetworkPolicy web)",
    ]


def test_junit() -> None:
    clean = xml(text(Format.JUNIT, CLEAN))
    assert (clean.get("tests"), clean.get("failures")) == ("1", "0")
    assert [len(case) for case in clean.iter("testcase")] == [0]

    mixed = xml(text(Format.JUNIT, MIXED))
    assert (mixed.get("tests"), mixed.get("failures")) == ("4", "3")
    assert [suite.get("name") for suite in mixed] == ["z.yaml", "deploy/netpol.yaml"]
    assert [[each.tag for each in case] for case in mixed.iter("testcase")] == [
        ["system-out"],
        ["failure"],
        ["failure"],
        ["failure"],
    ]
    names = [case.get("name") for case in mixed.iter("testcase")]
    assert names == ["template-skipped 2:6", "api-type 2:6", "file-unreadable", "netpol-selects-no-pod 2:6"]


def test_junit_has_a_case_for_each_file() -> None:
    skipped = (Skipped("values.yaml", None, "not a Kubernetes object"), Skipped("web.yaml", 1, "template"))
    files = ("web.yaml", "z.yaml", "values.yaml", "more.yaml")
    found = xml("".join(lines(Format.JUNIT, Report((ERROR,), skipped, 4, 4, 3), Style(files=files))))

    assert [suite.get("name") for suite in found] == list(files)
    assert [found.get(each) for each in ("tests", "failures", "skipped")] == ["4", "1", "2"]
    assert [[suite.get(each) for each in ("tests", "failures", "skipped")] for suite in found] == [
        ["1", "0", "1"],
        ["1", "1", "0"],
        ["1", "0", "1"],
        ["1", "0", "0"],
    ]
    cases = list(found.iter("testcase"))
    assert [case.get("name") for case in cases] == ["web.yaml", "api-type 2:6", "values.yaml", "more.yaml"]
    assert [[each.tag for each in case] for case in cases] == [["skipped"], ["failure"], ["skipped"], []]
    assert cases[2][0].get("message") == "not a Kubernetes object"


def test_checkstyle() -> None:
    assert len(xml(text(Format.CHECKSTYLE, CLEAN))) == 0
    error = xml(text(Format.CHECKSTYLE, Report((WARNING,), (), 1, 1, 1)))[0][0]
    assert error.attrib == {
        "line": "2",
        "column": "6",
        "severity": "warning",
        "message": "podSelector app=wbe matches no pod (did you mean `web`?)",
        "source": "k8snetlint.netpol-selects-no-pod",
    }


def test_gitlab() -> None:
    assert json.loads(text(Format.GITLAB, CLEAN)) == []
    found = json.loads(text(Format.GITLAB, MIXED))
    assert [each["severity"] for each in found] == ["info", "major", "critical", "critical"]
    assert len({each["fingerprint"] for each in found}) == len(found)
    assert found[1]["location"] == {"path": "deploy/netpol.yaml", "lines": {"begin": 2}}
    assert found[3]["location"]["lines"] == {"begin": 1}


def test_rdjson() -> None:
    assert json.loads(text(Format.RDJSON, CLEAN)) == {"source": {"name": "k8snetlint"}, "diagnostics": []}
    _, warning, several_lines, file = json.loads(text(Format.RDJSON, MIXED))["diagnostics"]
    # é is two bytes, the emoji four.
    span = {"start": {"line": 2, "column": 10}, "end": {"line": 2, "column": 13}}
    assert warning["location"] == {"path": "deploy/netpol.yaml", "range": span}
    assert warning["severity"] == "WARNING"
    assert warning["relatedLocations"][0]["location"]["range"]["end"] == {"line": 21, "column": 6}
    assert several_lines["location"]["range"]["end"] == {"line": 4, "column": 1}
    assert file["location"] == {"path": "z.yaml"}


def test_json_lines() -> None:
    for report in (CLEAN, Report((WARNING,), (), 1, 1, 1), MIXED):
        whole = json.loads(text(Format.JSON, report))
        *found, end = map(json.loads, text(Format.JSON_LINES, report).splitlines())
        assert found == whole["findings"]
        assert end == {name: whole[name] for name in ("version", "tool", "summary")}


def test_markdown() -> None:
    assert text(Format.MARKDOWN, CLEAN) == "### k8snetlint\n\nNo problems in 1 file (1 object).\n"
    rows = text(Format.MARKDOWN, Report((WARNING,), (), 1, 1, 1)).splitlines()[-1:]
    assert rows == [
        (
            "| warning | <code>deploy/netpol.yaml&#58;2&#58;6</code> | podSelector app=wbe matches no pod "
            "(did you mean &#96;web&#96;?) (NetworkPolicy web) | "
            f"[`netpol-selects-no-pod`]({SITE}rules/netpol-selects-no-pod/) |"
        )
    ]


def test_markdown_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("k8snetlint.report.markdown.LIMIT", 1)
    assert text(Format.MARKDOWN, MIXED).endswith(f"| [`api-type`]({page_url('api-type')}) |\n\n3 findings more.\n")


def test_markdown_fits_into_the_summary_of_a_job() -> None:
    long = WARNING._replace(message="@" * 10_000)
    printed = text(Format.MARKDOWN, Report((long,) * 900, (), 1, 1, 1))

    assert 900_000 < len(printed.encode()) < 1024 * 1024
    written = printed.count("| warning |")
    assert printed.endswith(f"\n\n{900 - written} findings more.\n")


def test_grouped() -> None:
    assert text(Format.GROUPED, CLEAN) == "No problems in 1 file (1 object).\n"
    assert text(Format.GROUPED, MIXED).splitlines() == [
        "z.yaml",
        "  2:6  error  api-type         no (NetworkPolicy web)",
        "  -    error  file-unreadable  not a file",
        "",
        "deploy/netpol.yaml",
        "  2:6  warning  netpol-selects-no-pod  podSelector app=wbe matches no pod (NetworkPolicy web)",
        "",
        "info template-skipped at z.yaml:2: no (NetworkPolicy web)".removesuffix(" (NetworkPolicy web)"),
        "Found 2 errors, 1 warning in 2 of 3 files (3 objects), 1 info hidden (--show info).",
    ]


def test_paths_start_at_the_root_of_the_repository(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)  # noqa: S607 - any git will do
    (tmp_path / "sub").mkdir()
    manifest = "apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {ports: [{port: x}]}\n"
    (tmp_path / "sub" / "a b.yaml").write_text(manifest, encoding="utf-8")
    monkeypatch.chdir(tmp_path / "sub")

    assert run(["check", "-f", "sarif", "."]) == 1
    log = json.loads(capsysbinary.readouterr().out)
    Draft4Validator(SCHEMA).validate(log)
    result = log["runs"][0]["results"][0]
    physical = result["locations"][0]["physicalLocation"]
    assert physical["artifactLocation"]["uri"] == "sub/a%20b.yaml"
    line = physical["region"]["startLine"]
    assert result["partialFingerprints"]["primaryLocationLineHash"] == line_hashes(manifest)[line - 1]

    assert run(["check", "-f", "github", str(tmp_path / "sub")]) == 1
    assert capsysbinary.readouterr().out.startswith(b"::error file=sub/a b.yaml,line=4,")
