from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from compare import RawProblem

BENCH = Path(__file__).resolve().parents[2] / "bench"
KUBECONFORM = {
    "resources": [
        {
            "filename": "a.yaml",
            "msg": "problem validating schema. Check JSON formatting: jsonschema validation failed with "
            "'file:///s.json#' - at '/spec': additional properties 'policyType' not allowed",
        },
        {
            "filename": "b.yaml",
            "msg": "error unmarshalling resource: error converting YAML to JSON: yaml: unmarshal errors:\n"
            '  line 19: key "selector" already set in map',
        },
    ]
}
KUBE_SCORE = [
    {
        "file_name": "a.yaml",
        "object_name": "web",
        "checks": [
            {"check": {"name": "Good"}, "skipped": False, "grade": 10, "comments": None},
            {"check": {"name": "Skipped"}, "skipped": True, "grade": 0, "comments": None},
            {"check": {"name": "Service Type"}, "skipped": False, "grade": 5, "comments": None},
        ],
    },
    {"file_name": "a.yaml", "object_name": "none", "checks": None},
]
CHECKOV = {
    "results": {
        "failed_checks": [{"check_id": "CKV_1", "file_path": "a.yaml", "resource": "Pod.a"}],
        "parsing_errors": ["b"],
    }
}


@pytest.fixture(autouse=True)
def _path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(BENCH)


def words(said: list[RawProblem]) -> list[str]:
    return [each.words for each in said]


def test_a_rule_that_failed_is_no_finding() -> None:
    from compare import k8snetlint

    failed = {"findings": [{"path": "a.yaml", "id": "internal-error", "message": "a rule failed"}]}

    with pytest.raises(SystemExit, match=r"a\.yaml: a rule failed"):
        k8snetlint(json.dumps(failed), "")


def test_kubeconform_is_quoted_by_its_reason() -> None:
    from compare import kubeconform

    assert words(kubeconform(json.dumps(KUBECONFORM), "")) == [
        "invalid: at /spec: additional properties policyType not allowed",
        'invalid: key "selector" already set in map',
    ]


def test_kube_score_is_quoted_by_the_checks_that_fail() -> None:
    from compare import kube_score

    assert words(kube_score(json.dumps(KUBE_SCORE), "")) == ["Service Type"]


def test_kube_score_that_stops_at_a_file_says_why() -> None:
    from compare import kube_score

    stopped = kube_score("", "Failed to score files: Failed to parse /v1, Kind=Service: err=json: no list\n")

    assert words(stopped) == ["stops reading: json: no list"]


def test_yamllint_says_the_same_wherever_the_line_is() -> None:
    from compare import yamllint

    assert yamllint("a.yaml:3:1: [error] b\n", "") == yamllint("a.yaml:4:1: [error] b\n", "")


def test_checkov_is_quoted_by_its_checks_and_what_it_cannot_parse() -> None:
    from compare import checkov

    assert words(checkov(json.dumps(CHECKOV), "")) == ["CKV_1", "cannot parse the file"]
    assert words(checkov(json.dumps([CHECKOV]), "")) == ["CKV_1", "cannot parse the file"]


def test_a_cell_holds_what_is_said_only_afterwards() -> None:
    from compare import RawProblem, cell

    old, new, other = RawProblem("old", "a"), RawProblem("new", "a"), RawProblem("old", "b")

    assert cell(Counter([old]), Counter([old, new])) == "new"
    assert cell(Counter([old]), Counter([old, other])) == "old"
    assert cell(Counter([old]), Counter([old])) == "-"


def test_the_page_has_a_place_for_the_table() -> None:
    from compare import BEGIN, END, PAGE

    page = PAGE.read_text(encoding="utf-8")

    assert page.count(BEGIN) == 1
    assert 0 < page.index(BEGIN) < page.index(END)


def test_a_tree_with_one_mistake_differs_in_one_file(tmp_path: Path) -> None:
    from compare import MISTAKES, SEED, SIZE, files, lay
    from generate import generate

    clean = generate(SIZE, SEED, 0)
    wrong = generate(SIZE, SEED, MISTAKES)
    lay(clean, tmp_path)

    assert {name for name, text in wrong.texts.items() if clean.texts[name] != text} == {
        each.path for each in wrong.planted
    }
    assert len(wrong.planted) == MISTAKES
    assert len(files(tmp_path)) == SIZE.files
