from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from k8snetlint.finding import (
    Finding,
    Location,
    ObjectName,
    Related,
    Report,
    Scope,
    Severity,
    Skipped,
    Unanswered,
    Unvalidated,
)
from k8snetlint.report import lines
from k8snetlint.report.style import Format, Style
from k8snetlint.validation.schemas import folder
from k8snetlint.website import page_url

SCHEMA = json.loads((folder() / "report.json").read_text(encoding="utf-8"))
FINDING = Finding(
    id="netpol-selects-no-pod",
    severity=Severity.WARNING,
    message="podSelector app=wbe matches no pod",
    path="deploy/netpol.yaml",
    document=0,
    object=ObjectName("networking.k8s.io/v1", "NetworkPolicy", None, "web"),
    field="spec.podSelector",
    start=Location(12, 7, 200),
    end=Location(12, 15, 208),
    related=(Related("web.yaml", Location(21, 9, 300), Location(21, 12, 303), "has app=web"),),
    lines=("      app: wbe",),
    help="did you mean `web`?",
    fingerprint="0123456789abcdef-2",
)
FILE = FINDING._replace(document=None, object=None, field=None, related=(), help="", id="file-unreadable")
SKIPPED = (Skipped("a.yaml", None, "not a Kubernetes object"), Skipped("b.yaml", 2, "template: render it first"))


def text(report: Report) -> str:
    return "".join(lines(Format.JSON, report, Style()))


def test_the_schema_is_a_schema() -> None:
    Draft202012Validator.check_schema(SCHEMA)


def test_everything_is_closed_and_described() -> None:
    def objects(schema: Any) -> list[dict[str, Any]]:
        if isinstance(schema, list):
            return [found for each in schema for found in objects(each)]
        if not isinstance(schema, dict):
            return []
        here = [schema] if "properties" in schema and isinstance(schema["properties"], dict) else []
        return here + [found for each in schema.values() for found in objects(each)]

    for each in objects(SCHEMA):
        assert each["additionalProperties"] is False
        assert set(each["required"]) == set(each["properties"])


SCOPES = (Scope("", 1, ()), Scope("overlays/prod", 1, ("overlays/prod takes in a remote base",)))
UNANSWERED = (Unanswered("a.yaml", 0, ObjectName("v1", "Service", None, "web"), "spec.selector", "nobody knows"),)


UNVALIDATED = (Unvalidated("a.yaml", 0, ObjectName("a.b/v1", "Widget", None, "w"), "no schema: nobody has one"),)


def test_scopes_and_open_questions() -> None:
    read = json.loads(text(Report((), (), 3, 3, 2, SCOPES, UNANSWERED)))

    assert (read["summary"]["scopes"], read["summary"]["partial"]) == (2, 1)
    assert read["scopes"][1] == {
        "name": "overlays/prod",
        "objects": 1,
        "doubts": ["overlays/prod takes in a remote base"],
    }
    assert read["unanswered"] == [
        {
            "path": "a.yaml",
            "document": 0,
            "object": {"apiVersion": "v1", "kind": "Service", "namespace": None, "name": "web"},
            "field": "spec.selector",
            "reason": "nobody knows",
        }
    ]


@pytest.mark.parametrize(
    "report",
    [
        pytest.param(Report((), (), 0, 0, 0), id="nothing"),
        pytest.param(Report((FINDING,), (), 1, 1, 1), id="a finding"),
        pytest.param(Report((FINDING, FILE), SKIPPED, 3, 3, 1), id="findings and skipped"),
        pytest.param(Report((), (), 3, 3, 2, SCOPES, UNANSWERED), id="scopes and questions"),
        pytest.param(Report((), (), 1, 1, 1, unvalidated=UNVALIDATED), id="a custom resource"),
    ],
)
def test_reports_fit_the_schema(report: Report) -> None:
    faults = [each.message for each in Draft202012Validator(SCHEMA).iter_errors(json.loads(text(report)))]

    assert faults == []


def test_json() -> None:
    read = json.loads(text(Report((FINDING, FILE), SKIPPED, 3, 4, 1)))
    assert read["summary"] == {
        "error": 0,
        "warning": 2,
        "info": 0,
        "files": 3,
        "documents": 4,
        "objects": 1,
        "skipped": 2,
        "templates": 1,
        "scopes": 0,
        "partial": 0,
        "fixable": 0,
        "suppressed": 0,
        "unvalidated": 0,
        "kubernetesVersions": [],
    }
    assert read["suppressed"] == []
    assert read["scopes"] == []
    assert read["unanswered"] == []
    assert read["unvalidated"] == []
    assert read["findings"][0] == {
        "id": "netpol-selects-no-pod",
        "severity": "warning",
        "message": "podSelector app=wbe matches no pod",
        "path": "deploy/netpol.yaml",
        "document": 0,
        "object": {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "namespace": None, "name": "web"},
        "field": "spec.podSelector",
        "start": {"line": 12, "column": 7, "offset": 200},
        "end": {"line": 12, "column": 15, "offset": 208},
        "related": [
            {
                "path": "web.yaml",
                "start": {"line": 21, "column": 9, "offset": 300},
                "end": {"line": 21, "column": 12, "offset": 303},
                "message": "has app=web",
            }
        ],
        "help": "did you mean `web`?",
        "fixes": [],
        "fingerprint": "0123456789abcdef-2",
        "url": page_url("netpol-selects-no-pod"),
    }
    assert read["findings"][1]["object"] is None
    assert read["skipped"][1] == {"path": "b.yaml", "document": 2, "reason": "template: render it first"}


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_comes_back(any_text: str) -> None:
    printed = text(Report((FINDING._replace(message=any_text),), (), 1, 1, 1))
    assert json.loads(printed)["findings"][0]["message"] == any_text
    assert printed.replace("\n", "").isprintable()
    assert "##[" not in printed


def test_file_names_that_are_no_text() -> None:
    printed = text(Report((FILE._replace(path="a\udcff\ud800.yaml"),), (), 1, 1, 1))
    assert json.loads(printed.encode())["findings"][0]["path"] == "a\\xff\ufffd.yaml"


def test_the_schema_is_shipped() -> None:
    assert Path(folder() / "report.json").is_file()
