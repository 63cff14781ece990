"""The command `explain`: what it prints, and its exit codes."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from manifests import deployment, namespace, policy, service, together

from k8snetlint.cli import EMPTY, FINDINGS, OK, USAGE, run
from k8snetlint.validation.schemas import folder

SCHEMA = json.loads(Path(folder(), "explain.json").read_text(encoding="utf-8"))
WEB = deployment("web", "app: web, tier: back")
DB = deployment("db", "app: db")
CLOSED = policy("app: db", peer="podSelector: {matchLabels: {app: web, tier: front}}", ports="{port: 5432}", name="db")


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    services = service("db", ports="{port: 80, targetPort: 5432}")
    Path("all.yaml").write_text(together(namespace("prod"), WEB, DB, services, CLOSED), encoding="utf-8")


def explain(capsys: pytest.CaptureFixture[str], question: str, *more: str, code: int = OK) -> str:
    assert run(["explain", *question.split(), "all.yaml", *more]) == code
    return capsys.readouterr().out


def test_a_denied_connection_shows_the_label_that_differs(capsys: pytest.CaptureFixture[str]) -> None:
    assert (
        explain(capsys, "prod/web prod/db:5432", "--whole-cluster")
        == """\
denied: prod/web to prod/db on TCP 5432

Egress of prod/web: allowed, no NetworkPolicy isolates it

Ingress of prod/db: denied, 1 NetworkPolicy isolates it, and no rule allows this
NetworkPolicy prod/db isolates it, and its rule does not allow it:
  --> all.yaml:38:66  NetworkPolicy prod/db  spec.ingress[0].from[0].podSelector.matchLabels.tier
   |
38 |   ingress: [{from: [{podSelector: {matchLabels: {app: web, tier: front}}}], ports: [{port: 5432}]}]
   |                                                                  ^^^^^ label tier expects front, the pod has back
   |
