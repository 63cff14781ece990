"""`check --changed`: what a change touches or breaks is reported, what was there before is not."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from gitrepo import commit, git, said, stage, start, write
from hypothesis import given
from hypothesis import strategies as st
from manifests import deployment, namespace, policy

from k8snetlint.cli import EMPTY, FINDINGS, OK, USAGE, run
from k8snetlint.cli.changed_since import Ranges
from k8snetlint.report.style import Format

NO_POD = "netpol-selects-no-pod"
OLD = ("deploy/old.yaml", NO_POD)
DATABSAE = policy("app: databsae", name="old")
BROKEN = "apiVersion: v1\nkind: [\n"
APPLICATIONS = ("backend", "database", "frontend", "queue")
PROJECT = {
    **{f"deploy/{name}.yaml": deployment(name) for name in APPLICATIONS},
    **{f"deploy/{name}-policy.yaml": policy(f"app: {name}", name=name) for name in APPLICATIONS},
    "deploy/old.yaml": DATABSAE,
}
POLICIES = [name for name in PROJECT if name.endswith("-policy.yaml")]


@pytest.fixture(autouse=True)
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Be in a repository whose last commit is a project with one finding."""
    start(tmp_path / "r", monkeypatch)
    commit(PROJECT)


def test_the_project_has_one_finding(capsys: pytest.CaptureFixture[str]) -> None:
    assert said(capsys).findings == [OLD]


# What is compared


