"""Whatever manifests and file names hold, a report stays a report."""

from __future__ import annotations

import json
import re
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft4Validator
from markdown_it import MarkdownIt

from k8snetlint.edit.change import Edit
from k8snetlint.finding import Finding, Location, ObjectName, Related, Report, Severity, Skipped, Suppressed, TextFix
from k8snetlint.report import lines
from k8snetlint.report.style import Format, Style, Tree
from k8snetlint.source.escape import escape
from k8snetlint.website import page_url

SCHEMA = json.loads((Path(__file__).parents[1] / "data" / "sarif-2.1.0-rtm.5.json").read_text(encoding="utf-8"))
NEW = [each for each in Format if each not in (Format.FULL, Format.CONCISE, Format.JSON)]
XML = (Format.JUNIT, Format.CHECKSTYLE)
START, END = Location(2, 6, 9), Location(2, 9, 12)
TRICKS = (
    "a @user #12 !3 ::error:: ##[error] ]]> <img/src=x> | ` \\ [x](http://x) www.x.org , % %0A : & &lt; _b_ $x$ GH-1",
    "\n \r \x1b[31m \x00 \u202e \x85 \u2028 \ufffe \udcff \ud800 😀",
    "<!-- --> </code> ![i](//x) ``` | --- <script> | || a@b.org --- + - 1. *",
)
HOSTILE = st.text(st.characters(), max_size=20) | st.lists(st.sampled_from(" ".join(TRICKS).split(" "))).map("".join)


def hostile(any_text: str, path: str) -> Report:
    finding = Finding(
        id="netpol-selects-no-pod",
        severity=Severity.WARNING,
        message=any_text,
        path=path,
        document=0,
        object=ObjectName("v1", "Service", any_text, any_text),
        field=any_text,
        start=START,
        end=END,
        related=(Related(path, START, END, any_text, (any_text,)),),
        lines=(any_text,),
        help=any_text,
        fingerprint="0123456789abcdef",
        fix=TextFix(any_text, False, (Edit(1, 3, any_text),)),  # noqa: FBT003 - unsafe
    )
    skipped = (Skipped(path + "x", None, any_text),)
    accepted = (Suppressed(finding, "comment", any_text),)
    findings = (finding, finding._replace(severity=Severity.INFO))
    return Report(findings, skipped, 1, 1, 1, suppressed=accepted)


def text(style: Format, report: Report) -> str:
    files = (report.findings[0].path, report.findings[0].path + "x", report.findings[0].message)
    return "".join(lines(style, report, Style(tree=Tree(lambda _: "kind: x\né: y\n"), files=files)))


def xml(printed: str) -> ET.Element:
    return ET.fromstring(printed)  # noqa: S314 - the report is ours


def sarif(report: Report) -> Any:
    log = json.loads(text(Format.SARIF, report))
    Draft4Validator(SCHEMA).validate(log)
    return log["runs"][0]


@pytest.mark.parametrize("style", NEW)
@given(any_text=HOSTILE, path=HOSTILE)
def test_hostile_text_is_harmless(style: Format, any_text: str, path: str) -> None:
    printed = text(style, hostile(any_text, path))

    assert printed.encode()
    assert printed.replace("\n", "").isprintable()
    assert "##[" not in printed
    if style is not Format.GITHUB:
        assert not any(line.lstrip().startswith("::") for line in printed.split("\n"))


@pytest.mark.parametrize("style", XML)
@given(any_text=HOSTILE, path=HOSTILE)
def test_hostile_text_comes_back_from_xml(style: Format, any_text: str, path: str) -> None:
    root = xml(text(style, hostile(any_text, path)))

    said = escape(f"{any_text} ({any_text})" if any_text else "")
    assert any(said in each.attrib.get("message", "") for each in root.iter())
    assert any(escape(path) in each.attrib.values() for each in root.iter())


@given(any_text=HOSTILE, path=HOSTILE)
def test_sarif_is_valid_whatever_manifests_say(any_text: str, path: str) -> None:
    result = sarif(hostile(any_text, path))["results"][0]

    uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert re.fullmatch(r"[!-~]*", uri)
    if path.isprintable():
        assert unquote(uri.removeprefix("file://")) == path
    assert not re.search(r"(?<!\\)\]\(", result["message"]["text"])


