"""`check --trust`: a stranger's pull request silences nothing, has nothing run and nothing of the machine shown."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest
from gitrepo import GIT, commit, git, said, stage, start, write
from manifests import deployment, policy
from markdown_it import MarkdownIt

from k8snetlint.cli import EMPTY, FINDINGS, OK, USAGE, run
from k8snetlint.report.style import Format
from k8snetlint.website import SITE

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

NO_POD = "netpol-selects-no-pod"
ADDS, CHANGES = "pr-adds-suppression", "pr-changes-config"
SECRET = "do-not-show-this"  # noqa: S105 - what the machine holds beside the repository
OUTSIDE = f"""\
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {{name: {SECRET}, namespace: {SECRET}}}
spec:
  podSelectr: {SECRET}
  podSelector: {{matchLabels: {{app: {SECRET}}}}}
"""


def annotated(text: str, *ids: str) -> str:
    said_so = "".join(f"    ignore.k8snetlint.dev/{each}: fine\n" for each in ids)
    return text.replace("metadata:\n", f"metadata:\n  annotations:\n{said_so}")


BAD = policy("app: bakcend", name="bad")
REPORTED = ("deploy/bad.yaml", NO_POD)
CONFIG = '[lint]\nper-file-ignores = { "legacy/**" = ["netpol"] }\n'
BASELINE = '{"version": 1, "accepted": []}\n'
LINE = f"  # k8snetlint: ignore[{NO_POD}] known"
DOCUMENT = f"# k8snetlint: ignore-document[{NO_POD}] known\n"
FILE = f"# k8snetlint: ignore-file[{NO_POD}] known\n"
APPLICATIONS = ("backend", "database", "frontend", "gateway", "storage", "scheduler", "monitor")
MISSPELT = {
    "deploy/line.yaml": policy(f"app: gatewya{LINE}", name="line"),
    "deploy/document.yaml": DOCUMENT + policy("app: frontned", name="document"),
    "deploy/file.yaml": FILE + policy("app: stoarge", name="file"),
    "deploy/annotated.yaml": annotated(policy("app: schedluer", name="annotated"), NO_POD),
    "legacy/old.yaml": policy("app: montior", name="old"),
}
PROJECT = {
    "k8snetlint.toml": CONFIG,
    "accepted.json": BASELINE,
    **{f"deploy/{name}.yaml": deployment(name) for name in APPLICATIONS},
    **MISSPELT,
}


@pytest.fixture(autouse=True)
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Be on a branch of a repository whose `main` accepts some findings; beside it lies what nobody may see."""
    start(tmp_path / "r", monkeypatch)
    for name, text in {
        "secret.yaml": OUTSIDE,
        "secret.toml": f"{SECRET} = 1\n",
        "secret.json": f'["{SECRET}"]',
    }.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "a.yaml").write_text(OUTSIDE, encoding="utf-8")
    commit(PROJECT)
    git("checkout", "-b", "change")
    return tmp_path


# What the base accepts


def test_what_the_base_accepts_is_still_accepted(capsys: pytest.CaptureFixture[str]) -> None:
    assert said(capsys, "--trust", "main")[:2] == (OK, [])
    stage({"deploy/backend-policy.yaml": policy("app: backend", name="backend")})
    found = said(capsys, "--trust", "main")
    assert found[:2] == (OK, [])
    assert sorted(each["path"] for each in found.document["suppressed"]) == sorted(MISSPELT)


def test_without_comments_the_base_would_be_reported(capsys: pytest.CaptureFixture[str]) -> None:
    found = said(capsys, "--isolated", "--no-suppressions").findings
    assert [path for path, each in found if each == NO_POD] == sorted(MISSPELT)


def test_the_baseline_of_the_base_counts(capsys: pytest.CaptureFixture[str]) -> None:
    write({"deploy/bad.yaml": BAD})
    assert run(["check", "--write-baseline", "accepted.json", "-q"]) == OK
    commit({})
    git("branch", "--force", "main")
    options = ("--trust", "main", "--baseline", "accepted.json")
    assert said(capsys, *options)[:2] == (OK, [])
    stage({"deploy/worse.yaml": policy("app: databsae", name="worse")})
    assert said(capsys, *options)[:2] == (FINDINGS, [("deploy/worse.yaml", NO_POD)])
    stage({"deploy/worse.yaml": None, "accepted.json": BASELINE})
    assert said(capsys, *options).findings == [("accepted.json", CHANGES)], "it is still accepted"


def test_a_configuration_that_is_a_link_in_the_base_counts(capsys: pytest.CaptureFixture[str]) -> None:
    git("mv", "k8snetlint.toml", "shared.toml")
    Path("k8snetlint.toml").symlink_to("shared.toml")
    commit({})
    git("branch", "--force", "main")
    assert said(capsys, "--trust", "main")[:2] == (OK, [])
    stage({"deploy/bad.yaml": BAD, "shared.toml": 'exclude = ["*"]\n'})
    assert said(capsys, "--trust", "main").findings == [REPORTED, ("k8snetlint.toml", CHANGES)]


