"""Repositories that tests make, change and check."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from k8snetlint.cli import run

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pytest

GIT = shutil.which("git") or "git"
SETTINGS = {
    "user.name": "A",
    "user.email": "a@example.com",
    "init.defaultBranch": "main",
    "protocol.file.allow": "always",
    "commit.gpgSign": "false",
    "core.hooksPath": "/dev/null",
}


class RawProblem(NamedTuple):
    """What a run says: its exit code, its findings as path and id, all of it, and its standard error."""

    code: int
    findings: list[tuple[str, str]]
    document: dict[str, Any]
    error: str


def start(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make a folder an empty repository and the working directory, with nobody's settings around it."""
    for name in [name for name in os.environ if name.startswith(("GIT_", "K8SNETLINT_"))]:
        monkeypatch.delenv(name)
    for name in ("NO_COLOR", "FORCE_COLOR", "CI", "GITHUB_STEP_SUMMARY", "XDG_CONFIG_HOME"):
        monkeypatch.delenv(name, raising=False)
    home = folder.parent / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    folder.mkdir()
    monkeypatch.chdir(folder)
    git("init", "--template=")


def git(*arguments: str) -> str:
    """Run git in the working directory; return what it says."""
    settings = [part for name, value in SETTINGS.items() for part in ("-c", f"{name}={value}")]
    done = subprocess.run([GIT, *settings, *arguments], capture_output=True, check=False)
    assert not done.returncode, done.stderr
    return os.fsdecode(done.stdout).strip()


def write(files: Mapping[str, str | None]) -> None:
    """Write files by their paths; None takes one away."""
    for name, text in files.items():
        path = Path(name)
        if text is None:
            path.unlink()
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def stage(files: Mapping[str, str | None]) -> None:
    """Write files and add all that is there to the index."""
    write(files)
    git("add", "--all", "--force")


def commit(files: Mapping[str, str | None]) -> str:
    """Write files and commit all that is there; return the commit's name."""
    stage(files)
    git("commit", "--allow-empty", "--message", "change")
    return git("rev-parse", "HEAD")


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> RawProblem:
    """Run `check` for machines; return what it says."""
    code = run(["check", "-f", "json", *arguments])
    printed = capsys.readouterr()
    document = json.loads(printed.out) if printed.out else {}
    findings = [(each["path"], each["id"]) for each in document.get("findings", ())]
    return RawProblem(code, findings, document, printed.err)
