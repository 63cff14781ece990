"""What other programs read: the GitHub action, the GitLab template, the image, the lock file."""

from __future__ import annotations

import json
import os
import re
import runpy
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from ruamel.yaml import YAML

from k8snetlint.cli.init import GITHUB, GITLAB, init
from k8snetlint.website import PROJECT as WEB
from k8snetlint.website import REQUIREMENT

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parent.parent
RECORDER = """\
#!{python}
import json, os, sys
with open({log!r}, "a", encoding="utf-8") as log:
    log.write(json.dumps([os.getcwd(), *sys.argv[1:]]) + "\\n")
for each in sys.argv[1:]:
    if each.startswith("--format=sarif:"):
        open(each.partition(":")[2], "w", encoding="utf-8").close()
sys.exit({code})
"""
HOSTILE = """; touch made
$(touch made)
`touch made`
" ; touch made ; "
' ; touch made ; '
*
a b\tc
"""
LOCK = ROOT / "integrations" / "requirements.txt"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
BAD = """\
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: web
  namespace: shop
spec:
  podSelector: {}
  policyTypes: [Ingress]
  egress:
  - {}
"""


def parsed(path: str) -> Any:
    return YAML(typ="safe", pure=True).load((ROOT / path).read_text(encoding="utf-8"))


def steps() -> dict[str, dict[str, Any]]:
    return {step["name"]: step for step in parsed("action.yml")["runs"]["steps"]}


def strings(value: Any) -> Iterator[str]:
    match value:
        case dict():
            for each in value.values():
                yield from strings(each)
        case list():
            for each in value:
                yield from strings(each)
        case str():
            yield value


class Ran(NamedTuple):
    """What a script left: its exit code, what it said, what the recorder was called with, what it told the runner."""

    code: int
    said: str
    calls: list[list[str]]
    outputs: dict[str, str]