# What the change would like to accept


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(policy(f"app: bakcend{LINE}", name="bad"), id="a line"),
        pytest.param(policy("app: bakcend  # k8snetlint: ignore", name="bad"), id="whatever comes"),
        pytest.param(
            policy(f"app: bakcend  # k8snetlint: ignore[{NO_POD}, pr, {ADDS}]", name="bad"), id="the complaint, too"
        ),
        pytest.param(BAD.replace("  podSelector:\n", f"{LINE}\n  podSelector:\n", 1), id="the next entry"),
        pytest.param(DOCUMENT + BAD, id="a document"),
        pytest.param(FILE + BAD, id="a file"),
        pytest.param(f"# k8snetlint: ignore-file[ALL]\n{BAD}", id="everything in a file"),
        pytest.param(annotated(BAD, NO_POD, "ALL", "pr"), id="an object"),
    ],
)
@pytest.mark.parametrize("more", [[], ["--changed=main"], ["--changed"]], ids=["all", "changed files", "index"])
def test_a_suppression_of_the_change_has_no_effect(
    text: str, more: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    stage({"deploy/bad.yaml": text})
    if more == ["--changed"]:
        git("reset", "--soft", "main")
    found = said(capsys, "--trust", "main", *more)
    assert found.code == FINDINGS
    assert REPORTED in found.findings
    assert ("deploy/bad.yaml", ADDS) in found.findings
    assert {path for path, _ in found.findings} == {"deploy/bad.yaml"}


WANTED = {
    "exclude": 'exclude = ["*"]\n',
    "include": 'include = ["nothing/*.yaml"]\n',
    "ignore": '[lint]\nignore = ["netpol", "pr"]\n',
    "severity": f'[lint]\nseverity = {{ {NO_POD} = "off", {CHANGES} = "off" }}\n',
    "select": '[lint]\nselect = ["dns"]\n',
    "per-file-ignores": '[lint.per-file-ignores]\n"**" = ["ALL"]\n',
    "external": 'whole-cluster = false\n[external]\nlabels = ["app=bakcend"]\n',
    "fail-on": 'fail-on = "error"\n',
    "what runs something": 'render = true\nplugins = ["evil"]\nhelm = "bin/helm"\n',
    "what is no TOML": "exclude = [\n",
}


@pytest.mark.parametrize("text", WANTED.values(), ids=WANTED.keys())
def test_a_changed_configuration_has_no_effect(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    stage({"deploy/bad.yaml": BAD, "k8snetlint.toml": text})
    for more in ([], ["--config", "k8snetlint.toml"], ["--changed=main"]):
        found = said(capsys, "--trust", "main", *more)
        assert found[:2] == (FINDINGS, [REPORTED, ("k8snetlint.toml", CHANGES)])


def test_a_configuration_that_is_gone_still_counts(capsys: pytest.CaptureFixture[str]) -> None:
    stage({"k8snetlint.toml": None})
    found = said(capsys, "--trust", "main")
    assert found[:2] == (FINDINGS, [("k8snetlint.toml", CHANGES)])
    assert "is gone in the change; the version of main is used" in found.document["findings"][0]["message"]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("deploy/k8snetlint.toml", WANTED["exclude"]),
        ("deploy/.k8snetlint.toml", WANTED["ignore"]),
        ("deploy/.k8snetlint.yaml", 'exclude: ["*"]\n'),
        ("deploy/pyproject.toml", '[tool.k8snetlint]\nexclude = ["*"]\n'),
    ],
)
def test_a_nearer_configuration_has_no_effect(name: str, text: str, capsys: pytest.CaptureFixture[str]) -> None:
    stage({"deploy/bad.yaml": BAD, name: text})
    assert sorted(said(capsys, "--trust", "main", "deploy").findings) == sorted([REPORTED, (name, CHANGES)])
    assert said(capsys, "--trust", "main").findings == [REPORTED], "above it, it does not count anyway"


