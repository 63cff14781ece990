"""`test`: assertions hold in every possible cluster, failures explain themselves, and what holds today passes."""

from __future__ import annotations

import json
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import jsonschema
import pytest
from manifests import deployment, policy, service, together
from ruamel.yaml import YAML

from k8snetlint.cli import run

sys.path.insert(0, str(Path(__file__).parents[1] / "connectivity"))
from random_clusters import Generator

WEB = deployment("web", labels="app: web")
DB = deployment("db", labels="app: db")
DENY = policy(name="deny", peer="")
DB_FROM_WEB = policy("app: db", name="db", peer="podSelector: {matchLabels: {app: web}}", ports="port: 5432")
MANIFESTS = together(WEB, DB, DENY, DB_FROM_WEB)
REPORT_SCHEMA = json.loads((Path(__file__).parents[2] / "schemas" / "test-report.json").read_text(encoding="utf-8"))
SCHEMA = json.loads((Path(__file__).parents[2] / "schemas" / "test.json").read_text(encoding="utf-8"))
_YAML = YAML(typ="safe", pure=True)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "all.yaml").write_text(MANIFESTS, encoding="utf-8")


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = run(["test", *arguments])
    printed = capsys.readouterr()
    return code, printed.out, printed.err


def judged(capsys: pytest.CaptureFixture[str], tests: str, *options: str, head: str = "") -> tuple[int, list[str]]:
    """Judge assertions; return the exit code and all failures."""
    text = f"{head}manifests: all.yaml\ntests:\n{tests}\n"
    Path("t.yaml").write_text(text, encoding="utf-8")
    jsonschema.Draft202012Validator(SCHEMA).validate(_YAML.load(text))
    code, out, err = said(capsys, "-f", "json", *options, "t.yaml")
    assert not err
    jsonschema.Draft202012Validator(REPORT_SCHEMA).validate(json.loads(out))
    return code, [each for test in json.loads(out)["tests"] for each in test["failures"]]


@pytest.mark.parametrize(
    "test",
    [
        "{from: prod/web, to: prod/db, port: 5432/TCP, expect: allow}",
        "{from: prod/web, to: prod/db, port: 5432, expect: exactly}",
        "{from: [internet, any-namespace, prod/db], to: prod/db, expect: deny}",
        "{from: prod/web, to: prod/db, port: [UDP, SCTP, 1-5431, 5433-65535/TCP], expect: deny}",
        "{from: 'prod?app=web', to: prod/Deployment/db, port: 5432, expect: allow}",
        "{from: prod/web, to: 10.0.0.1, expect: allow}",
        "{pods: [prod/web, prod/db], isolated: ingress}",
        "{policy: prod/deny, selects: [prod/web, prod/db]}",
        "{policy: prod/db, selects: prod/db}",
        "{to: prod/web, only: []}",
        "{to: prod/db, port: UDP, only: []}",
    ],
)
def test_holds(capsys: pytest.CaptureFixture[str], test: str) -> None:
    assert judged(capsys, f"- {test}") == (0, [])


@pytest.mark.parametrize(
    ("test", "expected"),
    [
        ("{from: prod/web, to: prod/db, expect: exactly, port: 80}", "prod/web -> prod/db is not allowed on TCP 80"),
        ("{from: internet, to: prod/db, port: 5432, expect: allow}", "0.0.0.0/0 -> prod/db is not allowed on TCP 5432"),
        ("{from: prod/web, to: prod/db, expect: deny}", "prod/web -> prod/db is not denied on TCP 5432"),
        ("{to: prod/db, only: []}", "prod/web -> prod/db is not denied on TCP 5432"),
        ("{pods: prod/db, isolated: both}", "prod/db is not isolated for egress"),
        ("{pods: prod/db, isolated: none}", "prod/db is isolated for ingress"),
        ("{policy: prod/db, selects: prod/web}", "NetworkPolicy prod/db does not select prod/web"),
        ("{policy: prod/db, selects: []}", "NetworkPolicy prod/db selects prod/db"),
        ("{policy: prod/none, selects: []}", "no NetworkPolicy `prod/none`"),
        ("{from: prod/wbe, to: prod/db, expect: deny}", "no workload `prod/wbe`; did you mean `prod/web`?"),
    ],
)
def test_fails(capsys: pytest.CaptureFixture[str], test: str, expected: str) -> None:
    code, found = judged(capsys, f"- {test}")
    assert code == 1
    assert expected in found


