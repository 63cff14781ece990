"""The hooks as pre-commit runs them: a commit of this working tree is installed once, into a folder of this module.

`K8SNETLINT_TRY_REPO=1 pytest tests/test_pre_commit.py` runs `pre-commit try-repo`, too, which installs it once more.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).resolve().parents[2]
WORKLOAD = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  namespace: shop
spec:
  selector:
    matchLabels:
      app: web
  template:
    metadata:
      labels:
        app: web
    spec:
      containers:
      - name: web
        image: example.com/web:1
"""
OTHER = WORKLOAD.replace("web", "cart")
POLICY = """\
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: web
  namespace: shop
spec:
  podSelector:
    matchLabels:
      app: web
  policyTypes: [Ingress]
  ingress: []
"""
TYPO = POLICY.replace("app: web", "app: wbe").replace("name: web", "name: typo")
FIXABLE = POLICY.replace("    matchLabels:\n      app: web", "    app: web").replace("name: web", "name: flat")


class Done(NamedTuple):
    """What a command that has ended left."""

    code: int
    said: str


class Project:
    """A repository whose commits are checked by a hook."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        self.folder = folder
        self.environment = environment
        self.run("git", "init", "--quiet")

    def run(self, *command: str, **more: str) -> Done:
        done = subprocess.run(
            command,
            cwd=self.folder,
            env=self.environment | more,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        return Done(done.returncode, done.stdout)

    def write(self, **files: str) -> None:
        for name, text in files.items():
            (self.folder / f"{name}.yaml").write_text(text, encoding="utf-8")
        self.run("git", "add", "--all")

    def use(self, hook: str, repository: Path) -> None:
        revision = self.run("git", "-C", str(repository), "rev-parse", "HEAD").said.strip()
        (self.folder / ".pre-commit-config.yaml").write_text(
            f"repos:\n- repo: {repository}\n  rev: {revision}\n  hooks:\n  - id: {hook}\n    verbose: true\n",
            encoding="utf-8",
        )
        self.run("git", "add", "--all")

    def commit(self, *arguments: str) -> Done:
        return self.run("git", "commit", "--quiet", "-m", "a change", *arguments)


def pre_commit(*arguments: str) -> tuple[str, ...]:
    return (sys.executable, "-m", "pre_commit", *arguments)


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "K8SNETLINT_"))}
    person = {f"GIT_{who}_{what}": "a@example.com" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    return {
        **kept,
        **person,
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "NO_COLOR": "1",
        "PRE_COMMIT_COLOR": "never",
        "PRE_COMMIT_HOME": str(tmp_path_factory.mktemp("pre-commit")),
    }


@pytest.fixture(scope="module")
def hooks(tmp_path_factory: pytest.TempPathFactory, environment: dict[str, str]) -> Path:
    """Return a repository that holds this working tree, its hooks installed."""
    needed = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "hatchling"]
    nowhere = tmp_path_factory.mktemp("download")
    if subprocess.run([*needed, "--dest", str(nowhere)], capture_output=True, check=False, env=environment).returncode:
        pytest.skip("nothing can be installed here")
    here = Project(tmp_path_factory.mktemp("hooks"), environment)
    listed = here.run("git", "-C", str(ROOT), "ls-files", "--cached", "--others", "--exclude-standard", "-z")
    if listed.code:
        pytest.skip("these files are no checkout")
    for name in listed.said.split("\0"):
        if name.startswith(("k8snetlint/", "schemas/")) or (name and "/" not in name):
            target = here.folder / name
            if (ROOT / name).is_file():
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(ROOT / name, target)
    here.run("git", "add", "--all")
    assert here.commit().code == 0
    user = Project(tmp_path_factory.mktemp("user"), environment)
    user.use("k8snetlint", here.folder)
    installed = user.run(*pre_commit("install-hooks"))
    assert installed.code == 0, installed.said
    return here.folder


@pytest.fixture
def project(tmp_path: Path, environment: dict[str, str], hooks: Path) -> Project:
    """Return a project with a workload, and a policy for it, whose commits the first hook checks."""
    project = Project(tmp_path, environment)
    project.write(workload=WORKLOAD, other=OTHER, policy=POLICY)
    project.use("k8snetlint", hooks)
    assert project.commit().code == 0
    assert project.run(*pre_commit("install")).code == 0
    return project


def test_pre_commit_takes_the_file_of_hooks(tmp_path: Path, environment: dict[str, str]) -> None:
    done = Project(tmp_path, environment).run(*pre_commit("validate-manifest", str(ROOT / ".pre-commit-hooks.yaml")))

    assert done == Done(0, "")


def test_a_commit_that_adds_a_wrong_policy_fails_and_names_it(project: Project) -> None:
    project.write(typo=TYPO)

    done = project.commit()

    assert done.code == 1
    assert "warning[netpol-selects-no-pod]" in done.said
    assert "NetworkPolicy shop/typo" in done.said


def test_a_commit_that_removes_what_a_policy_selects_fails_and_names_the_policy(project: Project) -> None:
    (project.folder / "workload.yaml").unlink()

    done = project.commit("--all")

    assert done.code == 1, done.said
    assert "NetworkPolicy shop/web" in done.said


def test_a_clean_commit_passes(project: Project) -> None:
    project.write(more=POLICY.replace("name: web", "name: more"))

    assert project.commit().code == 0


def test_old_findings_do_not_stop_a_commit(project: Project) -> None:
    project.write(typo=TYPO)
    assert project.commit("--no-verify").code == 0
    project.write(more=POLICY.replace("name: web", "name: more"))

    assert project.commit().code == 0


def test_one_process_checks_everything(project: Project) -> None:
    project.write(typo=TYPO, **{f"more-{number}": "# nothing\n" for number in range(100)})

    done = project.commit()

    assert done.code == 1
    assert done.said.count("Found 1 warning in 1 of ") == 1
    assert done.said.count("- duration: ") == 1


def test_all_manifests_are_checked_by_k8snetlint_all(project: Project, hooks: Path) -> None:
    project.use("k8snetlint-all", hooks)
    project.write(typo=TYPO)
    assert project.commit("--no-verify").code == 0
    (project.folder / "unrelated.txt").write_text("a text\n", encoding="utf-8")
    project.run("git", "add", "--all")

    done = project.commit()

    assert done.code == 1
    assert "NetworkPolicy shop/typo" in done.said


def test_k8snetlint_fix_mends_and_fails_until_that_is_staged(project: Project, hooks: Path) -> None:
    project.use("k8snetlint-fix", hooks)
    project.write(flat=FIXABLE)

    first = project.commit()
    mended = (project.folder / "flat.yaml").read_text(encoding="utf-8")
    project.run("git", "add", "--all")

    assert first.code == 1
    assert "files were modified by this hook" in first.said
    assert mended == FIXABLE.replace("    app: web", "    matchLabels:\n      app: web")
    assert project.commit().code == 0


@pytest.mark.skipif("K8SNETLINT_TRY_REPO" not in os.environ, reason="K8SNETLINT_TRY_REPO asks for another installation")
def test_try_repo_runs_all_hooks(project: Project, hooks: Path) -> None:
    project.write(flat=FIXABLE)

    done = project.run(*pre_commit("try-repo", str(hooks)))

    assert done.code == 1
    assert [line.rpartition(".")[2] for line in done.said.splitlines() if line.startswith("k8snetlint: ")] == [
        "Failed",
        "Failed",
        "Failed",
    ]
    assert "NetworkPolicy shop/flat" in done.said