@given(any_text=HOSTILE, path=HOSTILE)
def test_a_finding_is_one_workflow_command(any_text: str, path: str) -> None:
    printed = text(Format.GITHUB, hostile(any_text, path)).splitlines()

    assert len(printed) == 2
    found = re.fullmatch(r"::(?:warning|notice) ([^:]*)::(.*)", printed[0])
    assert found
    properties = dict(each.split("=", 1) for each in found[1].split(","))
    assert list(properties) == ["file", "line", "endLine", "col", "endColumn", "title"]
    assert unquote(properties["file"]) == escape(path)
    assert not re.search(r"%(?!25)", found[2])


@given(any_text=HOSTILE)
def test_markdown_shows_text_and_nothing_else(any_text: str) -> None:
    from k8snetlint.report.markdown import plain

    shown = plain(escape(any_text))

    assert unescape(shown).replace("\u200b", "") == escape(any_text)
    assert not re.search(r"[`*_\[\]<>|~@!:$\\]|&(?!#\d+;)|#(?!\d+;)", shown)
    assert not re.search(r"[@#]\w|GH-\d", unescape(shown), re.ASCII)


class Tags(HTMLParser):
    """The elements of an HTML text, and what stands in those of a kind."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, list[tuple[str, str | None]]]] = []
        self.cells: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, attrs))
        if tag in ("td", "th"):
            self.cells.append("")

    def handle_data(self, data: str) -> None:
        if self.cells:
            self.cells[-1] += data


@given(any_text=HOSTILE, path=HOSTILE)
def test_markdown_is_a_heading_a_sentence_and_a_table(any_text: str, path: str) -> None:
    rendered = MarkdownIt("commonmark").enable("table").render(text(Format.MARKDOWN, hostile(any_text, path)))
    tags = Tags()
    tags.feed(rendered)
    tags.close()

    row = ["tr", "td", "td", "code", "td", "td", "a", "code"]
    head = ["h3", "p", "table", "thead", "tr", *["th"] * 4, "tbody"]
    assert [name for name, _ in tags.found] == [*head, *row, *row]
    attributes = [attribute for _, each in tags.found for attribute in each]
    assert attributes == [("href", page_url("netpol-selects-no-pod"))] * 2
    where, what = (each.replace("\u200b", "").rstrip("\n") for each in tags.cells[5:7])
    assert where == f"{escape(path)}:2:6"
    said = escape(f"{any_text} ({any_text})" if any_text else "")
    assert what.strip(" ").startswith(said.strip(" "))


@given(any_text=HOSTILE, path=HOSTILE)
def test_gitlab_tells_findings_apart(any_text: str, path: str) -> None:
    report = hostile(any_text, path)
    found = json.loads(text(Format.GITLAB, report._replace(findings=report.findings * 3)))

    assert len({each["fingerprint"] for each in found}) == len(found) == 6
    assert {each["severity"] for each in found} <= {"info", "minor", "major", "critical"}
    for each in found:
        assert each["location"] == {"path": escape(path), "lines": {"begin": 2}}
        assert each["description"] == escape(f"{any_text} ({any_text})" if any_text else "")


@given(any_text=HOSTILE, path=HOSTILE)
def test_what_is_inserted_is_never_changed(any_text: str, path: str) -> None:
    report = hostile(any_text, path)
    [replaced] = sarif(report)["results"][0]["fixes"][0]["artifactChanges"][0]["replacements"]
    [suggested] = json.loads(text(Format.RDJSON, report))["diagnostics"][0]["suggestions"]
    [edit] = json.loads(text(Format.JSON, report))["findings"][0]["fixes"][0]["edits"]

    for inserted in (replaced.get("insertedContent", {"text": ""})["text"], suggested["text"], edit["text"]):
        # Half a surrogate pair stands in no file.
        if not re.search("[\ud800-\udfff]", any_text):
            assert inserted == any_text


@given(any_text=HOSTILE, path=HOSTILE)
def test_statistics_and_what_is_suppressed_hold_no_control_characters(any_text: str, path: str) -> None:
    from k8snetlint.report.statistics import statistics
    from k8snetlint.report.verbose import suppressed_lines

    report = hostile(any_text, path)
    assert all(line.rstrip("\n").isprintable() for line in statistics(report, Style()))
    for line in suppressed_lines(report):
        assert line.isprintable()
        assert "##[" not in line