"""
    )


def test_a_rule_that_allows_is_cited_with_its_place(capsys: pytest.CaptureFixture[str]) -> None:
    Path("all.yaml").write_text(together(WEB, DB, policy("app: db", name="open")), encoding="utf-8")
    shown = explain(capsys, "prod/web prod/db:5432")

    assert shown.startswith("allowed: prod/web to prod/db on TCP 5432\n")
    assert "NetworkPolicy prod/open allows it\n  --> all.yaml:29:21  NetworkPolicy prod/open" in shown
    assert "\nAssumptions:\n- there are no other NetworkPolicies" in shown


def test_without_a_port_ports_are_listed_by_their_verdicts(capsys: pytest.CaptureFixture[str]) -> None:
    Path("all.yaml").write_text(together(WEB, DB, policy("app: db", ports="{port: 5432}")), encoding="utf-8")
    shown = explain(capsys, "prod/web prod/db")

    assert shown.startswith("prod/web to prod/db:\n  allowed: TCP 5432\n  denied: all other ports\n")


def test_a_service_says_which_port_policies_see(capsys: pytest.CaptureFixture[str]) -> None:
    shown = explain(capsys, "prod/web db.prod.svc:80")

    assert "on TCP 5432\n  = note: port 80/TCP of Service prod/db leads to TCP 5432 of its pods: " in shown


def test_a_plugin_that_enforces_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    shown = explain(capsys, "prod/web prod/db:5432", "--cni", "flannel")

    assert shown.startswith("allowed: ")
    assert "NetworkPolicy prod/db selects the destination for ingress, but flannel enforces none\n" in shown
    assert "Ingress of prod/db: allowed, the CNI plugin enforces no NetworkPolicies\n" in shown


def test_rules_that_are_never_evaluated_are_shown(capsys: pytest.CaptureFixture[str]) -> None:
    egress = policy("app: web", peer="podSelector: {}", direction="Egress").replace("[Egress]", "[Ingress]")
    Path("all.yaml").write_text(together(WEB, DB, egress), encoding="utf-8")
    shown = explain(capsys, "prod/web prod/db:80")

    assert shown.startswith("allowed: ")
    assert "NetworkPolicy prod/policy does not isolate it: policyTypes does not list Egress\n" in shown
    assert "^^^^^^ these rules are never evaluated\n" in shown
    (scope,) = _as_json(capsys, "prod/web prod/db:80")["scopes"]
    assert [each["name"] for each in scope["answers"][0]["egress"]["ignored"]] == ["policy"]


@pytest.mark.parametrize(
    ("question", "more", "code"),
    [
        pytest.param("prod/web prod/db:5432", "", OK, id="denied, and nothing expected"),
        pytest.param("prod/web prod/db:5432", "--expect deny", OK, id="denied as expected"),
        pytest.param("prod/web prod/db:5432", "--expect allow", FINDINGS, id="denied, against what was expected"),
        pytest.param("prod/db prod/web:80", "--expect allow", OK, id="allowed as expected"),
        pytest.param("prod/db prod/web:80", "--expect deny", FINDINGS, id="allowed, against what was expected"),
        pytest.param("prod/wbe prod/db", "", USAGE, id="no such workload"),
        pytest.param("prod/web/a/b prod/db", "", USAGE, id="no peer"),
        pytest.param("prod/web prod/db:http", "", USAGE, id="no such port"),
        pytest.param("10.0.0.1 10.0.0.2", "", USAGE, id="both ends outside"),
        pytest.param("prod/web prod/db", "--expect open", USAGE, id="no expectation"),
    ],
)
def test_exit_codes(question: str, more: str, code: int) -> None:
    for output in ("text", "json"):
        assert run(["explain", *question.split(), "all.yaml", *more.split(), "--format", output]) == code


def test_what_is_not_certain_meets_no_expectation(capsys: pytest.CaptureFixture[str]) -> None:
    everywhere = policy("app: db", peer="ipBlock: {cidr: 0.0.0.0/0}")
    Path("all.yaml").write_text(together(WEB, DB, everywhere), encoding="utf-8")

    for expected in ("allow", "deny"):
        shown = explain(capsys, "prod/web prod/db:80", "--expect", expected, code=FINDINGS)
        assert shown.startswith("depends: prod/web to prod/db on TCP 80\n  = depends: an ipBlock matches")
        assert shown.endswith(f"\nExpected {expected}: that is not so in every possible cluster.\n")
    explain(capsys, "prod/web prod/db:80", "--expect", "allow", "--cni", "calico")
    explain(capsys, "prod/web prod/db:80", "--expect", "deny", "--cni", "cilium")


def test_nothing_to_read(capsys: pytest.CaptureFixture[str]) -> None:
    Path("empty").mkdir()

    assert run(["explain", "web", "db", "empty"]) == EMPTY
    assert run(["explain", "web", "db", "empty", "--allow-empty"]) == OK
    assert run(["explain", "web", "db", "nowhere"]) == USAGE
    capsys.readouterr()


def test_a_file_that_cannot_be_parsed_is_an_error_and_an_assumption(capsys: pytest.CaptureFixture[str]) -> None:
    Path("broken.yaml").write_text("apiVersion: v1\nkind: [\n", encoding="utf-8")
    shown = explain(capsys, "prod/web prod/db", "broken.yaml", code=FINDINGS)

    assert "- broken.yaml: not valid YAML\n" in shown


def _as_json(capsys: pytest.CaptureFixture[str], question: str, *more: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(explain(capsys, question, "-f", "json", *more))
    jsonschema.validate(found, SCHEMA)
    return found


@pytest.mark.parametrize(
    "question",
    [
        "prod/web prod/db:5432",
        "internet prod/db",
        "any-namespace prod/db:80",
        "prod/web prod?app=db",
        "fd00::1 prod/db",
    ],
)
def test_json_fits_its_schema(capsys: pytest.CaptureFixture[str], question: str) -> None:
    found = _as_json(capsys, question)

    assert [found["from"], found["to"]] == question.split()
    assert found["expected"] is None


def test_json_names_the_condition_that_fails(capsys: pytest.CaptureFixture[str]) -> None:
    (scope,) = _as_json(capsys, "prod/web prod/db:5432", "--whole-cluster")["scopes"]
    (answer,) = scope["answers"]
    (rule,) = answer["ingress"]["policies"][0]["rules"]

    assert scope["complete"]
    assert answer["verdicts"] == [
        {"verdict": "denied", "ports": [{"protocol": "TCP", "first": 5432, "last": 5432}], "all": False}
    ]
    assert rule["distance"] == 1
    assert rule["lacks"] == [
        {
            "text": "label tier expects front, the pod has back",
            "at": {
                "path": "all.yaml",
                "field": "spec.ingress[0].from[0].podSelector.matchLabels.tier",
                "line": 38,
                "column": 66,
            },
        }
    ]


def test_an_answer_can_be_written_to_a_file(capsys: pytest.CaptureFixture[str]) -> None:
    assert not explain(capsys, "prod/web prod/db", "-f", "json", "-o", "answer.json")
    jsonschema.validate(json.loads(Path("answer.json").read_text(encoding="utf-8")), SCHEMA)


def test_control_characters_of_manifests_are_escaped(capsys: pytest.CaptureFixture[str]) -> None:
    harmful = policy("app: db", name='"x\\e[31m"', peer='podSelector: {matchLabels: {app: "\\e[31m"}}')
    Path("all.yaml").write_text(together(WEB, DB, harmful), encoding="utf-8")

    assert "\x1b" not in explain(capsys, "prod/web prod/db:80")
    assert "\x1b" not in explain(capsys, "prod/web prod/db:80", "-f", "json")
    assert "\x1b[1;31mdenied\x1b[0m" in explain(capsys, "prod/web prod/db:80", "--color", "always")


def test_scopes_are_answered_one_after_the_other(capsys: pytest.CaptureFixture[str]) -> None:
    for name, labels in (("a", "app: web"), ("b", "app: other")):
        Path(name).mkdir()
        Path(name, "kustomization.yaml").write_text("resources: [all.yaml]\n", encoding="utf-8")
        open_ = policy("app: db", peer=f"podSelector: {{matchLabels: {{{labels}}}}}")
        Path(name, "all.yaml").write_text(together(WEB, DB, open_), encoding="utf-8")

    assert run(["explain", "prod/web", "prod/db:80", "a", "b"]) == OK
    shown = capsys.readouterr().out
    assert "In a:\n\nallowed: prod/web to prod/db" in shown
    assert "In b:\n\ndenied: prod/web to prod/db" in shown


def test_a_thousand_workloads_take_half_a_second(capsys: pytest.CaptureFixture[str]) -> None:
    many = [deployment(f"w{number}", f"app: w{number}") for number in range(1_000)]
    policies = [
        policy(f"app: w{number}", peer=f"podSelector: {{matchLabels: {{app: w{number + 1}}}}}", name=f"p{number}")
        for number in range(0, 1_000, 2)
    ]
    Path("all.yaml").write_text(together(*many, *policies), encoding="utf-8")
    begin = time.process_time()
    explain(capsys, "prod/w501 prod/w500:80", "--expect", "allow")

    assert time.process_time() - begin < 2, "it takes a quarter of that alone on a machine"