@pytest.mark.parametrize("told", ["option", "variable"])
@pytest.mark.parametrize("text", [WANTED["ignore"], WANTED["what is no TOML"]], ids=["ignore", "no TOML"])
def test_a_named_configuration_that_the_change_brings_is_empty(
    told: str, text: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    stage({"deploy/bad.yaml": BAD, "ci/lint.toml": text})
    if told == "variable":
        monkeypatch.setenv("K8SNETLINT_CONFIG", "ci/lint.toml")
    found = said(capsys, "--trust", "main", *(["--config", "ci/lint.toml"] if told == "option" else []))
    assert found.code == FINDINGS
    assert found.findings == [("ci/lint.toml", CHANGES), REPORTED, ("legacy/old.yaml", NO_POD)]
    assert (
        found.document["findings"][0]["message"] == "`ci/lint.toml` is new in the change; the version of main is used"
    )


def test_a_named_configuration_that_is_nowhere_is_a_mistake(capsys: pytest.CaptureFixture[str]) -> None:
    found = said(capsys, "--trust", "main", "--config", "ci/lint.toml")
    assert (found.code, found.document) == (USAGE, {})
    assert "cannot read `ci/lint.toml`: no such file or directory" in found.error


@pytest.mark.parametrize("name", ["accepted.json", "new.json"])
def test_a_baseline_of_the_change_accepts_nothing(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    write({"deploy/bad.yaml": BAD})
    assert run(["check", "--write-baseline", name, "-q"]) == OK
    stage({})
    assert said(capsys, "--baseline", name).findings == []
    found = said(capsys, "--trust", "main", "--baseline", name)
    assert sorted(found.findings) == sorted([(name, CHANGES), REPORTED])


# What the change hides


@pytest.mark.parametrize(
    "more",
    [
        pytest.param({".gitignore": "*.yaml\ndeploy/\n"}, id="ignored by git"),
        pytest.param({"deploy/.gitignore": "*\n"}, id="ignored by git, nearer"),
        pytest.param({"deploy/Chart.yaml": "apiVersion: v2\nname: a\nversion: 1.0.0\n"}, id="beside a chart"),
        pytest.param({"kustomization.yaml": "resources: [/etc/passwd]\n"}, id="beside a kustomization"),
        pytest.param({"deploy/broken.json": "{"}, id="beside what cannot be read"),
    ],
)
def test_a_bad_manifest_is_not_hidden(more: Mapping[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    stage({"deploy/bad.yaml": BAD, **more})
    for options in ([], ["--changed=main"]):
        found = said(capsys, "--trust", "main", *options)
        assert found.code == FINDINGS
        assert REPORTED in found.findings


WRONG = deployment("wrong", container="prots: []")
IMAGE = ", image: 'example.com/wrong:1'"
UNKNOWN = "api-unknown-field"


@pytest.mark.parametrize(
    ("name", "text", "finding"),
    [
        pytest.param("deploy/a.yaml", WRONG.replace(IMAGE, ""), UNKNOWN, id="a workload without an image"),
        pytest.param("deploy/a.yaml", WRONG + "    $patch: merge\n", UNKNOWN, id="a directive of a patch"),
        pytest.param("deploy/a.yaml", f"a: {{{{/* a */}}}}\n---\n{WRONG}", UNKNOWN, id="after a template"),
        pytest.param("deploy/a.yaml", f"# {{{{ if . }}}}\n{WRONG}", UNKNOWN, id="a template in a comment"),
        pytest.param("deploy/a.yaml", f"{WRONG}...\n{{{{ a }}}}\n", UNKNOWN, id="a template that kubectl never reads"),
        pytest.param("deploy/a.yaml", f"{WRONG}kind: Deployment\nx: y{{{{\n", UNKNOWN, id="a template and a key twice"),
        pytest.param("deploy/templates/a.yaml", f"{WRONG}  x: '{{{{ a }}}}'\n", UNKNOWN, id="a template in quotes"),
        pytest.param(
            "deploy/a.yaml",
            WRONG.replace("apiVersion", '"api\\u0056ersion"').replace("kind", '"\\u006bind"', 1),
            UNKNOWN,
            id="keys that are written with escapes",
        ),
        pytest.param(
            "deploy/a.yaml", WRONG.replace("apiVersion", "!!binary YXBpVmVyc2lvbg=="), UNKNOWN, id="a key in base64"
        ),
        pytest.param(
            "deploy/a.yaml",
            f"$ANSIBLE_VAULT;1.1;AES256\n3233\n---\n{WRONG}".replace("apiVersion", '"api\\u0056ersion"'),
            UNKNOWN,
            id="the first line of an encrypted file",
        ),
        pytest.param("deploy/a.yaml", f"{WRONG}sops: {{mac: a, lastmodified: b}}\n", UNKNOWN, id="a field of SOPS"),
        pytest.param("deploy/.hidden/.a.yml", WRONG, UNKNOWN, id="a hidden folder"),
        pytest.param("deploy/.k8snetlint.yaml", WRONG, UNKNOWN, id="the name of our own configuration"),
        pytest.param("deploy/.k8snetlint.yml", WRONG, UNKNOWN, id="its other ending"),
        pytest.param("deploy/k8snetlint.yaml", WRONG, UNKNOWN, id="a name that both have"),
        pytest.param("deploy/patches/patch.yaml", WRONG, UNKNOWN, id="the name of a patch"),
        pytest.param("deploy/a.yaml", "apiVersion: v1\nkind: [\n", "yaml-syntax", id="what cannot be parsed"),
    ],
)
@pytest.mark.parametrize("more", [[], ["--changed=main"], ["--changed=main..HEAD"]], ids=["all", "files", "range"])
def test_what_looks_like_something_else_is_checked(
    name: str, text: str, finding: str, more: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    commit({name: text})
    found = said(capsys, "--trust", "main", *more)
    assert found.code == FINDINGS
    assert (name, finding) in found.findings


@pytest.mark.parametrize("more", [[], ["--changed=main"], ["--changed=main..HEAD"]], ids=["all", "files", "range"])
def test_what_a_kustomization_names_is_checked_wherever_it_is(
    more: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    other = WRONG.replace("name: wrong", "name: other")
    commit({"kustomization.yaml": "resources: [venv/a.yaml, b.txt]\n", "venv/a.yaml": WRONG, "b.txt": other})
    assert said(capsys).findings == []
    found = said(capsys, "--trust", "main", *more)
    assert found[:2] == (FINDINGS, [("b.txt", UNKNOWN), ("venv/a.yaml", UNKNOWN)])


def test_what_the_base_leaves_out_stays_out(capsys: pytest.CaptureFixture[str]) -> None:
    commit({"k8snetlint.toml": 'exclude = ["venv/", ".k8snetlint.yaml"]\n' + CONFIG})
    git("branch", "--force", "main")
    commit({"kustomization.yaml": "resources: [venv/a.yaml]\n", "venv/a.yaml": WRONG, ".k8snetlint.yaml": WRONG})
    for more in ([], ["--changed=main"], ["--changed=main..HEAD"]):
        assert said(capsys, "--trust", "main", *more).findings == []


def test_a_resource_stays_one_if_it_is_called_a_patch_as_well(capsys: pytest.CaptureFixture[str]) -> None:
    stage(
        {"kustomization.yaml": "resources: [deploy/a.yaml]\npatches: [{path: deploy/a.yaml}]\n", "deploy/a.yaml": WRONG}
    )
    assert said(capsys).findings == []
    assert said(capsys, "--trust", "main")[:2] == (FINDINGS, [("deploy/a.yaml", UNKNOWN)])


# What passes for a patch

PART = WRONG.replace(IMAGE, "")
PATCH, WHOLE = "deploy/patch.yaml", "deploy/a.yaml"
LISTS_PATCH = {"kustomization.yaml": f"patches: [{{path: {PATCH}}}]\n", PATCH: PART}
TEST = "apiVersion: chainsaw.kyverno.io/v1alpha1\nkind: Test\nmetadata: {name: t}\nspec:\n  steps:\n"
HIDING: dict[str, tuple[dict[str, str], dict[str, str | None], str]] = {
    "a new file that looks like one": ({}, {PATCH: PART}, PATCH),
    "a changed file that looks like one": ({PATCH: PART}, {PATCH: f"{PART}# more\n"}, PATCH),
    "a file that looked like one": ({PATCH: PART}, {PATCH: WRONG}, PATCH),
    "a file that looks like one now": ({WHOLE: deployment("wrong")}, {WHOLE: PART}, WHOLE),
    "a comment with a directive": ({WHOLE: deployment("wrong")}, {WHOLE: f"{WRONG}# $patch: delete\n"}, WHOLE),
    "a directive": ({WHOLE: deployment("wrong")}, {WHOLE: f"{WRONG}  $patch: merge\n"}, WHOLE),
    "a new file that is named like an expectation of a test": (
        {},
        {"deploy/01-assert.yaml": WRONG},
        "deploy/01-assert.yaml",
    ),
    "a new test that expects a changed file": (
        {WHOLE: deployment("wrong")},
        {"deploy/chainsaw-test.yaml": f"{TEST}  - try: [assert: {{file: a.yaml}}]\n", WHOLE: WRONG},
        WHOLE,
    ),
    "a new file that a test expects": (
        {"deploy/chainsaw-test.yaml": f"{TEST}  - try: [assert: {{file: a.yaml}}]\n"},
        {WHOLE: WRONG},
        WHOLE,
    ),
    "a new file that is listed": (
        LISTS_PATCH,
        {"kustomization.yaml": f"patches: [{{path: {PATCH}}}, {{path: {WHOLE}}}]\n", WHOLE: WRONG},
        WHOLE,
    ),
    "a new file and a new list": ({}, {"kustomization.yaml": f"patches: [{{path: {WHOLE}}}]\n", WHOLE: WRONG}, WHOLE),
    "a new list of transformers": (
        {WHOLE: deployment("wrong")},
        {"kustomization.yaml": f"transformers: [{WHOLE}]\n", WHOLE: WRONG},
        WHOLE,
    ),
    "a new folder of transformers": (
        {WHOLE: deployment("wrong")},
        {
            "kustomization.yaml": "transformers: [deploy]\n",
            "deploy/kustomization.yaml": "resources: [a.yaml]\n",
            WHOLE: WRONG,
        },
        WHOLE,
    ),
    "a new list in a Component": (
        {},
        {"deploy/kustomization.yaml": "kind: Component\npatches: [{path: a.yaml}]\n", WHOLE: WRONG},
        WHOLE,
    ),
    "a changed file and a new list": (
        {WHOLE: deployment("wrong")},
        {"kustomization.yaml": f"patches: [{{path: {WHOLE}}}]\n", WHOLE: WRONG},
        WHOLE,
    ),
    "a file that moves": ({PATCH: PART}, {PATCH: None, "deploy/moved.yaml": PART}, "deploy/moved.yaml"),
    "a listed file that moves": (
        LISTS_PATCH,
        {"kustomization.yaml": "patches: [{path: deploy/moved.yaml}]\n", PATCH: None, "deploy/moved.yaml": PART},
        "deploy/moved.yaml",
    ),
    "a kustomization that moves": (
        {"over/kustomization.yaml": "patches: [{path: patch.yaml}]\n", "over/patch.yaml": PART},
        {
            "over/kustomization.yaml": None,
            "over/patch.yaml": None,
            "more/kustomization.yaml": "patches: [{path: patch.yaml}]\n",
            "more/patch.yaml": PART,
        },
        "more/patch.yaml",
    ),
    "a resource that looks like one": ({PATCH: PART}, {"kustomization.yaml": f"resources: [{PATCH}]\n"}, PATCH),
    "a listed file that is taken in elsewhere": (
        LISTS_PATCH,
        {"more/kustomization.yaml": f"resources: [../{PATCH}]\n"},
        PATCH,
    ),
    "a listed file that is taken in as well": (
        LISTS_PATCH,
        {"kustomization.yaml": f"resources: [{PATCH}]\npatches: [{{path: {PATCH}}}]\n"},
        PATCH,
    ),
    "a changed file that was listed and taken in": (
        {**LISTS_PATCH, "more/kustomization.yaml": f"resources: [../{PATCH}]\n"},
        {"more/kustomization.yaml": "resources: []\n", PATCH: f"{PART}# more\n"},
        PATCH,
    ),
    "a whole file that is listed no more": ({**LISTS_PATCH, PATCH: WRONG}, {"kustomization.yaml": None}, PATCH),
    "a changed file that is listed no more": (
        LISTS_PATCH,
        {"kustomization.yaml": "patches: []\n", PATCH: f"{PART}# more\n"},
        PATCH,
    ),
}
BOTH_WAYS = pytest.mark.parametrize("more", [[], ["--changed=main..HEAD"]], ids=["all", "range"])


def change(before: Mapping[str, str], after: Mapping[str, str | None]) -> None:
    """Make `main` hold some files, and commit a change of them."""
    commit(before)
    git("branch", "--force", "main")
    commit(after)


@pytest.mark.parametrize(("before", "after", "path"), HIDING.values(), ids=HIDING)
@BOTH_WAYS
def test_what_a_change_makes_a_patch_is_checked(
    before: dict[str, str],
    after: dict[str, str | None],
    path: str,
    more: list[str],
    capsys: pytest.CaptureFixture[str],
) -> None:
    change(before, after)
    found = said(capsys, "--trust", "main", *more)
    assert (found.code, {each for each in found.findings if each[1] == UNKNOWN}) == (FINDINGS, {(path, UNKNOWN)})


@pytest.mark.parametrize("text", [f"patches: [{{path: {WHOLE}}}]\n", "patchesStrategicMerge: [deploy/a.yaml]\n"])
@pytest.mark.parametrize("before", [{}, {"kustomization.yaml": "patches: []\n"}], ids=["new", "changed"])
def test_a_list_of_the_change_hides_nothing_that_was_reported(
    before: dict[str, str], text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    change({**before, WHOLE: WRONG}, {"kustomization.yaml": text})
    assert said(capsys).findings == []
    assert said(capsys, "--trust", "main")[:2] == (FINDINGS, [(WHOLE, UNKNOWN)])


REMOVES = WRONG.partition("spec:")[0] + "$patch: delete\n"
TAKES_IN = f"resources: [{WHOLE}]\n"
REMOVER = f"""\
apiVersion: builtin
kind: PatchStrategicMergeTransformer
metadata: {{name: remover}}
patches: |
{"".join(f"  {line}" for line in REMOVES.splitlines(keepends=True))}"""
REMOVING = {PATCH: REMOVES, "kustomization.yaml": f"{TAKES_IN}patches: [{{path: {PATCH}}}]\n"}
SERVICE = "apiVersion: v1\nkind: Service\nmetadata: {name: wrong}\nspec: {ports: [{port: 99999999}]}\n"
PORTS = f"{TAKES_IN}patches: [{{target: {{kind: Service}}, patch: '[{{op: remove, path: /spec/ports}}]'}}]\n"


@pytest.mark.parametrize(
    ("before", "after", "finding"),
    [
        pytest.param({WHOLE: deployment("wrong")}, {WHOLE: WRONG, **REMOVING}, UNKNOWN, id="a new one removes it"),
        pytest.param({WHOLE: WRONG, "kustomization.yaml": TAKES_IN}, REMOVING, UNKNOWN, id="what the base had"),
        pytest.param({WHOLE: WRONG, **REMOVING}, {PATCH: f"{REMOVES}# more\n"}, UNKNOWN, id="a changed one removes it"),
        pytest.param(
            {WHOLE: WRONG, PATCH: "# none yet\n", "kustomization.yaml": f"{TAKES_IN}transformers: [{PATCH}]\n"},
            {PATCH: REMOVER},
            UNKNOWN,
            id="a changed transformer removes it",
        ),
        pytest.param({}, {WHOLE: SERVICE, "kustomization.yaml": PORTS}, "api-invalid", id="a new one changes it"),
    ],
)
@BOTH_WAYS
def test_patches_of_a_change_hide_nothing(
    before: dict[str, str],
    after: dict[str, str | None],
    finding: str,
    more: list[str],
    capsys: pytest.CaptureFixture[str],
) -> None:
    change(before, after)
    found = said(capsys, "--trust", "main", *more)
    if more and WHOLE not in after:
        # Only what the change breaks is reported, and it was wrong before.
        found = said(capsys, "--trust", "main")

    assert found.code == FINDINGS
    assert (WHOLE, finding) in found.findings


def test_patches_of_the_base_hide_what_they_change(capsys: pytest.CaptureFixture[str]) -> None:
    change({WHOLE: SERVICE, "kustomization.yaml": PORTS}, {WHOLE: SERVICE.replace("99999999", "88888888")})

    assert said(capsys, "--trust", "main").findings == []


def test_a_link_makes_a_file_of_a_patch(capsys: pytest.CaptureFixture[str]) -> None:
    change(LISTS_PATCH, {})
    link("deploy/b.yaml", "patch.yaml")
    commit({})
    for more in ([], ["--changed=main"], ["--changed=main..HEAD"]):
        assert said(capsys, "--trust", "main", *more)[:2] == (FINDINGS, [(PATCH, UNKNOWN)])


@pytest.mark.parametrize("text", [WRONG, PART], ids=["whole", "as before"])
def test_a_patch_that_becomes_a_link(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    change({PATCH: PART}, {"b.txt": text})
    link(PATCH, "../b.txt")
    commit({})
    expected = (FINDINGS, [(PATCH, UNKNOWN)]) if text == WRONG else (OK, [])
    for more in ([], ["--changed=main"], ["--changed=main..HEAD"]):
        assert said(capsys, "--trust", "main", *more)[:2] == expected


STAYING: dict[str, tuple[dict[str, str], dict[str, str | None]]] = {
    "nothing of it is touched": ({PATCH: PART}, {"deploy/more.yaml": deployment("more")}),
    "a listed patch is edited": (LISTS_PATCH, {PATCH: PART.replace("spec:", "spec:\n  replicas: 2", 1)}),
    "its kustomization is edited": (LISTS_PATCH, {"kustomization.yaml": f"namePrefix: a-\npatches: [path: {PATCH}]\n"}),
    "another kustomization lists it": (LISTS_PATCH, {"more/kustomization.yaml": f"patches: [path: ../{PATCH}]\n"}),
    "it is listed and taken in": (
        {"kustomization.yaml": f"resources: [{PATCH}]\npatches: [path: {PATCH}]\n", PATCH: WRONG},
        {"deploy/more.yaml": deployment("more")},
    ),
    "what nothing lists any more still looks like one": (LISTS_PATCH, {"kustomization.yaml": None}),
}


@pytest.mark.parametrize(("before", "after"), STAYING.values(), ids=STAYING)
@BOTH_WAYS
def test_a_patch_of_the_base_stays_one(
    before: dict[str, str], after: dict[str, str | None], more: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    change(before, after)
    assert said(capsys, "--trust", "main", *more)[:2] == (OK, [])


def test_a_patch_of_the_base_stays_one_with_another_mode_or_line_ends(capsys: pytest.CaptureFixture[str]) -> None:
    change({PATCH: PART}, {})
    Path(PATCH).chmod(0o755)
    commit({})
    assert said(capsys, "--trust", "main")[:2] == (OK, [])
    Path(PATCH).write_bytes(PART.replace("\n", "\r\n").encode())
    assert said(capsys, "--trust", "main")[:2] == (OK, [])


@pytest.mark.parametrize("text", [WRONG, PART], ids=["whole", "a patch"])
def test_standard_input_is_checked(
    text: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    change({PATCH: text}, {})
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
    found = said(capsys, "-", "--stdin-filename", PATCH, "--trust", "main")
    assert found[:2] == (FINDINGS, [(PATCH, UNKNOWN)])


def test_fixing_another_document_leaves_a_patch_one(capsys: pytest.CaptureFixture[str]) -> None:
    misspelt = deployment("fixed").replace("spec: {containers", "spec: {contaners", 1)
    change({PATCH: f"{PART}---\n{misspelt}"}, {})
    assert said(capsys, "--trust", "main", "--fix", "--unsafe-fixes").findings == []
    assert "contaners" not in Path(PATCH).read_text(encoding="utf-8")


TREE = {
    "base/kustomization.yaml": "resources: [a.yaml]\n",
    "base/a.yaml": deployment("wrong"),
    "over/kustomization.yaml": "resources: [../base]\ncomponents: [../part]\npatches: [{path: patch.yaml}]\n",
    "over/patch.yaml": PART,
    "over/whole.yaml": WRONG,
    "part/kustomization.yaml": "kind: Component\npatches: [{path: policy.yaml}]\n",
    "part/policy.yaml": BAD,
    "loose/patch.yaml": PART,
    "loose/directive.yaml": f"{WRONG}  $patch: merge\n",
    "loose/bad.yaml": BAD,
    "chart/templates/a.yaml": "{{- if .a }}\nkind: Pod\napiVersion: v1\n{{- end }}\n",
    "both/kustomization.yaml": "resources: [a.yaml]\npatches: [{path: a.yaml}]\n",
    "both/a.yaml": WRONG,
}


@pytest.mark.parametrize(
    "paths", [[], ["over"], ["loose", "both/a.yaml"], ["deploy", "--context", "over"]], ids=" ".join
)
def test_of_an_unchanged_tree_the_same_is_said_as_without(paths: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    commit(TREE)
    with_, without = said(capsys, *paths, "--trust", "HEAD"), said(capsys, *paths)
    assert with_.code == without.code
    assert with_.document == without.document
    assert paths or {each["reason"].partition(":")[0] for each in with_.document["skipped"]} > {"patch", "template"}


# What lies outside


def link(name: str, target: str, files: Mapping[str, str] = MappingProxyType({})) -> None:
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.is_dir():
        git("rm", "-r", "-q", name)
    path.unlink(missing_ok=True)
    path.symlink_to(target)
    write(files)


KUSTOMIZATION = """\
resources: [../secret.yaml, ../folder, /etc/passwd, OUTSIDE, escape.yaml]
components: [../folder]
patches: [{path: ../secret.yaml}, {path: OUTSIDE}, {path: /etc/passwd}]
configMapGenerator: [{name: a, files: [../secret.yaml, /etc/passwd], envs: [../secret.toml]}]
replacements: [{path: ../secret.yaml}]
"""
LINKS: dict[str, tuple[Callable[[], None], list[str], tuple[str, str] | str]] = {
    "a manifest": (lambda: link("deploy/a.yaml", "../../secret.yaml"), [], ("deploy/a.yaml", "file-unreadable")),
    "a manifest that is named": (
        lambda: link("deploy/a.yaml", "../../secret.yaml"),
        ["deploy", "deploy/a.yaml"],
        ("deploy/a.yaml", "file-unreadable"),
    ),
    "by an absolute path": (
        lambda: link("deploy/a.yaml", str(Path.cwd().parent / "secret.yaml")),
        ["deploy", "deploy/a.yaml"],
        ("deploy/a.yaml", "file-unreadable"),
    ),
    "a folder": (lambda: link("deploy/sub", "../../folder"), [], REPORTED),
    "a folder that is named": (
        lambda: link("legacy", "../folder"),
        ["deploy", "legacy"],
        ("legacy", "file-unreadable"),
    ),
    "a file in a folder that is one": (
        lambda: link("legacy", "../folder"),
        ["deploy", "legacy/a.yaml"],
        ("legacy/a.yaml", "file-unreadable"),
    ),
    "the configuration": (lambda: link("k8snetlint.toml", "../secret.toml"), [], ("k8snetlint.toml", CHANGES)),
    "a nearer configuration": (lambda: link("deploy/k8snetlint.toml", "../../secret.toml"), ["deploy"], REPORTED),
    "a configuration that is named": (
        lambda: link("ci.toml", "../secret.toml"),
        ["--config", "ci.toml"],
        ("ci.toml", CHANGES),
    ),
    "the baseline": (
        lambda: link("accepted.json", "../secret.json"),
        ["--baseline", "accepted.json"],
        ("accepted.json", CHANGES),
    ),
    "a baseline that the change brings": (
        lambda: link("new.json", "../secret.json"),
        ["--baseline", "new.json"],
        ("new.json", CHANGES),
    ),
    "what git ignores": (lambda: link(".gitignore", "../secret.toml"), [], REPORTED),
    "context": (lambda: link("legacy", "../folder"), ["deploy", "--context", "legacy"], "`legacy` is a symbolic link"),
    "schemas": (lambda: link("legacy", "../folder"), ["deploy", "--schema-dir", "legacy"], "`legacy` is a symbolic"),
    "a kustomization": (
        lambda: write({"kustomization.yaml": KUSTOMIZATION.replace("OUTSIDE", f"{Path.cwd().parent}/secret.yaml")}),
        [],
        REPORTED,
    ),
    "a kustomization with a link": (
        lambda: link("escape.yaml", "../secret.yaml", {"kustomization.yaml": "resources: [escape.yaml]\n"}),
        [],
        ("escape.yaml", "file-unreadable"),
    ),
}


@pytest.mark.parametrize("where", LINKS)
@pytest.mark.parametrize("more", [[], ["--changed=main"], ["--changed=main..HEAD"]], ids=["all", "files", "range"])
def test_nothing_outside_of_the_repository_is_shown(
    where: str, more: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    lead, options, expected = LINKS[where]
    write({"deploy/bad.yaml": BAD})
    lead()
    commit({})
    reports = {style: Path("..", f"report.{style}") for style in ("full", "sarif", "markdown", "github")}
    styles = [part for style, path in reports.items() for part in ("-f", f"{style}:{path}")]
    found = said(capsys, "--trust", "main", "-v", "--show", "info", *styles, *more, *options)
    written = "".join(path.read_text(encoding="utf-8") for path in reports.values() if path.exists())
    if isinstance(expected, str):
        assert (found.code, found.document, written) == (USAGE, {}, "")
        assert expected in found.error
    else:
        assert found.code == FINDINGS
        assert {expected, REPORTED} <= set(found.findings)
        assert NO_POD in written
    for text in (json.dumps(found.document), found.error, written):
        assert SECRET not in text
        assert "root:" not in text


def test_a_path_outside_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    found = said(capsys, "--trust", "main", "../secret.yaml")
    assert (found.code, found.document) == (USAGE, {})
    assert "`../secret.yaml` is outside the repository" in found.error


# What would be run


@pytest.fixture
def marker(repository: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return what is left by anything of the change that is run; the change asks for a lot to be run."""
    mark = repository / "ran"
    tools = ("git", "helm", "kustomize", "kubectl", "evil")
    write({f"bin/{name}": f"#!/bin/sh\ntouch {mark}\n" for name in tools})
    for name in tools:
        Path("bin", name).chmod(0o755)
    evil = str(Path("bin/evil").resolve())
    write({".gitattributes": "* diff=evil filter=evil merge=evil\n"})
    python = f"open({str(mark)!r}, 'w').close()\n"
    modules = ["sitecustomize", "usercustomize", "typer", "ruamel", "jsonschema", "pathspec", "rich", "conftest"]
    write({f"{name}.py": python for name in (*modules, "k8snetlint/__init__", "k8snetlint/__main__")})
    write({"charts/Chart.yaml": "apiVersion: v2\nname: a\nversion: 1.0.0\n", "charts/templates/a.yaml": "{{ evil }}\n"})
    write({"app/kustomization.yaml": "resources: [a.yaml]\n", "app/a.yaml": deployment("a")})
    write({"k8snetlint.toml": WANTED["what runs something"], "deploy/bad.yaml": BAD})
    commit({})
    with Path(".git/config").open("a", encoding="utf-8") as file:
        file.write(
            f"[core]\n\tfsmonitor = {evil}\n\tpager = {evil}\n\thooksPath = {evil}\n[diff]\n\texternal = {evil}\n"
        )
        file.write(f'[diff "evil"]\n\ttextconv = {evil}\n\tcommand = {evil}\n[filter "evil"]\n\tclean = {evil}\n')
    monkeypatch.setenv("PATH", f"{Path('bin').resolve()}{os.pathsep}bin{os.pathsep}{os.environ['PATH']}")
    return mark


@pytest.mark.parametrize("more", [[], ["--changed"], ["--changed=main"], ["--changed=main...HEAD"]])
def test_nothing_of_the_change_is_run(more: list[str], marker: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write({"deploy/backend.yaml": deployment("backend") + "# not staged\n"})
    found = said(capsys, "--trust", "main", *more)
    assert ("k8snetlint.toml", CHANGES) in found.findings
    assert (REPORTED in found.findings) == (more != ["--changed"])
    assert not marker.exists()


def test_what_the_change_asks_for_would_run(marker: Path) -> None:
    subprocess.run([GIT, "status"], capture_output=True, check=False)
    assert marker.exists()


def test_no_module_of_the_change_is_imported(marker: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-I", "-m", "k8snetlint", "check", "--trust", "main", "-f", "json"],
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == FINDINGS
    assert REPORTED in [(each["path"], each["id"]) for each in json.loads(done.stdout)["findings"]]
    assert not marker.exists()


def test_rendering_runs_no_tool_of_the_change(
    marker: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (marker.parent / "tools").mkdir()
    (marker.parent / "tools" / "git").symlink_to(GIT)
    monkeypatch.setenv("PATH", f"{Path('bin').resolve()}{os.pathsep}{marker.parent / 'tools'}")
    for folder, tool in (("charts", "helm"), ("app", "kustomize")):
        found = said(capsys, "--trust", "main", "--render", folder)
        assert (found.code, found.document) == (USAGE, {})
        assert f"no `{tool}`" in found.error
        assert "on PATH (programs inside the checked tree are not used)" in found.error
    assert not marker.exists()


# What stands in names

NAMES = {
    "an ANSI sequence": "\x1b[31mred\x1b[0m\x07",
    "a workflow command": "::error file=a::hijacked",
    "a group": "##[error]hijacked",
    "an Azure command": "##vso[task.setvariable variable=a]b",
    "a second line": "a\n::error::hijacked\r##[group]b",
    "a mention": "@octocat and #1",
    "an image": "![a](https://evil.example/a.png)",
    "a tag": "<img src=https://evil.example/a onerror=alert(1)><script>alert(1)</script>",
    "a link": "[a](https://evil.example) https://evil.example www.evil.example",
    "the end of a table": "a | b\n\n# heading\n```",
    "the end of XML": ']]><x a="1"/>&amp;',
    "turned letters": "\u202egnp\u2066",
}
COMMAND = re.compile(r"::(error|warning|notice) (file=[^\n:]*,line=\d+|title=)")


class Tags(HTMLParser):
    """The names of the elements and attributes of an HTML text."""

    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found |= {tag, *(name for name, _ in attrs)}


@pytest.mark.parametrize("style", [each.value for each in Format])
def test_names_stay_names(style: str, capsys: pytest.CaptureFixture[str]) -> None:
    files = {"deploy/bad.yaml": BAD}
    for number, name in enumerate(NAMES.values()):
        file, quoted = name.replace("/", "\u2215"), json.dumps(name)
        comment = f"  # k8snetlint: ignore[{NO_POD}] {name.splitlines()[0]}"
        files[f"deploy/{file}.yaml"] = policy(f"app: bakcend{comment}", name=f"a{number}")
        files[f"deploy/{number}/name.yaml"] = policy("app: bakcend", name=quoted)
        files[f"deploy/{number}/label.yaml"] = policy(f"app: {quoted}", name="label")
        key = policy("app: a", name="key").replace("spec:", f"spec:\n  {quoted}: {quoted}")
        files[f"deploy/{number}/key.yaml"] = key
        files[f"deploy/{number}/{file}/k8snetlint.toml"] = ""
    stage(files)
    assert run(["check", "--trust", "main", "-f", style, "deploy", "-v"]) == FINDINGS
    printed = capsys.readouterr()
    assert "netpol-misplaced-or-unknown-field" in printed.out
    for text in (printed.out, printed.err):
        assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", text)
        assert not [line for line in text.splitlines() if line.strip().startswith("##[") or "##vso" in line[:5]]
        assert not [line for line in text.splitlines() if line.startswith("::") and not COMMAND.match(line)]
    match style:
        case "json" | "sarif" | "gitlab" | "rdjson":
            assert json.loads(printed.out)
        case "json-lines":
            assert [json.loads(line) for line in printed.out.splitlines()]
        case "junit" | "checkstyle":
            tags = {each.tag for each in ET.fromstring(printed.out).iter()}  # noqa: S314 - our own output
            names = {"testsuites", "testsuite", "testcase", "failure", "system-out", "checkstyle", "file", "error"}
            assert tags <= names
        case "github":
            assert all(COMMAND.match(line) for line in printed.out.splitlines())
        case "markdown":
            unlinked = re.sub(rf"\]\({re.escape(SITE)}rules/[a-z-]+/\)", "]", printed.out)
            shown = Tags()
            shown.feed(MarkdownIt("commonmark").enable("table").render(unlinked))
            assert shown.found.isdisjoint({"img", "script", "a", "x", "src", "href", "h1", "pre", "onerror"})
            assert not re.search(r"@octocat|https?:/|www\.evil|[^&]#1\b", unlinked)


# The same suppression, elsewhere


def test_a_suppression_moves_with_its_line(capsys: pytest.CaptureFixture[str]) -> None:
    moved = "# a comment\n\n" + MISSPELT["deploy/line.yaml"].replace("spec:\n", "spec:\n  # more\n")
    stage({"deploy/line.yaml": f"{policy('app: backend', name='first')}---\n{moved}"})
    assert said(capsys, "--trust", "main")[:2] == (OK, [])


def test_a_suppression_of_a_line_does_not_move_to_another_value(capsys: pytest.CaptureFixture[str]) -> None:
    stage({"deploy/line.yaml": policy(f"app: databsae{LINE}", name="line")})
    expected = [("deploy/line.yaml", NO_POD), ("deploy/line.yaml", ADDS)]
    assert said(capsys, "--trust", "main").findings == expected
    stage({"deploy/line.yaml": policy(f"app: gatewya{LINE}", name="other")})
    assert said(capsys, "--trust", "main").findings == expected, "nor to another object"


def test_a_suppression_of_a_line_stays_when_others_change(capsys: pytest.CaptureFixture[str]) -> None:
    stage({"deploy/line.yaml": MISSPELT["deploy/line.yaml"].replace("[Ingress]", "[Ingress]  # and nothing else")})
    assert said(capsys, "--trust", "main")[:2] == (OK, [])


def test_a_suppression_counts_once(capsys: pytest.CaptureFixture[str]) -> None:
    twice = (
        MISSPELT["deploy/document.yaml"] + "---\n" + MISSPELT["deploy/document.yaml"].replace("frontned", "databsae")
    )
    stage({"deploy/document.yaml": twice})
    found = said(capsys, "--trust", "main").findings
    assert [each for _, each in found if each in (NO_POD, ADDS)] == [ADDS, NO_POD]


def test_more_ids_make_it_another_suppression(capsys: pytest.CaptureFixture[str]) -> None:
    stage({"deploy/line.yaml": MISSPELT["deploy/line.yaml"].replace(f"[{NO_POD}]", f"[{NO_POD}, service]")})
    assert said(capsys, "--trust", "main").findings == [("deploy/line.yaml", NO_POD), ("deploy/line.yaml", ADDS)]


def test_another_reason_is_the_same_suppression(capsys: pytest.CaptureFixture[str]) -> None:
    stage({"deploy/line.yaml": MISSPELT["deploy/line.yaml"].replace("known", "known since last year")})
    assert said(capsys, "--trust", "main")[:2] == (OK, [])


@pytest.mark.parametrize("name", ["document", "annotated", "file"])
def test_what_is_accepted_for_an_object_stays_so_when_it_is_edited(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    stage({f"deploy/{name}.yaml": re.sub("app: .*", "app: databsae", MISSPELT[f"deploy/{name}.yaml"])})
    assert said(capsys, "--trust", "main")[:2] == (OK, [])


@pytest.mark.parametrize("name", ["document", "annotated"])
def test_what_is_accepted_for_an_object_is_not_for_another(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    text = MISSPELT[f"deploy/{name}.yaml"].replace(f"name: {name}", "name: another")
    stage({f"deploy/{name}.yaml": text})
    assert set(said(capsys, "--trust", "main").findings) == {
        (f"deploy/{name}.yaml", NO_POD),
        (f"deploy/{name}.yaml", ADDS),
    }


@pytest.mark.parametrize("name", ["line", "document", "annotated", "file"])
@pytest.mark.parametrize("new", ["deploy/renamed.yaml", "legacy-2/renamed.yaml"])
def test_a_renamed_file_keeps_its_suppressions(name: str, new: str, capsys: pytest.CaptureFixture[str]) -> None:
    Path(new).parent.mkdir(exist_ok=True)
    git("mv", f"deploy/{name}.yaml", new)
    assert said(capsys, "--trust", "main")[:2] == (OK, [])
    commit({})
    assert said(capsys, "--trust", "main")[:2] == (OK, [])
    assert said(capsys, "--trust", "main", "--changed=main")[:2] == (OK, [])


def test_a_suppression_of_a_file_is_not_one_of_its_copy(capsys: pytest.CaptureFixture[str]) -> None:
    stage({"deploy/copy.yaml": FILE + policy("app: bakcend", name="copy")})
    assert said(capsys, "--trust", "main").findings == [("deploy/copy.yaml", ADDS), ("deploy/copy.yaml", NO_POD)]


def test_a_suppression_that_is_taken_away_is_no_complaint(capsys: pytest.CaptureFixture[str]) -> None:
    stage({"deploy/line.yaml": policy("app: gatewya", name="line")})
    assert said(capsys, "--trust", "main").findings == [("deploy/line.yaml", NO_POD)]


# git cannot tell


@pytest.mark.parametrize(
    ("reference", "message"),
    [
        pytest.param("nowhere", "`nowhere` is not a revision of this repository", id="no revision"),
        pytest.param("", "is not a revision of this repository", id="an empty variable"),
        pytest.param("--help", "`--help` is not a revision of this repository", id="an option"),
    ],
)
def test_what_cannot_be_trusted(reference: str, message: str, capsys: pytest.CaptureFixture[str]) -> None:
    found = said(capsys, "--trust", reference)
    assert (found.code, found.document) == (USAGE, {})
    assert message in found.error


def test_a_shallow_clone_without_the_base(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    base = git("rev-parse", "main")
    commit({"deploy/bad.yaml": FILE + BAD})
    git("clone", "--depth", "1", f"file://{Path.cwd()}", str(tmp_path / "clone"))
    monkeypatch.chdir(tmp_path / "clone")
    found = said(capsys, "--trust", base)
    assert (found.code, found.document) == (USAGE, {})
    assert "a shallow clone; run `git fetch --unshallow`" in found.error


def test_without_a_repository(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path / "folder")
    found = said(capsys, "--trust", "main")
    assert (found.code, found.error) == (USAGE, "error: --trust needs a git repository around the working directory\n")


def test_nothing_to_check_is_told_with_trust_as_well(capsys: pytest.CaptureFixture[str]) -> None:
    Path("empty").mkdir()
    assert said(capsys, "--trust", "main", "empty").code == EMPTY
