"""`diff`: which states are compared, exit codes, and that each format reads back."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import gitrepo
import jsonschema
import pytest
from manifests import deployment, policy, together

from k8snetlint.cli import run

WEB, DB = deployment("web", labels="app: web"), deployment("db", labels="app: db")
DENY = policy(name="deny", peer="")
DB_FROM_WEB = policy("app: db", name="db", peer="podSelector: {matchLabels: {app: web}}", ports="port: 5432")
DB_FROM_ALL = policy("app: db", name="db", peer="ipBlock: {cidr: 0.0.0.0/0}", ports="port: 5432")
CLOSED = {"all.yaml": together(WEB, DB, DENY, DB_FROM_WEB)}
OPEN = {"all.yaml": together(WEB, DB, DENY, DB_FROM_ALL)}
SCHEMA = json.loads((Path(__file__).parents[2] / "schemas" / "diff.json").read_text(encoding="utf-8"))


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    gitrepo.start(tmp_path / "repository", monkeypatch)


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = run(["diff", *arguments])
    printed = capsys.readouterr()
    return code, printed.out, printed.err


def as_json(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    code, out, err = said(capsys, "-f", "json", *arguments)
    assert (code, err) == (0, "")
    document: dict[str, Any] = json.loads(out)
    jsonschema.Draft202012Validator(SCHEMA).validate(document)
    return document


def in_folders(old: dict[str, str], new: dict[str, str]) -> None:
    for top, files in (("old", old), ("new", new)):
        Path(top).mkdir()
        gitrepo.write({f"{top}/{name}": text for name, text in files.items()})


def test_folders_and_exit_codes(capsys: pytest.CaptureFixture[str]) -> None:
    in_folders(CLOSED, OPEN)

    assert said(capsys, "old", "new")[0] == 0
    assert said(capsys, "old", "new", "--fail-on", "widened")[0] == 1
    assert said(capsys, "new", "old", "--fail-on", "any")[0] == 1
    assert said(capsys, "old", "old", "--fail-on", "any") == (0, "old -> old: no connection differs\n", "")
    assert said(capsys, "new", "new/all.yaml", "--fail-on", "any")[0] == 0
    assert said(capsys, "old", "nowhere")[0] == 2
    assert said(capsys, "old")[0] == 2
    assert said(capsys, "old", "new", "--path", "old")[0] == 2
    Path("empty").mkdir()
    Path("bad.yaml").write_text("apiVersion: v1\nkind: [", encoding="utf-8")
    assert said(capsys, "bad.yaml", "bad.yaml")[0] == 1
    assert said(capsys, "empty", "empty")[0] == 3
    assert said(capsys, "empty", "empty", "--allow-empty")[0] == 0


def test_narrowing_is_not_widening(capsys: pytest.CaptureFixture[str]) -> None:
    in_folders({"all.yaml": together(WEB, DB)}, CLOSED)

    code, out, _ = said(capsys, "old", "new", "--fail-on", "widened")
    assert code == 0
    assert "nothing more is open than before" in out
    assert said(capsys, "new", "old", "--fail-on", "widened")[0] == 1


def test_revisions_are_read_without_a_checkout(capsys: pytest.CaptureFixture[str]) -> None:
    base = gitrepo.commit(CLOSED)
    gitrepo.git("checkout", "-b", "branch")
    gitrepo.commit(OPEN)
    gitrepo.git("checkout", "main")
    gitrepo.commit({"all.yaml": together(WEB, DB)})
    before = gitrepo.git("status", "--porcelain")

    branch = as_json(capsys, "main...branch")
    merge_base = f"merge base of main and branch ({base[:7]})"
    assert (branch["old"], branch["new"], branch["widened"]) == (merge_base, "branch", True)
    assert said(capsys, "main...branch")[1].startswith(f"{merge_base} -> branch: ")
    assert branch["scopes"][0]["changes"][0]["exposes"] == ["internet"]
    assert as_json(capsys, "main..branch")["summary"]["lost"] > 0
    assert as_json(capsys, "--git", base, "branch")["scopes"] == branch["scopes"]
    assert as_json(capsys, "--git", "main")["summary"]["changed"] == 0
    gitrepo.write(CLOSED)
    assert as_json(capsys, "--git", "main")["summary"]["lost"] > 0
    gitrepo.git("checkout", "all.yaml")
    assert gitrepo.git("status", "--porcelain") == before

    code, _, err = said(capsys, "main..elsewhere")
    assert code == 2
    assert "`elsewhere` is not a revision" in err
    assert said(capsys, "main..main")[0] == 2
    assert said(capsys, "main..")[0] == 0


def test_paths_of_revisions(capsys: pytest.CaptureFixture[str]) -> None:
    gitrepo.commit({f"{top}/{name}": text for top in ("a", "b") for name, text in CLOSED.items()})
    gitrepo.commit({"a/all.yaml": OPEN["all.yaml"]})

    assert as_json(capsys, "HEAD~1..HEAD", "--path", "a")["widened"]
    assert not as_json(capsys, "HEAD~1..HEAD", "--path", "b")["widened"]


def test_plugins(capsys: pytest.CaptureFixture[str]) -> None:
    gitrepo.write(OPEN)

    moved = as_json(capsys, "all.yaml", "--old-cni", "calico@3.29", "--new-cni", "cilium@1.17")
    assert (moved["old"], moved["new"], moved["widened"]) == ("calico@3.29", "cilium@1.17", False)
    assert moved["summary"]["lost"] == 1
    assert as_json(capsys, "all.yaml", "--old-cni", "cilium", "--new-cni", "flannel")["widened"]
    assert said(capsys, "all.yaml", "--old-cni", "calicoo", "--new-cni", "cilium")[0] == 2


def test_text_says_what_is_responsible(capsys: pytest.CaptureFixture[str]) -> None:
    in_folders(CLOSED, OPEN)

    _, out, _ = said(capsys, "old", "new", "--cni", "cilium")

    lines = out.splitlines()
    assert max(map(len, lines)) <= 80
    assert lines[2] == "New exposure to the internet:"
    assert "  + 0.0.0.0/0 -> prod/db" in lines
    written = Path("new/all.yaml").read_text(encoding="utf-8").splitlines()
    line = next(number for number, each in enumerate(written, 1) if "0.0.0.0/0" in each)
    assert f"            new/all.yaml:{line}:13" in lines


def test_markdown_is_bounded(capsys: pytest.CaptureFixture[str]) -> None:
    workloads = [deployment(f"app{number}", labels=f"app: app{number}") for number in range(400)]
    pairs = [
        policy(
            f"app: app{number}",
            name=f"p{number}",
            peer=f"podSelector: {{matchLabels: {{app: app{number + 1}}}}}",
            ports=ports,
        )
        for ports in ("port: 80", "port: 81")
        for number in range(399)
    ]
    in_folders({"all.yaml": together(*workloads, *pairs[:399])}, {"all.yaml": together(*workloads, *pairs[399:])})

    code, out, _ = said(capsys, "-f", "md", "old", "new")

    assert code == 0
    assert len(out) < 65_536
    assert out.startswith("### k8snetlint")
    rows = [line for line in out.splitlines() if line.startswith("| &#126;")]
    assert rows
    assert f"{399 - len(rows):,} more rows do not fit" in out
    assert all(line.count(" | ") == rows[0].count(" | ") for line in rows)


def test_hostile_names_do_not_reach_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    evil = json.dumps("db\u001b[31m|`@all`\n::error::x")
    hostile = DB_FROM_WEB.replace("name: db", f"name: {evil}")
    in_folders({"all.yaml": together(WEB, DB, DENY)}, {"all.yaml": together(WEB, DB, DENY, hostile)})

    for output in ("text", "md", "json", "sarif"):
        _, out, _ = said(capsys, "-f", output, "old", "new")
        assert "\u001b" not in out
        assert "\n::error" not in out
    _, out, _ = said(capsys, "-f", "md", "old", "new")
    assert "`@all`" not in out


def test_sarif_stands_on_the_responsible_lines(capsys: pytest.CaptureFixture[str]) -> None:
    in_folders(CLOSED, OPEN)

    code, out, _ = said(capsys, "-f", "sarif", "--fail-on", "widened", "old", "new")

    log = json.loads(out)
    (only,) = log["runs"]
    assert code == 1
    assert {each["id"] for each in only["tool"]["driver"]["rules"]} == {
        "connections-widened",
        "connections-narrowed",
    } & {each["ruleId"] for each in only["results"]}
    places = {each["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for each in only["results"]}
    assert places == {"new/all.yaml"}
    assert len({each["partialFingerprints"]["k8snetlint/v1"] for each in only["results"]}) == len(only["results"])
    assert json.loads(said(capsys, "-f", "sarif", "old", "old")[1])["runs"][0]["results"] == []


def test_a_policy_that_is_gone_is_shown_at_the_workload(capsys: pytest.CaptureFixture[str]) -> None:
    in_folders(CLOSED, {"all.yaml": together(WEB, DB)})

    results = json.loads(said(capsys, "-f", "sarif", "old", "new")[1])["runs"][0]["results"]

    related = {each["message"]["text"] for result in results for each in result["relatedLocations"]}
    assert "NetworkPolicy prod/deny is removed (in the old state)" in related
    assert {each["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for each in results} == {"new/all.yaml"}


def test_output_file(capsys: pytest.CaptureFixture[str]) -> None:
    in_folders(CLOSED, OPEN)

    assert said(capsys, "-f", "json", "-o", "diff.json", "old", "new")[:2] == (0, "")
    assert json.loads(Path("diff.json").read_text(encoding="utf-8"))["widened"]


def test_what_is_not_read_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    in_folders(CLOSED, {**OPEN, "chart.yaml": "apiVersion: v1\n{{- if .Values.on }}\nkind: A\n{{- end }}\n"})

    _, _, err = said(capsys, "old", "new")
    assert "new/chart.yaml" in err
    assert any("chart.yaml" in each for each in as_json(capsys, "old", "new")["scopes"][0]["assumptions"]["new"])


def test_variants_are_compared_with_themselves(capsys: pytest.CaptureFixture[str]) -> None:
    variants = {f"{name}/all.yaml": CLOSED["all.yaml"] for name in ("dev", "prod", "test")}
    in_folders(variants, {**variants, "aaa/all.yaml": CLOSED["all.yaml"]})

    document = as_json(capsys, "old", "new")

    # A variant that is new is new as a whole; the others are the same.
    assert [(len(each["changes"]), len(each["added"])) for each in document["scopes"]].count((0, 2)) == 1
    assert document["summary"] == {"gained": 0, "changed": 0, "lost": 0, "added": 2, "removed": 0}


def test_kustomizations_are_compared_by_name(capsys: pytest.CaptureFixture[str]) -> None:
    base = {"base/all.yaml": CLOSED["all.yaml"], "base/kustomization.yaml": "resources: [all.yaml]\n"}
    overlays = {f"{name}/kustomization.yaml": "resources: [../base]\n" for name in ("dev", "prod")}
    opened = {
        "prod/kustomization.yaml": "resources: [../base, more.yaml]\n",
        "prod/more.yaml": DB_FROM_ALL.replace("name: db", "name: more"),
    }
    in_folders({**base, **overlays}, {**base, **overlays, **opened})

    _, out, _ = said(capsys, "--cni", "cilium", "old", "new")

    assert [line for line in out.splitlines() if line.startswith("===")] == ["=== new/prod"]


def test_folders_that_are_kustomizations_themselves_are_compared(capsys: pytest.CaptureFixture[str]) -> None:
    app = {**CLOSED, "kustomization.yaml": "resources: [all.yaml]\n"}
    nested = {f"nested/{name}": text for name, text in app.items()}
    in_folders(app, {**app, **OPEN, **nested})

    document = as_json(capsys, "old", "new")

    assert [(bool(each["changes"]), len(each["added"]), len(each["removed"])) for each in document["scopes"]] == [
        (True, 0, 0),
        (False, 2, 0),
    ]


def test_a_cause_in_several_files_is_written_once(capsys: pytest.CaptureFixture[str]) -> None:
    in_folders({**CLOSED, "copy.yaml": DENY}, {"all.yaml": together(WEB, DB, DB_FROM_WEB)})

    _, out, _ = said(capsys, "old", "new")
    _, first, *_ = out.split("cause:")

    assert "all.yaml:" in first
    assert "copy.yaml:" in first


def _of_team(name: str) -> str:
    return f"apiVersion: v1\nkind: Namespace\nmetadata: {{name: clients, labels: {{team: {name}}}}}\n"


def test_changes_of_one_cause_stand_together(capsys: pytest.CaptureFixture[str]) -> None:
    client = deployment("client", labels="app: client", namespace="clients")
    peer = "namespaceSelector: {matchLabels: {team: a}}"
    to_db = policy("app: db", name="db", peer=peer, ports="port: 5432")
    to_web = policy("app: web", name="web", peer=peer, ports="port: 80")
    files = {"all.yaml": together(WEB, DB, client, to_db, to_web)}
    in_folders({**files, "team.yaml": _of_team("b")}, {**files, "team.yaml": _of_team("a")})

    _, out, _ = said(capsys, "old", "new", "--whole-cluster")
    _, entries = out.split("New exposure to other namespaces:\n")
    assert entries.split("\n\n")[0].splitlines() == [
        "  + clients/client -> prod/db",
        "    before: denied",
        "    now:    allowed on TCP 5432",
        "  + clients/client -> prod/web",
        "    before: denied",
        "    now:    allowed on TCP 80",
        "    cause of these 2:",
        "            the labels of namespace clients are changed",
        "            new/team.yaml:3:35",
    ]
    _, table, _ = said(capsys, "old", "new", "--whole-cluster", "-f", "md")
    rows = [each for each in table.splitlines() if each.startswith("| &#43;")]
    assert ["the labels of namespace clients are changed" in each for each in rows] == [True, False]
    assert "the same cause as above" in rows[1]


def test_changes_of_other_causes_stand_apart(capsys: pytest.CaptureFixture[str]) -> None:
    to_web = policy("app: web", name="web", peer="", ports="port: 80")
    in_folders(
        {"all.yaml": together(WEB, DB, DB_FROM_WEB, to_web)},
        {"all.yaml": together(WEB, DB)},
    )

    _, out, _ = said(capsys, "old", "new", "--whole-cluster")
    assert "cause of these" not in out
    assert "cause:  NetworkPolicy prod/db is removed" in out
    assert "cause:  NetworkPolicy prod/web is removed" in out
    assert out.count("    cause:  ") == out.count("    now:    ")
