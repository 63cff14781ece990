"""Real manifests: nothing fails, what is wrong is found, and what is right is left alone."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from k8snetlint import Config, Report, Severity, Source, lint
from k8snetlint.source.files import find
from k8snetlint.validation.exact import answers, read
from k8snetlint.validation.server import Server

CORPUS = os.environ.get("K8SNETLINT_CORPUS", "")
pytestmark = pytest.mark.skipif(not CORPUS, reason="K8SNETLINT_CORPUS names no folder of manifests")
BUILT = {
    *("api-removed-version", "api-unknown-field", "api-not-supported", "api-duplicate-key", "yaml-syntax"),
    "ingress-regex-under-prefix",
}
"""The ids of known mistakes that are found so far; the others wait for their rules."""


def table(name: str) -> list[dict[str, Any]]:
    if not CORPUS:
        return []
    return [json.loads(line) for line in (Path(CORPUS) / name).read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="module")
def report() -> Report:
    return lint(find([CORPUS]).sources, Config())


def test_no_rule_fails_and_every_file_is_read(report: Report) -> None:
    failed = [finding for finding in report.findings if finding.id in ("internal-error", "file-unreadable")]

    assert failed == []
    assert report.files > 1_400
    assert report.objects > 1_800


@pytest.mark.parametrize("row", [row for row in table("known-mistakes.jsonl") if row["rule"] in BUILT])
def test_a_known_mistake_is_found_at_its_line(report: Report, row: dict[str, Any]) -> None:
    found = {
        (finding.id, finding.start.line) for finding in report.findings if finding.path.endswith(f"/{row['path']}")
    }

    assert (row["rule"], row["line"]) in found


@pytest.mark.parametrize("row", table("tricky-but-correct.jsonl"))
def test_what_is_right_is_not_accused(report: Report, row: dict[str, Any]) -> None:
    accused = [
        finding
        for finding in report.findings
        if finding.path.endswith(f"/{row['path']}") and finding.severity > Severity.INFO
    ]

    assert accused == []


def test_the_api_server_says_the_same() -> None:
    """Accepted or rejected, and the fields and error types, document by document."""
    server = Server(service_cidrs=("10.96.0.0/12",), ip_families=("IPv4",), service_accounts=False)
    rows: dict[str, list[dict[str, Any]]] = {}
    for row in table("verdicts.jsonl"):
        rows.setdefault(row["file"], []).append(row)
    assert sum(map(len, rows.values())) > 500
    for name, expected in rows.items():
        source = Source.of(name, (Path(CORPUS) / name).read_bytes())
        said: dict[int, list[Any]] = {}
        for answer in answers(read(source), server):
            said.setdefault(answer.document.index, []).append(answer)
        for row in expected:
            answer = said[row["doc"]].pop(0)
            theirs = {(each["field"], each["type"]) for each in row["errors"]}
            assert {(each.field, each.type) for each in answer.causes} == theirs, (name, row["doc"])
            assert answer.accepted is row["accepted"], (name, row["doc"])


def test_what_the_server_rejects_for_its_structure_is_found(report: Report) -> None:
    """The verdicts of a real API server: wrong types, unknown fields, duplicate keys and kinds that are not served."""
    from k8snetlint.source.templates import is_placeholder

    structural = {"TypeError", "UnknownField", "DuplicateKey", "DuplicateField", "NoMatch", "ParseError"}
    skipped = {(skip.path, skip.document) for skip in report.skipped}
    files = {finding.path for finding in report.findings if finding.severity is Severity.ERROR}
    wanted = {
        f"{CORPUS}/{row['file']}"
        for row in table("verdicts.jsonl")
        if any(error["type"] in structural for error in row["errors"])
    }
    missed = {path for path in wanted - files if not any(path == skip for skip, _ in skipped)}

    assert {path for path in missed if not is_placeholder(Path(path).read_text(encoding="utf-8"))} == set()


def test_no_document_that_the_server_accepts_is_an_error(report: Report) -> None:
    accepted = {(f"{CORPUS}/{row['file']}", row["doc"]) for row in table("verdicts.jsonl") if row["accepted"]}
    errors = {
        (finding.path, finding.document)
        for finding in report.findings
        if finding.severity is Severity.ERROR and finding.id.startswith(("api-", "yaml-"))
    }

    assert errors & accepted == set()
