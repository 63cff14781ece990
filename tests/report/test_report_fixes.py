"""Fixes in reports: who reads one can make it, whatever it counts in."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft4Validator, Draft202012Validator

from k8snetlint.edit.change import Edit
from k8snetlint.finding import Finding, Location, Report, Severity, TextFix
from k8snetlint.report import lines
from k8snetlint.report.style import Format, Style, Tree
from k8snetlint.validation.schemas import folder

SARIF = json.loads((Path(__file__).parents[1] / "data" / "sarif-2.1.0-rtm.5.json").read_text(encoding="utf-8"))
SCHEMA = json.loads((folder() / "report.json").read_text(encoding="utf-8"))
START, END = Location(1, 1, 0), Location(1, 2, 1)
NONE = Finding(
    "netpol-deny-all", Severity.WARNING, "no", "a.yaml", 0, None, None, START, END, lines=("a",), fingerprint="0" * 16
)
TITLE = "write policyTypes [Ingress]"
SAFE = NONE._replace(fix=TextFix(TITLE, safe=True, edits=(Edit(1, 2, "x"),)))
UNSAFE = NONE._replace(fix=TextFix(TITLE, safe=False, edits=(Edit(1, 2, "x"),)))
FOLDED = SAFE._replace(severity=Severity.INFO)


def text(output_format: Format, *findings: Finding, **style: Any) -> str:
    return "".join(lines(output_format, Report(findings, (), 1, 1, 1), Style(**style)))


def tree(content: str | None) -> Tree:
    return Tree(decoded=lambda _: content)


def test_full() -> None:
    assert text(Format.FULL, SAFE, UNSAFE._replace(help="did you mean `b`?")).splitlines() == [
        "warning[netpol-deny-all]: no  [*]",
        "  --> a.yaml:1:1",
        "   |",
        " 1 | a",
        "   | ^",
        "   |",
        "  = fix: write policyTypes [Ingress]",
        "  = see: k8snetlint rule netpol-deny-all",
        "",
        "warning[netpol-deny-all]: no",
        "  --> a.yaml:1:1",
        "   |",
        " 1 | a",
        "   | ^",
        "   |",
        "  = help: did you mean `b`?",
        "  = fix: write policyTypes [Ingress] (unsafe)",
        "",
        "Found 2 warnings in 1 file (1 object).  [*] 1 fixable with --fix, 1 more with --unsafe-fixes.",
    ]


def test_a_title_is_escaped() -> None:
    hostile = NONE._replace(fix=TextFix("a\x1b\n::b", safe=True, edits=()))

    assert r"  = fix: a\x1b\n::b" in text(Format.FULL, hostile).splitlines()


def test_concise_and_grouped() -> None:
    assert text(Format.CONCISE, SAFE, UNSAFE, quiet=True).splitlines() == [
        "a.yaml:1:1: warning netpol-deny-all [*] no",
        "a.yaml:1:1: warning netpol-deny-all no",
    ]
    assert text(Format.GROUPED, SAFE, UNSAFE, quiet=True).splitlines() == [
        "a.yaml",
        "  1:1  warning  netpol-deny-all  [*] no",
        "  1:1  warning  netpol-deny-all  no",
        "",
    ]


@pytest.mark.parametrize(
    ("findings", "unsafe_fixes", "said"),
    [
        pytest.param((NONE,), False, "", id="nothing to say"),
        pytest.param((SAFE, NONE), False, "  [*] 1 fixable with --fix.", id="safe"),
        pytest.param((UNSAFE, NONE), False, "  1 fixable with --fix --unsafe-fixes.", id="unsafe"),
        pytest.param((SAFE, UNSAFE), True, "  [*] 2 fixable with --fix.", id="unsafe ones are wanted"),
        pytest.param((SAFE, FOLDED), False, "  [*] 2 fixable with --fix.", id="folded ones are fixed, too"),
    ],
)
def test_the_summary_counts(findings: tuple[Finding, ...], unsafe_fixes: bool, said: str) -> None:  # noqa: FBT001 - a column
    for output_format in (Format.FULL, Format.CONCISE, Format.GROUPED):
        last = text(output_format, *findings, unsafe_fixes=unsafe_fixes).splitlines()[-1]
        assert last.partition(".")[2] == said


def test_unsafe_fixes_are_marked_where_they_are_wanted() -> None:
    assert text(Format.CONCISE, UNSAFE, unsafe_fixes=True).startswith("a.yaml:1:1: warning netpol-deny-all [*] no\n")


def test_markdown_counts_them() -> None:
    assert "1 fixable with --fix." in text(Format.MARKDOWN, SAFE)


def test_json() -> None:
    read = json.loads(text(Format.JSON, SAFE, UNSAFE, tree=tree("a\nb")))
    Draft202012Validator(SCHEMA).validate(read)

    edit = {
        "start": {"line": 1, "column": 2, "offset": 1},
        "end": {"line": 2, "column": 1, "offset": 2},
        "text": "x",
    }
    fix = {"title": TITLE, "safe": True, "edits": [edit]}
    assert [each["fixes"] for each in read["findings"]] == [[fix], [{**fix, "safe": False}]]
    assert read["summary"]["fixable"] == 1


def test_sarif() -> None:
    log = json.loads(text(Format.SARIF, SAFE, UNSAFE, NONE, tree=tree("a\nb")))
    Draft4Validator(SARIF).validate(log)
    safe, unsafe, none = log["runs"][0]["results"]

    region = {"startLine": 1, "startColumn": 2, "endLine": 2, "endColumn": 1}
    change = {
        "artifactLocation": {"uri": "a.yaml", "uriBaseId": "%SRCROOT%"},
        "replacements": [{"deletedRegion": region, "insertedContent": {"text": "x"}}],
    }
    assert safe["fixes"] == [{"description": {"text": TITLE}, "artifactChanges": [change]}]
    assert unsafe["fixes"][0]["description"]["text"] == f"{TITLE} (unsafe)"
    assert "fixes" not in none


def test_what_only_goes_has_no_content_in_sarif() -> None:
    gone = NONE._replace(fix=TextFix(TITLE, safe=True, edits=(Edit(0, 1, ""),)))
    log = json.loads(text(Format.SARIF, gone, tree=tree("a\nb")))
    Draft4Validator(SARIF).validate(log)

    [replaced] = log["runs"][0]["results"][0]["fixes"][0]["artifactChanges"][0]["replacements"]
    assert replaced == {"deletedRegion": {"startLine": 1, "startColumn": 1, "endLine": 1, "endColumn": 2}}


@pytest.mark.parametrize(
    "given_tree",
    [
        pytest.param(Tree(), id="the file is gone"),
        pytest.param(tree("a"), id="the file is shorter by now"),
        pytest.param(Tree(lambda _: "\ufffd\ufffda\0\n\0"), id="only bytes of UTF-16 are at hand"),
    ],
)
def test_a_fix_of_another_text_is_none(given_tree: Tree) -> None:
    assert json.loads(text(Format.JSON, SAFE, tree=given_tree))["findings"][0]["fixes"] == []
    assert "suggestions" not in json.loads(text(Format.RDJSON, SAFE, tree=given_tree))["diagnostics"][0]
    assert "fixes" not in json.loads(text(Format.SARIF, SAFE, tree=given_tree))["runs"][0]["results"][0]


def test_a_byte_order_mark_does_not_count() -> None:
    for given_tree in (Tree(lambda _: "\ufeffab"), Tree(lambda _: "other", decoded=lambda _: "ab")):
        [edit] = json.loads(text(Format.JSON, SAFE, tree=given_tree))["findings"][0]["fixes"][0]["edits"]
        assert edit["start"] == {"line": 1, "column": 2, "offset": 1}


CONTENT = st.text(st.sampled_from("ab\t\n\ré名😀") | st.characters(exclude_categories=["Cs"]), max_size=40)


@st.composite
def fixed(draw: st.DrawFn) -> tuple[str, Finding]:
    """A text, and a finding with a fix of it."""
    content = draw(CONTENT)
    places = sorted(draw(st.lists(st.integers(0, len(content)), min_size=2, max_size=6)))
    spans = zip(places[::2], places[1::2], strict=False)
    edits = tuple(Edit(start, end, draw(CONTENT)) for start, end in spans)
    return content, NONE._replace(fix=TextFix(TITLE, safe=True, edits=edits))


def result(content: str, edits: tuple[Edit, ...]) -> str:
    for start, end, inserted in reversed(edits):
        content = content[:start] + inserted + content[end:]
    return content


def line_starts(content: str) -> list[int]:
    ends = [
        number
        for number, each in enumerate(content, 1)
        if each == "\n" or (each == "\r" and content[number : number + 1] != "\n")
    ]
    return [0, *ends]


@given(fixed())
def test_lines_and_columns_say_what_offsets_say(drawn: tuple[str, Finding]) -> None:
    content, finding = drawn
    assert finding.fix
    starts = line_starts(content)
    read = json.loads(text(Format.JSON, finding, tree=tree(content)))
    Draft202012Validator(SCHEMA).validate(read)
    log = json.loads(text(Format.SARIF, finding, tree=tree(content)))
    Draft4Validator(SARIF).validate(log)

    [fix] = read["findings"][0]["fixes"]
    for edit in fix["edits"]:
        for point in (edit["start"], edit["end"]):
            assert starts[point["line"] - 1] + point["column"] - 1 == point["offset"]
    read_back = tuple(Edit(each["start"]["offset"], each["end"]["offset"], each["text"]) for each in fix["edits"])
    assert read_back == finding.fix.edits

    [change] = log["runs"][0]["results"][0]["fixes"][0]["artifactChanges"]
    regions = [(each["deletedRegion"], each.get("insertedContent", {"text": ""})) for each in change["replacements"]]
    replaced = tuple(
        Edit(
            starts[region["startLine"] - 1] + region["startColumn"] - 1,
            starts[region["endLine"] - 1] + region["endColumn"] - 1,
            inserted["text"],
        )
        for region, inserted in regions
    )
    assert result(content, replaced) == result(content, finding.fix.edits)


@given(fixed())
def test_columns_of_rdjson_are_bytes(drawn: tuple[str, Finding]) -> None:
    content, finding = drawn
    assert finding.fix
    starts = [len(content[:start].encode()) for start in line_starts(content)]
    [diagnostic] = json.loads(text(Format.RDJSON, finding, tree=tree(content)))["diagnostics"]

    changed = content.encode()
    for suggestion in reversed(diagnostic["suggestions"]):
        start, end = (
            starts[point["line"] - 1] + point["column"] - 1
            for point in (suggestion["range"]["start"], suggestion["range"]["end"])
        )
        changed = changed[:start] + suggestion["text"].encode() + changed[end:]
    assert changed.decode() == result(content, finding.fix.edits)