def test_only_holds_in_every_possible_cluster(capsys: pytest.CaptureFixture[str]) -> None:
    test = "- {to: prod/db, only: prod/web}"

    code, found = judged(capsys, test)
    assert code == 1
    assert found == ["other pods in prod -> prod/db is not denied on TCP 5432, or not in every possible cluster"]
    assert judged(capsys, "- {to: prod/db, only: [prod/web, other-pods]}") == (0, [])
    assert judged(capsys, test, "--whole-cluster") == (0, [])
    assert judged(capsys, test, head="whole-cluster: true\n") == (0, [])


def test_the_plugin_decides(capsys: pytest.CaptureFixture[str]) -> None:
    block = policy("app: db", name="block", peer="ipBlock: {cidr: 0.0.0.0/0}")
    Path("all.yaml").write_text(together(WEB, DB, DENY, block), encoding="utf-8")
    allow, deny = (f"- {{from: prod/web, to: prod/db, expect: {each}}}" for each in ("allow", "deny"))

    assert [judged(capsys, each)[0] for each in (allow, deny)] == [1, 1]
    assert [judged(capsys, each, head="cni: cilium\n")[0] for each in (allow, deny)] == [1, 0]
    assert [judged(capsys, each, "--cni=calico", head="cni: cilium\n")[0] for each in (allow, deny)] == [0, 1]


def test_services_are_their_pods(capsys: pytest.CaptureFixture[str]) -> None:
    behind = service("db", selector="app: db", ports="{port: 80, targetPort: 5432}")
    Path("all.yaml").write_text(together(MANIFESTS, behind), encoding="utf-8")

    assert judged(capsys, "- {from: prod/web, to: db.prod.svc, port: 80, expect: allow}") == (0, [])


def test_failures_explain_themselves(capsys: pytest.CaptureFixture[str]) -> None:
    Path("k8snetlint-test.yaml").write_text(
        "tests:\n- {from: prod/web, to: prod/db, port: 80, expect: allow}\n", encoding="utf-8"
    )

    code, out, _ = said(capsys)

    assert code == 1
    assert out.startswith("FAIL k8snetlint-test.yaml:2: prod/web -> prod/db on 80: allow\n")
    assert "NetworkPolicy prod/deny isolates it" in out
    assert "--> ./all.yaml:" in out or "--> all.yaml:" in out
    assert "allows TCP 5432, not TCP 80" in out
    assert out.endswith("1 assertion: 0 hold, 1 failed\n")


def test_junit(capsys: pytest.CaptureFixture[str]) -> None:
    Path("t.yaml").write_text(
        "tests:\n- {name: 'a <b>', pods: prod/db, isolated: ingress}\n- {pods: prod/db, isolated: both}\n",
        encoding="utf-8",
    )

    code, out, _ = said(capsys, "-f", "junit", "t.yaml")

    assert code == 1
    root = ET.fromstring(out)  # noqa: S314 - our own output
    assert (root.get("tests"), root.get("failures")) == ("2", "1")
    cases = list(root.iter("testcase"))
    assert [(each.get("name"), each.get("line"), len(each)) for each in cases] == [
        ("a <b>", "2", 0),
        ("prod/db isolated: both", "3", 1),
    ]
    assert "all.yaml" in (cases[1][0].text or "")


def test_all_that_is_wrong_with_a_file_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    Path("t.yaml").write_text(
        "manifest: all.yaml\n"
        "tests:\n"
        "- {form: prod/web, to: prod/db, expect: allow}\n"
        "- {from: prod/web, to: prod/db, expect: alow}\n"
        "- {from: prod/web, to: prod/db, port: 70000, expect: deny}\n"
        "- {from: a/b/c/d, to: prod/db, expect: deny}\n"
        "- {from: prod/web, to: prod/db}\n"
        "- {pods: prod/web, isolated: both, expect: deny}\n"
        "- text\n"
        "- {policy: db/, selects: []}\n"
        "- {from: [], to: prod/db, expect: deny}\n"
        "- {from: true, to: prod/db, expect: deny}\n",
        encoding="utf-8",
    )

    code, out, err = said(capsys, "t.yaml")

    assert (code, out) == (2, "")
    lines = err.splitlines()
    assert lines[0] == "error: t.yaml:1:1: unknown key `manifest`; did you mean `manifests`?"
    assert "unknown key `form`; did you mean `from`?" in err
    assert "did you mean `allow`?" in err
    assert {int(line.split(":")[2]) for line in lines} == {1, *range(3, 13)}