@pytest.mark.parametrize("style", [each.value for each in Format])
def test_without_a_change_nothing_is_reported(style: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check", "--changed", "-f", style]) == OK
    printed = capsys.readouterr()
    assert "databsae" not in printed.out
    assert ("nothing is staged" in printed.err) == Format(style).is_text
    if style == "json":
        assert json.loads(printed.out)["findings"] == []
    if style == "sarif":
        assert json.loads(printed.out)["runs"][0]["results"] == []
    if style in ("junit", "checkstyle"):
        assert ET.fromstring(printed.out) is not None  # noqa: S314 - our own output


@pytest.mark.parametrize("style", [each.value for each in Format])
def test_what_a_change_brings_is_reported_in_every_format(style: str, capsys: pytest.CaptureFixture[str]) -> None:
    stage({"deploy/new.yaml": policy("app: bakcend", name="new")})
    assert run(["check", "--changed", "-f", style]) == FINDINGS
    printed = capsys.readouterr()
    assert "deploy/new.yaml" in printed.out
    assert "bakcend" in printed.out
    assert "databsae" not in printed.out
    assert ("1 existing finding not shown" in printed.err) == Format(style).is_text
    if not Format(style).is_text:
        assert not printed.err


def test_the_index_counts_and_not_the_files(capsys: pytest.CaptureFixture[str]) -> None:
    write({"deploy/new.yaml": policy("app: bakcend", name="new")})
    assert said(capsys, "--changed").findings == []
    git("add", "deploy/new.yaml")
    write({"deploy/new.yaml": policy("app: backend", name="new", ports="port: 9000")})
    assert said(capsys, "--changed").findings == [("deploy/new.yaml", NO_POD)]
    assert said(capsys, "--changed=HEAD").findings == []


def test_with_a_revision_the_files_count_and_not_the_index(capsys: pytest.CaptureFixture[str]) -> None:
    write({"deploy/new.yaml": policy("app: bakcend", name="new")})
    assert said(capsys, "--changed=HEAD").findings == [("deploy/new.yaml", NO_POD)]
    assert said(capsys, "--changed=main").findings == [("deploy/new.yaml", NO_POD)]


def test_a_range_compares_commits_and_not_the_files(capsys: pytest.CaptureFixture[str]) -> None:
    commit({"deploy/new.yaml": policy("app: bakcend", name="new")})
    commit({"deploy/later.yaml": policy("app: bcakend", name="later")})
    write({"deploy/new.yaml": policy("app: backend", name="new"), "deploy/later.yaml": None})
    new, later = ("deploy/new.yaml", NO_POD), ("deploy/later.yaml", NO_POD)
    assert said(capsys, "--changed=HEAD~2..HEAD~1").findings == [new]
    assert said(capsys, "--changed=HEAD~1..").findings == [later]
    assert said(capsys, "--changed=HEAD~2..HEAD").findings == [later, new]
    assert said(capsys, "--changed=..HEAD~2").findings == []


def test_three_dots_compare_with_the_merge_base(capsys: pytest.CaptureFixture[str]) -> None:
    git("checkout", "-b", "branch")
    commit({"deploy/new.yaml": policy("app: bakcend", name="new")})
    git("checkout", "main")
    # What main mends meanwhile is not what the branch breaks.
    commit({"deploy/old.yaml": policy("app: frontend", name="old", ports="port: 9000")})
    assert said(capsys, "--changed=main...branch").findings == [("deploy/new.yaml", NO_POD)]
    assert said(capsys, "--changed=main..branch").findings == [("deploy/new.yaml", NO_POD), OLD]
    assert said(capsys, "--changed=branch...main").findings == []


def test_before_the_first_commit_everything_is_new(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "other").mkdir()
    monkeypatch.chdir(tmp_path / "other")
    git("init")
    write(PROJECT)
    assert said(capsys, "--changed")[:2] == (OK, [])
    git("add", "--all")
    assert said(capsys, "--changed")[:2] == (FINDINGS, [OLD])


def test_a_change_need_not_hold_an_object(capsys: pytest.CaptureFixture[str]) -> None:
    (Path.cwd() / "docs").mkdir()
    stage({"docs/a.yaml": "just: text\n"})
    assert said(capsys, "docs").code == EMPTY
    assert said(capsys, "--changed", "docs").code == OK
    assert said(capsys, "--changed=HEAD", "docs").code == OK


# What counts as new


def test_an_old_finding_on_a_changed_line_is_reported(capsys: pytest.CaptureFixture[str]) -> None:
    stage({"deploy/old.yaml": DATABSAE.replace("app: databsae", "app: databsae  # the shop")})
    assert said(capsys, "--changed").findings == [OLD]


def test_an_old_finding_beside_a_changed_line_is_not(capsys: pytest.CaptureFixture[str]) -> None:
    beside = DATABSAE.replace("policyTypes: [Ingress]", "policyTypes: [Ingress]  # only")
    stage({"deploy/old.yaml": "# moved\n\n" + beside})
    assert said(capsys, "--changed").findings == []


def test_what_is_mended_is_not_reported(capsys: pytest.CaptureFixture[str]) -> None:
    stage({"deploy/old.yaml": policy("app: frontend", name="old", ports="port: 9000")})
    assert said(capsys, "--changed")[:2] == (OK, [])


def test_the_same_fact_once_more_is_new(capsys: pytest.CaptureFixture[str]) -> None:
    other = DATABSAE.replace("spec:", "spec:\n  # the same object in another file\n")
    stage({"deploy/more.yaml": other})
    assert said(capsys).findings.count(OLD) == 1
    assert ("deploy/more.yaml", NO_POD) in said(capsys, "--changed").findings
    assert OLD not in said(capsys, "--changed").findings


def test_deleting_what_a_policy_selects_is_reported_where_nothing_changed(capsys: pytest.CaptureFixture[str]) -> None:
    git("rm", "deploy/frontend.yaml")
    expected = (FINDINGS, [("deploy/frontend-policy.yaml", NO_POD)])
    assert said(capsys, "--changed", "--fail-on", "info")[:2] == expected
    assert said(capsys, "--changed=HEAD", "--fail-on", "info")[:2] == expected
    commit({})
    assert said(capsys, "--changed", "--fail-on", "info")[:2] == (OK, [])
    assert said(capsys, "--changed=HEAD~1..HEAD", "--fail-on", "info")[:2] == expected


def test_relabelling_what_a_policy_selects_is_reported_at_the_policy(capsys: pytest.CaptureFixture[str]) -> None:
    stage({"deploy/frontend.yaml": deployment("frontend").replace("app: frontend", "app: shop-ui")})
    assert said(capsys, "--changed").findings == [("deploy/frontend-policy.yaml", NO_POD)]


def test_deleting_a_file_that_is_only_context_is_noticed(capsys: pytest.CaptureFixture[str]) -> None:
    git("rm", "deploy/frontend.yaml")
    for change in ("--changed", "--changed=HEAD"):
        found = said(capsys, change, *POLICIES, "--context", "deploy").findings
        assert found == [("deploy/frontend-policy.yaml", NO_POD)]
        assert said(capsys, change, *POLICIES, "--context", "deploy/backend.yaml").findings == []


def test_deleting_a_file_with_findings_brings_none(capsys: pytest.CaptureFixture[str]) -> None:
    git("rm", "deploy/old.yaml")
    assert said(capsys, "--changed")[:2] == (OK, [])


# Renames


@pytest.mark.parametrize("change", ["--changed", "--changed=HEAD"])
def test_a_renamed_file_brings_no_old_finding(change: str, capsys: pytest.CaptureFixture[str]) -> None:
    git("mv", "deploy/old.yaml", "deploy/renamed.yaml")
    assert said(capsys, change)[:2] == (OK, [])


def test_a_renamed_folder_brings_no_old_finding(capsys: pytest.CaptureFixture[str]) -> None:
    git("mv", "deploy", "manifests")
    assert said(capsys, "--changed")[:2] == (OK, [])
    assert said(capsys, "--changed", "manifests").findings == [("manifests/old.yaml", NO_POD)], "it is new there"


def test_a_renamed_file_that_cannot_be_parsed_is_no_news(capsys: pytest.CaptureFixture[str]) -> None:
    commit({"deploy/broken.yaml": BROKEN})
    git("mv", "deploy/broken.yaml", "deploy/renamed.yaml")
    assert said(capsys, "--changed")[:2] == (OK, [])
    assert said(capsys, "--changed=HEAD")[:2] == (OK, [])
    stage({"deploy/renamed.yaml": BROKEN.replace("[", "]")})
    assert said(capsys, "--changed").findings == [("deploy/renamed.yaml", "yaml-syntax")]


def test_changed_lines_of_a_renamed_file_are_those_that_differ(capsys: pytest.CaptureFixture[str]) -> None:
    git("mv", "deploy/old.yaml", "deploy/renamed.yaml")
    stage({"deploy/renamed.yaml": DATABSAE + "  # end\n"})
    assert said(capsys, "--changed").findings == []
    stage({"deploy/renamed.yaml": DATABSAE.replace("app: databsae", "app: databsae  # shop")})
    assert said(capsys, "--changed").findings == [("deploy/renamed.yaml", NO_POD)]


def test_a_copy_is_new(capsys: pytest.CaptureFixture[str]) -> None:
    stage({"deploy/copy.yaml": policy("app: databsae", name="copy", ports="port: 9000")})
    assert said(capsys, "--changed").findings == [("deploy/copy.yaml", NO_POD)]


def test_a_renamed_project_below_another_folder(capsys: pytest.CaptureFixture[str]) -> None:
    Path("deep").mkdir()
    git("mv", "deploy", "deep/deploy")
    assert said(capsys, "--changed", "deep", "deploy")[:2] == (OK, [])


def test_from_a_folder_below_the_root(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    git("rm", "deploy/frontend.yaml")
    monkeypatch.chdir("deploy")
    assert said(capsys, "--changed").findings == [("frontend-policy.yaml", NO_POD)]
    assert said(capsys, "--changed", "..").findings == [("../deploy/frontend-policy.yaml", NO_POD)]


# What stands beside


def test_removing_a_suppression_reports_what_it_accepted(capsys: pytest.CaptureFixture[str]) -> None:
    accepted = DATABSAE.replace("app: databsae", f"app: databsae  # k8snetlint: ignore[{NO_POD}] soon")
    commit({"deploy/old.yaml": accepted})
    assert said(capsys).findings == []
    stage({"deploy/old.yaml": DATABSAE})
    assert said(capsys, "--changed").findings == [OLD]


# git cannot tell


@pytest.mark.parametrize(
    ("change", "message"),
    [
        pytest.param("nowhere", "`nowhere` is not a revision of this repository", id="no revision"),
        pytest.param("nowhere..HEAD", "`nowhere` is not a revision of this repository", id="a range from no revision"),
        pytest.param("HEAD...nowhere", "name a commit, branch or tag, or fetch it first", id="what to do"),
        pytest.param("--output=x", "`--output=x` is not a revision of this repository", id="an option"),
        pytest.param("HEAD:deploy", "`HEAD:deploy` is not a revision", id="a folder of a revision"),
        pytest.param("a..b..c", "is not a revision of this repository", id="two ranges"),
        pytest.param("...HEAD", "`--changed=...HEAD` compares HEAD with itself", id="an empty variable"),
        pytest.param("HEAD..", "`--changed=HEAD..` compares HEAD with itself", id="HEAD with HEAD"),
        pytest.param("main\x1b[31m", r"`main\x1b[31m` is not a revision", id="what a terminal would obey"),
    ],
)
@pytest.mark.parametrize("style", ["full", "sarif"])
def test_what_cannot_be_compared(change: str, message: str, style: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check", f"--changed={change}", "-f", style]) == USAGE
    printed = capsys.readouterr()
    assert message in printed.err
    assert not printed.out


def test_a_shallow_clone_without_the_revision(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    missing = git("rev-parse", "HEAD")
    commit({})
    git("branch", "other")
    commit({"deploy/new.yaml": policy("app: bakcend", name="new")})
    git("clone", "--depth", "1", "--no-single-branch", f"file://{Path.cwd()}", str(tmp_path / "clone"))
    monkeypatch.chdir(tmp_path / "clone")
    deepen = "run `git fetch --unshallow`, or let CI clone with `fetch-depth: 0`"
    for change in (missing, "HEAD~1", "HEAD~1..HEAD", "origin/other...HEAD"):
        code, findings, document, error = said(capsys, f"--changed={change}")
        assert (code, findings, document) == (USAGE, [], {})
        assert deepen in error
    assert said(capsys, "--changed")[:2] == (OK, [])


def test_without_git(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    stage({"deploy/new.yaml": policy("app: bakcend", name="new")})
    monkeypatch.setenv("PATH", "/nonexistent")
    for change in ("--changed", "--changed=HEAD"):
        code, _, document, error = said(capsys, change)
        assert (code, document) == (USAGE, {})
        assert error == "error: git is not installed\n"


def test_outside_of_a_repository(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree("deploy", tmp_path / "plain")
    monkeypatch.chdir(tmp_path / "plain")
    code, _, _, error = said(capsys, "--changed")
    assert (code, error) == (USAGE, "error: --changed needs a git repository around the working directory\n")


def test_a_damaged_repository(capsys: pytest.CaptureFixture[str]) -> None:
    stage({"deploy/new.yaml": policy("app: bakcend", name="new")})
    Path(".git/index").write_bytes(b"DIRC damaged")
    code, _, document, error = said(capsys, "--changed")
    assert (code, document) == (USAGE, {})
    assert error.startswith("error: ")


def test_a_merge_that_is_not_resolved(capsys: pytest.CaptureFixture[str]) -> None:
    git("checkout", "-b", "branch")
    commit({"deploy/old.yaml": policy("app: backend", name="old")})
    git("checkout", "main")
    commit({"deploy/old.yaml": policy("app: frontend", name="old")})
    with pytest.raises(AssertionError):
        git("merge", "branch")
    code, _, _, error = said(capsys, "--changed")
    assert (code, error) == (
        USAGE,
        "error: `deploy/old.yaml` is not merged; resolve the merge and `git add` it first\n",
    )


@pytest.mark.parametrize(
    ("paths", "message"),
    [
        pytest.param(["nowhere"], "`nowhere` does not exist, and did not exist before the change", id="a path"),
        pytest.param(["deploy", "deploy/ol.yaml"], "`deploy/ol.yaml` does not exist", id="one of several"),
        pytest.param(["deploy", "--context", "nowhere"], "`nowhere` does not exist", id="the context"),
        pytest.param(["/"], "`/` is outside the repository", id="a folder around the repository"),
        pytest.param(["-"], "on standard input or rendered output", id="standard input"),
        pytest.param(["--render", "deploy"], "rendered output", id="rendered output"),
    ],
)
def test_paths_that_cannot_be_compared(paths: list[str], message: str, capsys: pytest.CaptureFixture[str]) -> None:
    stage({"deploy/new.yaml": policy("app: bakcend", name="new")})
    code, _, document, error = said(capsys, "--changed", *paths)
    assert (code, document) == (USAGE, {})
    assert message in error


@pytest.mark.parametrize("revision", ["HEAD", "main", "HEAD~0", "main...HEAD", "HEAD.."])
def test_a_revision_in_the_place_of_a_path(revision: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, _, error = said(capsys, "--changed", revision)
    assert (code, error) == (
        USAGE,
        f"error: `{revision}` is a revision and not a path; did you mean --changed={revision}?\n",
    )


def test_a_folder_named_like_a_branch_is_a_path(capsys: pytest.CaptureFixture[str]) -> None:
    stage({"main/new.yaml": policy("app: bakcend", name="new")})
    assert said(capsys, "--changed", "main")[3] == ""
    assert said(capsys, "--changed", "main").document["summary"]["files"] == 1


def test_a_path_that_the_change_takes_away_is_no_mistake(capsys: pytest.CaptureFixture[str]) -> None:
    git("rm", "-r", "deploy")
    assert said(capsys, "--changed", "deploy/old.yaml")[:2] == (OK, [])
    assert said(capsys, "--changed", "deploy")[:2] == (OK, [])


def test_the_loss_of_all_that_a_policy_selects_is_noticed_though_the_namespace_may_hold_more(
    capsys: pytest.CaptureFixture[str],
) -> None:
    git("rm", "-q", "-r", "deploy")
    commit({"web.yaml": deployment("web"), "policy.yaml": policy("app: web", name="web")})
    git("rm", "-q", "web.yaml")
    found = said(capsys, "--changed")

    assert (found.code, found.findings) == (FINDINGS, [("policy.yaml", NO_POD)])
    assert found.document["findings"][0]["help"] == "the change removes what it matched before"


def test_a_new_policy_for_pods_that_are_not_here_has_lost_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    git("rm", "-q", "-r", "deploy")
    commit({"web.yaml": deployment("web"), "policy.yaml": policy("app: web", name="web")})
    git("rm", "-q", "web.yaml")
    stage({"policy.yaml": policy("app: other", name="web")})

    assert said(capsys, "--changed").findings == []


# Variants: the same objects are there once more

NAMESPACE = namespace("prod", "team: web")
FROM_TEAM = policy("app: web", name="team").replace("podSelector: {}", "namespaceSelector: {matchLabels: {team: web}}")
APPLICATION = {"web.yaml": deployment("web"), "policy.yaml": policy("app: web", name="web")}
RELABELLED = {**APPLICATION, "web.yaml": deployment("web").replace("app: web}", "app: site}")}
WITH_NAMESPACE = {**APPLICATION, "namespace.yaml": NAMESPACE, "team.yaml": FROM_TEAM}
OTHER_TEAM = {**WITH_NAMESPACE, "namespace.yaml": NAMESPACE.replace("team: web", "team: site")}


def placed(place: str, application: dict[str, str]) -> dict[str, str]:
    """Return the files of an application: one for each object of it, or one for all."""
    if not place.endswith("/"):
        return {place: "---\n".join(application.values())}
    return {place + name: text for name, text in application.items()}


@pytest.mark.parametrize(
    ("place", "beside"),
    [
        ("manifests/", "all-in-one.yaml"),
        ("all-in-one.yaml", "manifests/"),
        ("base/", "release/all.yaml"),
        ("release/all.yaml", "base/"),
        ("base/", "release/"),
    ],
)
@pytest.mark.parametrize("kustomized", [False, True], ids=["plain", "kustomized"])
@pytest.mark.parametrize(
    ("before", "after", "finding"),
    [
        pytest.param(APPLICATION, RELABELLED, NO_POD, id="a label of pods"),
        pytest.param(WITH_NAMESPACE, OTHER_TEAM, "netpol-peer-selects-nothing", id="a label of a Namespace"),
    ],
)
def test_what_a_change_breaks_in_one_variant_is_reported_there(
    place: str,
    beside: str,
    *,
    kustomized: bool,
    before: dict[str, str],
    after: dict[str, str],
    finding: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    git("rm", "-q", "-r", "deploy")
    folder = place if place.endswith("/") else beside
    kustomization = {f"{folder}kustomization.yaml": f"resources: [{', '.join(before)}]\n"} if kustomized else {}
    commit({**placed(place, before), **placed(beside, before), **kustomization})
    assert said(capsys).findings == []
    stage({**placed(place, after)})
    found = said(capsys, "--changed", "--fail-on", "info")

    assert (found.code, {each for _, each in found.findings}) == (FINDINGS, {finding})
    assert all(path.startswith(place) for path, _ in found.findings)
    commit({})
    assert said(capsys, "--changed=HEAD~1..HEAD", "--fail-on", "info")[:2] == found[:2]


@pytest.mark.parametrize("beside", ["all-in-one.yaml", "release/", "release/all.yaml"])
@pytest.mark.parametrize(("before", "after"), [("web:1", "web:2"), ("{app: web}", "{app: web, tier: front}")])
def test_a_variant_that_never_had_the_pods_loses_nothing(
    before: str, after: str, beside: str, capsys: pytest.CaptureFixture[str]
) -> None:
    git("rm", "-q", "-r", "deploy")
    here = {**APPLICATION, "queue.yaml": deployment("queue")}
    there = {**APPLICATION, "policy-of-queue.yaml": policy("app: queue", name="queue")}
    commit({**placed("manifests/", here), **placed(beside, there)})
    stage({"manifests/web.yaml": deployment("web").replace(before, after)})

    assert said(capsys, "--changed", "--fail-on", "info")[:2] == (OK, [])


@given(st.lists(st.tuples(st.integers(1, 4), st.integers(0, 3)), max_size=6), st.integers(1, 40), st.integers(0, 9))
def test_lines_meet_the_ranges_between_which_they_lie(gaps: list[tuple[int, int]], first: int, more: int) -> None:
    ranges: list[tuple[int, int]] = []
    for gap, length in gaps:
        start = (ranges[-1][1] + 1 if ranges else 0) + gap
        ranges.append((start, start + length - 1))
    last = first + more
    assert Ranges(ranges).meet(first, last) == any(first <= end and start <= last for start, end in ranges)