class Runner:
    """A machine of CI: a checkout and a folder for what is temporary, with something in the place of Python."""

    def __init__(self, folder: Path) -> None:
        self.checkout = folder / "checkout"
        self.temporary = folder / "temporary"
        self.log = folder / "calls"
        self.outputs = folder / "outputs"
        for each in (self.checkout, self.temporary):
            each.mkdir()
        for each in (self.log, self.outputs):
            each.touch()

    def place(self, path: Path, text: str) -> Path:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        path.chmod(0o755)
        return path

    def recorder(self, code: int = 0) -> str:
        return RECORDER.format(python=sys.executable, log=str(self.log), code=code)

    def script(self, text: str, shell: tuple[str, ...], **variables: str) -> Ran:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("K8SNETLINT_", "GITHUB_"))}
        done = subprocess.run(
            [*shell, "-c", text],
            cwd=self.checkout,
            env={**kept, "RUNNER_TEMP": str(self.temporary), "GITHUB_OUTPUT": str(self.outputs), **variables},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        calls = [json.loads(line) for line in self.log.read_text(encoding="utf-8").splitlines()]
        told = (line.partition("=") for line in self.outputs.read_text(encoding="utf-8").splitlines())
        return Ran(done.returncode, done.stdout, calls, {name: value for name, _, value in told})

    def action(self, step: str, **inputs: str) -> Ran:
        """Run a step of the action as a runner does; inputs that are not given are empty."""
        variables = {name: inputs.get(name.removeprefix("INPUT_").lower(), "") for name in steps()[step]["env"]}
        shell = ("/bin/bash", "--noprofile", "--norc", "-e", "-o", "pipefail")
        return self.script(steps()[step]["run"], shell, GITHUB_ACTION_PATH=str(ROOT), **variables)


@pytest.fixture
def runner(tmp_path: Path) -> Runner:
    return Runner(tmp_path)


@pytest.fixture
def checks(runner: Runner) -> Path:
    return runner.place(runner.temporary / "k8snetlint" / "bin" / "python", runner.recorder())


def test_no_script_of_the_action_holds_an_expression() -> None:
    scripts = [step["run"] for step in steps().values() if "run" in step]

    assert len(scripts) == 2
    assert not [script for script in scripts if "${{" in script]


def test_every_input_arrives_by_the_environment() -> None:
    action = parsed("action.yml")
    passed = [value for step in steps().values() for value in step.get("env", {}).values()]

    assert sorted(passed) == sorted("${{ inputs." + name + " }}" for name in action["inputs"])


@pytest.mark.parametrize("starter", [None, GITHUB])
def test_actions_are_pinned_by_commit(
    starter: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (ROOT / "action.yml").read_text(encoding="utf-8")
    if starter:
        monkeypatch.chdir(tmp_path)
        init(github=True, gitlab=False, pre_commit=False)
        capsys.readouterr()
        text = (tmp_path / starter).read_text(encoding="utf-8")

    used = re.findall(r"uses: (.*)", text)

    assert used
    assert all(re.fullmatch(r"[\w/.-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", each) for each in used)


def test_findings_are_uploaded_even_if_the_check_fails() -> None:
    assert steps()["Upload"]["if"].startswith("always() && ")


def test_the_base_of_a_pull_request_is_trusted() -> None:
    assert parsed("action.yml")["inputs"]["trust"]["default"] == "${{ github.event.pull_request.base.sha }}"


def test_the_action_installs_outside_of_the_checkout_by_hash(runner: Runner) -> None:
    venv = runner.temporary / "k8snetlint"
    python = runner.place(runner.temporary / "given", runner.recorder())
    runner.place(venv / "bin" / "python", runner.recorder())

    ran = runner.action("Install", python=str(python))

    assert ran.code == 0, ran.said
    made, locked, ours = ran.calls
    assert made[1:] == ["-I", "-m", "venv", "--clear", str(venv)]
    for folder, *arguments in (locked, ours):
        assert folder == str(runner.temporary)
        assert arguments[:3] == ["-I", "-m", "pip"]
        assert "--no-cache-dir" in arguments
    assert locked[-3:] == ["--require-hashes", "--requirement", str(ROOT / "integrations" / "requirements.txt")]
    assert ours[-3:] == ["--no-deps", "--no-build-isolation", str(ROOT)]


@pytest.mark.usefixtures("checks")
def test_without_inputs_the_checkout_is_checked(runner: Runner) -> None:
    ran = runner.action("Check")

    assert ran.calls == [[str(runner.checkout), "-I", "-m", "k8snetlint", "check", "--format=github", "--"]]
    assert ran.outputs == {"exit-code": "0"}


@pytest.mark.usefixtures("checks")
def test_inputs_become_arguments(runner: Runner) -> None:
    sarif = runner.temporary / "k8snetlint.sarif"

    ran = runner.action(
        "Check", paths="deploy\n\nmy charts/\n", options="--fail-on=error\n", trust="abc", changed="true", sarif="true"
    )

    assert ran.calls[0][5:] == [
        "--format=github",
        f"--format=sarif:{sarif}",
        "--trust=abc",
        "--changed=abc",
        "--fail-on=error",
        "--",
        "deploy",
        "my charts/",
    ]
    assert ran.outputs == {"exit-code": "0", "sarif": str(sarif)}


@pytest.mark.usefixtures("checks")
@pytest.mark.parametrize("name", ["paths", "options", "trust", "changed", "sarif"])
def test_hostile_inputs_stay_arguments(name: str, runner: Runner) -> None:
    ran = runner.action("Check", **{"trust": "abc", name: HOSTILE})

    assert ran.code == 0, ran.said
    assert not list(runner.checkout.iterdir())
    arguments = ran.calls[0][5:]
    match name:
        case "paths":
            assert arguments == ["--format=github", "--trust=abc", "--", *HOSTILE.splitlines()]
        case "options":
            assert arguments == ["--format=github", "--trust=abc", *HOSTILE.splitlines(), "--"]
        case "trust":
            assert arguments == ["--format=github", f"--trust={HOSTILE}", "--"]
        case _:
            assert arguments == ["--format=github", "--trust=abc", "--"]


def test_the_exit_code_is_passed_on(runner: Runner) -> None:
    runner.place(runner.temporary / "k8snetlint" / "bin" / "python", runner.recorder(2))
    (runner.temporary / "k8snetlint.sarif").write_text("of another run", encoding="utf-8")

    ran = runner.action("Check", paths="nowhere")

    assert ran.code == 2
    assert ran.outputs == {"exit-code": "2"}


def test_what_a_pull_request_brings_is_neither_believed_nor_imported(runner: Runner) -> None:
    def git(*arguments: str) -> str:
        person = ("-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "init.defaultBranch=main")
        ran = runner.script(f"git {' '.join((*person, *arguments))}", ("/bin/sh",), GIT_CONFIG_GLOBAL=os.devnull)
        assert ran.code == 0, ran.said
        return ran.said.strip()

    runner.place(runner.temporary / "k8snetlint" / "bin" / "python", f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    git("init", "--quiet")
    git("commit", "--quiet", "--allow-empty", "-m", "base")
    base = git("rev-parse", "HEAD")
    (runner.checkout / "bad.yaml").write_text(BAD, encoding="utf-8")
    (runner.checkout / "k8snetlint.toml").write_text('[lint]\nignore = ["ALL"]\n', encoding="utf-8")
    for name in ("typer.py", "sitecustomize.py", "k8snetlint.py"):
        (runner.checkout / name).write_text("open('made', 'w')\n", encoding="utf-8")
    git("add", "--all")
    git("commit", "--quiet", "-m", "change")

    ran = runner.action("Check", trust=base)

    assert ran.code == 1, ran.said
    assert "title=netpol-rules-ignored-by-policy-types::" in ran.said
    assert "title=pr-changes-config::" in ran.said
    assert not (runner.checkout / "made").exists()


def gitlab_job(runner: Runner) -> dict[str, Any]:
    """Return the job of the template, whose environment lies below the runner's folder."""
    text = (ROOT / "integrations" / "k8snetlint.gitlab-ci.yml").read_text(encoding="utf-8")
    job: dict[str, Any] = YAML(typ="safe", pure=True).load(text.replace("/opt/", f"{runner.temporary}/"))["k8snetlint"]
    return job


@pytest.mark.usefixtures("checks")
@pytest.mark.parametrize("path", [".", "; touch made", "$(touch made)", "a b"])
@pytest.mark.parametrize("base", ["", "abc", '"; touch made; "'])
def test_the_gitlab_job_trusts_the_base_of_a_merge_request(path: str, base: str, runner: Runner) -> None:
    (line,) = gitlab_job(runner)["script"]
    variables = {"K8SNETLINT_PATH": path, **({"CI_MERGE_REQUEST_DIFF_BASE_SHA": base} if base else {})}

    ran = runner.script(line, ("/bin/sh",), **variables)

    assert ran.code == 0, ran.said
    assert ran.calls[0][1:] == [
        *("-I", "-m", "k8snetlint", "check", "--format=full", "--format=gitlab:gl-code-quality-report.json"),
        *([f"--trust={base}"] if base else []),
        *("--", path),
    ]
    assert not list(runner.checkout.iterdir())


def test_the_gitlab_job_runs_for_merge_requests_and_keeps_its_report(runner: Runner) -> None:
    job = gitlab_job(runner)

    assert {"if": '$CI_PIPELINE_SOURCE == "merge_request_event"'} in job["rules"]
    assert job["artifacts"] == {"when": "always", "reports": {"codequality": "gl-code-quality-report.json"}}
    assert any("gl-code-quality-report.json" in line for line in job["script"])
    assert job["variables"]["K8SNETLINT_PACKAGE"] == REQUIREMENT


def test_the_starter_for_gitlab_names_the_same_report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    init(github=False, gitlab=True, pre_commit=False)

    assert "gl-code-quality-report.json" in (tmp_path / GITLAB).read_text(encoding="utf-8")


def instructions() -> list[tuple[str, str]]:
    """Return the instructions of the Dockerfile."""
    text = re.sub(r"^#.*\n", "", (ROOT / "Dockerfile").read_text(encoding="utf-8"), flags=re.MULTILINE)
    lines = [line for line in text.replace("\\\n", " ").splitlines() if line.strip()]
    return [(name, rest) for name, _, rest in (line.partition(" ") for line in lines)]


def test_the_image_runs_as_nobody_in_particular() -> None:
    last = max(place for place, (name, _) in enumerate(instructions()) if name == "FROM")
    final = dict(instructions()[last:])

    assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", final["USER"])
    assert json.loads(final["ENTRYPOINT"])[1:] == ["-I", "-m", "k8snetlint"]
    assert "pip" not in final["RUN"]


def test_the_image_builds_the_wheel_in_its_first_stage() -> None:
    first, second = (place for place, (name, _) in enumerate(instructions()) if name == "FROM")
    runs = [rest for name, rest in instructions()[first:second] if name == "RUN"]

    assert any("--require-hashes" in each for each in runs)
    assert any("pip wheel" in each for each in runs)


def test_the_image_gets_what_the_wheel_is_built_from_and_nothing_else() -> None:
    lines = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    let_in = {line[1:] for line in lines if line.startswith("!")}
    wheel = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]

    assert lines[0] == "*"
    assert let_in == {
        "pyproject.toml",
        "integrations/requirements.txt",
        "README.md",
        "hatch_build.py",
        *PROJECT["project"]["license-files"],
        *wheel["packages"],
        *wheel["force-include"],
    }


def test_links_of_the_readme_work_on_pypi() -> None:
    module = runpy.run_path(str(ROOT / "hatch_build.py"))
    metadata = {"urls": PROJECT["project"]["urls"]}
    module["Readme"](str(ROOT), {}).update(metadata)
    links = re.findall(r"\]\(([^)]*)\)", metadata["readme"]["text"])

    assert len(links) > 80
    assert all(link.startswith(("https://", "#")) for link in links)
    relative = re.findall(r"\]\((?!https:|#)([^)]*)\)", (ROOT / "README.md").read_text(encoding="utf-8"))
    assert {f"{WEB}/blob/main/{link}" for link in relative} <= {*links}


def workflows() -> list[Path]:
    return sorted((ROOT / ".github" / "workflows").glob("*.yml"))


@pytest.mark.parametrize("path", workflows(), ids=lambda path: path.name)
def test_our_own_workflows_do_what_we_advise(path: Path) -> None:
    workflow: dict[str, Any] = YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))
    assert workflow["permissions"] == {}
    assert "pull_request_target" not in workflow["on"]
    for job in workflow["jobs"].values():
        assert job["permissions"]
        for step in job["steps"]:
            assert re.search(r"@[0-9a-f]{40}$", step["uses"]) if "uses" in step else "${{" not in step["run"]
            if str(step.get("uses", "")).startswith("actions/checkout"):
                assert step["with"]["persist-credentials"] is False


def test_ci_runs_on_three_systems_and_all_supported_pythons() -> None:
    matrix = parsed(".github/workflows/ci.yml")["jobs"]["tests"]["strategy"]["matrix"]
    assert [name.partition("-")[0] for name in matrix["os"]] == ["ubuntu", "macos", "windows"]
    named = [each.rpartition(" ")[2] for each in PROJECT["project"]["classifiers"] if ":: 3." in each]
    assert matrix["python"] == named


def test_a_release_is_published_without_a_token() -> None:
    jobs = parsed(".github/workflows/release.yml")["jobs"]
    assert jobs["publish"]["permissions"] == {"id-token": "write"}
    assert jobs["publish"]["environment"]["name"] == "pypi"
    used = [step.get("uses", "").partition("@")[0] for job in jobs.values() for step in job["steps"]]
    assert {"actions/attest-build-provenance", "pypa/gh-action-pypi-publish"} <= {*used}
    assert "secrets." not in (ROOT / ".github" / "workflows" / "release.yml").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["bug", "false-finding", "missed-mistake"])