@pytest.mark.parametrize("text", ["tests: [", "- a\n", "tests: 3\n", "", "manifests: x\n"])
def test_what_is_no_test_file(capsys: pytest.CaptureFixture[str], text: str) -> None:
    Path("t.yaml").write_text(text, encoding="utf-8")

    assert said(capsys, "t.yaml")[0] == 2
    assert said(capsys, "missing.yaml")[0] == 2


def test_paths_are_relative_to_the_test_file(capsys: pytest.CaptureFixture[str]) -> None:
    Path("tests").mkdir()
    Path("tests/t.yaml").write_text(
        "manifests: ../all.yaml\ntests:\n- {pods: prod/db, isolated: ingress}\n", encoding="utf-8"
    )
    assert said(capsys, "tests/t.yaml")[0] == 0

    Path("tests/t.yaml").write_text("tests:\n- {pods: prod/db, isolated: ingress}\n", encoding="utf-8")
    assert said(capsys, "tests/t.yaml")[0] == 0


def test_what_holds_today_is_written_relative_to_the_file(capsys: pytest.CaptureFixture[str]) -> None:
    Path("tests").mkdir()

    assert said(capsys, "--generate", "-q", "-o", "tests/t.yaml", "all.yaml") == (0, "", "")
    assert "manifests: ../all.yaml" in Path("tests/t.yaml").read_text(encoding="utf-8")
    assert said(capsys, "tests/t.yaml")[0] == 0
    Path("all.yaml").write_text(together(WEB, DB, DENY), encoding="utf-8")
    assert said(capsys, "tests/t.yaml")[0] == 1


@pytest.mark.parametrize("seed", range(40))
@pytest.mark.parametrize("options", [(), ("--whole-cluster",), ("--cni=calico", "--whole-cluster")], ids=str)
def test_what_holds_today_passes(capsys: pytest.CaptureFixture[str], seed: int, options: tuple[str, ...]) -> None:
    manifests = Generator(seed).manifests()
    Path("all.yaml").write_text("".join(f"---\n{json.dumps(each)}\n" for each in manifests), encoding="utf-8")

    assert said(capsys, "--generate", "-q", *options, "-o", "t.yaml", "all.yaml") == (0, "", "")
    text = Path("t.yaml").read_text(encoding="utf-8")
    jsonschema.Draft202012Validator(SCHEMA).validate(_YAML.load(text))
    code, out, err = said(capsys, "t.yaml")
    assert (code, err) == (0, ""), out


def test_nothing_to_generate_from(capsys: pytest.CaptureFixture[str]) -> None:
    Path("empty").mkdir()
    Path("bad.yaml").write_text("apiVersion: v1\nkind: [", encoding="utf-8")

    assert said(capsys, "--generate", "all.yaml", "bad.yaml")[0] == 1

    assert said(capsys, "--generate", "empty")[0] == 3


def test_a_report_has_its_published_schema(capsys: pytest.CaptureFixture[str]) -> None:
    tests = "".join(
        f"- {{from: prod/web, to: prod/db, port: 5432/TCP, expect: {each}}}\n" for each in ("allow", "deny")
    )
    Path("t.yaml").write_text(f"manifests: all.yaml\ntests:\n{tests}", encoding="utf-8")

    _, out, _ = said(capsys, "-f", "json", "t.yaml")
    report = json.loads(out)
    validator = jsonschema.Draft202012Validator(REPORT_SCHEMA)

    validator.validate(report)
    assert [each["passed"] for each in report["tests"]] == [True, False]
    assert report["tests"][1]["details"]
    # Nothing else is a report: neither a new field, nor a failure without a reason.
    assert not validator.is_valid({**report, "more": 1})
    assert not validator.is_valid({**report, "tests": [{**report["tests"][1], "failures": []}]})