def test_issue_forms_are_forms(name: str) -> None:
    form = parsed(f".github/ISSUE_TEMPLATE/{name}.yml")
    assert {"name", "description", "body"} <= form.keys()
    ids = [each["id"] for each in form["body"]]
    assert len(ids) == len({*ids})
    assert all(isinstance(each, str) for each in ids)
    assert "version" in ids


def locked() -> dict[str, str]:
    """Return the versions in the lock file by names."""
    pinned = re.findall(r"^([\w.-]+)==([^\s;\\]+)", LOCK.read_text(encoding="utf-8"), re.MULTILINE)
    return {canonicalize_name(name): version for name, version in pinned}


@pytest.mark.parametrize("wanted", [*PROJECT["project"]["dependencies"], *PROJECT["build-system"]["requires"]])
def test_the_lock_file_holds_what_is_needed(wanted: str) -> None:
    requirement = Requirement(wanted)

    assert requirement.specifier.contains(locked()[canonicalize_name(requirement.name)])


def test_everything_in_the_lock_file_has_a_hash() -> None:
    text = LOCK.read_text(encoding="utf-8")
    entries = re.split(r"^(?=[\w.-]+==)", text, flags=re.MULTILINE)[1:]

    assert len(entries) == len(locked())
    assert all(re.search(r"--hash=sha256:[0-9a-f]{64}\b", each) for each in entries)
    assert "://" not in text
